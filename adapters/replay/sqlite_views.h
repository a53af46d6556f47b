// SPDX-License-Identifier: Apache-2.0
// Indexes and views of the SQLite files.
#pragma once

namespace vigil::replay {

// What analysts ask first. Rates are of the triggers at which the rule was asked.
inline constexpr const char* kReplayViews = R"(
CREATE INDEX decisions_trigger ON decisions(trigger_id);
CREATE INDEX decisions_rule ON decisions(rule_id, outcome);
CREATE INDEX triggers_patient ON triggers(patient_key, t0);
CREATE INDEX feedback_decision ON feedback(decision_id, stands);
CREATE VIEW rule_summary AS
  SELECT r.rule_id, r.rule, c.mode, sum(c.decisions) AS asked,
         sum(CASE c.outcome WHEN 'fired' THEN c.decisions ELSE 0 END) AS fired,
         sum(CASE c.outcome WHEN 'suppressed' THEN c.decisions ELSE 0 END) AS suppressed,
         sum(CASE c.outcome WHEN 'unknown' THEN c.decisions ELSE 0 END) AS unknown,
         sum(CASE c.outcome WHEN 'error' THEN c.decisions ELSE 0 END) AS error,
         round(100.0 * sum(CASE c.outcome WHEN 'fired' THEN c.decisions ELSE 0 END) / sum(c.decisions), 3)
           AS fired_per_100
  FROM rules r JOIN outcome_counts c USING (rule_id) GROUP BY r.rule_id, c.mode;
CREATE VIEW rule_day_counts AS
  SELECT d.rule_id, t.day, count(*) AS fired FROM decisions d JOIN triggers t USING (trigger_id)
  WHERE d.outcome = 'fired' GROUP BY d.rule_id, t.day;
CREATE VIEW known_by AS
  SELECT d.rule_id, e.basis, count(*) AS facts,
         round(1.0 * count(*) / sum(count(*)) OVER (PARTITION BY d.rule_id), 4) AS share
  FROM evidence e JOIN decisions d USING (decision_id) GROUP BY d.rule_id, e.basis;
CREATE VIEW label_summary AS
  SELECT r.rule, n.*,
         round(1.0 * right_alerts / nullif(right_alerts + wrong_alerts, 0), 4) AS ppv,
         round(1.0 * right_silences / nullif(right_silences + missed, 0), 4) AS npv,
         round(1.0 * right_alerts / nullif(right_alerts + missed, 0), 4) AS sensitivity,
         round(1.0 * (right_alerts + wrong_alerts) / nullif(right_alerts, 0), 2) AS number_needed_to_alert
  FROM (SELECT rule_id, sum(outcome = 'fired' AND label = 1) AS right_alerts,
               sum(outcome = 'fired' AND label = 0) AS wrong_alerts,
               sum(outcome IN ('not-met', 'suppressed') AND label = 0) AS right_silences,
               sum(outcome IN ('not-met', 'suppressed') AND label = 1) AS missed,
               sum(outcome IN ('unknown', 'error')) AS undecided
        FROM labelled GROUP BY rule_id) n JOIN rules r USING (rule_id);
CREATE VIEW lead_times AS  -- from the first alert that was right to the event it warned of
  SELECT l.rule_id, t.patient_key, l.event, max(l.lead_minutes) AS lead_minutes
  FROM labelled l JOIN triggers t USING (trigger_id)
  WHERE l.outcome = 'fired' AND l.label = 1 AND l.lead_minutes >= 0 GROUP BY l.rule_id, t.patient_key, l.event;
CREATE VIEW response_summary AS  -- of shown decisions: what users answered, and what the record lets one infer
  SELECT r.rule_id, r.rule, count(d.decision_id) AS shown,
         coalesce(sum(f.outcome = 'accepted'), 0) AS accepted, coalesce(sum(f.outcome = 'overridden'), 0) AS overridden,
         coalesce(sum(d.inferred_24h = 'suggestion-placed'), 0) AS placed,
         coalesce(sum(d.inferred_24h = 'stopped'), 0) AS stopped,
         coalesce(sum(d.inferred_24h = 'changed'), 0) AS changed, coalesce(sum(d.inferred_24h = 'kept'), 0) AS kept
  FROM rules r LEFT JOIN decisions d ON d.rule_id = r.rule_id AND d.shown = 1
  LEFT JOIN feedback f ON f.decision_id = d.decision_id AND f.stands = 1 GROUP BY r.rule_id;
CREATE VIEW clinician_burden AS  -- of who wrote orders
  SELECT user_key, sum(orders) AS orders, sum(alerts) AS alerts FROM triggers
  WHERE user_key IS NOT NULL AND orders > 0 GROUP BY user_key;
CREATE VIEW clinician_shifts AS  -- a night belongs to the day it began on
  SELECT user_key, CASE WHEN hour < 7 THEN date(day, '-1 day') ELSE day END AS began_on, shift,
         sum(orders) AS orders, sum(alerts) AS alerts FROM triggers
  WHERE user_key IS NOT NULL AND orders > 0 GROUP BY user_key, began_on, shift;
CREATE VIEW order_stacks AS  -- alerts on one order at one time
  SELECT d.trigger_id, o.value AS order_key, count(DISTINCT f.problem_key) AS alerts
  FROM decisions d JOIN findings f USING (decision_id),
       json_each('["' || replace(f.order_keys, ' ', '","') || '"]') o
  WHERE d.shown = 1 AND f.suppressed = 0 GROUP BY d.trigger_id, o.value;
CREATE VIEW cases AS
  SELECT d.decision_id, t.patient_key, t.t0, t.hook, r.rule, d.outcome, d.tier, f.summary, d.why
  FROM decisions d JOIN triggers t USING (trigger_id) JOIN rules r USING (rule_id)
  LEFT JOIN findings f ON f.decision_id = d.decision_id AND f.number = 1;
)";

inline constexpr const char* kCompareViews = R"(
CREATE INDEX differences_rule ON differences(rule_id, change);
CREATE VIEW change_summary AS
  SELECT r.rule, c.* FROM change_counts c LEFT JOIN rules r USING (rule_id) WHERE c.subgroup = 'all';
)";

}  // namespace vigil::replay
