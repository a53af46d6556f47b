// SPDX-License-Identifier: Apache-2.0
// What is recorded of a call, and of what users did with its cards.
#pragma once

#include <chrono>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <vigil/evaluate.h>
#include <vigil/snapshot.h>

#include "decision-log/log_row.h"

namespace vigil::decision_log {

/// One prefetch key and how it was obtained.
struct KeyNote {
  std::string_view key;
  Completeness completeness = Completeness::kComplete;
};

/// One card that went out. `alert_key` is Alert::key; empty for the note on what was not checked.
struct CardNote {
  std::string_view uuid;
  std::string_view alert_key;
};

/// One finding that was not suppressed. `digest` is of its facts' contents, its tier and its texts: where the same
/// finding has another one later, what was acknowledged then says nothing.
struct FindingNote {
  uint32_t rule = 0;  ///< index in Rulebook::rules()
  std::string_view key;
  uint64_t digest = 0;
};

/// One call of a service, with all that led to its answer, so that it can be evaluated again. Views: they need to live
/// while encode() runs.
struct Decision {
  std::string_view request_id;
  std::string_view client;  ///< who called, as authentication has it; empty without
  std::string_view service;
  std::string_view hook;  ///< as called; Trigger::hook is that of the rules
  std::string_view pack;
  std::string_view pack_version;
  std::string_view rules_digest;
  std::string_view knowledge_digest;
  std::string_view engine_version;
  std::string_view hook_instance;
  std::string_view patient;
  std::string_view location;  ///< where the encounter takes place, as far as the call's data tells
  const Trigger& trigger;
  const Rulebook& rulebook;
  const Snapshot& snapshot;
  const AlertHistory& history;
  const Temporal& now;
  const Outcome& outcome;
  const Alerts& alerts;                       ///< as raise() gave them
  std::span<const std::string_view> resting;  ///< keys of alerts that were not shown again at order-sign
  std::span<const FindingNote> findings;
  std::span<const KeyNote> keys;
  std::span<const CardNote> cards;
  std::string_view record;  ///< Bundle of what the rules read of the record; empty where there is nothing
  std::string_view drafts;  ///< the same of the orders under review
  std::string_view body;    ///< of the response
  int status = 200;
  std::chrono::nanoseconds reading{};
  std::chrono::nanoseconds evaluating{};
};

/// What became of one card.
struct CardFeedback {
  std::string card;
  bool accepted = false;
  Instant at = 0;
  std::vector<std::string> suggestions;
  std::string reason_system;
  std::string reason_code;
  std::string reason_text;
  std::string comment;  ///< free text: may hold anything
};

struct Feedback {
  std::string request_id;
  std::string client;
  std::string service;
  Instant at = 0;  ///< when it came
  std::vector<CardFeedback> items;
};

/// An alert that its user acknowledged.
struct KnownAlert {
  PastAlert alert;
  std::string hook;  ///< at which it was shown
  uint64_t digest = 0;
  bool accepted = false;  ///< one of its suggestions was accepted, not overridden: the finding should be gone
};

/// What one user acknowledged of one patient's alerts; not readable where the store failed.
struct AlertMemory {
  std::vector<KnownAlert> alerts;
  bool readable = true;
};

/// A decision as it is stored, but for its place in the chain.
struct Entry {
  Instant at = 0;
  std::string open;  ///< a JSON object
  std::string secret;
  std::vector<std::string> cards;  ///< uuids, by which feedback finds the decision
};

Entry encode(const Decision& decision);

/// The parts of a decision's secret text: JSON, then the three texts as they were given to encode(). `record` may also
/// be the number of the row that holds it, in digits: see RecordReader.
struct SecretParts {
  std::string_view head;
  std::string_view record;
  std::string_view drafts;
  std::string_view body;
};
/// None where the text is not what encode() makes. Views of `secret`.
std::optional<SecretParts> split_secret(std::string_view secret);
/// Puts the number of the row that holds the record in its place. `secret` is one that split_secret() takes.
void name_record(std::string& secret, int64_t row);

/// "2026-11-22T10:30:00.123+01:00"; parse_instant() gives the same value again.
std::string instant_text(const Temporal& instant);

}  // namespace vigil::decision_log
