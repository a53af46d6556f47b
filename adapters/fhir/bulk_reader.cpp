// SPDX-License-Identifier: Apache-2.0
// Reads the lines of one patient after another, and what they refer to.
#include "fhir/bulk_reader.h"

#include <algorithm>
#include <filesystem>
#include <system_error>
#include <unordered_set>

#include "fhir/bulk_lines.h"
#include "fhir/document_reader.h"

namespace vigil::fhir {

struct BulkReader::State {
  State(const ReadPlan& plan, FhirReadOptions given) : options(given), lines(plan), documents(plan, given.max_depth) {}

  void read_line(const BulkLine& line);

  FhirReadOptions options;
  BulkLines lines;
  std::vector<std::string> patients;
  DocumentReader documents;
  JsonIndex index;
  std::vector<std::string_view> references;  ///< met in the patient's data, in the timeline's memory
};

BulkReader::BulkReader(const ReadPlan& plan, FhirReadOptions options)
    : state_(std::make_unique<State>(plan, options)) {}
BulkReader::~BulkReader() = default;
BulkReader::BulkReader(BulkReader&&) noexcept = default;

bool BulkReader::open(const std::string& folder, DiagnosticSink& sink) {
  std::vector<std::filesystem::path> paths;
  std::error_code error;
  for (std::filesystem::directory_iterator at(folder, error), end; !error && at != end; at.increment(error))
    if (at->path().extension() == ".ndjson") paths.push_back(at->path());
  if (error) {
    sink.add(data_diagnostic("VGL1010", folder, {folder, error.message()}));
    return false;
  }
  std::sort(paths.begin(), paths.end());
  for (const auto& path : paths) {
    if (auto text = read_file(path.string(), state_->options, sink))
      state_->lines.add_file(path.filename().string(), std::move(*text), sink);
    else
      state_->lines.damage_all();
  }
  state_->patients.clear();
  for (const auto& [id, lines] : state_->lines.by_patient()) state_->patients.push_back(id);
  return true;
}

const std::vector<std::string>& BulkReader::patients() const { return state_->patients; }

/// The line was looked into before, so it is JSON as far as its brackets go; what is wrong with it within, the reader
/// finds.
void BulkReader::State::read_line(const BulkLine& line) {
  documents.report().set_source(lines.files()[line.file].name);
  documents.report().set_line(line.number);
  if (index.index(line.text.data(), line.text.size()) != JsonIndex::Status::kOk) return;
  const JsonText json(line.text.data(), index.tokens(), index.count());
  if (documents.read(json, 0) == JsonText::kBroken) documents.report_broken("unexpected character");
}

void BulkReader::read(size_t index, Timeline& timeline, DiagnosticSink& sink) {
  State& state = *state_;
  const std::string& patient = state.patients[index];
  state.documents.begin(timeline, sink, patient);
  state.references.clear();
  auto& values = state.documents.resources().values();
  values.collect_references(&state.references);
  for (const auto& line : state.lines.by_patient().find(patient)->second) state.read_line(line);
  std::unordered_set<const BulkLine*> taken;
  for (size_t r = 0; r < state.references.size(); ++r) {  // grows as what is referred to refers on
    const BulkLine* line = state.lines.find_shared(state.references[r]);
    if (line != nullptr && taken.insert(line).second) state.read_line(*line);
  }
  values.collect_references(nullptr);
  state.documents.report().set_source("Patient/" + patient);
  state.documents.report().set_line(0);
  for (const auto& damage : state.lines.damages()) {
    if (damage.is_of_all)
      timeline.degrade_all(Completeness::kDamaged);
    else
      timeline.degrade(damage.fhir_type, Completeness::kDamaged);
  }
  state.documents.finish(patient);
}

std::vector<PatientRecord> read_bulk(const std::string& folder, const ReadPlan& plan, const KnowledgeBase& knowledge,
                                     const FhirReadOptions& options, DiagnosticSink& sink) {
  std::vector<PatientRecord> records;
  BulkReader reader(plan, options);
  if (!reader.open(folder, sink)) return records;
  records.reserve(reader.patients().size());
  for (size_t i = 0; i < reader.patients().size(); ++i) {
    records.push_back({reader.patients()[i], Timeline(plan, knowledge)});
    reader.read(i, records.back().timeline, sink);
  }
  return records;
}

}  // namespace vigil::fhir
