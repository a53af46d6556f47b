// SPDX-License-Identifier: Apache-2.0
// Broken JSON, NDJSON with broken lines, bad bytes, large texts and files.
#include "reading.h"

#include <doctest/doctest.h>

#include <fstream>

#include "fhir/text_recovery.h"
#include "support/files.h"

using namespace vigil;
using test::list_of;
using test::Reading;

namespace {

std::string condition(const std::string& id) { return R"({"resourceType":"Condition","id":")" + id + "\"}"; }
std::string bundle_of(const std::string& entries) {
  return R"({"resourceType":"Bundle","type":"collection","entry":[)" + entries + "]}";
}
std::string entry(const std::string& id) { return R"({"resource":)" + condition(id) + "}"; }

}  // namespace

TEST_CASE("a text cut anywhere keeps what came before, and is damaged") {
  const std::string text = bundle_of(entry("a") + "," + entry("b"));
  const size_t end_of_a = text.find(entry("a")) + entry("a").size();
  for (size_t size = 1; size < text.size(); ++size) {
    const Reading r(text.substr(0, size));
    CAPTURE(size);
    CHECK(r.completeness("Condition") == Completeness::kDamaged);
    CHECK(r.completeness("Observation") == Completeness::kDamaged);
    REQUIRE(r.sink.all().size() == 1);
    CHECK(r.sink.all()[0].code == "VGL1001");
    if (size >= end_of_a) CHECK(r.count("Condition") >= 1);
  }
}

TEST_CASE("an empty text holds no resource") {
  for (const std::string text : {"", " \n\t ", "\xEF\xBB\xBF"}) {
    const Reading r(text);
    CHECK(r.codes() == list_of({"VGL1002"}));
    CHECK(r.completeness("Condition") == Completeness::kDamaged);
  }
}

TEST_CASE("JSON that is broken in the middle is reported with its place") {
  const char* middles[] = {"{\"a\" 5}", "{\"a\":5,}", "{\"a\":}", "{,}", "{\"a\":5 \"b\":6}", "[5 6]", "[5,]",
                           "[,]",       "{5:6}",      "[5}",      "@",   "{\"a\":[1}"};
  for (const auto* middle : middles) {
    const std::string text = bundle_of(entry("a") + "," + R"({"resource":{"resourceType":"Condition","code":)" +
                                       middle + "}}," + entry("b"));
    const Reading r(text);
    CAPTURE(text);
    REQUIRE_FALSE(r.sink.all().empty());
    CHECK(r.completeness("Condition") == Completeness::kDamaged);
    CHECK(r.count("Condition") >= 1);
  }
  const Reading r(R"({"resourceType":"Condition","id" "a"})");
  CHECK(r.codes() == list_of({"VGL1001"}));
  CHECK(r.message() == "not valid JSON: unexpected character at byte 28");
}

TEST_CASE("a control character or a quote too many in a string breaks the text there") {
  for (const std::string bad : {"\"x\ny\"", "\"x\"y\""}) {
    const Reading r(
        bundle_of(entry("a") + R"(,{"resource":{"resourceType":"Condition","id":)" + bad + "}}," + entry("b")));
    CHECK(r.codes() == list_of({"VGL1001"}));
    CHECK(r.completeness("Condition") == Completeness::kDamaged);
    CHECK(r.count("Condition") == 1);
  }
}

TEST_CASE("bytes that are not UTF-8 damage everything, but the rest is read") {
  const Reading r(bundle_of(R"({"resource":{"resourceType":"Patient","name":[{"family":")"
                            "\xE9"
                            R"("}]}},)" +
                            entry("a")));
  CHECK(r.codes() == list_of({"VGL1001"}));
  CHECK(r.count("Condition") == 1);
  CHECK(r.completeness("Condition") == Completeness::kDamaged);
}

TEST_CASE("a byte order mark is no part of the text") {
  CHECK(Reading("\xEF\xBB\xBF" + condition("a")).sink.all().empty());
}

TEST_CASE("text behind the document is broken JSON") {
  for (const std::string tail : {"]", "x", ",", "\"open"}) {
    const Reading r(condition("a") + tail);
    CAPTURE(tail);
    CHECK(r.codes() == list_of({"VGL1001"}));
    CHECK(r.completeness("Condition") == Completeness::kDamaged);
    CHECK(r.count("Condition") == 1);
  }
}

