// SPDX-License-Identifier: Apache-2.0
// Rows whose texts are not what the log wrote, by hand or by a disk: what is whole goes on, and nothing ends the
// process.
#include "adapters/decision-log/log_fixture.h"
#include "decision-log/audit_event.h"

using namespace vigil;
using namespace vigil::test;
using decision_log::DecisionLog;

namespace {

/// Texts for the open part of a decision of card c-1: other types than it has, no object, no JSON, and nested for ever.
std::vector<std::string> damaged_texts() {
  std::vector<std::string> texts;
  for (const auto* value : {"5", "null", "[]", "[[1]]", "{\"a\":5}", "true"})
    texts.push_back(R"({"cards":["c-1"],"client":)" + std::string(value) + R"(,"request":)" + value + R"(,"hook":)" +
                    value + R"(,"service":)" + value + R"(,"status":)" + value + "}");
  for (const auto* text : {"", "5", "null", "[]", "[5]", "no JSON", R"({"cards":[5,null,{"a":1},"c-1"]})"})
    texts.emplace_back(text);
  texts.push_back(R"({"cards":["c-1"],"client":)" + std::string(100'000, '[') + std::string(100'000, ']') + "}");
  return texts;
}

/// One decision; its open text is then another.
void fill(const TemporaryLog& file, const std::string& text) {
  {
    DecisionLog log(file.open(), ring({}), {.patience = kPatience});
    REQUIRE(append(log, entry(1)));
  }
  file.tamper(("UPDATE record SET open = '" + text + "'").c_str());
}

}  // namespace

TEST_CASE("feedback on a decision whose text was altered is recorded, and the log goes on") {
  for (const auto& text : damaged_texts()) {
    CAPTURE(text.substr(0, 200));
    TemporaryLog file;
    fill(file, text);
    DecisionLog log(file.open(), ring({}), {.patience = kPatience});
    CHECK(append(log, feedback("c-1")));
    CHECK(append(log, entry(2)));
    CHECK(append(log, feedback("c-2")));
  }
}

TEST_CASE("feedback on a decision whose sealed text is another is recorded, without a user to remember it for") {
  // Without a key, what is sealed is plain.
  for (const auto* head :
       {R"({"patient":5,"user":["u"],"alerts":[{"card":"c-1","findings":[5,{"rule":5}]}]})", R"({"alerts":5})", "5",
        R"({"user":"u","alerts":[5,{"card":5},{"card":"c-1","findings":{"a":5},"key":5}],"hook":{}})"}) {
    CAPTURE(head);
    TemporaryLog file;
    DecisionLog log(file.open(), ring({}), {.patience = kPatience});
    auto one = entry(1);
    one.secret = part(head) + part("") + part("") + part("");
    CHECK(append(log, one));
    CHECK(append(log, feedback("c-1")));
    CHECK(append(log, entry(2)));
    for (const auto& known : log.past_alerts("ehr", "", "u").alerts) CHECK(known.alert.rule.empty());
  }
}

TEST_CASE("a log whose cards were altered before they came to the index is opened, and finds the others") {
  for (const auto& text : damaged_texts()) {
    CAPTURE(text.substr(0, 200));
    TemporaryLog file;
    fill(file, text);
    {
      DecisionLog log(file.open(), ring({}), {.patience = kPatience});
      REQUIRE(append(log, entry(2)));
    }
    file.tamper("UPDATE indexed SET through = 0; DELETE FROM card");  // as after kill -9
    const auto store = file.open();
    std::optional<decision_log::LogRow> decision;
    CHECK(store->find_decision("c-2", decision).empty());
    CHECK((decision && decision->number == 2));
  }
}

TEST_CASE("a checkpoint whose text was altered is found to be") {
  for (const auto* text : {R"({"count":"x","through":"y","hash":5})", R"({"through":9223372036854775807,"hash":[]})",
                           R"({"count":-1})", "5", ""}) {
    for (const int kind : {3, 4, 5}) {
      CAPTURE(text);
      TemporaryLog file;
      fill(file, "{}");
      file.tamper(("UPDATE record SET open = '" + std::string(text) + "', kind = " + std::to_string(kind)).c_str());
      const auto found = file.verify(ring({}));
      CHECK(found.problem.starts_with("row 1 was altered"));
      CHECK(found.missing == 0);
    }
  }
}

TEST_CASE("no audit event is made of a row whose text was altered") {
  for (const auto& text : damaged_texts()) {
    CAPTURE(text.substr(0, 200));
    auto sealed = decision_log::seal(entry(1), ring({}));
    REQUIRE(sealed);
    sealed->row.open = text;
    CHECK_FALSE(decision_log::to_audit_event(sealed->row, ring({}), "https://cds.example.org"));
  }
}
