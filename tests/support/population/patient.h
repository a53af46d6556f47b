// SPDX-License-Identifier: Apache-2.0
// One invented patient, as lines of NDJSON.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "support/population/catalogue.h"
#include "support/population/random.h"

namespace vigil::population {

enum File : uint8_t { kPatient, kEncounter, kCondition, kAllergy, kMedicationRequest, kObservation, kFiles };
/// Lines by type.
using Lines = std::array<std::string, kFiles>;

/// Practitioners are shared by all patients.
inline constexpr int kPractitioners = 500;

/// Writes patient after patient; memory is kept.
class PatientWriter {
 public:
  PatientWriter(uint64_t seed, Lines& lines) : seed_(seed), lines_(lines) {}
  void write(uint64_t number);

 private:
  struct Visit {
    int64_t begin = 0;
    int64_t end = 0;
    bool is_inpatient = false;
    int practitioner = 0;
  };

  void choose_illnesses();
  void write_patient();
  void write_illness(Illness illness);
  void write_visits();
  void write_visit(size_t number);
  void write_tests(const Visit& visit, size_t number);
  void write_order(const Visit& visit, size_t number, const Drug& drug, int days, bool is_course);
  void write_observation(const Visit& visit, size_t number, Test test);
  double value_of(Test test);

  std::string& begin(File file, std::string_view type, int number);
  void add_coding(std::string& line, std::string_view system, std::string_view code, std::string_view name);
  void add_subject(std::string& line, std::string_view member);
  void add_encounter(std::string& line, size_t number);

  uint64_t seed_;
  Lines& lines_;
  Random random_{0, 0};
  std::string id_;
  double age_ = 0;
  bool is_female_ = false;
  std::array<int64_t, kIllnesses> since_{};  ///< 0: never
  std::vector<Visit> visits_;
  int orders_ = 0;
  int observations_ = 0;
};

}  // namespace vigil::population
