// SPDX-License-Identifier: Apache-2.0
// Dates without a time are days of the site.
#include "replay/site_days.h"

#include <doctest/doctest.h>

#include "fhir/json_index.h"
#include "replay/moments.h"
#include "replay_fixture.h"
#include "store/resource_head.h"

using namespace vigil;
using test::count_lines;

namespace {

/// A Condition as a store holds it, with its dates as text and when they say it was known.
class StoredCondition {
 public:
  StoredCondition(const std::string& times, store::KnownSource source, std::string_view known)
      : text_("{\"resourceType\":\"Condition\"," + times + "}" + std::string(64, '\0')) {
    version.json = std::string_view(text_).substr(0, text_.size() - 64);
    version.known_source = source;
    version.known_from = version.clinical_from = store::read_instant(known);
    REQUIRE(index_.index(version.json.data(), version.json.size()) == fhir::JsonIndex::Status::kOk);
  }
  fhir::JsonText json() const { return {version.json.data(), index_.tokens(), index_.count()}; }

  store::StoredVersion version;

 private:
  std::string text_;  ///< with room behind it, as readers want
  fhir::JsonIndex index_;
};

}  // namespace

TEST_CASE("offsets") {
  CHECK(replay::parse_offset("+05:30") == 330);
  CHECK(replay::parse_offset("-05:00") == -300);
  CHECK(replay::parse_offset("Z") == 0);
  CHECK(replay::parse_offset("-00:30") == -30);
  CHECK(replay::parse_offset("+14:00") == 840);
  for (const auto* text : {"", "+1", "+01", "05:00", "+24:00", "+14:01", "+05:60", "+-5:00", "-05:00Z", "ZZ", ".5Z",
                           "5Z", "z", "Europe/Berlin"})
    CHECK_FALSE(replay::parse_offset(text));
  CHECK(replay::offset_text(-330) == "-05:30");
  CHECK(replay::offset_text(0) == "+00:00");
}

TEST_CASE("west of Greenwich, a day ends later: what it dates is not known in the evening") {
  // 02:00 UTC is 21:00 of the day before in the east of America.
  const auto replayed = [](int16_t offset) {
    test::ReplayBench bench;
    bench.input.options.site_offset = offset;
    bench.import(test::patient_line("p") + test::condition_line("c", "p", "active", "2020-01-01") +
                 test::order_line("evening", "p", "ibuprofen", "2020-01-02T02:00:00Z") +
                 test::order_line("morning", "p", "ibuprofen", "2020-01-02T14:00:00Z"));
    return bench.replay("out");
  };
  const auto fired = std::string("\"rule_id\":3,\"outcome\":\"fired\"");
  CHECK(count_lines(replayed(0).at("decisions"), fired) == 2);
  CHECK(count_lines(replayed(-300).at("decisions"), fired) == 1);
  CHECK(count_lines(replayed(-300).at("decisions"), "\"rule_id\":3,\"outcome\":\"unknown\"") == 1);
  CHECK(count_lines(replayed(-120).at("decisions"), fired) == 2);  // at the very midnight
}

TEST_CASE("on the day that alone dates a fact, rules that it could decide are unknown; from the next on they know") {
  test::ReplayBench bench;
  const auto other = [](const std::string& id, const std::string& recorded) {
    return R"({"resourceType":"Condition","id":")" + id +
           R"(","subject":{"reference":"Patient/q"},"code":{"coding":[{"system":"urn:test","code":"gout"}]},)" +
           R"("clinicalStatus":{"coding":[{"code":"active"}]},"recordedDate":")" + recorded + "\"}\n";
  };
  bench.input.options.all_rows = true;
  bench.import(test::patient_line("p") + test::condition_line("c", "p", "active", "2020-01-01") +
               test::order_line("day", "p", "ibuprofen", "2020-01-01") +
               test::order_line("noon", "p", "ibuprofen", "2020-01-01T12:00:00Z") +
               test::order_line("next", "p", "ibuprofen", "2020-01-02") + test::patient_line("q") +
               other("a", "2020-01-01") + other("b", "2020-01-03") +
               test::order_line("noon", "q", "ibuprofen", "2020-01-01T12:00:00Z") +
               test::order_line("next", "q", "ibuprofen", "2020-01-02T12:00:00Z") +
               test::order_line("third", "q", "ibuprofen", "2020-01-03T12:00:00Z") +
               test::order_line("fourth", "q", "ibuprofen", "2020-01-04T00:00:00Z"));
  const auto decisions = bench.replay("out").at("decisions");
  const auto count = [&](const char* outcome) {
    return count_lines(decisions, R"("rule_id":3,"outcome":")" + std::string(outcome));
  };
  CHECK(count("fired") == 1);
  CHECK(count("unknown") == 2);
  CHECK(count("not-met") == 4);  // gout is no bleed, whenever it was entered
  bench.input.options.mode = replay::Mode::kNaive;
  CHECK(count_lines(bench.replay("naive").at("decisions"), R"("rule_id":3,"outcome":"unknown")") == 0);
}

