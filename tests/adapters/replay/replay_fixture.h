// SPDX-License-Identifier: Apache-2.0
// Stores, rules and runs in a temporary folder, for tests.
#pragma once

#include <algorithm>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <vigil/rulebook.h>

#include "../store/store_fixture.h"
#include "replay/run_replay.h"
#include "replay/table_rows.h"
#include "replay/table_sink.h"

namespace vigil::test {

/// Rules over a few codes of a system of their own, so that no knowledge is needed.
inline constexpr const char* kReplayRules = R"(
library Replayed version '1'
using FHIR version '4.0.1'
codesystem "T": 'urn:test'
code "Warfarin code": 'warfarin' from "T"
code "Ibuprofen code": 'ibuprofen' from "T"
code "Metformin code": 'metformin' from "T"
code "Egfr code": 'egfr' from "T"
code "Bleed code": 'bleed' from "T"
context Patient

rule "NSAID with warfarin"
  category 'drug-interaction'
  on 'order-sign'
  for ordered [MedicationRequest: "Ibuprofen code"] Nsaid,
      current [MedicationRequest: "Warfarin code"] Warfarin
  alert 'NSAID with warfarin'

rule "Metformin at low eGFR"
  category 'guideline-deviation'
  on 'order-sign'
  for ordered [MedicationRequest: "Metformin code"] Metformin
  let Egfr: latest([Observation: "Egfr code"], 12 months)
  when Egfr.value < 30 'mL/min/{1.73_m2}'
  alert 'Metformin with eGFR {Egfr.value}'

rule "NSAID after a bleed"
  category 'guideline-deviation'
  on 'order-sign'
  for ordered [MedicationRequest: "Ibuprofen code"] Nsaid
  when exists ([Condition: "Bleed code"] C where C.clinicalStatus.coding[0].code = 'active')
  alert 'NSAID during a bleed'

rule "Warfarin at admission"
  category 'guideline-deviation'
  on 'encounter-start'
  for current [MedicationRequest: "Warfarin code"] Warfarin
  alert 'Takes warfarin'
)";

/// Rows of a table, a map from column to JSON of each cell.
using Rows = std::vector<std::map<std::string, std::string>>;

/// One store with rules, replayed as often as asked.
struct ReplayBench {
  TemporaryFolder folder;
  DiagnosticSink sink;
  std::unique_ptr<Rulebook> rulebook;
  std::optional<store::Store> store;
  replay::ReplayInput input;

  explicit ReplayBench(const std::string& rules = kReplayRules) {
    auto compiled = compile({{"rules.vigil", rules}});
    REQUIRE_MESSAGE(!compiled.has_errors(), render_text(compiled.diagnostics, *compiled.sources));
    rulebook = std::move(compiled.rulebook);
  }

  /// Imports lines of NDJSON, whatever their types.
  void import(const std::string& lines, const std::string& name = "store") {
    folder.write(name + "-source/all.ndjson", lines);
    const auto source = store::open_fhir_source(folder / (name + "-source"), sink);
    REQUIRE(source);
    store::ImportOptions options;
    options.folder = folder / name;
    REQUIRE(store::import(*source, options, {}, sink).has_value());
    open(options.folder);
  }
  void open(const std::string& path) {
    store = store::Store::open(path, sink);
    REQUIRE(store.has_value());
    std::vector<std::string> unasked;
    input.rulebook = rulebook.get();
    input.store = &*store;
    input.hooks = replay::HookChoice::of(rulebook->rules(), unasked);
    input.pseudonyms = replay::Pseudonyms("a key for tests only");
  }

  /// The tables as NDJSON files, by name.
  std::map<std::string, std::string> replay(const std::string& out, replay::RunOptions options = {}) {
    const replay::RunFolder run(folder / out);
    REQUIRE(replay::run_parts(replay::make_plan(input), replay::make_worker_maker(input), run, options, {}, sink));
    return assemble({run}, out);
  }
  std::map<std::string, std::string> assemble(const std::vector<replay::RunFolder>& from, const std::string& out) {
    REQUIRE(replay::assemble(from, replay::RunFolder(folder / out), "ndjson", sink).has_value());
    std::map<std::string, std::string> files;
    for (const auto& info : replay::tables()) {
      if (!info.is_part_of(replay::ResultKind::kReplay)) continue;
      const std::string name(info.name);
      files[name] = read_text(folder / (out + "/" + name + ".ndjson"));
    }
    return files;
  }
};

/// The lines of a table that hold a text.
inline size_t count_lines(const std::string& table, const std::string& part) {
  size_t count = 0;
  for (size_t begin = 0; begin < table.size();) {
    const size_t end = std::min(table.find('\n', begin), table.size());
    count += table.substr(begin, end - begin).find(part) != std::string::npos ? 1 : 0;
    begin = end + 1;
  }
  return count;
}

inline std::string patient_line(const std::string& id, const std::string& born = "1950-01-01") {
  return R"({"resourceType":"Patient","id":")" + id + R"(","gender":"female","birthDate":")" + born + "\"}\n";
}
inline std::string order_line(const std::string& id, const std::string& patient, const std::string& code,
                              const std::string& authored, const std::string& status = "active",
                              const std::string& more = {}) {
  return R"({"resourceType":"MedicationRequest","id":")" + id + R"(","status":")" + status +
         R"(","intent":"order","subject":{"reference":"Patient/)" + patient +
         R"("},"medicationCodeableConcept":{"coding":[{"system":"urn:test","code":")" + code +
         R"("}]},"authoredOn":")" + authored + "\"" + more + "}\n";
}
inline std::string egfr_line(const std::string& id, const std::string& patient, int value, const std::string& times) {
  return R"({"resourceType":"Observation","id":")" + id + R"(","status":"final","subject":{"reference":"Patient/)" +
         patient + R"("},"code":{"coding":[{"system":"urn:test","code":"egfr"}]},"valueQuantity":{"value":)" +
         std::to_string(value) +
         R"(,"unit":"mL/min/{1.73_m2}","system":"http://unitsofmeasure.org","code":"mL/min/{1.73_m2}"},)" + times +
         "}\n";
}
inline std::string condition_line(const std::string& id, const std::string& patient, const std::string& status,
                                  const std::string& recorded, const std::string& more = {}) {
  return R"({"resourceType":"Condition","id":")" + id + R"(","subject":{"reference":"Patient/)" + patient +
         R"("},"clinicalStatus":{"coding":[{"system":"http://terminology.hl7.org/CodeSystem/condition-clinical","code":")" +
         status + R"("}]},"code":{"coding":[{"system":"urn:test","code":"bleed"}]},"recordedDate":")" + recorded +
         "\"" + more + "}\n";
}
inline std::string encounter_line(const std::string& id, const std::string& patient, const std::string& start,
                                  const std::string& end) {
  return R"({"resourceType":"Encounter","id":")" + id + R"(","status":"finished","subject":{"reference":"Patient/)" +
         patient + R"("},"period":{"start":")" + start + R"(","end":")" + end + "\"}}\n";
}

}  // namespace vigil::test
