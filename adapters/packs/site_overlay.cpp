// SPDX-License-Identifier: Apache-2.0
// Reading overlays and applying them.
#include "packs/site_overlay.h"

#include <algorithm>
#include <array>
#include <string_view>

#include <vigil/primitives.h>

#include "knowledge/json_tree.h"
#include "knowledge/text_file.h"

namespace vigil {

namespace {

/// What a citation of the ONC high-priority list holds; knowledge-base/SOURCES.md, onc-high.
constexpr std::string_view kFloorCitation = "J Am Med Inform Assoc 2012;19(5):735-743";
constexpr std::array kTiers = {Tier::kSilent, Tier::kPassive, Tier::kInterruptive, Tier::kHardStop};

class OverlayReader {
 public:
  OverlayReader(const TextFile& file, const Rulebook& rulebook, DiagnosticSink& sink)
      : file_(file), rulebook_(rulebook), sink_(sink) {}

  std::optional<SiteOverlay> read(const JsonNode& root) {
    SiteOverlay overlay;
    overlay.site = root.string("site");
    const JsonNode* const changes = root.find("changes");
    if (changes == nullptr || !changes->is_array()) return fail(root, "overlay", "overlay with a list of `changes`");
    for (const JsonNode& node : changes->children())
      if (auto change = read_change(node)) overlay.changes.push_back(std::move(*change));
    return failed_ ? std::nullopt : std::optional(std::move(overlay));
  }

 private:
  std::optional<OverlayChange> read_change(const JsonNode& node) {
    OverlayChange change;
    const auto rules = rulebook_.rules();
    const auto rule = std::ranges::find(rules, node.string("rule"), &RuleInfo::name);
    if (rule == rules.end()) return fail(node, node.string("rule"), "rule of these packs");
    change.rule = static_cast<uint32_t>(rule - rules.begin());
    change.reason = node.string("reason");
    change.by = node.string("by");
    change.date = node.string("date");
    if (change.reason.empty() || change.by.empty() || !parse_instant(change.date))
      return fail(node, rule->name, "change with `reason`, `by` and `date`");
    change.acknowledges_floor = node.is_true("acknowledge_floor");
    if (!read_until(node, change) || !read_pair(node, change) || !read_action(node, change)) return std::nullopt;
    return change;
  }

  bool read_until(const JsonNode& node, OverlayChange& change) {
    if (node.find("until") == nullptr) return true;
    change.until = parse_instant(node.string("until"));
    if (!change.until) fail(node, node.string("until"), "date");
    return change.until.has_value();
  }

  bool read_pair(const JsonNode& node, OverlayChange& change) {
    const JsonNode* const pair = node.find("pair");
    if (pair == nullptr) return true;
    for (const JsonNode& code : pair->children())
      if (code.kind == JsonNode::Kind::kString) change.pair.emplace_back(code.text);
    if (change.pair.size() == 2) return true;
    fail(node, "pair", "list of two ingredient codes");
    return false;
  }

  bool read_action(const JsonNode& node, OverlayChange& change) {
    const bool silences = node.is_true("silence"), off = node.is_true("off");
    const auto tier = node.string("tier");
    if ((silences ? 1 : 0) + (off ? 1 : 0) + (tier.empty() ? 0 : 1) != 1) {
      fail(node, rulebook_.rules()[change.rule].name, "change with one of `tier`, `silence` and `off`");
      return false;
    }
    change.action = silences ? OverlayChange::Action::kSilence
                    : off    ? OverlayChange::Action::kOff
                             : OverlayChange::Action::kTier;
    if (tier.empty()) return true;
    const auto* const known = std::ranges::find(kTiers, tier, [](Tier each) { return name(each); });
    if (known == kTiers.end()) {
      fail(node, tier, "tier: hard-stop, interruptive, passive or silent");
      return false;
    }
    change.tier = *known;
    return true;
  }

  std::nullopt_t fail(const JsonNode& node, std::string_view what, std::string_view expected) {
    sink_.add(unexpected_node(file_, node, what, expected));
    failed_ = true;
    return std::nullopt;
  }

