// SPDX-License-Identifier: Apache-2.0
// Packs to services and discovery.
#include "cds-hooks/protocol/service_set.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include <vigil/fnv1a.h>

#include "cds-hooks/protocol/hook_contexts.h"
#include "crypto/hashes.h"

namespace vigil::hooks {
namespace {

using Json = nlohmann::ordered_json;

/// The hooks the pack's rules name, in the order they first do.
std::vector<std::string> hooks_of(const Rulebook& rulebook) {
  std::vector<std::string> hooks;
  for (const auto& rule : rulebook.rules())
    for (const auto& hook : rule.hooks)
      if (std::ranges::find(hooks, hook) == hooks.end()) hooks.push_back(hook);
  return hooks;
}

std::vector<uint32_t> rules_on(const Rulebook& rulebook, const std::string& hook) {
  std::vector<uint32_t> rules;
  for (uint32_t i = 0; i < rulebook.rules().size(); ++i)
    if (std::ranges::find(rulebook.rules()[i].hooks, hook) != rulebook.rules()[i].hooks.end()) rules.push_back(i);
  return rules;
}

/// Of the rules, without repetition, in the order of the alphabet.
std::vector<std::string> categories_of(const RulePack& pack, const std::vector<uint32_t>& rules) {
  std::vector<std::string> categories;
  for (const uint32_t rule : rules) {
    const auto& category = pack.rulebook->rules()[rule].category;
    if (!category.empty() && std::ranges::find(categories, category) == categories.end())
      categories.push_back(category);
  }
  std::ranges::sort(categories);
  return categories;
}

std::string description_of(const RulePack& pack, const std::vector<uint32_t>& rules) {
  const auto categories = categories_of(pack, rules);
  std::string text = std::to_string(rules.size()) + (rules.size() == 1 ? " rule" : " rules");
  for (size_t i = 0; i < categories.size(); ++i) text += (i == 0 ? ": " : ", ") + categories[i];
  return text;
}

/// Da Vinci CRD 2.2.1, "Configuration options extension": what a call may set, with what holds otherwise.
Json configuration_options(const Service& service, const CardOptions& cards) {
  constexpr size_t kMore = 1000;  // than any call gives: there is always to be a default
  constexpr const char* kMostCards = "max-cards";
  auto options = Json::array({{{"code", kMostCards},
                               {"type", "integer"},
                               {"name", "Most cards"},
                               {"description",
                                "How many cards at most are returned, the most important first. A note on what could "
                                "not be checked is always among them; with 0, a note says how many alerts there are."},
                               {"default", cards.max_cards == 0 ? kMore : cards.max_cards}}});
  for (const auto& category : categories_of(*service.pack, service.rules)) {
    if (category == kMostCards) continue;
    options.push_back(
        {{"code", category},
         {"type", "boolean"},
         {"name", "Alerts: " + category},
         {"description", "Whether alerts of the topic " + category +
                             " are returned. Where they are all there are, a note says how many were found."},
         {"default", true}});
  }
  return options;
}

Json describe(const Service& service, const CardOptions& cards, bool version_3) {
  Json json{{"hook", service.hook}, {"title", service.title}, {"description", service.description}, {"id", service.id}};
  for (const auto& one : service.asked.templates) json["prefetch"][one.key] = one.text;
  if (!service.usage_requirements.empty()) json["usageRequirements"] = service.usage_requirements;
  if (version_3) {
    json["version"] = "3.0.0-ballot";
    if (const auto version = published_version(service.hook); !version.empty()) json["hookVersion"] = version;
  }
  json["extension"]["davinci-crd.configuration-options"] = configuration_options(service, cards);
  return json;
}

}  // namespace

std::shared_ptr<const RulePack> make_pack(RulePack pack) {
  pack.rules_digest = crypto::to_hex(pack.rulebook->digest());
  pack.knowledge_digest = crypto::to_hex(pack.rulebook->knowledge().digest());
  pack.counts = std::make_shared<RuleCounts>(pack.rulebook->rules().size());
  return std::make_shared<const RulePack>(std::move(pack));
}

EvaluateOptions ProtocolOptions::evaluation() const {
  constexpr size_t kParts = 4;  // of EvaluateOptions: all rules together have so much more than one
  EvaluateOptions evaluation;
  evaluation.max_steps = max_steps;
  evaluation.max_bytes = max_memory / kParts;
  return evaluation;
}

ServiceSet::ServiceSet(std::vector<RulePack> packs, ProtocolOptions options, const std::vector<HookAlias>& aliases)
    : options_(std::move(options)) {
  for (auto& pack : packs) add_services({make_pack(std::move(pack)), std::nullopt}, aliases);
  write_discovery();
}

ServiceSet::ServiceSet(const std::vector<OfferedPack>& packs, ProtocolOptions options,
                       const std::vector<HookAlias>& aliases)
    : options_(std::move(options)) {
  for (const auto& pack : packs) add_services(pack, aliases);
  write_discovery();
}

void ServiceSet::write_discovery() {
  for (const bool version_3 : {false, true}) {
    Json discovery{{"services", Json::array()}};
    for (const auto& service : services_) discovery["services"].push_back(describe(service, options_.cards, version_3));
    const size_t at = version_3 ? 1 : 0;
    discovery_[at] = discovery.dump(-1, ' ', false, Json::error_handler_t::replace);
    discovery_tag_[at] = '"' + crypto::to_hex(fnv1a(discovery_[at])) + '"';
  }
}

Service ServiceSet::make_service(const OfferedPack& pack, const std::string& hook,
                                 const std::string& rules_hook) const {
  const auto part = [&](const std::shared_ptr<const RulePack>& rules) {
    Service service;
    service.id = pack.active->id + "-" + hook;
    service.hook = hook;
    service.rules_hook = rules_hook;
    service.title = pack.active->title + ": " + hook;
    service.pack = rules;
    service.rules = rules_on(*rules->rulebook, rules_hook);
    service.description = description_of(*rules, service.rules);
    const PlannedRules own[] = {{*rules->rulebook, service.rules}};
    service.prefetch = make_prefetch_plan(own, hook, options_.prefetch);
    service.asked = service.prefetch;
    return service;
  };
  auto service = part(pack.active);
  if (!pack.candidate) return service;
  auto tried = part(pack.candidate->pack);
  const PlannedRules both[] = {{*service.pack->rulebook, service.rules}, {*tried.pack->rulebook, tried.rules}};
  service.asked = make_prefetch_plan(both, hook, options_.prefetch);
  tried.asked = service.asked;
  service.trial = std::make_shared<const Trial>(Trial{std::move(tried), pack.candidate->terms});
  return service;
}

void ServiceSet::add_services(const OfferedPack& pack, const std::vector<HookAlias>& aliases) {
  packs_.push_back(pack.active);
  if (pack.candidate) candidates_.push_back(*pack.candidate);
  const auto hooks = hooks_of(*pack.active->rulebook);
  for (const auto& hook : hooks) services_.push_back(make_service(pack, hook, hook));
  for (const auto& [hook, rules_hook] : aliases)
    if (std::ranges::find(hooks, rules_hook) != hooks.end() && std::ranges::find(hooks, hook) == hooks.end())
      services_.push_back(make_service(pack, hook, rules_hook));
}

bool ServiceSet::holds(const std::shared_ptr<const RulePack>& pack) const {
  return std::ranges::find(packs_, pack) != packs_.end() ||
         std::ranges::find(candidates_, pack, &Candidate::pack) != candidates_.end();
}

bool ServiceSet::reads(std::string_view resource_type) const {
  const auto does = [&](const std::shared_ptr<const RulePack>& pack) {
    const auto all = pack->rulebook->requirements();
    return std::ranges::find(all, resource_type, &Requirement::resource_type) != all.end();
  };
  return std::ranges::any_of(packs_, does) || std::ranges::any_of(candidates_, does, &Candidate::pack);
}

bool ServiceSet::serves(const HookAlias& alias) const {
  return std::ranges::any_of(services_, [&](const Service& service) {
    return service.hook == alias.first && service.rules_hook == alias.second && alias.first != alias.second;
  });
}

const Service* ServiceSet::find(std::string_view id) const {
  const auto at = std::ranges::find(services_, id, &Service::id);
  return at == services_.end() ? nullptr : &*at;
}

}  // namespace vigil::hooks
