// SPDX-License-Identifier: Apache-2.0
// What is in force: loading it, going back, and keeping it across restarts. Commands are in pack_commands.cpp.
#include "cds-hooks/activation/pack_desk.h"

#include <algorithm>

namespace vigil::hooks {
namespace {

const KeptPlace* find_kept(std::span<const KeptPlace> places, const std::string& id) {
  const auto at = std::ranges::find(places, id, &KeptPlace::id);
  return at == places.end() ? nullptr : &*at;
}

bool is_same_pack(const RulePack& a, const RulePack& b) {
  return a.digest == b.digest && a.version == b.version && a.rules_digest == b.rules_digest &&
         a.knowledge_digest == b.knowledge_digest;
}

bool has_same_in_force(std::span<const KeptPlace> one, std::span<const KeptPlace> other) {
  return std::ranges::equal(
      one, other, [](const KeptPlace& a, const KeptPlace& b) { return a.id == b.id && a.active == b.active; });
}

std::vector<KeptPlace> without_candidates(std::vector<KeptPlace> places) {
  for (auto& place : places) place.candidate.reset();
  return places;
}

/// The digest of a pack's file as it is now; empty where it cannot be opened.
std::string digest_of_file(const std::string& file) {
  DiagnosticSink ignored;  // told when it is loaded
  const auto pack = file.empty() ? std::nullopt : read_pack(file, ignored);
  return pack ? pack->digest() : std::string();
}

}  // namespace

PackDesk::PackDesk(DeskOptions options, PackLoading loading)
    : options_(std::move(options)), loading_(std::move(loading)), kept_(options_.folder) {}

std::shared_ptr<const ServiceSet> PackDesk::start() {
  std::string problem;
  const auto state = kept_.read(problem);
  if (!problem.empty()) {
    auto told = data_diagnostic("VGL1201", {}, {problem});
    told.severity = Severity::kWarning;
    loading_.report({&told, 1}, {});
  }
  current_ = state ? load(state->current, state->previous) : load({}, {});
  if (current_ == nullptr) return nullptr;
  if (!state) return current_->set;
  const auto now = to_kept(*current_, options_.packs);
  // The settings, or a pack that could not be used any more, may have changed what is in force.
  previous_kept_ = has_same_in_force(now, state->current) ? state->previous : without_candidates(state->current);
  for (size_t i = 0; i < now.size(); ++i)
    if (now[i].id == state->tried && now[i].candidate) tried_ = i;
  if (now != state->current && !options_.only_checks) remember(state_after(*current_, tried_));
  return current_->set;
}

bool PackDesk::is_same(const Situation& one, const Situation& other) {
  return is_same_in_force(one, other) &&
         std::ranges::equal(one.places, other.places, [](const Place& a, const Place& b) {
           if (a.candidate.has_value() != b.candidate.has_value()) return false;
           return !a.candidate ||
                  (is_same_pack(*a.candidate->pack, *b.candidate->pack) && a.candidate->terms == b.candidate->terms);
         });
}

bool PackDesk::is_same_in_force(const Situation& one, const Situation& other) {
  return std::ranges::equal(one.places, other.places,
                            [](const Place& a, const Place& b) { return is_same_pack(*a.active, *b.active); });
}

std::shared_ptr<const ServiceSet> PackDesk::reload() {
  const auto kept = current_ == nullptr ? std::vector<KeptPlace>() : to_kept(*current_, options_.packs);
  auto next = load(kept, {});
  if (next == nullptr) return nullptr;
  if (current_ != nullptr && next->set->services().empty() && !current_->set->services().empty()) {
    const auto told = data_diagnostic("VGL1201", {}, {"the rules read again answer no hook: those before stay"});
    loading_.report({&told, 1}, {});
    return nullptr;
  }
  if (current_ != nullptr && is_same(*next, *current_)) {
    // Read again, and nothing new: what can be gone back to is still what was before the last change.
    current_ = std::move(next);
    return current_->set;
  }
  remember(state_after(*next, std::nullopt));
  succeed(std::move(next), std::nullopt);
  return current_->set;
}

/// What cannot be kept is told, and in force all the same: it is in memory.
void PackDesk::remember(const KeptState& state) const {
  const auto problem = kept_.exists() ? kept_.write(state) : std::string();
  if (problem.empty()) return;
  auto told = data_diagnostic("VGL1201", options_.folder, {"what is in force cannot be kept: " + problem});
  loading_.report({&told, 1}, {});
}

KeptState PackDesk::state_after(const Situation& next, std::optional<size_t> tried) const {
  KeptState state{to_kept(next, options_.packs), previous_kept_, tried ? options_.packs[*tried].id : std::string()};
  if (!is_same_in_force(next, *current_)) state.previous = without_candidates(to_kept(*current_, options_.packs));
  return state;
}

void PackDesk::succeed(SituationPointer next, std::optional<size_t> tried) {
  previous_kept_ = state_after(*next, tried).previous;
  if (!is_same_in_force(*next, *current_)) previous_ = current_;
  current_ = std::move(next);
  tried_ = tried;
}

bool PackDesk::put_back(std::vector<Place>& places) const {
  bool changes = false;
  for (size_t i = 0; i < places.size(); ++i) {
    const auto* kept = find_kept(previous_kept_, options_.packs[i].id);
    if (previous_ == nullptr && kept == nullptr) continue;
    auto before = previous_ != nullptr ? previous_->places[i].active : nullptr;
    if (before == nullptr && kept->active == places[i].active->digest) continue;
    if (before == nullptr)
      before = kept->active.empty() ? load_configured(options_.packs[i], nullptr)
                                    : load_kept(kept->active, options_.packs[i]);
    if (before == nullptr) return false;  // one that cannot be used any more, which was told
    if (is_same_pack(*before, *places[i].active)) continue;
    places[i].active = std::move(before);
    places[i].candidate.reset();
    changes = true;
  }
  return changes;
}

DeskAnswer PackDesk::rollback() {
  auto places = current_->places;
  std::string text;
  if (tried_) {
    const auto candidate = std::exchange(places[*tried_].candidate, std::nullopt)->pack;
    tell("pack_withdrawn", *candidate);
    text = "rolled back: " + title_of(*candidate) + " is withdrawn";
  } else if (put_back(places)) {
    text = "rolled back:";
    for (size_t i = 0; i < places.size(); ++i) {
      if (places[i].active == current_->places[i].active) continue;
      tell("pack_active", *places[i].active);
      text += (text.ends_with(':') ? " " : ", ") + title_of(*places[i].active) + " is in force";
    }
  } else {
    return {{409, "there is nothing further back; to put another pack in force: vigil pack activate FILE"}, nullptr};
  }
  current_ = compose(std::move(places));
  previous_.reset();
  previous_kept_.clear();
  tried_.reset();
  remember({to_kept(*current_, options_.packs), {}, {}});
  return {{200, std::move(text)}, current_->set};
}

PackDesk::SituationPointer PackDesk::load(std::span<const KeptPlace> kept, std::span<const KeptPlace> before) const {
  std::vector<Place> places;
  for (const auto& settings : options_.packs) {
    auto place = load_place(settings, find_kept(kept, settings.id), find_kept(before, settings.id));
    if (!place) return nullptr;
    places.push_back(std::move(*place));
  }
  return compose(std::move(places));
}

std::optional<PackDesk::Place> PackDesk::load_place(const PackSettings& settings, const KeptPlace* kept,
                                                    const KeptPlace* before) const {
  Place place;
  place.configured = digest_of_file(settings.file);
  const bool starts = current_ == nullptr;
  const bool is_kept = kept != nullptr && !kept->active.empty();
  // A file that the settings name anew since is the operator's latest word, if it is a later version.
  const bool settings_changed = is_kept && !settings.file.empty() && kept->configured != place.configured;
  if (!is_kept || !kept_.exists()) {
    place.active = load_configured(settings, settings_changed ? kept : nullptr);
  } else {
    if (settings_changed) place.active = load_configured(settings, kept);
    if (place.active == nullptr) place.active = load_kept(kept->active, settings);
    // A service that starts is better off with what it had before than with nothing; one that runs stays as it is.
    if (place.active == nullptr && starts && before != nullptr) place.active = load_kept(before->active, settings);
    if (place.active == nullptr && starts) place.active = load_configured(settings, nullptr);
  }
  if (place.active == nullptr) return std::nullopt;
  const bool is_same = kept != nullptr && kept->active == place.active->digest;
  if (is_same && kept->candidate) {
    if (auto candidate = load_kept(kept->candidate->digest, settings))
      place.candidate = Candidate{std::move(candidate), kept->candidate->terms};
  }
  return place;
}

std::shared_ptr<const RulePack> PackDesk::load_kept(const std::string& digest, const PackSettings& settings) const {
  if (digest.empty()) return nullptr;
  const auto bytes = kept_.pack(digest);
  if (bytes) return load_pack_bytes(*bytes, settings.id + " as it was activated", settings, loading_).pack;
  const auto told = data_diagnostic("VGL1202", {}, {options_.folder + "/" + digest + ".vigilpack"});
  loading_.report({&told, 1}, {});
  return nullptr;
}

std::shared_ptr<const RulePack> PackDesk::load_configured(const PackSettings& settings, const KeptPlace* than) const {
  if (settings.file.empty()) return load_pack_folders(settings, loading_).pack;
  DiagnosticSink sink;
  const auto bytes = read_pack_bytes(settings.file, sink);
  loading_.report(sink.all(), {});
  if (!bytes) return nullptr;
  const auto is_later = [&](const PackFile& pack, DiagnosticSink& problems) {
    return than == nullptr || check_upgrade(pack, in_force(than->active), problems);
  };
  auto loaded = load_pack_bytes(*bytes, settings.file, settings, loading_, is_later);
  // A copy, to go back to when the file is another. Where it cannot be kept, activating says so.
  if (loaded.pack != nullptr && kept_.exists() && !options_.only_checks) kept_.keep(loaded.pack->digest, *bytes);
  return loaded.pack;
}

PackInForce PackDesk::in_force(const std::string& digest) const {
  if (current_ != nullptr)
    for (const auto& place : current_->places)
      if (place.active->digest == digest) return {place.active->version, digest};
  DiagnosticSink ignored;
  const auto bytes = kept_.pack(digest);
  const auto pack = bytes ? open_pack(*bytes, digest, ignored) : std::nullopt;
  return pack ? PackInForce{pack->manifest.version, digest} : PackInForce{};
}

PackDesk::SituationPointer PackDesk::compose(std::vector<Place> places) const {
  std::vector<OfferedPack> offered;
  for (const auto& place : places) offered.push_back({place.active, place.candidate});
  auto situation = std::make_shared<Situation>();
  situation->places = std::move(places);
  situation->set = std::make_shared<const ServiceSet>(offered, options_.protocol, options_.aliases);
  return situation;
}

std::vector<KeptPlace> PackDesk::to_kept(const Situation& situation, std::span<const PackSettings> packs) {
  std::vector<KeptPlace> kept;
  for (size_t i = 0; i < situation.places.size(); ++i) {
    const auto& place = situation.places[i];
    kept.push_back({packs[i].id, place.configured, place.active->digest, std::nullopt});
    if (place.candidate) kept.back().candidate = KeptCandidate{place.candidate->pack->digest, place.candidate->terms};
  }
  return kept;
}

void PackDesk::tell(std::string_view event, const RulePack& pack) const {
  if (options_.note) options_.note({event, pack.id, pack.version, {}});
}

}  // namespace vigil::hooks
