// SPDX-License-Identifier: Apache-2.0
// What counts as known when, and in which state, by mode and by what the record dates.
#include <doctest/doctest.h>

#include <algorithm>
#include <deque>
#include <string>
#include <vector>

#include <vigil/primitives.h>

#include "fhir/json_index.h"
#include "replay/as_of.h"

using namespace vigil;
using replay::Mode;
using replay::StatusThen;
using store::KnownSource;

namespace {

Instant at(std::string_view text) { return to_instant(*parse_instant(text)); }

/// A patient's versions, written by hand.
struct History {
  std::deque<std::string> texts;
  std::deque<store::StoredVersion> stored;
  std::vector<replay::DatedVersion> dated;

  History& add(std::string_view type, std::string_view id, const std::string& members, KnownSource source,
               std::string_view known_from = {}, std::string_view clinical_from = {}, Instant known_to = kForever) {
    texts.push_back("{\"resourceType\":\"" + std::string(type) + "\"," + members + "}" + std::string(64, '\0'));
    texts.back().resize(texts.back().size() - 64);
    store::StoredVersion version;
    version.resource_type = type;
    version.id = id;
    version.json = texts.back();
    version.known_source = source;
    if (!known_from.empty()) version.known_from = at(known_from);
    if (!clinical_from.empty()) version.clinical_from = at(clinical_from);
    version.known_to = known_to;
    stored.push_back(version);
    fhir::JsonIndex index;
    REQUIRE(index.index(version.json.data(), version.json.size()) == fhir::JsonIndex::Status::kOk);
    const fhir::JsonText json(version.json.data(), index.tokens(), index.count());
    dated.push_back({&stored.back(), replay::read_course(json, type), {}});
    return *this;
  }
  std::vector<replay::AsOfVersion> view(Mode mode) const {
    std::vector<replay::AsOfVersion> view;
    replay::view_as_of(dated, mode, view);
    return view;
  }
};

}  // namespace

TEST_CASE("what has but a clinical time is possible when strict, known after its delay, and at once when naive") {
  History history;
  history.add("Observation", "o", R"("status":"final")", KnownSource::kEffective, "2020-05-01T08:00:00Z",
              "2020-05-01T08:00:00Z");
  for (const auto mode : {Mode::kStrict, Mode::kDelay}) {  // nothing fits it in the delay model
    const auto view = history.view(mode);
    REQUIRE(view.size() == 1);
    CHECK(view[0].is_possible());
    CHECK(view[0].known_from == at("2020-05-01T08:00:00Z"));
    CHECK(view[0].known_to == kForever);
  }
  history.dated[0].delay = 3'600'000;
  const auto delayed = history.view(Mode::kDelay);
  REQUIRE(delayed.size() == 1);
  CHECK(delayed[0].known_from == at("2020-05-01T09:00:00Z"));
  CHECK(delayed[0].basis == replay::Basis::kDelayModel);
  const auto naive = history.view(Mode::kNaive);
  REQUIRE(naive.size() == 1);
  CHECK(naive[0].known_from == at("2020-05-01T08:00:00Z"));
  CHECK_FALSE(naive[0].is_possible());
}

TEST_CASE("a delay counts from the begin of a day and from its end: between, it is possible") {
  History history;
  for (const auto* type : {"Observation", "Encounter"}) {
    history.add(type, "x", R"("status":"final")", KnownSource::kEffective, "2020-05-01", "2020-05-01");
    history.dated.back().known_by = at("2020-05-02");
    history.dated.back().delay = 3'600'000;
  }
  const auto delayed = history.view(Mode::kDelay);
  REQUIRE(delayed.size() == 3);
  CHECK(delayed[0].is_possible());
  CHECK(delayed[0].known_from == at("2020-05-01T01:00:00Z"));
  CHECK(delayed[1].known_from == at("2020-05-02T01:00:00Z"));
  CHECK(delayed[1].basis == replay::Basis::kDelayModel);
  CHECK(delayed[2].known_from == at("2020-05-01T01:00:00Z"));  // encounters begin where their triggers are
  CHECK_FALSE(delayed[2].is_possible());
  CHECK(history.view(Mode::kNaive)[0].known_from == at("2020-05-01"));
}

