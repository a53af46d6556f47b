// SPDX-License-Identifier: Apache-2.0
// Which version of each pack is in force, and what is tried in its place: loads, activates, rolls back, and remembers
// across restarts.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "cds-hooks/activation/kept_packs.h"
#include "cds-hooks/activation/load_pack.h"
#include "cds-hooks/service/rule_desk.h"

namespace vigil::hooks {

/// What became of a pack.
struct PackEvent {
  std::string_view event;    ///< "pack_active", "pack_tried", "pack_withdrawn", "pack_refused"
  std::string_view pack;     ///< id of its place; empty: it has none here
  std::string_view version;  ///< its own; empty where it cannot be read
  std::string_view reason;   ///< why it was refused: a diagnostic's code, or a word of ours
};
using PackNote = std::function<void(const PackEvent&)>;

struct DeskOptions {
  std::vector<PackSettings> packs;
  std::string folder;  ///< of KeptPacks; empty: nothing is kept, and nothing can be activated
  ProtocolOptions protocol;
  std::vector<HookAlias> aliases;
  std::vector<std::string> issuers;  ///< of the tokens that clients show; empty: they show none
  PackNote note;
  bool only_checks = false;  ///< start() changes nothing on disk
};

/// How far a pack is to go; no terms: all the way.
struct WantedStage {
  std::optional<TrialTerms> terms;
  std::string problem;
};

/// Commands, on the admin socket:
///   POST /activate?[pack=ID]&[stage=active|shadow|canary]&[share=PERCENT]&[client=ISSUER]...&[downgrade=yes]   body:
///   the pack POST /stage?[pack=ID]&stage=active|shadow|canary&[share=…]&[client=…]    of the candidate POST
///   /withdraw?[pack=ID]                                                 the candidate GET  /packs what is in force and
///   tried
class PackDesk : public RuleDesk {
 public:
  PackDesk(DeskOptions options, PackLoading loading);

  /// What is in force at the start: what was at the end, else what the settings name. Null where a place has neither.
  std::shared_ptr<const ServiceSet> start();

  std::shared_ptr<const ServiceSet> reload() override;
  /// Takes back the candidate where trying it was the last change, else goes to what was in force before. Then there is
  /// nothing further back: who asks twice is not to get back what was bad.
  DeskAnswer rollback() override;
  std::optional<DeskAnswer> command(const AdminRequest& request) override;

 private:
  struct Place {
    std::string configured;  ///< digest of the file that the settings name
    std::shared_ptr<const RulePack> active;
    std::optional<Candidate> candidate;
  };
  /// All places at one time; immutable.
  struct Situation {
    std::vector<Place> places;
    std::shared_ptr<const ServiceSet> set;
  };
  using SituationPointer = std::shared_ptr<const Situation>;
  struct Happened {
    std::string_view event;
    const RulePack& pack;
  };

  SituationPointer load(std::span<const KeptPlace> kept, std::span<const KeptPlace> before) const;
  std::optional<Place> load_place(const PackSettings& settings, const KeptPlace* kept, const KeptPlace* before) const;
  std::shared_ptr<const RulePack> load_kept(const std::string& digest, const PackSettings& settings) const;
  /// Above `than`, where something is kept there.
  std::shared_ptr<const RulePack> load_configured(const PackSettings& settings, const KeptPlace* than) const;
  PackInForce in_force(const std::string& digest) const;
  /// Whether they hold the same rules and knowledge; the site's overlays may differ.
  static bool is_same(const Situation& one, const Situation& other);
  /// The same of the packs in force alone.
  static bool is_same_in_force(const Situation& one, const Situation& other);
  SituationPointer compose(std::vector<Place> places) const;
  static std::vector<KeptPlace> to_kept(const Situation& situation, std::span<const PackSettings> packs);

  /// What is kept once `next` is current. `tried`: the place whose candidate is the change.
  KeptState state_after(const Situation& next, std::optional<size_t> tried) const;
  /// Makes it current. What was in force before is what a rollback goes to, if that is another.
  void succeed(SituationPointer next, std::optional<size_t> tried);
  /// Whether it changed anything.
  bool put_back(std::vector<Place>& places) const;
  void remember(const KeptState& state) const;

  WantedStage read_stage(const AdminRequest& request) const;
  DeskAnswer activate(const AdminRequest& request);
  DeskAnswer activate_at(size_t at, const PackFile& peek, const std::string& file_name, const WantedStage& wanted,
                         const AdminRequest& request);
  /// Refuses a pack, and tells of it.
  DeskAnswer refuse_pack(const PackEvent& event, int status, std::string why) const;
  DeskAnswer change_stage(const AdminRequest& request);
  DeskAnswer withdraw(const AdminRequest& request);
  AdminAnswer list() const;
  /// Makes it the current situation, remembers that, tells of it, and answers.
  DeskAnswer take(std::vector<Place> places, std::string text, const Happened& what, std::optional<size_t> tried);
  std::optional<size_t> find_place(const AdminRequest& request, std::string_view pack_name) const;
  std::optional<size_t> find_candidate(const AdminRequest& request, std::string& problem) const;
  static std::string title_of(const RulePack& pack);
  void tell(std::string_view event, const RulePack& pack) const;

  DeskOptions options_;
  PackLoading loading_;
  KeptPacks kept_;
  SituationPointer current_;
  SituationPointer previous_;             ///< what was in force before; null: nothing, or it is of before the start
  std::vector<KeptPlace> previous_kept_;  ///< the same as it is kept; loaded when it is asked for
  std::optional<size_t> tried_;           ///< the place whose candidate was the last change
};

}  // namespace vigil::hooks
