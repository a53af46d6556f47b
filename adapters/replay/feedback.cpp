// SPDX-License-Identifier: Apache-2.0
// Reads feedback from CSV and NDJSON, and joins it to decisions.
#include "replay/feedback.h"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <nlohmann/json.hpp>

#include <vigil/primitives.h>

#include "replay/given_table.h"

namespace vigil::replay {

namespace {

using Json = nlohmann::json;

constexpr Instant kDay = 86'400'000;
constexpr std::array<std::string_view, 6> kColumns = {"patient", "rule", "outcome", "instant", "order", "reason"};
constexpr TableForm kForm = {"VGL1231", kColumns, 4};

/// "Patient/7" and "http://host/fhir/Patient/7" are 7.
std::string_view patient_id(std::string_view reference) {
  const size_t slash = reference.rfind('/');
  return slash == std::string_view::npos ? reference : reference.substr(slash + 1);
}

std::optional<bool> acceptance(std::string_view outcome) {
  if (outcome == "accepted") return true;
  if (outcome == "overridden") return false;
  return std::nullopt;
}

std::vector<std::string> words(std::string_view text) {
  std::vector<std::string> found;
  while (!text.empty()) {
    const size_t end = std::min(text.find(' '), text.size());
    if (end > 0) found.emplace_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return found;
}

std::string text_of(const Json& json, const char* name) {
  const auto found = json.find(name);
  return found != json.end() && found->is_string() ? found->get<std::string>() : std::string();
}

/// Milliseconds since 1970, as the log writes them, or a point in time as CDS Hooks does.
std::optional<Instant> instant_of(const Json& json, const char* name) {
  const auto found = json.find(name);
  if (found == json.end()) return std::nullopt;
  if (found->is_number_integer()) return found->get<Instant>();
  const auto instant = found->is_string() ? parse_instant(found->get<std::string>()) : std::nullopt;
  return instant ? std::optional(to_instant(*instant)) : std::nullopt;
}

/// The texts of `many`, else that of `one`.
std::vector<std::string> texts_of(const Json& json, const char* many, const char* one) {
  std::vector<std::string> texts;
  if (const auto list = json.find(many); list != json.end() && list->is_array())
    for (const auto& item : *list)
      if (item.is_string()) texts.push_back(item.get<std::string>());
  if (auto text = text_of(json, one); texts.empty() && !text.empty()) texts.push_back(std::move(text));
  return texts;
}

/// The log's words, else those of CDS Hooks: overrideReason.reason is a coding.
std::string reason_of(const Json& json) {
  if (auto text = text_of(json, "reason"); !text.empty()) return text;
  if (auto code = text_of(json, "reasonCode"); !code.empty()) return code;
  const auto override = json.find("overrideReason");
  if (override == json.end() || !override->is_object()) return {};
  const auto coding = override->find("reason");
  if (coding == override->end() || !coding->is_object()) return {};
  auto display = text_of(*coding, "display");
  return display.empty() ? text_of(*coding, "code") : display;
}

}  // namespace

class FeedbackReader {
 public:
  FeedbackReader(const std::string& name, DiagnosticSink& sink) : name_(name), sink_(sink) {}

  void read_csv(std::string_view csv) {
    GivenTable table(csv, name_, kForm, sink_);
    while (table.next()) {
      const auto accepted = acceptance(table[2]);
      const auto instant = parse_instant(table[3]);
      if (table[0].empty() || table[1].empty())
        table.refuse("the patient or the rule is empty");
      else if (!accepted)
        table.refuse("the outcome is neither accepted nor overridden");
      else if (!instant)
        table.refuse("the instant cannot be read");
      else
        add(table[0], {std::string(table[1]), words(table[4]), to_instant(*instant), to_instant(*instant), *accepted,
                       std::string(table[5])});
    }
    is_whole_ = table.is_whole();
  }

  void read_ndjson(std::string_view text) {
    for (size_t line = 1; !text.empty(); ++line) {
      const auto end = std::min(text.find('\n'), text.size());
      const auto row = text.substr(0, end);
      text.remove_prefix(std::min(end + 1, text.size()));
      if (row.find_first_not_of(" \t\r") == std::string_view::npos) continue;
      const auto why = read_line(row);
      if (why.empty()) continue;
      is_whole_ = false;
      sink_.add(
          data_diagnostic("VGL1231", name_, {std::to_string(line), why})
              .with_hint("a line has patient, rule, outcome and outcomeTimestamp; `vigil log feedback` writes it"));
    }
  }

  std::optional<Feedback> take() { return is_whole_ ? std::optional(std::move(feedback_)) : std::nullopt; }

 private:
  /// Empty: it could be read.
  std::string_view read_line(std::string_view row) {
    const auto json = Json::parse(row, nullptr, /*allow_exceptions=*/false);
    if (!json.is_object()) return "it is no JSON object";
    const auto accepted = acceptance(text_of(json, "outcome"));
    if (!accepted) return "the outcome is neither accepted nor overridden";
    const auto patient = text_of(json, "patient");
    if (patient.empty()) {
      ++feedback_.without_patient_;
      return {};
    }
    auto answered = instant_of(json, "at");
    if (!answered) answered = instant_of(json, "outcomeTimestamp");
    const auto shown = instant_of(json, "shown");
    if (!answered && !shown) return "it has no instant";
    const auto rules = texts_of(json, "rules", "rule");
    if (rules.empty()) return "it names no rule";
    for (const auto& rule : rules)
      add(patient, {rule, texts_of(json, "orders", "order"), shown.value_or(answered.value_or(0)),
                    answered.value_or(shown.value_or(0)), *accepted, reason_of(json)});
    return {};
  }

  void add(std::string_view patient, Answer answer) {
    feedback_.by_patient_[std::string(patient_id(patient))].push_back(std::move(answer));
    ++feedback_.count_;
  }

  const std::string& name_;
  DiagnosticSink& sink_;
  Feedback feedback_;
  bool is_whole_ = true;
};

std::optional<Feedback> Feedback::parse(std::string_view text, const std::string& name, DiagnosticSink& sink) {
  FeedbackReader reader(name, sink);
  const size_t first = text.find_first_not_of(" \t\r\n");
  if (first != std::string_view::npos && text[first] == '{')
    reader.read_ndjson(text);
  else
    reader.read_csv(text);
  return reader.take();
}

std::span<const Answer> Feedback::of(std::string_view patient_id) const {
  const auto found = by_patient_.find(patient_id);
  return found == by_patient_.end() ? std::span<const Answer>() : std::span<const Answer>(found->second);
}

std::optional<size_t> find_decision(const Answer& answer, uint32_t rule, std::span<const FiredDecision> fired) {
  const auto distance = [&](size_t i) { return std::abs(fired[i].at - answer.shown); };
  const auto is_about = [&](const FiredDecision& decision) {
    return answer.orders.empty() || std::ranges::any_of(answer.orders, [&](const std::string& order) {
             return std::ranges::find(decision.orders, order) != decision.orders.end();
           });
  };
  std::optional<size_t> nearest;
  for (size_t i = 0; i < fired.size(); ++i) {
    if (fired[i].rule != rule || distance(i) > kDay || !is_about(fired[i])) continue;
    if (!nearest || distance(i) < distance(*nearest)) nearest = i;
  }
  return nearest;
}

}  // namespace vigil::replay