TEST_CASE("demographics are known always, but not a death before it") {
  History history;
  history.add("Patient", "p", R"("birthDate":"1940-01-01","deceasedDateTime":"2021-03-04")", KnownSource::kNone);
  const auto view = history.view(Mode::kStrict);
  REQUIRE(view.size() == 2);
  CHECK(view[0].known_from == kAlways);
  CHECK(view[0].hides_later);
  CHECK(view[0].known_to == at("2021-03-05"));  // the day of the death included
  CHECK_FALSE(view[1].hides_later);
}

TEST_CASE("a condition is in force until the abatement that is dated") {
  History history;
  history.add("Condition", "c",
              R"("clinicalStatus":{"coding":[{"code":"resolved"}]},"abatementDateTime":"2020-06-01T00:00:00Z")",
              KnownSource::kRecorded, "2020-01-01", "2019-12-30");
  const auto view = history.view(Mode::kStrict);
  REQUIRE(view.size() == 2);
  CHECK(view[0].status == StatusThen::kInForce);
  CHECK(view[0].hides_later);
  CHECK(view[0].known_from == at("2020-01-01"));
  CHECK(view[0].known_to == at("2020-06-01"));
  CHECK(view[1].status == StatusThen::kAsStored);
  CHECK(view[1].known_to == kForever);
}

TEST_CASE("an ended status without a date is undetermined, never assumed; one that comes first was so all along") {
  const auto status_of = [](const char* members) {
    History history;
    history.add("Condition", "c", members, KnownSource::kRecorded, "2020-01-01");
    const auto view = history.view(Mode::kStrict);
    REQUIRE(view.size() == 1);
    return view[0].status;
  };
  CHECK(status_of(R"("clinicalStatus":{"coding":[{"code":"resolved"}]})") == StatusThen::kUndetermined);
  CHECK(status_of(R"("clinicalStatus":{"coding":[{"code":"active"}]})") == StatusThen::kAsStored);
  CHECK(
      status_of(
          R"("clinicalStatus":{"coding":[{"code":"active"}]},"verificationStatus":{"coding":[{"code":"refuted"}]})") ==
      StatusThen::kUndetermined);
  CHECK(status_of(R"("code":{"text":"no status at all"})") == StatusThen::kAsStored);
}

TEST_CASE("one who is dead, no one knows since when, was at some time not: undetermined") {
  History history;
  history.add("Patient", "p", R"("deceasedBoolean":true)", KnownSource::kNone);
  const auto view = history.view(Mode::kStrict);
  REQUIRE(view.size() == 1);
  CHECK(view[0].status == StatusThen::kUndetermined);
}

TEST_CASE("statuses run by the element that R4 dates them with; what dates a plan does not date its cancellation") {
  const auto states = [](const char* type, const char* members) {
    History history;
    history.add(type, "x", members, KnownSource::kRecorded, "2020-01-01T08:00:00Z");
    std::vector<std::pair<StatusThen, Instant>> seen;
    for (const auto& version : history.view(Mode::kStrict)) seen.emplace_back(version.status, version.known_to);
    return seen;
  };
  using States = std::vector<std::pair<StatusThen, Instant>>;
  const Instant end = at("2020-03-01T10:00:00Z");
  const States ended = {{StatusThen::kInForce, end}, {StatusThen::kAsStored, kForever}};
  const States open = {{StatusThen::kUndetermined, kForever}};
  const States first = {{StatusThen::kAsStored, kForever}};
  CHECK(states("Appointment", R"("status":"fulfilled","end":"2020-03-01T10:00:00Z")") == ended);
  CHECK(states("Appointment", R"("status":"noshow","start":"2020-03-01T10:00:00Z")") == ended);
  CHECK(states("Appointment", R"("status":"cancelled","end":"2020-03-01T10:00:00Z")") == open);
  CHECK(states("Appointment", R"("status":"pending")") == first);
  CHECK(states("MedicationDispense", R"("status":"completed","whenHandedOver":"2020-03-01T10:00:00Z")") == ended);
  CHECK(states("Coverage", R"("status":"cancelled","period":{"end":"2020-03-01T10:00:00Z"})") == ended);
  CHECK(states("Communication", R"("status":"completed","sent":"2020-03-01T10:00:00Z")") == ended);
  CHECK(states("Consent", R"("status":"inactive","provision":{"period":{"end":"2020-03-01T10:00:00Z"}})") == ended);
  CHECK(states("SupplyRequest", R"("status":"completed","authoredOn":"2020-01-01")") == open);
  CHECK(states("Device", R"("status":"inactive")") == open);
  CHECK(states("DocumentReference", R"("status":"superseded")") == open);
  CHECK(states("DocumentReference", R"("status":"current")") == first);
  CHECK(states("QuestionnaireResponse", R"("status":"completed","authored":"2020-01-01")") ==
        first);  // last changed then
}

