// SPDX-License-Identifier: Apache-2.0
// Counts to text: https://prometheus.io/docs/instrumenting/exposition_formats.
#include "cds-hooks/service/metrics.h"

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

void write_server(TextWriter& writer, const ServerState& state) {
  const auto one = [&](std::string_view name, std::string_view type, std::string_view help, uint64_t value) {
    writer.family(name, type, help);
    writer.sample(name, {}, static_cast<double>(value));
  };
  one("vigil_ready", "gauge", "Whether requests are to be sent here.", state.ready ? 1 : 0);
  one("vigil_connections", "gauge", "Open connections.", state.connections);
  one("vigil_connections_refused_total", "counter", "Connections over the limit.", state.connections_refused);
  one("vigil_requests_broken_total", "counter", "Requests that were no HTTP, too large or too slow.",
      state.requests_broken);
  one("vigil_waiting", "gauge", "Requests that wait for a thread to fetch data for them.", state.waiting);
  one("vigil_reloads_total", "counter", "Reloads of the rules that took effect.", state.reloads);
  one("vigil_reloads_failed_total", "counter", "Reloads refused: the rules before stay in force.",
      state.reloads_failed);
  writer.family("vigil_pack_info", "gauge", "The rule packs in force.");
  for (const auto& [id, version, digest] : state.packs)
    writer.sample("vigil_pack_info", {{"pack", id}, {"version", version}, {"digest", digest}}, 1);
}

}  // namespace

ServiceCounts& Metrics::counts_of(const AnswerFacts& facts) {
  const std::scoped_lock lock(mutex_);
  auto& counts = counts_[{facts.route, facts.service, facts.hook}];
  if (counts == nullptr) counts = std::make_unique<ServiceCounts>();
  return *counts;
}

void Metrics::count(const AnswerFacts& facts, int status, std::chrono::nanoseconds time) {
  auto& counts = counts_of(facts);
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
  writer.family("vigil_cards_total", "counter", "Cards by tier; not-checked: the note on what could not be checked.");
  each([&](const Labels& labels, const ServiceCounts& counts) {
    for (size_t i = 0; i < counts.cards.size() && labels[0].second == "service"; ++i)
      writer.sample("vigil_cards_total",
                    with(labels, "tier", i == 0 ? "not-checked" : std::string(name(static_cast<Tier>(i)))),
                    static_cast<double>(counts.cards[i]));
  });
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