TEST_CASE("what may have been on record then opens only what reads it, and is named") {
  test::ReplayBench bench;
  const auto finding = [](const std::string& id, const std::string& code, const std::string& more) {
    return R"({"resourceType":"Condition","id":")" + id + R"(","subject":{"reference":"Patient/p"},)" + code +
           R"("clinicalStatus":{"coding":[{"code":"active"}]},)" + more + "}\n";
  };
  const auto coded = [](const std::string& code) {
    return R"("code":{"coding":[{"system":"urn:test","code":")" + code + "\"}]},";
  };
  int runs = 0;
  const auto outcome_of = [&](const std::string& lines, std::string* missing = nullptr) {
    const auto name = std::to_string(++runs);
    bench.input.options.all_rows = true;
    bench.import(test::patient_line("p") + lines + test::order_line("i", "p", "ibuprofen", "2020-01-01T12:00:00Z"),
                 "store-" + name);
    const auto tables = bench.replay("out-" + name);
    if (missing != nullptr) *missing = tables.at("missing");
    for (const auto* outcome : {"fired", "unknown", "not-met"})
      if (count_lines(tables.at("decisions"), R"("rule_id":3,"outcome":")" + std::string(outcome)) == 1)
        return std::string(outcome);
    return std::string();
  };
  // No one knows at which hour it was entered, or on which day.
  const std::string day = R"("recordedDate":"2020-01-01")";
  const std::string undated = R"("onsetDateTime":"2019-05-05T08:00:00Z")";
  for (const auto& times : {day, undated}) {
    CHECK(outcome_of(finding("other", coded("gout"), times)) == "not-met");
    CHECK(outcome_of(finding("no-code", "", times)) == "unknown");
    std::string missing;
    CHECK(outcome_of(finding("a-bleed", coded("bleed"), times), &missing) == "unknown");
    CHECK(missing.find("whether it was on record then is not known") != std::string::npos);
    // Nor does it matter where a condition shuts it out, or another one decides.
    auto resolved = finding("resolved", coded("bleed"), times + R"(,"abatementDateTime":"2019-06-01")");
    CHECK(outcome_of(resolved.replace(resolved.find("active"), 6, "resolved")) == "not-met");
    CHECK(outcome_of(finding("a-bleed", coded("bleed"), times) +
                     finding("sure", coded("bleed"), R"("recordedDate":"2019-12-01")")) == "fired");
  }
}

TEST_CASE("an order dated by a day is the draft at its own trigger; at another's of that day it is open") {
  test::ReplayBench bench;
  bench.import(test::patient_line("p") + test::order_line("w", "p", "warfarin", "2020-01-01") +
               test::order_line("early", "p", "ibuprofen", "2020-01-01T08:00:00Z") +
               test::order_line("after", "p", "ibuprofen", "2020-01-02T00:00:00Z"));
  const auto decisions = bench.replay("out").at("decisions");
  CHECK(count_lines(decisions, R"("rule_id":1,"outcome":"unknown")") == 1);
  CHECK(count_lines(decisions, R"("rule_id":1,"outcome":"fired")") == 1);
}

