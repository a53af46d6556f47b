# SPDX-License-Identifier: Apache-2.0
"""The figures of a report, and the same recomputed from the tables by SQL and Python of their own."""
import html.parser
import math
import statistics


class Figures(html.parser.HTMLParser):
    """The figures of a report by name, the rows of its tables by key, and what it would load."""

    def __init__(self, text):
        super().__init__()
        self.figures, self.rows, self.name, self.row, self.loads, self.text = {}, {}, None, None, [], ''
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        attributes = dict(attributes)
        if tag == 'tr':
            self.row = self.rows.setdefault(attributes['data-row'], []) if 'data-row' in attributes else None
        if tag == 'td' and self.row is not None:
            self.row.append('')
        self.name = attributes.get('data-figure')
        if tag in ('script', 'link', 'img', 'iframe') or 'src' in attributes or 'href' in attributes:
            self.loads.append(tag)

    def handle_endtag(self, tag):
        if tag in ('tr', 'table'):
            self.row = None

    def handle_data(self, data):
        self.text += data
        if self.name:
            self.figures[self.name] = data
            self.name = None
        elif self.row:
            self.row[-1] += data.rstrip('\n')


def wilson(part, whole):
    """"12.5 (8.1 to 18.7)", by Wilson's score interval at 95 %."""
    if whole == 0:
        return '–'
    z, p = 1.959963984540054, part / whole
    centre = (p + z * z / (2 * whole)) / (1 + z * z / whole)
    half = z / (1 + z * z / whole) * math.sqrt(p * (1 - p) / whole + z * z / (4 * whole * whole))
    return f'{100 * p:.1f} ({100 * max(0, centre - half):.1f} to {100 * min(1, centre + half):.1f})'


def quartiles(values):
    if not values:
        return '–'
    low, median, high = statistics.quantiles(values, n=4, method='inclusive') if len(values) > 1 else values * 3
    return f'{median:.1f} ({low:.1f} to {high:.1f})'


def same(shown, expected):
    """Equal, or equal but for the last digit of numbers that are rounded."""
    if shown == expected:
        return True
    try:
        numbers = [[float(word.strip('()')) for word in text.split() if word != 'to'] for text in (shown, expected)]
    except (ValueError, AttributeError):
        return False
    return len(numbers[0]) == len(numbers[1]) and all(abs(a - b) < 0.1001 for a, b in zip(*numbers))


def expected_figures(database):
    def one(sql):
        return database.execute(sql).fetchone()[0]

    by_clinician, by_shift = {}, {}
    for user, day, shift, orders, alerts in database.execute('SELECT user_key, day, shift, orders, alerts FROM triggers'):
        if user is not None and orders > 0:
            before = by_clinician.get(user, (0, 0))
            by_clinician[user] = (before[0] + orders, before[1] + alerts)
            by_shift[user, day, shift] = by_shift.get((user, day, shift), 0) + alerts
    return {
        'patients': one("SELECT value FROM run WHERE name = 'patients'"),
        'orders': one('SELECT sum(orders) FROM triggers'),
        'triggers': one('SELECT count(*) FROM triggers'),
        'triggers_with_alerts': one('SELECT count(*) FROM triggers WHERE alerts >= 1'),
        'patients_with_alerts': one('SELECT count(*) FROM (SELECT patient_key FROM triggers GROUP BY 1 HAVING max(alerts) > 0)'),
        'fired': one("SELECT sum(decisions) FROM outcome_counts WHERE outcome = 'fired' AND mode = 'strict'"),
        'shown': one('SELECT sum(shown) FROM decisions'),
        'shown_at_orders': one('SELECT sum(shown) FROM decisions WHERE trigger_id IN (SELECT trigger_id FROM triggers WHERE orders > 0)'),
        'repeats': one('SELECT sum(shown) FROM decisions WHERE repeats_24h >= 1'),
        'unknown': one("SELECT sum(decisions) FROM outcome_counts WHERE outcome = 'unknown' AND mode = 'strict'"),
        'asked': one("SELECT sum(decisions) FROM outcome_counts WHERE mode = 'strict'"),
        'candidates': one('SELECT count(DISTINCT decision_id) FROM findings'),
        'feedback_given': one("SELECT value FROM run WHERE name = 'feedback given'"),
        'feedback_joined': one('SELECT count(decision_id) FROM feedback'),
        'feedback_without_rule': one('SELECT count(*) - count(rule_id) FROM feedback'),
        'clinicians': len(by_clinician),
        'clinicians_with_alerts': sum(alerts > 0 for _, alerts in by_clinician.values()),
        'alerts_a_clinician': quartiles([alerts for _, alerts in by_clinician.values() if alerts > 0]),
        'clinician_per_100': quartiles([100 * alerts / orders for orders, alerts in by_clinician.values() if orders >= 10]),
        'clinician_shifts': len(by_shift),
        'shifts_with_alerts': sum(alerts > 0 for alerts in by_shift.values()),
        'alerts_a_shift': quartiles([alerts for alerts in by_shift.values() if alerts > 0]),
        'orders_without_clinician': one('SELECT sum(orders) FROM triggers WHERE user_key IS NULL'),
    }


