// SPDX-License-Identifier: Apache-2.0
// The services offered: rule packs with their rulebooks, one service a pack and hook, and what holds for all.
#pragma once

#include <array>
#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <vigil/evaluate.h>
#include <vigil/outcome.h>
#include <vigil/rulebook.h>

#include "cds-hooks/protocol/client_abilities.h"
#include "cds-hooks/protocol/hook_call.h"
#include "cds-hooks/protocol/prefetch_templates.h"
#include "cds-hooks/protocol/rule_counts.h"
#include "cds-hooks/protocol/stages.h"
#include "packs/site_overlay.h"

namespace vigil::hooks {

class Authenticator;  // authenticator.h

/// Rules that are released together.
struct RulePack {
  std::string id;       ///< begins the ids of its services: "vigil"
  std::string title;    ///< what cards and discovery call it
  std::string version;  ///< as its author numbers it; may be empty
  std::shared_ptr<const Rulebook> rulebook;
  std::string name;                            ///< of the pack's manifest; empty: rules of a folder
  std::string digest;                          ///< of the pack's manifest
  std::shared_ptr<const SiteOverlay> overlay;  ///< what the site changes; may be null
  std::string rules_digest;  ///< both made by ServiceSet: which rules and which knowledge a card came from
  std::string knowledge_digest;
  std::shared_ptr<RuleCounts> counts;  ///< made by ServiceSet
};

/// Fills in what follows from a pack's rules: its digests and counts. Made once, it keeps its counts in every set.
std::shared_ptr<const RulePack> make_pack(RulePack pack);

struct Trial;

/// One entry of discovery.
struct Service {
  std::string id;  ///< the last part of its URL
  std::string hook;
  std::string rules_hook;  ///< the hook whose rules it runs; another than `hook` only for an alias
  std::string title;
  std::string description;
  std::string usage_requirements;
  std::shared_ptr<const RulePack> pack;
  std::vector<uint32_t> rules;  ///< indexes in the rulebook
  PrefetchPlan prefetch;        ///< what its rules read
  /// What clients are asked for: the same, and what the candidate's rules read.
  PrefetchPlan asked;
  std::shared_ptr<const Trial> trial;  ///< null: no candidate is tried
};

/// The candidate's part of a service: the same id and hook, its own rules and what they read.
struct Trial {
  Service service;
  TrialTerms terms;
};

/// A pack in force with what is tried in its place.
struct OfferedPack {
  std::shared_ptr<const RulePack> active;
  std::optional<Candidate> candidate;
};

/// What cards look like.
struct CardOptions {
  std::string source_label;  ///< empty: the first source the rule cites, else the pack's title
  std::string source_url;
  std::string source_icon;
  std::string topic_system = "urn:vigil:rule-category";
  std::string override_system = "urn:vigil:override-reason";
  /// Reasons of interruptive cards whose rules name none.
  std::vector<OverrideReason> default_overrides;
  size_t max_cards = 0;  ///< 0: no limit but the client's
  /// Name rules that are unknown also where all data was obtained, but the record lacks what they ask.
  bool names_every_unknown = true;
};

/// Browsers of which origins may call: CDS Hooks 2.0.1, "CORS".
struct CorsOptions {
  std::vector<std::string> origins;  ///< "https://sandbox.cds-hooks.org"; "*" for any
};

/// How a request is read and answered, whatever the service.
struct ProtocolOptions {
  CallOptions call;
  CardOptions cards;
  CorsOptions cors;
  PrefetchOptions prefetch;
  /// The address clients call, without a slash at its end; JSON Web Tokens must name it. Behind a proxy it differs from
  /// the one listened on.
  std::string public_url;
  /// `null` of every key reads as "not obtained": for clients that send it also for queries they could not make.
  bool distrusts_null = false;
  ClientTable clients;
  std::chrono::milliseconds deadline{2000};
  /// Of the evaluation of one rule; all of a call take four times as much at most. Some ten million are a second.
  uint64_t max_steps = 5'000'000;
  /// Bytes for the evaluation of one call, of which one rule has a quarter at most.
  size_t max_memory = size_t{128} << 20;
  /// Alerts acknowledged at order-select so long ago at most are not repeated at order-sign; 0: they are.
  std::chrono::milliseconds rest_at_sign{std::chrono::hours(4)};
  std::string engine_version;  ///< as decisions record it

  /// The limits of an evaluation.
  EvaluateOptions evaluation() const;
};

/// Another hook that runs the rules of one: {"order-review", "order-sign"}.
using HookAlias = std::pair<std::string, std::string>;

/// All of it; immutable once made, swapped whole on reload.
class ServiceSet {
 public:
  ServiceSet(std::vector<RulePack> packs, ProtocolOptions options, const std::vector<HookAlias>& aliases = {});
  /// Packs of make_pack().
  ServiceSet(const std::vector<OfferedPack>& packs, ProtocolOptions options, const std::vector<HookAlias>& aliases);

  const std::vector<Service>& services() const { return services_; }
  const std::vector<std::shared_ptr<const RulePack>>& packs() const { return packs_; }
  /// Those that are tried, whatever their stage.
  const std::vector<Candidate>& candidates() const { return candidates_; }
  bool holds(const std::shared_ptr<const RulePack>& pack) const;
  const ProtocolOptions& options() const { return options_; }
  const Service* find(std::string_view id) const;
  /// Whether a rule of any service, or of a candidate, reads resources of this type.
  bool reads(std::string_view resource_type) const;
  /// Whether a service answers this hook by the rules of the other.
  bool serves(const HookAlias& alias) const;
  /// The body of discovery, and a tag that changes with it; as the ballot of 3.0 has it where asked for.
  const std::string& discovery(bool version_3 = false) const { return discovery_[version_3 ? 1 : 0]; }
  const std::string& discovery_tag(bool version_3 = false) const { return discovery_tag_[version_3 ? 1 : 0]; }

 private:
  void add_services(const OfferedPack& pack, const std::vector<HookAlias>& aliases);
  Service make_service(const OfferedPack& pack, const std::string& hook, const std::string& rules_hook) const;
  void write_discovery();

  std::vector<std::shared_ptr<const RulePack>> packs_;
  std::vector<Candidate> candidates_;
  std::vector<Service> services_;
  ProtocolOptions options_;
  std::array<std::string, 2> discovery_;  ///< of 2.0.1, of the ballot of 3.0
  std::array<std::string, 2> discovery_tag_;
};

}  // namespace vigil::hooks
