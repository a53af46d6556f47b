// SPDX-License-Identifier: Apache-2.0
// All packs of rules/ compiled once against knowledge-base/, and what they say of one patient and order.
#pragma once

#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC diagnostic ignored "-Wrestrict"  // false for `"literal" + std::string` (GCC bug 105651, fixed in 13)
#endif

#include <doctest/doctest.h>

#include <algorithm>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <vigil/evaluate.h>

#include "fhir/fhir_reader.h"
#include "knowledge/csv_reader.h"
#include "knowledge/knowledge_reader.h"
#include "support/files.h"

namespace vigil::test {

/// The rulebook of all packs, and one patient's memory, used again and again.
class Packs {
 public:
  static Packs& all() {
    static Packs packs;
    return packs;
  }

  const Rulebook& rulebook() const { return *rulebook_; }
  const KnowledgeBase& knowledge() const { return rulebook_->knowledge(); }

  /// What is shown when `drafts` are signed; both are FHIR resources in JSON, separated by commas.
  Alerts sign(const std::string& record, const std::string& drafts) { return say("order-sign", record, drafts); }

  /// What is shown when the chart is opened.
  Alerts open(const std::string& record) { return say("patient-view", record, {}); }

  /// Of the last sign() or open().
  const Outcome& outcome() const { return outcome_; }

 private:
  Alerts say(std::string_view hook, const std::string& record, const std::string& drafts) {
    DiagnosticSink sink;
    timeline_.clear();
    std::string bundle = R"({"resourceType":"Bundle","type":"collection","entry":[)";
    bundle += record + (record.empty() || drafts.empty() ? "" : ",") + drafts + "]}";
    reader_.read(bundle, "test.json", timeline_, sink);
    REQUIRE_MESSAGE(sink.all().empty(), bundle);
    timeline_.at(to_instant(now_), sink, snapshot_);
    const Trigger trigger{.hook = std::string(hook), .orders = {}, .user = {}, .encounter = {}};
    outcome_ = evaluator_.evaluate(snapshot_, trigger, {}, now_);
    return raise(*rulebook_, outcome_, trigger, {}, now_);
  }
  Packs() : rulebook_(compile_all()), timeline_(rulebook_->read_plan(), rulebook_->knowledge()) {}

  static std::unique_ptr<Rulebook> compile_all() {
    const std::filesystem::path root = VIGIL_SOURCE_DIR;
    DiagnosticSink sink;
    KnowledgeBaseBuilder builder;
    read_knowledge(root / "knowledge-base", builder, sink);
    std::vector<RuleText> texts;
    for (const auto& file : std::filesystem::recursive_directory_iterator(root / "rules"))
      if (file.path().extension() == ".vigil") texts.push_back({file.path().string(), read_text(file.path())});
    std::ranges::sort(texts, {}, &RuleText::name);
    auto compiled =
        compile(std::move(texts), {.knowledge = builder.build(sink), .parameters = {}, .stop_after = {}, .dump = {}});
    REQUIRE(sink.all().empty());
    REQUIRE_MESSAGE(!compiled.has_errors(), render_text(compiled.diagnostics, *compiled.sources));
    return std::move(compiled.rulebook);
  }

  std::unique_ptr<Rulebook> rulebook_;
  Temporal now_ = *parse_instant("2026-06-01T09:00:00Z");
  Timeline timeline_;
  fhir::FhirReader reader_{rulebook_->read_plan()};
  Evaluator evaluator_{*rulebook_};
  Snapshot snapshot_;
  Outcome outcome_;
};

inline std::string entry(const std::string& resource) { return R"({"resource":)" + resource + "}"; }

/// An order of a drug by its RxNorm code; `more` are further members, beginning with a comma.
inline std::string order(const std::string& id, std::string_view status, std::string_view rxcui,
                         const std::string& more = {}) {
  return entry(R"({"resourceType":"MedicationRequest","id":")" + id + R"(","status":")" + std::string(status) +
               R"(","intent":"order","medicationCodeableConcept":{"coding":[{"system":")" +
               std::string(kDefaultCodeSystem) + R"(","code":")" + std::string(rxcui) + R"("}]})" + more + "}");
}

/// The rows of a table beside this file, header apart; cells by position.
inline std::vector<std::vector<std::string>> read_rows_of(const std::filesystem::path& path) {
  const std::string text = read_text(path);
  CsvReader reader(text);
  CsvRow row;
  std::vector<std::vector<std::string>> rows;
  while (reader.next(row)) {
    REQUIRE_MESSAGE(row.problem.empty(), path.string() << ":" << row.line);
    rows.emplace_back(row.cells.begin(), row.cells.end());
  }
  REQUIRE(rows.size() > 1);
  rows.erase(rows.begin());
  return rows;
}

/// The highest tier among the alerts of a category; kSilent without one.
inline Tier highest(const Alerts& alerts, std::string_view category) {
  Tier tier = Tier::kSilent;
  for (const auto& alert : alerts.alerts)
    if (!alert.is_note && alert.category == category) tier = std::max(tier, alert.tier);
  return tier;
}

}  // namespace vigil::test