TEST_CASE("a broken line of NDJSON is reported with its number, the others are read") {
  const std::string broken[] = {R"({"resourceType":"Condition","id":"x)", R"({"resourceType":"Condition")",
                                R"({"resourceType":"Condition",})", "{\"resourceType\":\"Condition\",\"id\":\"\xFF\"}",
                                "{} {}]"};
  for (const auto& line : broken)
    for (size_t at = 0; at < 3; ++at) {
      std::vector<std::string> lines = {condition("a"), condition("b"), ""};
      lines.insert(lines.begin() + static_cast<std::ptrdiff_t>(at), line);
      std::string text;
      for (const auto& l : lines) text += l + "\n";
      const Reading r(text);
      CAPTURE(text);
      CHECK(r.count("Condition") == 2);
      REQUIRE(r.sink.all().size() >= 1);
      CHECK(r.place().starts_with("test.json: line " + std::to_string(at + 1)));
      CHECK(r.completeness("Condition") == Completeness::kDamaged);
      CHECK(r.completeness("Observation") == Completeness::kDamaged);
    }
}

TEST_CASE("a wrong value in NDJSON damages its type only") {
  const Reading r(condition("a") + "\r\n" + R"({"resourceType":"Condition","recordedDate":"x"})" + "\r\n\r\n" +
                  condition("b") + "\r\n");
  CHECK(r.codes() == list_of({"VGL1004"}));
  CHECK(r.count("Condition") == 2);
  CHECK(r.completeness("Condition") == Completeness::kDamaged);
  CHECK(r.completeness("Observation") == Completeness::kComplete);
}

TEST_CASE("pretty-printed JSON is no NDJSON") {
  CHECK_FALSE(fhir::is_line_delimited("{\n  \"a\": 1\n}"));
  CHECK_FALSE(fhir::is_line_delimited("{\"entry\":[\n{\"a\":1},\n{\"b\":2}]}"));
  CHECK_FALSE(fhir::is_line_delimited("{\"a\":1}\n\n"));
  CHECK(fhir::is_line_delimited("{\"a\":1}\n{\"a\":2}"));
  CHECK(fhir::is_line_delimited("\n{\"a\":\n{\"a\":2}") == false);
  CHECK(fhir::is_line_delimited("{\"a\":\"x\n{\"a\":2}"));
}

TEST_CASE("limits on size and memory are kept") {
  const ReadPlan plan = test::make_reading_plan();
  const auto knowledge = test::make_no_knowledge();
  DiagnosticSink sink;
  Timeline timeline(plan, *knowledge, 100'000);
  fhir::FhirReader small(plan, {.max_bytes = 20});
  small.read(condition("a"), "large.json", timeline, sink);
  CHECK(sink.all()[0].code == "VGL1007");
  CHECK(timeline.at(0, sink).completeness(Reading::type("Condition")) == Completeness::kDamaged);

  timeline.clear();
  std::string entries = entry("a");
  for (int i = 0; i < 5000; ++i) entries += "," + entry("x" + std::string(50, 'y') + std::to_string(i));
  fhir::FhirReader reader(plan);
  DiagnosticSink full;
  reader.read(bundle_of(entries), "large.json", timeline, full);
  REQUIRE(full.all().size() == 1);
  CHECK(full.all()[0].code == "VGL1015");
  const auto snapshot = timeline.at(0, full);
  CHECK(snapshot.completeness(Reading::type("Condition")) == Completeness::kDamaged);
  CHECK(snapshot.all_facts().size() > 100);
}

TEST_CASE("files are read whole or not at all") {
  DiagnosticSink sink;
  const test::TemporaryFolder folder;
  const auto path = folder.write("patient.json", condition("a")).string();
  CHECK(fhir::read_file(path, {}, sink) == condition("a"));
  CHECK(sink.all().empty());
  CHECK_FALSE(fhir::read_file(path, {.max_bytes = 10}, sink).has_value());
  CHECK(sink.all().back().code == "VGL1007");
  CHECK_FALSE(fhir::read_file(folder / "none", {}, sink).has_value());
  CHECK(sink.all().back().code == "VGL1010");
  CHECK_FALSE(fhir::read_file(folder.path().string(), {}, sink).has_value());
  CHECK(sink.all().back().code == "VGL1010");
  std::ofstream(path, std::ios::binary | std::ios::trunc);
  CHECK(fhir::read_file(path, {}, sink) == std::string());
}
