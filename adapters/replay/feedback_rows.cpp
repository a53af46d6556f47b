// SPDX-License-Identifier: Apache-2.0
// Rows of the table feedback.
#include "replay/feedback_rows.h"

#include <algorithm>
#include <map>

#include "replay/moments.h"

namespace vigil::replay {

void FeedbackRows::begin_patient(std::span<const Answer> answers) {
  answers_ = answers;
  fired_.clear();
  ids_.clear();
}

void FeedbackRows::note(Instant at, const Outcome& outcome, const std::string& trigger_id) {
  if (answers_.empty()) return;
  for (const auto& result : outcome.results) {
    if (result.outcome != RuleOutcome::kFired) continue;
    FiredDecision fired{result.rule, at, {}};
    for (const auto& finding : result.findings)
      fired.orders.insert(fired.orders.end(), finding.orders.begin(), finding.orders.end());
    fired_.push_back(std::move(fired));
    ids_.push_back(trigger_id + "-" + std::to_string(result.rule + 1));
  }
}

void FeedbackRows::write(DecisionWriter& writer, RowBuffer& rows) const {
  struct Joined {
    std::optional<uint32_t> rule;
    std::optional<size_t> decision;
  };
  std::vector<Joined> joined;
  std::map<size_t, size_t> last;  // answer by decision; CDS Hooks 2.0.1: a card's latest feedback tells how it stands
  for (size_t i = 0; i < answers_.size(); ++i) {
    const auto rule = std::ranges::find(rules_, answers_[i].rule, &RuleInfo::name);
    auto& one = joined.emplace_back();
    if (rule == rules_.end()) continue;
    one.rule = static_cast<uint32_t>(rule - rules_.begin());
    one.decision = find_decision(answers_[i], *one.rule, fired_);
    if (!one.decision) continue;
    const auto [place, is_first] = last.try_emplace(*one.decision, i);
    if (!is_first && answers_[i].answered >= answers_[place->second].answered) place->second = i;
  }
  for (size_t i = 0; i < answers_.size(); ++i) {
    const auto& [rule, decision] = joined[i];
    rows.begin(TableId::kFeedback).add(writer.patient_key() + "-" + std::to_string(i + 1)).add(writer.patient_key());
    rule ? rows.add(int64_t{*rule} + 1) : rows.add_null();
    rows.add(decision ? std::string_view(ids_[*decision]) : std::string_view{})
        .add(answers_[i].accepted ? "accepted" : "overridden")
        .add(decision && last.at(*decision) == i)
        .add(instant_text(answers_[i].shown))
        .add(instant_text(answers_[i].answered))
        .add(answers_[i].accepted ? std::string() : writer.without_ids(answers_[i].reason))
        .end();
  }
}

}  // namespace vigil::replay
