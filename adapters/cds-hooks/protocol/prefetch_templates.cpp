// SPDX-License-Identifier: Apache-2.0
// Requirements of rules to prefetch templates.
#include "cds-hooks/protocol/prefetch_templates.h"

#include <algorithm>
#include <array>
#include <map>
#include <set>

#include "cds-hooks/protocol/hook_contexts.h"

namespace vigil::hooks {
namespace {

/// Types of R4 without a search parameter `patient`: those that no patient has, and those that name it otherwise.
constexpr std::array<std::string_view, 16> kNoPatient = {
    "Endpoint",     "Group",        "HealthcareService", "InsurancePlan",     "Location", "Medication",
    "Organization", "Practitioner", "PractitionerRole",  "Questionnaire",     "Schedule", "Slot",
    "Substance",    "ValueSet",     "PlanDefinition",    "ActivityDefinition"};
constexpr std::array<std::string_view, 2> kSubject = {"AdverseEvent", "SupplyRequest"};

template <size_t N>
bool holds(const std::array<std::string_view, N>& names, std::string_view name) {
  return std::ranges::find(names, name) != names.end();
}

/// What all requirements on one type ask together.
struct TypeNeed {
  bool whole = false;  ///< some rule reads the type without a filter on `code`
  std::set<std::string> codes;
};

void add_codes(const Requirement& requirement, const KnowledgeBase& knowledge, TypeNeed& need) {
  for (const auto& code : requirement.codes) need.codes.insert(code);
  for (const auto& url : requirement.value_sets) {
    const auto set = knowledge.find_value_set(url);
    if (!set) {
      need.whole = true;
      continue;
    }
    for (const auto id : knowledge.members(*set)) {
      const auto info = knowledge.concept_info(id);
      need.codes.insert(std::string(info.system) + "|" + std::string(info.code));
    }
  }
}

/// What may stand in a query's value as it is (RFC 3986, section 3.4), but for `&`, `+`, `=`, `#` and the comma, which
/// separates codes.
std::string encoded(std::string_view text) {
  static constexpr std::string_view kHex = "0123456789ABCDEF";
  std::string out;
  for (const char c : text) {
    const bool is_plain = (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ||
                          std::string_view("-._~:/").find(c) != std::string_view::npos;
    if (is_plain) {
      out += c;
      continue;
    }
    const auto byte = static_cast<unsigned char>(c);
    (out += '%') += kHex[byte >> 4];
    out += kHex[byte & 15];
  }
  return out;
}

std::string template_of(const std::string& type, const TypeNeed& need, const PrefetchOptions& options) {
  if (type == "Patient") return "Patient/{{context.patientId}}";
  std::string text = type + (holds(kSubject, type) ? "?subject=Patient/" : "?patient=") + "{{context.patientId}}";
  if (type != "Observation" || need.whole || need.codes.empty() || need.codes.size() > options.max_codes) return text;
  char before = '=';
  text += "&code";
  for (const auto& code : need.codes) {
    (text += before) += encoded(code);
    before = ',';
  }
  return text;
}

std::string key_of(std::string type) {
  type[0] = static_cast<char>(type[0] + ('a' - 'A'));
  return type;
}

}  // namespace

const PrefetchTemplate* PrefetchPlan::find(std::string_view key) const {
  const auto at = std::ranges::find(templates, key, &PrefetchTemplate::key);
  return at == templates.end() ? nullptr : &*at;
}

PrefetchPlan make_prefetch_plan(std::span<const PlannedRules> planned, std::string_view hook,
                                const PrefetchOptions& options) {
  const bool has_orders = brings_orders(hook_context(hook));
  std::map<std::string, TypeNeed> needs;
  std::set<std::string> by_reference;
  for (const auto& [rulebook, rules] : planned) {
    for (const uint32_t index : rules) {
      const auto& rule = rulebook.rules()[index];
      const auto requirements = rulebook.requirements_of(rule.library + "." + rule.name);
      for (const auto& requirement : requirements.value_or(std::vector<Requirement>{})) {
        if (requirement.only_ordered && has_orders) continue;
        if (std::ranges::find(options.not_held, requirement.resource_type) != options.not_held.end()) continue;
        auto& need = needs[requirement.resource_type];
        if (requirement.code_path == "code" && !(requirement.codes.empty() && requirement.value_sets.empty()))
          add_codes(requirement, rulebook.knowledge(), need);
        else
          need.whole = true;
      }
    }
    // Whose the data is must be known whatever the rules read.
    if (!rules.empty()) needs["Patient"].whole = true;
    if (rulebook.read_plan().resource("Medication") != nullptr) by_reference.insert("Medication");
  }
  PrefetchPlan plan;
  for (const auto& [type, need] : needs) {
    if (holds(kNoPatient, type))
      by_reference.insert(type);
    else
      plan.templates.push_back({key_of(type), template_of(type, need, options), type});
  }
  plan.by_reference.assign(by_reference.begin(), by_reference.end());
  return plan;
}

std::vector<std::string> tokens_of(std::string_view text) {
  std::vector<std::string> tokens;
  for (size_t at = 0; (at = text.find("{{", at)) != std::string_view::npos;) {
    const size_t end = text.find("}}", at);
    if (end == std::string_view::npos) break;
    auto token = text.substr(at + 2, end - at - 2);
    while (token.starts_with(' ')) token.remove_prefix(1);
    while (token.ends_with(' ')) token.remove_suffix(1);
    tokens.emplace_back(token);
    at = end + 2;
  }
  return tokens;
}

std::vector<Problem> check_template(std::string_view text, std::string_view hook) {
  static constexpr std::array<std::string_view, 4> kUserTokens = {"userPractitionerId", "userPractitionerRoleId",
                                                                  "userPatientId", "userRelatedPersonId"};
  std::vector<Problem> problems;
  const auto add = [&](const std::string& what, const std::string& remedy) {
    problems.push_back({std::string(text), what, remedy, "value"});
  };
  for (const auto& token : tokens_of(text)) {
    if (holds(kUserTokens, token)) continue;
    constexpr std::string_view kContext = "context.";
    if (!token.starts_with(kContext)) {
      add("`" + token + "` is no token", "name a field of the context, such as context.patientId");
      continue;
    }
    const auto field_name = std::string_view(token).substr(kContext.size());
    const auto* field = find_field(hook_context(hook), field_name);
    if (field == nullptr ? is_known_hook(hook) || field_name.find('.') != std::string_view::npos : !field->is_token)
      add("`" + token + "` is no primitive of the context of " + std::string(hook), "name one that is");
  }
  const size_t query = text.find('?');
  if (query == std::string_view::npos) return problems;
  // Instance read, search by reference, token and date parameters, :in, _count and _sort.
  for (size_t at = query + 1; at <= text.size();) {
    const size_t end = std::min(text.find('&', at), text.size());
    auto parameter = text.substr(at, end - at);
    parameter = parameter.substr(0, parameter.find('='));
    const bool has_modifier = parameter.find(':') != std::string_view::npos && !parameter.ends_with(":in");
    const bool is_control = parameter.starts_with('_') && parameter != "_count" && parameter != "_sort" &&
                            parameter != "_id" && parameter != "_lastUpdated";
    if (has_modifier || is_control || parameter.find('.') != std::string_view::npos)
      add("`" + std::string(parameter) + "` is outside the queries CDS Hooks asks servers for",
          "use references, tokens, dates, :in, _count and _sort");
    at = end + 1;
  }
  return problems;
}

}  // namespace vigil::hooks