TEST_CASE("what is dated by a day, month or year was surely known at its end") {
  const auto known_by = [](const std::string& times, store::KnownSource source, std::string_view known,
                           int16_t offset) {
    const StoredCondition stored(times, source, known);
    return replay::instant_text(
        replay::known_by(replay::at_site_midnights(stored.version, stored.json(), offset), stored.json(), offset));
  };
  using store::KnownSource;
  const auto recorded = [&](const char* time, int16_t offset = 0) {
    return known_by(std::string(R"("recordedDate":")") + time + "\"", KnownSource::kRecorded, time, offset);
  };
  CHECK(recorded("2020-02-29") == "2020-03-01T00:00:00Z");
  CHECK(recorded("2020-02-29", -300) == "2020-03-01T05:00:00Z");
  CHECK(recorded("2020-02") == "2020-03-01T00:00:00Z");
  CHECK(recorded("2020") == "2021-01-01T00:00:00Z");
  CHECK(recorded("2020-02-29T00:00:00Z") == "2020-02-29T00:00:00Z");
  CHECK(known_by(R"("id":"c")", KnownSource::kFiled, "2020-01-02", 60) == "2020-01-02T23:00:00Z");
  CHECK(known_by(R"("onsetDateTime":"2020-01-02")", KnownSource::kEffective, "2020-01-02", 0) ==
        "2020-01-03T00:00:00Z");
  CHECK(known_by(R"("recordedDate":"2020-01-02")", KnownSource::kHistory, "2020-01-02", 0) == "2020-01-02T00:00:00Z");
}

TEST_CASE("what has a time stays where it is, at midnight of UTC too; which element gave it decides") {
  const auto known_from = [](const std::string& times, store::KnownSource source, std::string_view known) {
    const StoredCondition stored(times, source, known);
    return replay::instant_text(replay::at_site_midnights(stored.version, stored.json(), -300).known_from);
  };
  using store::KnownSource;
  const auto recorded = [&](const std::string& times) {
    return known_from(times, KnownSource::kRecorded, "2020-01-02");
  };
  CHECK(recorded(R"("recordedDate":"2020-01-02")") == "2020-01-02T05:00:00Z");
  CHECK(recorded(R"("recordedDate":"2020-01-02T00:00:00Z")") == "2020-01-02T00:00:00Z");
  CHECK(recorded(R"("recordedDate":"2020-01-02T00:00:00Z","onsetDateTime":"2020-01-02")") == "2020-01-02T00:00:00Z");
  CHECK(recorded(R"("recordedDate":"2020-01-02","onsetDateTime":"2020-01-02T00:00:00Z")") == "2020-01-02T05:00:00Z");
  CHECK(known_from(R"("recordedDate":"2020-01")", KnownSource::kRecorded, "2020-01") == "2020-01-01T05:00:00Z");
  CHECK(known_from(R"("onsetPeriod":{"start":"2020-01-02"})", KnownSource::kEffective, "2020-01-02") ==
        "2020-01-02T05:00:00Z");
  CHECK(known_from(R"("id":"c")", KnownSource::kFiled, "2020-01-02") == "2020-01-02T05:00:00Z");
  CHECK(known_from(R"("recordedDate":"2020-01-02")", KnownSource::kHistory, "2020-01-02") == "2020-01-02T00:00:00Z");
}

TEST_CASE("orders dated by a day are asked at the site's midnight, in its hours") {
  test::ReplayBench bench;
  bench.input.options.site_offset = 60;
  bench.import(test::patient_line("p") + test::order_line("w", "p", "warfarin", "2020-01-02") +
               test::order_line("i", "p", "ibuprofen", "2020-01-02"));
  const auto tables = bench.replay("out");
  CHECK(count_lines(tables.at("triggers"), "\"t0\":\"2020-01-01T23:00:00Z\",\"day\":\"2020-01-02\",\"hour\":0") == 1);
  CHECK(count_lines(tables.at("decisions"), "\"outcome\":\"fired\"") == 1);
  const auto run_id = bench.input.run_id();
  bench.input.options.site_offset = 0;
  CHECK(bench.input.run_id() != run_id);
}
