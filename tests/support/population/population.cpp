// SPDX-License-Identifier: Apache-2.0
// Writes patients to files.
#include "support/population/population.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <system_error>

#include "support/population/patient.h"

namespace vigil::population {
namespace {

constexpr std::array<const char*, kFiles> kNames = {
    "Patient", "Encounter", "Condition", "AllergyIntolerance", "MedicationRequest", "Observation"};
constexpr size_t kWriteBytes = size_t{1} << 20;

/// The open files of one part.
class Part {
 public:
  Part(const std::string& folder, uint64_t number) {
    for (size_t f = 0; f < kFiles; ++f) {
      std::array<char, 32> digits{};
      std::snprintf(digits.data(), digits.size(), ".%03u.ndjson", static_cast<unsigned>(number));
      files_[f].open(folder + "/" + kNames[f] + digits.data(), std::ios::binary);
    }
  }
  bool write(Lines& lines, size_t at_least, uint64_t& bytes) {
    bool is_good = true;
    for (size_t f = 0; f < kFiles; ++f) {
      if (lines[f].size() < at_least) continue;
      files_[f] << lines[f];
      is_good &= files_[f].good();
      bytes += lines[f].size();
      lines[f].clear();
    }
    return is_good;
  }

 private:
  std::array<std::ofstream, kFiles> files_;
};

uint64_t write_practitioners(const std::string& folder) {
  std::string text;
  for (int i = 0; i < kPractitioners; ++i)
    text += R"({"resourceType":"Practitioner","id":"dr-)" + std::to_string(i) + R"(","name":[{"family":"Doctor )" +
            std::to_string(i) + "\"}]}\n";
  std::ofstream(folder + "/Practitioner.ndjson", std::ios::binary) << text;
  return text.size();
}

}  // namespace

uint64_t generate(const Options& options, const std::function<void(uint64_t)>& progress, std::string& problem) {
  std::error_code error;
  std::filesystem::create_directories(options.folder, error);
  uint64_t bytes = write_practitioners(options.folder);
  Lines lines;
  PatientWriter writer(options.seed, lines);
  const uint64_t step = std::max<uint64_t>(options.patients_per_file, 1);
  for (uint64_t begin = 0; begin < options.patients; begin += step) {
    Part part(options.folder, begin / step);
    const uint64_t end = std::min(begin + step, options.patients);
    bool is_good = true;
    for (uint64_t patient = begin; patient < end && is_good; ++patient) {
      writer.write(patient);
      is_good = part.write(lines, kWriteBytes, bytes);
      if (progress) progress(patient + 1);
    }
    if (is_good && part.write(lines, 0, bytes)) continue;
    problem = "cannot write to " + options.folder;
    return 0;
  }
  return bytes;
}

}  // namespace vigil::population
