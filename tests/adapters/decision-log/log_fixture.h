// SPDX-License-Identifier: Apache-2.0
// A log in a file of its own, and decisions of a few bytes.
#pragma once

#include <doctest/doctest.h>

#include <chrono>
#include <filesystem>
#include <future>
#include <string>
#include <thread>

#include "decision-log/decision_log.h"
#include "decision-log/log_writer.h"
#include "decision-log/record_reader.h"
#include "decision-log/sealed_text.h"
#include "decision-log/sqlite_statement.h"
#include "decision-log/verify_log.h"

namespace vigil::test {

inline const std::string kKey(64, 'a');
inline const std::string kOtherKey(64, 'b');

/// Longer than anything here takes on any machine, so that only what hangs is given up on.
inline constexpr auto kPatience = std::chrono::milliseconds(120'000);

/// Whether the condition comes true.
template <class Condition>
bool comes(Condition condition) {
  const auto until = std::chrono::steady_clock::now() + kPatience;
  while (!condition() && std::chrono::steady_clock::now() < until)
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  return condition();
}

inline decision_log::KeyRing ring(std::initializer_list<std::string> keys) {
  decision_log::KeyRing ring;
  for (const auto& key : keys) REQUIRE(ring.add(key));
  return ring;
}

/// More than is read of one person: of those left out, which are the oldest, alerts are shown once more.
inline void check_newest_acknowledged_are_read(decision_log::LogStore& store) {
  const crypto::Hash person = crypto::sha256("one person");
  const auto name = [](int64_t at) { return "card-" + std::to_string(at); };
  constexpr int64_t kMost = decision_log::kMostAcknowledged;
  REQUIRE(store.begin().empty());
  for (int64_t at = kMost + 2; at > 0; --at)
    REQUIRE(store.add_acknowledged({name(at), person, at, "sealed", "key"}).empty());
  REQUIRE(store.add_acknowledged({"another's", crypto::sha256("another"), kMost, "sealed", "key"}).empty());
  REQUIRE(store.commit().empty());
  std::vector<decision_log::Acknowledged> found;
  REQUIRE(store.read_acknowledged(person, found).empty());
  REQUIRE(found.size() == static_cast<size_t>(kMost));
  CHECK(found.front().card == name(kMost + 2));
  CHECK(found.back().card == name(3));
}

/// A file that is removed with what SQLite puts beside it.
class TemporaryLog {
 public:
  TemporaryLog() {
    static int count = 0;
    folder_ = std::filesystem::temp_directory_path() /
              ("vigil-log-" + std::to_string(::getpid()) + "-" + std::to_string(++count));
    std::filesystem::create_directories(folder_);
  }
  ~TemporaryLog() { std::filesystem::remove_all(folder_); }
  std::string file() const { return (folder_ / "log.db").string(); }
  const std::filesystem::path& folder() const { return folder_; }

  std::unique_ptr<decision_log::LogStore> open(bool read_only = false) const {
    std::string problem;
    auto store = decision_log::open_sqlite(
        {.file = file(), .survives_power_loss = false, .read_only = read_only, .busy_milliseconds = 200}, problem);
    REQUIRE_MESSAGE(store != nullptr, problem);
    return store;
  }
  decision_log::Verification verify(const decision_log::KeyRing& keys,
                                    const std::optional<decision_log::ChainEnd>& anchor = {}) const {
    const auto store = open(/*read_only=*/true);
    return decision_log::verify(*store, keys, anchor);
  }
  /// What an intruder could do who has the file.
  void tamper(const char* sql) const {
    decision_log::Connection connection;
    REQUIRE(connection.open(file(), false, 200).empty());
    REQUIRE(connection.run("DROP TRIGGER IF EXISTS record_is_append_only").empty());
    REQUIRE(connection.run("DROP TRIGGER IF EXISTS record_is_not_changed").empty());
    REQUIRE(connection.run(sql).empty());
  }

 private:
  std::filesystem::path folder_;
};

inline std::string part(std::string_view text) {
  std::string bytes;
  for (int shift = 24; shift >= 0; shift -= 8) bytes += static_cast<char>(text.size() >> shift & 0xFF);
  return bytes + std::string(text);
}

/// A decision with one card `c-NUMBER`, shown to Practitioner/u of patient p at order-select.
inline decision_log::Entry entry(int number, Instant at = 1000, std::string_view record = {}) {
  const auto n = std::to_string(number);
  decision_log::Entry one;
  one.at = at;
  one.open = R"({"request":"r)" + n + R"(","client":"ehr","cards":["c-)" + n + R"("]})";
  one.secret =
      part(R"({"patient":"p","user":"Practitioner/u","encounter":"e","location":"Location/w1","hook":"order-select",)"
           R"("alerts":[{"card":"c-)" +
           n +
           R"(","key":"k","tier":"interruptive","summary":"s","findings":)"
           R"([{"rule":"R","digest":"18446744073709551615"}]}]})") +
      part(record) + part("") + part("{}");
  one.cards = {"c-" + n};
  return one;
}

inline decision_log::LogRow row_of(decision_log::LogStore& store, int64_t number) {
  std::optional<decision_log::LogRow> row;
  REQUIRE(store.find_row(number, row).empty());
  REQUIRE(row);
  return *row;
}
/// The record of a decision, as a reader of the log finds it.
struct FoundRecord {
  std::string text;  ///< or why there is none
  int64_t row = 0;   ///< as HeldRecord::row
};
inline FoundRecord find_record(decision_log::LogStore& store, decision_log::RecordReader& reader,
                               const decision_log::KeyRing& keys, int64_t number) {
  const auto secret = decision_log::open_text(row_of(store, number), keys);
  const auto parts = secret ? decision_log::split_secret(*secret) : std::nullopt;
  if (!parts) return {"no decision", 0};
  const auto held = reader.record_of(*parts);
  if (held.state == decision_log::RecordState::kErased) return {"erased", held.row};
  if (held.state == decision_log::RecordState::kUnreadable) return {"unreadable", held.row};
  return {std::string(held.text), held.row};
}

/// Appends and waits.
template <class T>
bool append(decision_log::DecisionLog& log, T one) {
  std::promise<bool> told;
  log.append(std::move(one), [&](bool recorded) { told.set_value(recorded); });
  return told.get_future().get();
}

inline decision_log::Feedback feedback(std::string card, std::string client = "ehr") {
  decision_log::CardFeedback item;
  item.card = std::move(card);
  item.at = 2000;
  item.comment = "free text";
  return {"f1", std::move(client), "example-order-select", 2000, {item}};
}

}  // namespace vigil::test
