// SPDX-License-Identifier: Apache-2.0
// Triggers from the orders, encounters and results of a patient.
#include "replay/triggers.h"

#include <algorithm>
#include <set>
#include <tuple>
#include <utility>

#include <vigil/primitives.h>

namespace vigil::replay {

namespace {

/// "Encounter/7" of "http://host/fhir/Encounter/7/_history/1" is 7; a URN stays.
std::string id_of(std::string_view reference) {
  reference = reference.substr(0, reference.find("/_history"));
  const size_t slash = reference.rfind('/');
  return std::string(slash == std::string_view::npos ? reference : reference.substr(slash + 1));
}

std::string reference_to(const store::StoredVersion& stored) {
  return std::string(stored.resource_type).append("/").append(stored.id);
}

/// A moment to evaluate at: dates are their midnight, and what names no offset is UTC.
Temporal moment_of(Temporal time) {
  time.precision = Precision::kMillisecond;
  if (time.offset_minutes == Temporal::kNoOffset) time.offset_minutes = 0;
  return time;
}

bool was_signed(const Course& course) {
  return course.authored && !course.is_reported && course.status != "draft" && course.intent != "proposal" &&
         course.intent != "plan" && course.intent != "option" && course.intent != "directive";
}

class TriggerCollector {
 public:
  explicit TriggerCollector(const HookChoice& hooks) : hooks_(hooks) {}

  void add(const DatedVersion& dated) {
    if (dated.course.row == nullptr || !is_first(*dated.stored)) return;
    switch (dated.course.row->lifecycle) {
      case Lifecycle::kOrder: return add_order(dated);
      case Lifecycle::kEncounter: return add_encounter(dated);
      case Lifecycle::kReport: return add_result(dated);
      case Lifecycle::kPatient:
      case Lifecycle::kState: return;
    }
  }
  /// The end of an encounter stands in its later versions.
  void add_later(const DatedVersion& dated) {
    if (dated.course.is(Lifecycle::kEncounter)) add_discharge(dated);
  }

  std::vector<ReplayTrigger> take() {
    for (auto& [place, signed_orders] : signings_) {
      if (hooks_.order_select) triggers_.push_back(with_hook(signed_orders, "order-select"));
      if (hooks_.order_sign) triggers_.push_back(with_hook(signed_orders, "order-sign"));
    }
    std::sort(triggers_.begin(), triggers_.end());
    return std::move(triggers_);
  }

 private:
  bool is_first(const store::StoredVersion& stored) {
    return is_alone(stored) || seen_.emplace(stored.resource_type, stored.id).second;
  }

  void add_order(const DatedVersion& dated) {
    const Course& course = dated.course;
    if (!was_signed(course) || !(hooks_.order_sign || hooks_.order_select)) return;
    auto& signing = signings_[{to_instant(*course.authored), course.encounter}];
    if (signing.key.empty()) {
      signing.at = to_instant(*course.authored);
      signing.now = moment_of(*course.authored);
      signing.trigger.encounter = id_of(course.encounter);
      signing.trigger.user = course.requester;
    }
    signing.key.append(signing.key.empty() ? "" : "+").append(reference_to(*dated.stored));
    signing.trigger.orders.push_back({std::string(dated.stored->resource_type), std::string(dated.stored->id)});
  }

  void add_encounter(const DatedVersion& dated) {
    if (!dated.course.started) return;
    if (hooks_.encounter_start) add_at(*dated.course.started, "encounter-start", dated);
    if (hooks_.patient_view) add_at(*dated.course.started, "patient-view", dated);
  }

  void add_discharge(const DatedVersion& dated) {
    if (!hooks_.encounter_discharge || !dated.course.finished || dated.course.is_retracted ||
        !discharged_.emplace(dated.stored->id).second)
      return;
    add_at(*dated.course.finished, "encounter-discharge", dated);
  }

  void add_result(const DatedVersion& dated) {
    if (hooks_.result_available && dated.course.issued) add_at(*dated.course.issued, "result-available", dated);
  }

  void add_at(const Temporal& time, std::string_view hook, const DatedVersion& dated) {
    ReplayTrigger trigger;
    trigger.at = to_instant(time);
    trigger.now = moment_of(time);
    trigger.trigger.hook = hook;
    trigger.trigger.encounter =
        dated.course.is(Lifecycle::kEncounter) ? std::string(dated.stored->id) : id_of(dated.course.encounter);
    trigger.key = reference_to(*dated.stored);
    triggers_.push_back(std::move(trigger));
  }

  static ReplayTrigger with_hook(ReplayTrigger trigger, std::string_view hook) {
    trigger.trigger.hook = hook;
    return trigger;
  }

  const HookChoice& hooks_;
  std::set<std::pair<std::string_view, std::string_view>> seen_;
  std::set<std::string_view> discharged_;
  std::map<std::pair<Instant, std::string_view>, ReplayTrigger> signings_;
  std::vector<ReplayTrigger> triggers_;
};

}  // namespace

bool ReplayTrigger::operator<(const ReplayTrigger& other) const {
  return std::tie(at, trigger.hook, key) < std::tie(other.at, other.trigger.hook, other.key);
}

HookChoice HookChoice::operator|(const HookChoice& other) const {
  HookChoice either;
  either.order_sign = order_sign || other.order_sign;
  either.order_select = order_select || other.order_select;
  either.patient_view = patient_view || other.patient_view;
  either.encounter_start = encounter_start || other.encounter_start;
  either.encounter_discharge = encounter_discharge || other.encounter_discharge;
  either.result_available = result_available || other.result_available;
  return either;
}

HookChoice HookChoice::of(std::span<const RuleInfo> rules, std::vector<std::string>& unasked) {
  std::set<std::string_view> named;
  for (const auto& rule : rules) named.insert(rule.hooks.begin(), rule.hooks.end());
  HookChoice choice;
  choice.order_sign = named.contains("order-sign");
  choice.order_select = !choice.order_sign && named.contains("order-select");
  choice.patient_view = named.contains("patient-view");
  choice.encounter_start = named.contains("encounter-start");
  choice.encounter_discharge = named.contains("encounter-discharge");
  choice.result_available = named.contains("result-available");
  const auto is_asked = [&](std::string_view hook) {
    return (hook == "order-sign" && choice.order_sign) || (hook == "order-select" && choice.order_select) ||
           hook == "patient-view" || hook == "encounter-start" || hook == "encounter-discharge" ||
           hook == "result-available";
  };
  for (const auto& rule : rules)
    if (std::ranges::none_of(rule.hooks, is_asked)) unasked.push_back(rule.name);
  return choice;
}

std::vector<ReplayTrigger> derive_triggers(std::span<const DatedVersion> versions, const HookChoice& hooks) {
  TriggerCollector collector(hooks);
  for (const auto& dated : versions) collector.add(dated);
  for (size_t v = versions.size(); v-- > 0;) collector.add_later(versions[v]);  // the end as last known
  return collector.take();
}

}  // namespace vigil::replay