TEST_CASE("what was known on a day, no one knows the hour, counts from its end, and is open until then") {
  History history;
  history.add("Condition", "c", R"("clinicalStatus":{"coding":[{"code":"active"}]})", KnownSource::kRecorded,
              "2020-05-01");
  history.add("MedicationRequest", "m", R"("status":"active","authoredOn":"2020-05-01")", KnownSource::kAuthored,
              "2020-05-01");
  history.add("Encounter", "e", R"("status":"in-progress","period":{"start":"2020-05-01"})", KnownSource::kEffective,
              "2020-05-01", "2020-05-01");
  for (auto& dated : history.dated) dated.known_by = at("2020-05-02");
  const auto strict = history.view(Mode::kStrict);
  REQUIRE(strict.size() == 6);
  CHECK(strict[0].is_possible());
  CHECK(strict[0].known_from == at("2020-05-01"));
  CHECK(strict[0].known_to == at("2020-05-02"));
  CHECK(strict[1].known_from == at("2020-05-02"));
  CHECK(strict[1].basis == replay::Basis::kRecorded);
  CHECK(strict[2].status == StatusThen::kDraft);  // the trigger itself is of the day's begin
  CHECK(strict[2].known_from == at("2020-05-01"));
  CHECK(strict[3].is_possible());
  CHECK(strict[3].known_from == at("2020-05-01") + 1);  // not at the trigger, where the order is the draft
  CHECK(strict[4].known_from == at("2020-05-02"));
  CHECK(strict[5].known_from == at("2020-05-01"));  // encounters are entered as they begin
  CHECK_FALSE(strict[5].is_possible());
  const auto naive = history.view(Mode::kNaive);
  CHECK(std::ranges::none_of(naive, &replay::AsOfVersion::is_possible));
  CHECK(naive[0].known_from == kAlways);  // no clinical time in this version
}

TEST_CASE("an order is a draft when it is written, record right after, in force until its end") {
  History history;
  history.add("MedicationRequest", "m",
              R"("status":"stopped","intent":"order","authoredOn":"2020-05-01T10:00:00Z",)"
              R"("dispenseRequest":{"validityPeriod":{"end":"2020-05-10"}})",
              KnownSource::kAuthored, "2020-05-01T10:00:00Z", "2020-05-01T10:00:00Z");
  const auto view = history.view(Mode::kStrict);
  REQUIRE(view.size() == 3);
  const Instant written = at("2020-05-01T10:00:00Z");
  CHECK(view[0].status == StatusThen::kDraft);
  CHECK(view[0].known_from == written);
  CHECK(view[0].known_to == written + 1);
  CHECK(view[0].hides_end);  // another end may have been planned
  CHECK(view[1].status == StatusThen::kInForce);
  CHECK(view[1].known_from == written + 1);
  CHECK(view[1].known_to == at("2020-05-11"));
  CHECK(view[2].status == StatusThen::kAsStored);
}

TEST_CASE("a completed order keeps the end that was planned; without one its status is undetermined") {
  History history;
  history.add("MedicationRequest", "planned",
              R"("status":"completed","authoredOn":"2020-05-01","dosageInstruction":[)"
              R"({"timing":{"repeat":{"boundsPeriod":{"end":"2020-05-04"}}}},)"
              R"({"timing":{"repeat":{"boundsPeriod":{"end":"2020-05-09"}}}}])",
              KnownSource::kAuthored, "2020-05-01");
  history.add("MedicationRequest", "unplanned", R"("status":"completed","authoredOn":"2020-05-01")",
              KnownSource::kAuthored, "2020-05-01");
  const auto view = history.view(Mode::kStrict);
  REQUIRE(view.size() == 5);
  CHECK_FALSE(view[0].hides_end);
  CHECK(view[1].known_to == at("2020-05-10"));  // the last of several ends
  CHECK(view[4].status == StatusThen::kUndetermined);
}

