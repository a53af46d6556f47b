// SPDX-License-Identifier: Apache-2.0
// Sealed columns are compressed; those of the format before still read, verify and join with feedback.
#include "decision-log/sealed_text.h"
#include "adapters/decision-log/log_fixture.h"
#include "decision-log/record_dictionary.h"

using namespace vigil;
using namespace vigil::test;
using decision_log::LogRow;

namespace {

std::string long_text() {
  std::string text;
  for (int i = 0; i < 500; ++i) text += R"({"resourceType":"Observation","id":"o)" + std::to_string(i) + "\"}";
  return text;
}

LogRow sealed(std::string_view text, const decision_log::KeyRing& keys) {
  LogRow row;
  row.at = 1000;
  REQUIRE(decision_log::seal_text(text, keys, row));
  return row;
}

/// As rows were written before they were compressed.
LogRow row_of_format_1(const decision_log::Entry& entry, const decision_log::KeyRing& keys) {
  LogRow row;
  row.at = entry.at;
  row.open = entry.open;
  row.key_id = keys.id();
  row.sealed = keys.seal(entry.secret, decision_log::seal_context(row.kind, row.at));
  row.sealed_hash = crypto::sha256(*row.sealed);
  row.number = 1;
  row.hash = *decision_log::link({}, row, keys);
  return row;
}

}  // namespace

TEST_CASE("what is sealed comes out the same, and takes a fraction of its size") {
  for (const auto& keys : {ring({}), ring({kKey})})
    for (const std::string& text : {std::string(), std::string("x"), std::string("\0\xF2\xFF", 3), long_text()}) {
      const auto row = sealed(text, keys);
      CHECK(row.sealed_hash == crypto::sha256(*row.sealed));
      CHECK(decision_log::open_text(row, keys) == text);
      if (text.size() > 1000) CHECK(row.sealed->size() < text.size() / 5);
    }
}

TEST_CASE("what records have in common is not stored again with each") {
  const std::string secret =
      R"({"now":"2026-11-23T08:19:41.645+00:00","instance":"d1577c69-dfbe-44ad-ba6d-3e05e953b2ea","patient":"p1",)"
      R"("user":"Practitioner/1","hook":"order-sign","orders":[["MedicationRequest","o1"]],"completeness":{},)"
      R"("alerts":[],"missing":{}}{"resourceType":"Bundle","type":"collection","entry":[{"resource":)"
      R"({"resourceType":"MedicationRequest","id":"o1","status":"draft","medicationCodeableConcept":{"coding":)"
      R"([{"system":"http://www.nlm.nih.gov/research/umls/rxnorm","code":"310965"}]}}}]}{"cards":[]})";
  const auto row = sealed(secret, ring({}));
  CHECK(row.sealed->size() < secret.size() / 3);
  CHECK(decision_log::open_text(row, ring({})) == secret);
}

TEST_CASE("dictionaries stay as they are: rows are read by them") {
  CHECK(crypto::to_hex(crypto::bytes_of(crypto::sha256(decision_log::record_dictionary_1()))) ==
        "ae105a4ba8c4090e63403839a7acfc89c3a9549372e2af148d8629d5aa9e28aa");
}

TEST_CASE("rows of before there was a dictionary read, and those of a dictionary that is not known do not") {
  LogRow row;
  row.sealed = crypto::from_hex(
      "F228B52FFD2090AD010094027B227265736F7572636554797065223A2250617469656E74222C226964223A227030227D313233227D030000"
      "2900797946F504");
  std::string text;
  for (int i = 0; i < 4; ++i) text += R"({"resourceType":"Patient","id":"p)" + std::to_string(i) + "\"}";
  CHECK(decision_log::open_text(row, ring({})) == text);

  row = sealed(text, ring({}));
  // RFC 8878, section 3.1.1.1: a magic number, a descriptor, the size of the window unless bit 5 is set, the
  // dictionary.
  const int descriptor = row.sealed->at(5);
  REQUIRE((descriptor & 3) == 1);
  auto& number = row.sealed->at((descriptor & 0x20) != 0 ? 6 : 7);
  REQUIRE(number == 1);
  number = 2;
  CHECK_FALSE(decision_log::open_text(row, ring({})));
}

TEST_CASE("what is not whole, erased or of another key does not open") {
  auto row = sealed(long_text(), ring({kKey}));
  CHECK_FALSE(decision_log::open_text(row, ring({kOtherKey})));
  row.sealed.reset();
  CHECK_FALSE(decision_log::open_text(row, ring({kKey})));
  row = sealed(long_text(), ring({}));
  for (const size_t size : {row.sealed->size() - 1, size_t{5}, size_t{1}}) {
    row.sealed->resize(size);
    CHECK_FALSE(decision_log::open_text(row, ring({})));
  }
}

TEST_CASE("a log begun in the format before: its rows read, verify and take feedback, and new ones join their chain") {
  for (const auto& keys : {ring({}), ring({kKey})}) {
    TemporaryLog file;
    const auto old = entry(1);
    {
      const auto store = file.open();
      REQUIRE(store->begin().empty());
      REQUIRE(store->add(row_of_format_1(old, keys)).empty());
      REQUIRE(store->add_card("c-1", 1).empty());
      REQUIRE(store->commit().empty());
    }
    {
      decision_log::DecisionLog log(file.open(), keys, {.patience = kPatience});
      REQUIRE(append(log, entry(2)));
      REQUIRE(append(log, feedback("c-1")));
      CHECK(log.past_alerts("ehr", "p", "Practitioner/u").alerts.size() == 1);
    }
    const auto found = file.verify(keys);
    CHECK_MESSAGE(found.holds, found.problem);
    CHECK(found.last == 3);
    size_t read = 0;
    const auto store = file.open(/*read_only=*/true);
    REQUIRE(store->each(1, [&](const LogRow& row) {
      const auto text = decision_log::open_text(row, keys);
      REQUIRE(text);
      if (row.number <= 2) CHECK(*text == entry(static_cast<int>(row.number)).secret);
      ++read;
      return true;
    }) == "");
    CHECK(read == 3);
  }
}