def label_rows(database, rules):
    for rule_id, name in rules:
        counts = dict(((outcome, label), n) for outcome, label, n in database.execute(
            'SELECT outcome, label, count(*) FROM labelled WHERE rule_id = ? GROUP BY 1, 2', (rule_id,)))
        if not counts:
            continue
        right, wrong = counts.get(('fired', 1), 0), counts.get(('fired', 0), 0)
        silences = sum(counts.get((o, 0), 0) for o in ('not-met', 'suppressed'))
        missed = sum(counts.get((o, 1), 0) for o in ('not-met', 'suppressed'))
        open_ones = sum(n for (outcome, _), n in counts.items() if outcome in ('unknown', 'error'))
        first = {}
        for patient, event, minutes in database.execute(
                "SELECT patient_key, event, lead_minutes FROM labelled JOIN triggers USING (trigger_id) "
                "WHERE rule_id = ? AND outcome = 'fired' AND label = 1 AND event IS NOT NULL", (rule_id,)):
            if minutes >= 0:
                first[patient, event] = max(first.get((patient, event), 0), minutes)
        yield f'labels: {name}', [right, wrong, silences, missed, open_ones, wilson(right, right + wrong),
                                  wilson(silences, silences + missed), f'{(right + wrong) / right:.1f}' if right else '–',
                                  len(first), quartiles([minutes / 60 for minutes in first.values()])]


def expected_rows(database):
    rules = database.execute('SELECT rule_id, rule FROM rules').fetchall()
    yield from label_rows(database, rules)
    answers = {}
    for decision, outcome, at in database.execute(
            'SELECT decision_id, outcome, outcome_at FROM feedback WHERE decision_id IS NOT NULL ORDER BY outcome_at, feedback_id'):
        answers[decision] = outcome
    for rule_id, name in rules:
        shown = database.execute('SELECT decision_id, inferred_24h FROM decisions WHERE shown = 1 AND rule_id = ?', (rule_id,)).fetchall()
        if not shown:
            continue
        given = [answers.get(decision) for decision, _ in shown]
        accepted, overridden = given.count('accepted'), given.count('overridden')
        if accepted + overridden:
            yield f'answers: {name}', [len(shown), accepted, overridden, wilson(overridden, accepted + overridden)]
        became = [fate for _, fate in shown if fate is not None]
        heeded = [became.count(fate) for fate in ('suggestion-placed', 'stopped', 'changed')]
        if became:
            yield f'inferred: {name}', [len(became), *heeded, became.count('kept'), wilson(sum(heeded), len(became))]
    dated, altered = database.execute('SELECT sum(orders_dated), sum(orders_altered) FROM triggers WHERE alerts = 0').fetchone()
    yield 'inferred: none', [dated, '', '', '', dated - altered, wilson(altered, dated)]
    for rule, by, reason, count in database.execute(
            "SELECT rule, outcome, silenced, count(*) FROM decisions JOIN rules USING (rule_id) "
            "WHERE shown = 0 AND outcome IN ('suppressed', 'fired') GROUP BY 1, 2, 3"):
        yield f'silenced: {rule}: {reason}', ['its own unless' if by == 'suppressed' else 'after it fired', reason, count]
    yield from subgroup_rows(database, answers)


def subgroup_rows(database, answers):
    labels = {}
    for trigger, label in database.execute("SELECT trigger_id, label FROM labelled WHERE outcome = 'fired'"):
        labels.setdefault(trigger, []).append(label)
    answered = {}
    for decision, trigger in database.execute('SELECT decision_id, trigger_id FROM decisions WHERE shown = 1'):
        if decision in answers:
            answered.setdefault(trigger, []).append(answers[decision])
    payers = dict(database.execute("SELECT patient_key, value FROM subgroups WHERE subgroup = 'payer'"))
    groups = {}
    for trigger, patient, age_band, sex, shift, hook, alerts in database.execute(
            'SELECT trigger_id, patient_key, age_band, sex, shift, hook, alerts FROM triggers'):
        for key in (f'age_band: {age_band}', f'sex: {sex}', f'shift: {shift}', f'hook: {hook}',
                    f'payer: {payers.get(patient, "not on record")}'):
            group = groups.setdefault(key, [0, 0, [], []])
            group[0] += 1
            group[1] += alerts > 0
            group[2] += labels.get(trigger, [])
            group[3] += answered.get(trigger, [])
    for key, (triggers, alerts, judged, said) in groups.items():
        yield f'subgroup: {key}', [wilson(alerts, triggers), wilson(sum(judged), len(judged)),
                                   wilson(said.count('overridden'), len(said))]


def disagreements(report, database):
    """What the report says otherwise than the tables; and how much was compared."""
    wrong, compared = [], 0
    for name, value in expected_figures(database).items():
        compared += 1
        if not same(report.figures.get(name), str(value or 0)):
            wrong.append(f'{name}: {report.figures.get(name)} for {value}')
    for key, cells in expected_rows(database):
        compared += len(cells)
        shown = report.rows.get(key, [])[1:]
        if len(shown) != len(cells) or not all(same(a, str(b)) for a, b in zip(shown, cells)):
            wrong.append(f'{key}: {shown} for {cells}')
    return wrong, compared