  const TextFile& file_;
  const Rulebook& rulebook_;
  DiagnosticSink& sink_;
  bool failed_ = false;
};

bool holds(const OverlayChange& change, const Temporal& now) {
  constexpr int64_t kDay = int64_t{24} * 60 * 60 * 1000;
  return !change.until || to_instant(now) < to_instant(*change.until) + kDay;
}

/// Whether a finding's key names both ingredients; its last two parts are ingredients, several joined by `+`.
bool concerns(const Finding& finding, const std::vector<std::string>& pair) {
  if (pair.empty()) return true;
  std::vector<std::string_view> codes;
  std::string_view rest = finding.key;
  for (int part = 0; part < 2; ++part) {
    const size_t bar = rest.rfind('|');
    if (bar == std::string_view::npos) return false;
    std::string_view each = rest.substr(bar + 1);
    rest = rest.substr(0, bar);
    while (!each.empty()) {
      const size_t plus = std::min(each.find('+'), each.size());
      codes.push_back(each.substr(0, plus));
      each.remove_prefix(std::min(plus + 1, each.size()));
    }
  }
  return std::ranges::all_of(pair,
                             [&](const std::string& code) { return std::ranges::find(codes, code) != codes.end(); });
}

bool is_floor(const Finding& finding, const RuleInfo& rule) {
  const auto cites = [](const std::string& text) { return text.find(kFloorCitation) != std::string::npos; };
  return std::ranges::any_of(finding.cites, cites) || std::ranges::any_of(rule.cites, cites) ||
         std::ranges::any_of(rule.evidence, cites, &EvidenceItem::value);
}

std::string reason_of(const SiteOverlay& overlay, const OverlayChange& change) {
  const std::string verb = change.action == OverlayChange::Action::kOff ? "switched off" : "changed";
  const std::string site = overlay.site.empty() ? "the site" : overlay.site;
  return verb + " by " + site + " (" + change.by + ", " + change.date + "): " + change.reason;
}

/// False where the floor keeps the finding as it is.
bool change_finding(const SiteOverlay& overlay, const OverlayChange& change, const RuleInfo& rule, Finding& finding) {
  const bool weakens = change.action != OverlayChange::Action::kTier || change.tier < Tier::kInterruptive;
  if (weakens && !change.acknowledges_floor && is_floor(finding, rule)) return false;
  if (change.action == OverlayChange::Action::kTier) {
    finding.tier = change.tier;
    finding.tier_reason = reason_of(overlay, change);
    finding.tier_undetermined = false;
  } else {
    finding.suppressed = true;
    finding.suppression_reason = reason_of(overlay, change);
  }
  return true;
}

}  // namespace

std::optional<SiteOverlay> read_site_overlay(const std::filesystem::path& path, const Rulebook& rulebook,
                                             DiagnosticSink& sink) {
  const auto file = read_text_file(path, sink);
  if (!file) return std::nullopt;
  const auto tree = JsonTree::parse(*file, sink);
  if (!tree) return std::nullopt;
  return OverlayReader(*file, rulebook, sink).read(tree->root());
}

OverlayEffect apply_overlay(const SiteOverlay& overlay, const Rulebook& rulebook, const Temporal& now,
                            Outcome& outcome) {
  OverlayEffect effect;
  for (RuleResult& result : outcome.results) {
    const RuleInfo& rule = rulebook.rules()[result.rule];
    for (Finding& finding : result.findings) {
      if (finding.suppressed) continue;
      const OverlayChange* last = nullptr;
      for (const OverlayChange& change : overlay.changes)
        if (change.rule == result.rule && holds(change, now) && concerns(finding, change.pair)) last = &change;
      if (last == nullptr) continue;
      ++(change_finding(overlay, *last, rule, finding) ? effect.changed : effect.kept_by_floor);
    }
    const bool is_off = std::ranges::any_of(overlay.changes, [&](const OverlayChange& change) {
      return change.rule == result.rule && change.action == OverlayChange::Action::kOff && change.pair.empty() &&
             holds(change, now);
    });
    if (is_off) result.unknown_action = 0;  // logged, not told
    if (result.outcome == RuleOutcome::kFired && std::ranges::all_of(result.findings, &Finding::suppressed))
      result.outcome = RuleOutcome::kSuppressed;
  }
  return effect;
}

}  // namespace vigil
