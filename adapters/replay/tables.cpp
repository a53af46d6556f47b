// SPDX-License-Identifier: Apache-2.0
// The columns of each table.
#include "replay/tables.h"

#include <array>

namespace vigil::replay {

namespace {

constexpr auto kText = ColumnType::kText;
constexpr auto kInteger = ColumnType::kInteger;
constexpr auto kReal = ColumnType::kReal;

constexpr std::array kTriggers = {
    Column{"trigger_id", kText, "pseudonym of patient, instant, hook and what made it"},
    Column{"patient_key", kText, "pseudonym of the patient"},
    Column{"t0", kText, "the instant asked at, UTC"},
    Column{"day", kText, "its day, in the offset of its source"},
    Column{"hour", kInteger, "0 to 23, likewise"},
    Column{"weekday", kInteger, "1 Monday to 7 Sunday, likewise"},
    Column{"shift", kText, "day from 7, evening from 15, night from 23"},
    Column{"hook", kText, "as CDS Hooks names it"},
    Column{"encounter_key", kText, "pseudonym; null where none is on record"},
    Column{"user_key", kText, "pseudonym of who ordered; null where not on record"},
    Column{"orders", kInteger, "how many orders are under review"},
    Column{"order_keys", kText, "their pseudonyms, separated by blanks"},
    Column{"orders_dated", kInteger, "of how many of them the record tells what became of them in 24 hours"},
    Column{"orders_altered", kInteger, "how many of those were stopped or changed by then, alert or not"},
    Column{"age", kInteger, "full years at t0; null where the birth date is not on record"},
    Column{"age_band", kText, "0-17, 18-39, 40-64, 65-79, 80+"},
    Column{"sex", kText, "Patient.gender, as known then"},
    Column{"person_later", kInteger,
           "1 where the Patient was not on record yet, so that age and sex are of the first version that came"},
    Column{"facts", kInteger, "facts known then, of those the rules read"},
    Column{"hidden_later", kInteger, "versions known only later, left out"},
    Column{"alerts", kInteger, "alerts raised together: the stack a reader would have met"},
    Column{"not_checked", kText, "what could not be checked for its source failed; null: nothing"},
};

constexpr std::array kDecisions = {
    Column{"decision_id", kText, "trigger_id and rule_id"},
    Column{"trigger_id", kText, ""},
    Column{"rule_id", kInteger, ""},
    Column{"outcome", kText, "fired, suppressed, unknown, error; not-met with --all-rows"},
    Column{"shown", kInteger, "1 where an alert of the rule would have been shown"},
    Column{"silenced", kText, "why a fired rule is not shown, or a suppressed one is"},
    Column{"tier", kText, "the highest of its findings"},
    Column{"severity", kText, "of that finding"},
    Column{"findings", kInteger, "how many rows of the rule are true"},
    Column{"repeats_24h", kInteger,
           "times the rule fired on the same problem, be it of another order, in the 24 hours before"},
    Column{
        "inferred_24h", kText,
        "what the record says came after, not what a user answered: suggestion-placed where an order it suggests was "
        "written in 24 hours; stopped, changed or kept, of the orders it is about; null: not on record"},
    Column{"missing", kInteger, "data that would decide; 20 are named at the most"},
    Column{
        "clauses", kText,
        "truth of the clauses in order, and in brackets of their parts: T, F, N null, U undetermined, V another value"},
    Column{"first_false", kText, "the first clause that is false"},
    Column{"why", kText, "the explanation, a line a clause, indented"},
    Column{"error", kText, "of outcome error"},
};

constexpr std::array kFindings = {
    Column{"decision_id", kText, ""},
    Column{"number", kInteger, "from 1"},
    Column{"problem_key", kText, "pseudonym of the clinical problem: findings of one key are one alert"},
    Column{"suppressed", kInteger, "1 where an `unless` was true"},
    Column{"reason", kText, "its `because`"},
    Column{"tier", kText, ""},
    Column{"tier_reason", kText, ""},
    Column{"severity", kText, ""},
    Column{"summary", kText, "the alert's text"},
    Column{"order_keys", kText, "pseudonyms of the orders in this row"},
};

constexpr std::array kEvidence = {
    Column{"decision_id", kText, ""},
    Column{"number", kInteger, "of the finding; 0: of the data that is missing"},
    Column{"fact_key", kText, "pseudonym of the resource"},
    Column{"resource_type", kText, ""},
    Column{"is_order", kInteger, "1 where it is under review"},
    Column{"label", kText, "text or display of its code"},
    Column{"clinical_from", kText, "when it began to be true; null: not on record"},
    Column{"known_from", kText, "since when it was known; null: always"},
    Column{"basis", kText,
           "what tells that: always, history, issued, recorded, authored, filed, delay-model, clinical; open: nothing "
           "does, it may have been known since then"},
    Column{"status_then", kText, "as-stored, in-force, draft, undetermined"},
};

constexpr std::array kDifferenceFacts = {
    Column{"difference_id", kText, ""},
    Column{"fact_key", kText, "pseudonym of the resource"},
    Column{"in_a", kInteger, "1 where the first version's finding rests on it"},
    Column{"in_b", kInteger, "1 where the second's does"},
    Column{"resource_type", kText, ""},
    Column{"is_order", kInteger, "1 where it is under review"},
    Column{"label", kText, "text or display of its code"},
    Column{"clinical_from", kText, "when it began to be true; null: not on record"},
    Column{"known_from", kText, "since when it was known; null: always"},
    Column{"basis", kText, "what tells that, as in evidence"},
};

constexpr std::array kMissing = {
    Column{"decision_id", kText, ""},
    Column{"number", kInteger, "from 1"},
    Column{"what", kText, "the datum"},
    Column{"fact_key", kText, "pseudonym of the resource it is missing of; null: none was found at all"},
};

constexpr std::array kMisses = {
    Column{"decision_id", kText, "of a rule that is not met: --all-rows"},
    Column{"comparison", kText, "the comparison that alone kept the rule from being met"},
    Column{"distance", kReal, "between its sides; 0: the limit itself is not enough"},
    Column{"unit", kText, "of the distance; null: plain numbers"},
    Column{"of_limit", kReal, "the distance as a share of the limit; null where the limit is 0"},
    Column{"fact_key", kText, "pseudonym of the first resource of the row that came nearest; null: it has none"},
};

constexpr std::array kLeakage = {
    Column{"trigger_id", kText, ""},
    Column{"rule_id", kInteger, ""},
    Column{"outcome", kText, "as of then"},
    Column{"naive_outcome", kText, "by today's record; rows only where they differ"},
};

constexpr std::array kLabelled = {
    Column{"trigger_id", kText, ""},
    Column{"rule_id", kInteger, ""},
    Column{"outcome", kText, "not-met ones too"},
    Column{"label", kInteger, "1: an alert is right here; 0: it is not"},
    Column{"event", kText, "when the event was that an alert would have warned of; null: none is given"},
    Column{"lead_minutes", kInteger, "from t0 to that event; below 0: it was over already"},
};

constexpr std::array kFeedback = {
    Column{"feedback_id", kText, "patient_key and a number"},
    Column{"patient_key", kText, ""},
    Column{"rule_id", kInteger, "null: the replayed rules have none of that name"},
    Column{"decision_id", kText, "the decision it belongs to; null: the replayed rules did not fire there"},
    Column{"outcome", kText, "accepted or overridden"},
    Column{"stands", kInteger, "1 of the last on its decision, 0 of earlier ones and those without a decision"},
    Column{"shown_at", kText, "when the card was shown; where that is not told, when it was answered"},
    Column{"outcome_at", kText, "when it was answered"},
    Column{"override_reason", kText, "the text of its code"},
};

constexpr std::array kSubgroups = {
    Column{"patient_key", kText, ""},
    Column{"subgroup", kText, "as --subgroups names it"},
    Column{"value", kText, ""},
};

constexpr std::array kDifferences = {
    Column{"difference_id", kText, "trigger_id, rule_id and a number"},
    Column{"trigger_id", kText, "as in a replay with the same key"},
    Column{"patient_key", kText, "pseudonym"},
    Column{"t0", kText, "the instant asked at, UTC"},
    Column{"hook", kText, ""},
    Column{"rule_id", kInteger, ""},
    Column{"change", kText, "new, lost, moved, tier, unknown-new, unknown-lost, error-new, error-lost"},
    Column{"moved_from", kText, "of moved: when the first version alerts on the problem"},
    Column{"problem_key", kText, "pseudonym of the clinical problem; null of unknowns and errors"},
    Column{"outcome_a", kText, "null: the rule is not in this version, or not asked"},
    Column{"outcome_b", kText, ""},
    Column{"tier_a", kText, ""},
    Column{"tier_b", kText, ""},
    Column{"summary_a", kText, "the alert's text"},
    Column{"summary_b", kText, ""},
    Column{"why_a", kText, "the explanation, a line a clause, indented"},
    Column{"why_b", kText, ""},
    Column{"age_band", kText, ""},
    Column{"sex", kText, ""},
};

constexpr std::array kOutcomeCounts = {
    Column{"rule_id", kInteger, ""},
    Column{"hook", kText, ""},
    Column{"mode", kText, "strict, delay or naive"},
    Column{"outcome", kText, "all five"},
    Column{"decisions", kInteger, "how many"},
    Column{"patients", kInteger, "of how many patients"},
};

constexpr std::array kClauseCoverage = {
    Column{"rule_id", kInteger, ""},
    Column{"part", kText, "1 the first clause, 1.2 the second part of it"},
    Column{"text", kText, "its source"},
    Column{"is_true", kInteger, "at how many of the decisions written, of the first row of those that fired"},
    Column{"is_false", kInteger, ""},
    Column{"is_null", kInteger, ""},
    Column{"is_undetermined", kInteger, "data that is missing could make it another"},
    Column{"is_other", kInteger, "a value that is no truth"},
};

constexpr std::array kChangeCounts = {
    Column{"rule_id", kInteger, "0: all rules together"},
    Column{"subgroup", kText, "all, age_band, sex, hook, or as --subgroups names it"},
    Column{"value", kText, "of the subgroup"},
    Column{"triggers", kInteger, "at which either version was asked"},
    Column{"alerts_a", kInteger, "alerts, one a problem, of the first version"},
    Column{"alerts_b", kInteger, "of the second"},
    Column{"added", kInteger, "of the second alone, moved ones apart"},
    Column{"lost", kInteger, "of the first alone, moved ones apart"},
    Column{"moved", kInteger, "of both, at another time"},
    Column{"tier", kInteger, "of both, at another tier"},
    Column{"unknown_a", kInteger, "triggers at which the first could not tell"},
    Column{"unknown_b", kInteger, ""},
    Column{"triggers_added", kInteger, "triggers with an alert of the second alone"},
    Column{"triggers_lost", kInteger, "triggers with an alert of the first alone"},
    Column{"patients", kInteger, "with such a trigger"},
    Column{"triggers_squares", kInteger, "sum over patients of triggers squared: intervals follow from these"},
    Column{"added_squares", kInteger, "of triggers_added squared"},
    Column{"added_products", kInteger, "of triggers_added times triggers"},
    Column{"lost_squares", kInteger, "of triggers_lost squared"},
    Column{"lost_products", kInteger, "of triggers_lost times triggers"},
};

constexpr std::array kChangeRates = {
    Column{"rule_id", kInteger, "0: all rules together"},
    Column{"subgroup", kText, ""},
    Column{"value", kText, ""},
    Column{"change", kText, "added, lost"},
    Column{"per_100", kReal, "triggers with such a change, per 100 triggers"},
    Column{"low", kReal, "Wilson's interval at 95 %, by the design effect of patients"},
    Column{"high", kReal, ""},
};

constexpr std::array kDataProblems = {
    Column{"code", kText, "a diagnostic's: docs/errors has its page"},
    Column{"message", kText, "its wording in the catalogue"},
    Column{"times", kInteger, ""},
};

constexpr std::array kRules = {
    Column{"rule_id", kInteger, "from 1, in the order of the texts"},
    Column{"rule", kText, "name"},
    Column{"library", kText, ""},
    Column{"library_version", kText, ""},
    Column{"category", kText, ""},
    Column{"hooks", kText, "separated by blanks"},
    Column{"shadow", kInteger, "1 where its alerts are never shown"},
};

constexpr std::array kRun = {
    Column{"name", kText, ""},
    Column{"value", kText, ""},
};

constexpr auto kReplay = ResultKind::kReplay;
constexpr auto kCompare = ResultKind::kCompare;
constexpr auto kAny = ResultKind::kAny;

constexpr std::array<TableInfo, kTableCount> kTables = {{
    {"triggers", "each time rules were asked", "trigger_id", kReplay, kTriggers},
    {"decisions", "what a rule said at a trigger", "decision_id", kReplay, kDecisions},
    {"findings", "each true row of a rule that fired or was suppressed", "decision_id, number", kReplay, kFindings},
    {"evidence", "the resources behind findings and unknowns", "decision_id, number, fact_key", kReplay, kEvidence},
    {"missing", "what would decide an unknown", "decision_id, number", kReplay, kMissing},
    {"misses", "how near rules came that are not met", "decision_id", kReplay, kMisses},
    {"leakage", "where today's record says other than what was known then", "trigger_id, rule_id", kReplay, kLeakage},
    {"labelled", "decisions that --labels judges", "trigger_id, rule_id", kReplay, kLabelled},
    {"feedback", "what users answered then, joined to decisions", "feedback_id", kReplay, kFeedback},
    {"subgroups", "what --subgroups says of patients", "patient_key, subgroup", kReplay, kSubgroups},
    {"differences", "where two versions say other things", "difference_id", kCompare, kDifferences},
    {"difference_facts", "the resources behind a difference", "difference_id, fact_key", kCompare, kDifferenceFacts},
    {"outcome_counts", "how often each outcome was, not-met included", "rule_id, hook, mode, outcome", kReplay,
     kOutcomeCounts},
    {"clause_coverage", "how often each part of a rule was true", "rule_id, part, text", kReplay, kClauseCoverage},
    {"change_counts", "alerts and changes by rule and subgroup", "rule_id, subgroup, value", kCompare, kChangeCounts},
    {"change_rates", "how often triggers changed", "rule_id, subgroup, value, change", kCompare, kChangeRates},
    {"data_problems", "what was found wrong with the stored data", "code", kAny, kDataProblems},
    {"rules", "the rules", "rule_id", kAny, kRules},
    {"run", "what was run, and totals", "name", kAny, kRun},
}};

}  // namespace

std::span<const TableInfo> tables() { return kTables; }
const TableInfo& table(TableId id) { return kTables[static_cast<size_t>(id)]; }

}  // namespace vigil::replay
