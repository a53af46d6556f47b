// SPDX-License-Identifier: Apache-2.0
// Counts to text: https://prometheus.io/docs/instrumenting/exposition_formats.
#include "cds-hooks/service/metrics.h"

#include <algorithm>
#include <cstdio>

namespace vigil::hooks {
namespace {

using Labels = std::vector<std::pair<std::string_view, std::string>>;

class TextWriter {
 public:
  void family(std::string_view name, std::string_view type, std::string_view help) {
    (((out_ += "# HELP ") += name) += ' ') += help;
    (((out_ += "\n# TYPE ") += name) += ' ') += type;
    out_ += '\n';
  }
  void sample(std::string_view name, const Labels& labels, double value) {
    std::array<char, 40> number{};
    std::snprintf(number.data(), number.size(), "%.17g", value);
    out_ += name;
    char before = '{';
    for (const auto& [label, text] : labels) {
      ((out_ += before) += label) += "=\"";
      for (const char c : text) {
        if (c == '\\' || c == '"') out_ += '\\';
        out_ += c == '\n' ? ' ' : c;
      }
      out_ += '"';
      before = ',';
    }
    if (!labels.empty()) out_ += '}';
    ((out_ += ' ') += number.data()) += '\n';
  }
  std::string take() { return std::move(out_); }

