// SPDX-License-Identifier: Apache-2.0
// What a call brings of the patient, as a snapshot, with how well each thing its service reads was obtained.
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include <vigil/evaluate.h>
#include <vigil/snapshot.h>

#include "cds-hooks/protocol/hook_call.h"
#include "cds-hooks/protocol/required_facts.h"
#include "cds-hooks/protocol/service_set.h"
#include "fhir/fhir_reader.h"
#include "fhir/passed_over.h"

namespace vigil::hooks {

/// What became of one prefetch template.
struct KeyState {
  const PrefetchTemplate* asked = nullptr;  ///< of the service
  Completeness completeness = Completeness::kComplete;
  std::string why;  ///< where not complete: "absent", "an OperationOutcome came in its place"; no patient data
};

/// What was fetched for a key that the client did not send.
struct Fetched {
  std::string key;
  std::vector<PatientText> pages;  ///< JSON each
  Completeness completeness = Completeness::kComplete;
  std::string why;
};

/// Resources that a call brought and that could not be read whole, each with its reason: "Observation/7 (prefetch
/// `observation`): `status` is a number, expected a string". They name records of the patient: for answers, not for
/// logs. Of each list some tens at most, and how many more there were.
struct UnreadData {
  std::vector<std::string> orders;     ///< under review; also those that are said to be and did not come along
  std::vector<std::string> no_orders;  ///< what stands among them and is no request: no rule on orders looks at it
  std::vector<std::string> records;
};

/// Reads calls of one pack, one after another, keeping its memory. One a thread.
class PatientData {
 public:
  explicit PatientData(std::shared_ptr<const RulePack> pack);

  /// How the call brought each key of the service.
  static std::vector<KeyState> judge_keys(const Service& service, const HookCall& call, const ProtocolOptions& options);
  static std::vector<KeyState> judge_keys(const PrefetchPlan& plan, const HookCall& call,
                                          const ProtocolOptions& options);
  /// Those it did not bring whole: they may be fetched.
  static std::vector<const PrefetchTemplate*> missing_keys(std::span<const KeyState> keys);

  /// `keys` are those of judge_keys(). `keeps_required`: fills in required().
  void read(const Service& service, const HookCall& call, std::vector<KeyState> keys, std::span<const Fetched> fetched,
            const ProtocolOptions& options, Instant now, bool keeps_required = false);

  const Snapshot& snapshot() const { return snapshot_; }
  const std::vector<KeyState>& keys() const { return keys_; }
  const UnreadData& unread() const { return unread_; }
  /// What was read, cut down to what the rules read.
  const RequiredFacts& required() const { return required_; }
  /// Hook, orders under review, user and encounter.
  const Trigger& trigger() const { return trigger_; }

 private:
  void read_prefetch(const HookCall& call, std::span<const Fetched> fetched, const ProtocolOptions& options);
  /// Where resources came from: {"prefetch", "observation"}, {"context", ""}.
  struct Source {
    std::string_view part;
    std::string_view key = {};
    bool is_context = false;  ///< of which drafts are under review, whatever the member is called
  };
  void add_resources(const JsonNode& value, FieldRole role, const Source& from);
  void check_type(const JsonNode& order);
  void check_group(const JsonNode& group, std::string_view type);
  void check_contained(const JsonNode& group);
  void check_parts(const JsonNode& group, const JsonNode& parts, size_t depth);
  void tell_no_order(const JsonNode& group, std::string_view how, std::string_view request);
  void check_extent(const JsonNode& orders);
  void name_remaining_problems();
  void find_orders(const HookCall& call, Instant now);
  void lack_order(const ResourceReference& order, std::string_view how);
  bool has_draft_without_id(const std::string& type) const;
  std::vector<bool> find_facts(const std::vector<ResourceReference>& references, Origin origin) const;

  std::shared_ptr<const RulePack> pack_;
  Timeline timeline_;
  fhir::FhirReader reader_;
  fhir::FhirReader order_reader_;
  Snapshot snapshot_;
  std::vector<KeyState> keys_;
  UnreadData unread_;
  DiagnosticSink record_problems_;
  DiagnosticSink order_problems_;
  std::vector<ResourceReference> grouped_;  ///< orders that a group or plan of the context refers to
  size_t named_records_ = 0;                ///< of the problems, so many stand in `unread_` already
  size_t named_orders_ = 0;
  Trigger trigger_;
  std::vector<JsonDocument> pages_;  ///< of what was fetched; facts view their texts until they are taken over
  RequiredFacts required_;
  fhir::PassedOver passed_over_;  ///< of the resource just read
  bool keeps_required_ = false;
};

}  // namespace vigil::hooks
