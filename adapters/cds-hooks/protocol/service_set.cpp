// SPDX-License-Identifier: Apache-2.0
// Packs to services and discovery.
#include "cds-hooks/protocol/service_set.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <nlohmann/json.hpp>

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

std::string description_of(const RulePack& pack, const std::vector<uint32_t>& rules) {
  std::vector<std::string> categories;
  for (const uint32_t rule : rules) {
    const auto& category = pack.rulebook->rules()[rule].category;
    if (!category.empty() && std::ranges::find(categories, category) == categories.end())
      categories.push_back(category);
  }
  std::ranges::sort(categories);
  std::string text = std::to_string(rules.size()) + (rules.size() == 1 ? " rule" : " rules");
  for (size_t i = 0; i < categories.size(); ++i) text += (i == 0 ? ": " : ", ") + categories[i];
  return text;
}

Json describe(const Service& service, bool version_3) {
  Json json{{"hook", service.hook}, {"title", service.title}, {"description", service.description}, {"id", service.id}};
  for (const auto& one : service.prefetch.templates) json["prefetch"][one.key] = one.text;
  if (!service.usage_requirements.empty()) json["usageRequirements"] = service.usage_requirements;
  if (version_3) json["version"] = "3.0.0-ballot";
  return json;
}

uint64_t digest(std::string_view text) {
  uint64_t hash = 0xCBF29CE484222325u;
  for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001B3u;
  return hash;
}

std::string to_hex(uint64_t number) {
  std::array<char, 17> text{};
  std::snprintf(text.data(), text.size(), "%016llx", static_cast<unsigned long long>(number));
  return text.data();
}

}  // namespace

ServiceSet::ServiceSet(std::vector<RulePack> packs, ProtocolOptions options, const std::vector<HookAlias>& aliases)
    : options_(std::move(options)) {
  for (auto& pack : packs) {
    pack.rules_digest = to_hex(pack.rulebook->digest());
    pack.knowledge_digest = to_hex(pack.rulebook->knowledge().digest());
    pack.counts = std::make_shared<RuleCounts>(pack.rulebook->rules().size());
    packs_.push_back(std::make_shared<const RulePack>(std::move(pack)));
    add_services(packs_.back(), aliases);
  }
  Json discovery{{"services", Json::array()}};
  for (const auto& service : services_) discovery["services"].push_back(describe(service, options_.offers_version_3));
  discovery_ = discovery.dump(-1, ' ', false, Json::error_handler_t::replace);
  discovery_tag_ = '"' + to_hex(digest(discovery_)) + '"';
}

void ServiceSet::add_services(const std::shared_ptr<const RulePack>& pack, const std::vector<HookAlias>& aliases) {
  const auto add = [&](const std::string& hook, const std::string& rules_hook) {
    Service service;
    service.id = pack->id + "-" + hook;
    service.hook = hook;
    service.rules_hook = rules_hook;
    service.title = pack->title + ": " + hook;
    service.pack = pack;
    service.rules = rules_on(*pack->rulebook, rules_hook);
    service.description = description_of(*pack, service.rules);
    service.prefetch = make_prefetch_plan(*pack->rulebook, service.rules, options_.prefetch);
    services_.push_back(std::move(service));
  };
  const auto hooks = hooks_of(*pack->rulebook);
  for (const auto& hook : hooks) add(hook, hook);
  for (const auto& [hook, rules_hook] : aliases)
    if (std::ranges::find(hooks, rules_hook) != hooks.end() && std::ranges::find(hooks, hook) == hooks.end())
      add(hook, rules_hook);
}

const Service* ServiceSet::find(std::string_view id) const {
  const auto at = std::ranges::find(services_, id, &Service::id);
  return at == services_.end() ? nullptr : &*at;
}

}  // namespace vigil::hooks