TEST_CASE("versions of a history are as they are, the naive view has but the last") {
  History history;
  history.add("Condition", "c", R"("clinicalStatus":{"coding":[{"code":"active"}]})", KnownSource::kHistory,
              "2020-01-01", {}, at("2020-02-01"));
  history.add("Condition", "c", R"("clinicalStatus":{"coding":[{"code":"resolved"}]})", KnownSource::kHistory,
              "2020-02-01");
  const auto strict = history.view(Mode::kStrict);
  REQUIRE(strict.size() == 2);
  CHECK(strict[0].known_to == at("2020-02-01"));
  CHECK(strict[1].status == StatusThen::kAsStored);
  const auto naive = history.view(Mode::kNaive);
  REQUIRE(naive.size() == 1);
  CHECK(naive[0].version == 1);
  CHECK(naive[0].known_from == kAlways);
}

TEST_CASE(
    "what is about no patient is known as its versions tell, always where nothing does; the naive view has the last") {
  store::StoredVersion version;
  version.clinical_from = at("2020-01-01");
  for (const auto source : {KnownSource::kNone, KnownSource::kEffective}) {
    version.known_source = source;
    version.known_from = source == KnownSource::kNone ? kAlways : at("2020-01-01");
    for (const auto mode : {Mode::kStrict, Mode::kDelay, Mode::kNaive}) {
      const auto view = replay::view_shared(version, mode);
      REQUIRE(view);
      CHECK(view->known_from == kAlways);
      CHECK(view->known_to == kForever);
      CHECK(view->basis == replay::Basis::kAlways);
    }
  }
  version.known_source = KnownSource::kHistory;
  version.known_from = at("2020-03-01");
  version.known_to = at("2020-04-01");
  const auto strict = replay::view_shared(version, Mode::kStrict);
  REQUIRE(strict);
  CHECK(strict->known_from == at("2020-03-01"));
  CHECK(strict->known_to == at("2020-04-01"));
  CHECK(strict->basis == replay::Basis::kHistory);
  CHECK_FALSE(replay::view_shared(version, Mode::kNaive));
  version.known_to = kForever;
  REQUIRE(replay::view_shared(version, Mode::kNaive));
  CHECK(replay::view_shared(version, Mode::kNaive)->known_from == kAlways);
}

TEST_CASE("an encounter is entered as it begins; a report that was corrected had another content before") {
  History history;
  history.add("Encounter", "e", R"("status":"finished","period":{"start":"2020-05-01","end":"2020-05-03T12:00:00Z"})",
              KnownSource::kEffective, "2020-05-01", "2020-05-01");
  history.add("Observation", "o",
              R"("status":"corrected","meta":{"lastUpdated":"2020-06-01T00:00:00Z"},"issued":"2020-05-02T00:00:00Z")",
              KnownSource::kIssued, "2020-05-02", "2020-05-01");
  const auto view = history.view(Mode::kStrict);
  REQUIRE(view.size() == 5);
  CHECK(view[0].status == StatusThen::kInForce);
  CHECK(view[0].known_to == at("2020-05-03T12:00:00Z"));
  CHECK(view[2].is_possible());  // as its first version, if issued tells of another
  CHECK(view[2].known_from == at("2020-05-01"));
  CHECK(view[2].status == StatusThen::kUndetermined);
  CHECK(view[3].known_from == at("2020-05-02"));
  CHECK(view[3].status == StatusThen::kUndetermined);
  CHECK(view[4].known_from == at("2020-06-01"));
  CHECK(view[4].status == StatusThen::kAsStored);
}

TEST_CASE("the end of a date is the moment after the day, month or year it names") {
  const auto after = [](std::string_view text) {
    return replay::moment_after(parse_fhir_primitive(Kind::kDateTime, text)->temporal);
  };
  CHECK(after("2020-02-29") == at("2020-03-01"));
  CHECK(after("2020-12") == at("2021-01-01"));
  CHECK(after("2020") == at("2021-01-01"));
  CHECK(after("2020-02-29T10:00:00Z") == at("2020-02-29T10:00:00Z"));
}