 private:
  std::string out_;
};

Labels with(Labels labels, std::string_view name, std::string value) {
  labels.emplace_back(name, std::move(value));
  return labels;
}

std::string number_text(double value) {
  std::array<char, 24> text{};
  std::snprintf(text.data(), text.size(), "%g", value);
  return text.data();
}

void write_latency(TextWriter& writer, const Labels& labels, const ServiceCounts& counts) {
  uint64_t sum = 0;
  for (size_t i = 0; i < counts.kBounds.size(); ++i) {
    sum += counts.within[i];
    writer.sample("vigil_request_seconds_bucket", with(labels, "le", number_text(counts.kBounds[i])),
                  static_cast<double>(sum));
  }
  sum += counts.slower;
  writer.sample("vigil_request_seconds_bucket", with(labels, "le", "+Inf"), static_cast<double>(sum));
  writer.sample("vigil_request_seconds_sum", labels, static_cast<double>(counts.nanoseconds) / 1e9);
  writer.sample("vigil_request_seconds_count", labels, static_cast<double>(sum));
}

void write_one(TextWriter& writer, std::string_view name, std::string_view type, std::string_view help,
               uint64_t value) {
  writer.family(name, type, help);
  writer.sample(name, {}, static_cast<double>(value));
}

void write_shadow(TextWriter& writer, const ShadowCounts& shadow) {
  const auto one = [&](std::string_view name, std::string_view type, std::string_view help, uint64_t value) {
    write_one(writer, name, type, help, value);
  };
  one("vigil_shadow_compared_total", "counter", "Calls that a candidate in shadow evaluated too.", shadow.compared);
  one("vigil_shadow_dropped_total", "counter", "Calls it did not: its queue was full.", shadow.dropped);
  one("vigil_shadow_failed_total", "counter", "Calls it could not evaluate.", shadow.failed);
  one("vigil_shadow_unrecorded_total", "counter", "Calls compared without a record: it could not be written.",
      shadow.unrecorded);
  one("vigil_shadow_queue", "gauge", "Calls that wait for it.", shadow.queue);
  writer.family("vigil_shadow_disagreements_total", "counter",
                "Findings on which a candidate in shadow and the pack in force differ, by kind.");
  for (const auto& count : shadow.disagreements)
    if (count.difference != Difference::kNotComparable)
      writer.sample("vigil_shadow_disagreements_total",
                    {{"pack", count.pack},
                     {"version", count.version},
                     {"rule", count.rule},
                     {"kind", std::string(name(count.difference))}},
                    static_cast<double>(count.count));
  writer.family("vigil_shadow_not_comparable_total", "counter",
                "Results of rules that the deadline of a call stopped: no candidate can be held against them.");
  for (const auto& count : shadow.disagreements)
    if (count.difference == Difference::kNotComparable)
      writer.sample("vigil_shadow_not_comparable_total",
                    {{"pack", count.pack}, {"version", count.version}, {"rule", count.rule}},
                    static_cast<double>(count.count));
}

void write_server(TextWriter& writer, const ServerState& state) {
  const auto one = [&](std::string_view name, std::string_view type, std::string_view help, uint64_t value) {
    write_one(writer, name, type, help, value);
  };
  one("vigil_ready", "gauge", "Whether requests are to be sent here.", state.ready ? 1 : 0);
  one("vigil_connections", "gauge", "Open connections.", state.connections);
  one("vigil_connections_refused_total", "counter", "Connections over the limit.", state.connections_refused);
  one("vigil_requests_broken_total", "counter", "Requests that were no HTTP, too large or too slow.",
      state.requests_broken);
  one("vigil_waiting", "gauge", "Requests that wait for a thread to fetch data for them.", state.waiting);
  one("vigil_reloads_total", "counter", "Reloads and activations of rules that took effect.", state.reloads);
  one("vigil_reloads_failed_total", "counter",
      "Reloads and activations refused: the rules or certificates before stay in force.", state.reloads_failed);
  if (state.decisions) {
    const auto& log = *state.decisions;
    one("vigil_decisions_writable", "gauge", "Whether decisions can be recorded.", log.writable ? 1 : 0);
    one("vigil_decisions_recorded_total", "counter", "Decisions and feedback recorded.", log.recorded);
    one("vigil_decisions_groups_total", "counter", "Commits of the decision log.", log.groups);
    one("vigil_decisions_failures_total", "counter", "Commits that failed.", log.failures);
    one("vigil_decisions_refused_total", "counter", "Answers withheld: their decision could not be recorded.",
        log.refused);
    one("vigil_decisions_dropped_total", "counter", "Answers that went out without their decision recorded.",
        log.dropped);
    one("vigil_decisions_queue", "gauge", "Decisions that wait for their commit.", log.queue);
    one("vigil_decisions_last_number", "gauge", "Number of the last row.", static_cast<uint64_t>(log.end.number));
  }
  writer.family("vigil_pack_info", "gauge", "The rule packs in force, and candidates with their stage.");
  const auto tell = [&](const RulePack& pack, std::string_view stage) {
    writer.sample(
        "vigil_pack_info",
        {{"pack", pack.id}, {"version", pack.version}, {"digest", pack.rules_digest}, {"stage", std::string(stage)}},
        1);
  };
  if (state.set != nullptr) {
    for (const auto& pack : state.set->packs()) tell(*pack, "active");
    for (const auto& [pack, terms] : state.set->candidates()) tell(*pack, name(terms.stage));
  }
  if (state.shadow) write_shadow(writer, *state.shadow);
}

/// Rules by outcome, as far as there are any: most rules mostly are not met.
void write_rules(TextWriter& writer, const RulePack& pack) {
  for (uint32_t rule = 0; rule < pack.rulebook->rules().size(); ++rule)
    for (size_t i = 0; i < RuleCounts::kOutcomes; ++i) {
      const auto outcome = static_cast<RuleOutcome>(i);
      const auto count = pack.counts->of(rule, outcome);
      if (count == 0) continue;
      const auto& info = pack.rulebook->rules()[rule];
      writer.sample("vigil_rule_results_total",
                    {{"pack", pack.id},
                     {"version", pack.version},
                     {"rule", info.library + "." + info.name},
                     {"outcome", std::string(name(outcome))}},
                    static_cast<double>(count));
    }
}

void write_rules(TextWriter& writer, const ServiceSet& set) {
  writer.family("vigil_rule_results_total", "counter", "Evaluations of a rule, by outcome, since its pack was loaded.");
  for (const auto& pack : set.packs()) write_rules(writer, *pack);
  // One version is one series: a candidate of the number that is in force shows when it is.
  for (const auto& candidate : set.candidates()) {
    const auto& tried = *candidate.pack;
    if (std::ranges::none_of(set.packs(),
                             [&](const auto& pack) { return pack->id == tried.id && pack->version == tried.version; }))
      write_rules(writer, tried);
  }
}

}  // namespace

ServiceCounts& Metrics::counts_of(const AnswerFacts& facts, int status) {
  const std::scoped_lock lock(mutex_);
  if (!facts.client.empty() && status >= 0 && status < 600) ++clients_[facts.client][static_cast<size_t>(status)];
  auto& counts = counts_[{facts.route, facts.service, facts.hook}];
  if (counts == nullptr) counts = std::make_unique<ServiceCounts>();
  return *counts;
}

void Metrics::count(const AnswerFacts& facts, int status, std::chrono::nanoseconds time) {
  auto& counts = counts_of(facts, status);
  const double seconds = std::chrono::duration<double>(time).count();
  size_t bound = 0;
  while (bound < counts.kBounds.size() && seconds > counts.kBounds[bound]) ++bound;
  ++(bound < counts.kBounds.size() ? counts.within[bound] : counts.slower);
  counts.nanoseconds += static_cast<uint64_t>(time.count());
  if (status >= 0 && status < static_cast<int>(counts.statuses.size())) ++counts.statuses[static_cast<size_t>(status)];
  for (size_t i = 0; i < facts.outcomes.size(); ++i)
    if (facts.outcomes[i] != 0) counts.outcomes[i] += facts.outcomes[i];
  for (size_t i = 0; i < facts.cards.size(); ++i)
    if (facts.cards[i] != 0) counts.cards[i] += facts.cards[i];
  counts.stopped += facts.stopped;
  counts.keys_missing += facts.keys_missing;
  counts.keys_fetched += facts.keys_fetched;
}

std::string Metrics::to_text(const ServerState& state) const {
  TextWriter writer;
  write_server(writer, state);
  const std::scoped_lock lock(mutex_);
  const auto each = [&](auto visit) {
    for (const auto& [key, counts] : counts_)
      visit(Labels{{"route", key[0]}, {"service", key[1]}, {"hook", key[2]}}, *counts);
  };
  writer.family("vigil_request_seconds", "histogram", "Time from a request's last byte to its response.");
  each([&](const Labels& labels, const ServiceCounts& counts) { write_latency(writer, labels, counts); });
  writer.family("vigil_responses_total", "counter", "Responses by status.");
  each([&](const Labels& labels, const ServiceCounts& counts) {
    for (size_t i = 0; i < counts.statuses.size(); ++i)
      if (counts.statuses[i] != 0)
        writer.sample("vigil_responses_total", with(labels, "status", std::to_string(i)),
                      static_cast<double>(counts.statuses[i]));
  });
  writer.family("vigil_rule_outcomes_total", "counter", "Rules evaluated, by outcome.");
  each([&](const Labels& labels, const ServiceCounts& counts) {
    for (size_t i = 0; i < counts.outcomes.size() && labels[0].second == "service"; ++i)
      writer.sample("vigil_rule_outcomes_total",
                    with(labels, "outcome", std::string(name(static_cast<RuleOutcome>(i)))),
                    static_cast<double>(counts.outcomes[i]));
  });
  writer.family("vigil_rules_stopped_total", "counter", "Rules that were not evaluated by the call's deadline.");
  each([&](const Labels& labels, const ServiceCounts& counts) {
    if (labels[0].second == "service")
      writer.sample("vigil_rules_stopped_total", labels, static_cast<double>(counts.stopped));
  });
  writer.family("vigil_cards_total", "counter",
                "Cards by tier; not-checked: the note on what could not be checked, or is not shown.");
  each([&](const Labels& labels, const ServiceCounts& counts) {
    for (size_t i = 0; i < counts.cards.size() && labels[0].second == "service"; ++i)
      writer.sample("vigil_cards_total",
                    with(labels, "tier", i == 0 ? "not-checked" : std::string(name(static_cast<Tier>(i)))),
                    static_cast<double>(counts.cards[i]));
  });
  if (state.set != nullptr) write_rules(writer, *state.set);
  writer.family("vigil_client_responses_total", "counter", "Responses to authenticated clients, by status.");
  for (const auto& [client, statuses] : clients_)
    for (size_t i = 0; i < statuses.size(); ++i)
      if (statuses[i] != 0)
        writer.sample("vigil_client_responses_total", {{"client", client}, {"status", std::to_string(i)}},
                      static_cast<double>(statuses[i]));
  writer.family("vigil_prefetch_missing_total", "counter", "Prefetch keys that a call did not bring.");
  each([&](const Labels& labels, const ServiceCounts& counts) {
    if (labels[0].second == "service")
      writer.sample("vigil_prefetch_missing_total", labels, static_cast<double>(counts.keys_missing));
  });
  writer.family("vigil_prefetch_fetched_total", "counter", "Of those, keys fetched from the client's FHIR server.");
  each([&](const Labels& labels, const ServiceCounts& counts) {
    if (labels[0].second == "service")
      writer.sample("vigil_prefetch_fetched_total", labels, static_cast<double>(counts.keys_fetched));
  });
  return writer.take();
}

}  // namespace vigil::hooks
