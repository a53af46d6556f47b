# SPDX-License-Identifier: Apache-2.0
"""The figures of a report, and the same recomputed from the tables by SQL and Python of their own."""
import datetime
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


Z = 1.959963984540054
"""Of the normal distribution, two-sided 95 %."""


def by_patient(times):
    """(part, whole) of each patient that has a whole, from (patient, part, whole)."""
    patients = {}
    for patient, part, whole in times:
        before = patients.get(patient, (0, 0))
        patients[patient] = (before[0] + part, before[1] + whole)
    return [pair for pair in patients.values() if pair[1]]


def spread(patients):
    """Part, whole, and the variance of their ratio: deviations from it, patient by patient; none of one patient."""
    part, whole = (sum(column) for column in zip(*patients))
    squares = sum((x - part / whole * n) ** 2 for x, n in patients)
    return part, whole, squares * len(patients) / (len(patients) - 1) / whole ** 2 if len(patients) > 1 else None


def share(times):
    """"12.5 (8.1 to 18.7)": Wilson's score interval at 95 % of as many independent times as those of patients are worth."""
    patients = by_patient(times)
    if not patients:
        return '–'
    part, whole, variance = spread(patients)
    p = part / whole
    if len(patients) == 1 or p in (0, 1):
        effect = sum(n * n for _, n in patients) / whole
    else:
        effect = 1 if len(patients) == whole else max(1, variance / (p * (1 - p) / (whole - 1)))
    n = whole / effect
    centre = (p + Z * Z / (2 * n)) / (1 + Z * Z / n)
    half = Z / (1 + Z * Z / n) * math.sqrt(p * (1 - p) / n + Z * Z / (4 * n * n))
    return f'{100 * p:.1f} ({100 * max(0, centre - half):.1f} to {100 * min(1, centre + half):.1f})'


def events(times):
    """The same of events, which may be more than the whole: a Poisson mean's score interval."""
    patients = by_patient(times)
    if not patients:
        return '–'
    part, whole, variance = spread(patients)
    if len(patients) == 1 or part == 0:
        effect = sum(n * n for _, n in patients) / whole
    else:
        effect = max(1, variance / (part / whole ** 2))
    x, scale = part / effect, 100 * effect / whole
    half = Z * math.sqrt(x + Z * Z / 4)
    return f'{100 * part / whole:.1f} ({max(0, x + Z * Z / 2 - half) * scale:.1f} to {(x + Z * Z / 2 + half) * scale:.1f})'


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
    for user, day, hour, shift, orders, alerts in database.execute(
            'SELECT user_key, day, hour, shift, orders, alerts FROM triggers'):
        if hour < 7:  # the night that began the evening before
            day = str(datetime.date.fromisoformat(day) - datetime.timedelta(days=1))
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
        'alerts_at_orders': one('SELECT sum(alerts) FROM triggers WHERE orders > 0'),
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
        judged = database.execute('SELECT patient_key, outcome, label FROM labelled JOIN triggers USING (trigger_id) '
                                  'WHERE rule_id = ?', (rule_id,)).fetchall()
        first = {}
        for patient, event, minutes in database.execute(
                "SELECT patient_key, event, lead_minutes FROM labelled JOIN triggers USING (trigger_id) "
                "WHERE rule_id = ? AND outcome = 'fired' AND label = 1 AND event IS NOT NULL", (rule_id,)):
            if minutes >= 0:
                first[patient, event] = max(first.get((patient, event), 0), minutes)
        yield f'labels: {name}', [right, wrong, silences, missed, open_ones,
                                  share((p, label, 1) for p, outcome, label in judged if outcome == 'fired'),
                                  share((p, 1 - label, 1) for p, outcome, label in judged if outcome in ('not-met', 'suppressed')),
                                  f'{(right + wrong) / right:.1f}' if right else '–',
                                  len(first), quartiles([minutes / 60 for minutes in first.values()])]


def expected_rows(database):
    rules = database.execute('SELECT rule_id, rule FROM rules').fetchall()
    yield from label_rows(database, rules)
    answers = {}
    for decision, outcome, at in database.execute(
            'SELECT decision_id, outcome, outcome_at FROM feedback WHERE decision_id IS NOT NULL ORDER BY outcome_at, feedback_id'):
        answers[decision] = outcome
    for rule_id, name in rules:
        shown = database.execute('SELECT decision_id, inferred_24h, patient_key FROM decisions JOIN triggers USING (trigger_id) '
                                 'WHERE shown = 1 AND rule_id = ?', (rule_id,)).fetchall()
        if not shown:
            continue
        given = [answers.get(decision) for decision, _, _ in shown]
        accepted, overridden = given.count('accepted'), given.count('overridden')
        if accepted + overridden:
            yield f'answers: {name}', [len(shown), accepted, overridden, share(
                (patient, answer == 'overridden', 1) for answer, (_, _, patient) in zip(given, shown) if answer)]
        became = [fate for _, fate, _ in shown if fate is not None]
        heeded = [became.count(fate) for fate in ('suggestion-placed', 'stopped', 'changed')]
        if became:
            yield f'inferred: {name}', [len(became), *heeded, became.count('kept'), share(
                (patient, fate != 'kept', 1) for _, fate, patient in shown if fate is not None)]
    dated, altered = database.execute('SELECT sum(orders_dated), sum(orders_altered) FROM triggers WHERE alerts = 0').fetchone()
    yield 'inferred: none', [dated, '', '', '', dated - altered, share(database.execute(
        'SELECT patient_key, orders_altered, orders_dated FROM triggers WHERE alerts = 0'))]
    yield from order_rows(database, rules)
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
            group = groups.setdefault(key, [[], [], []])
            group[0].append((patient, alerts > 0, 1))
            group[1] += [(patient, label, 1) for label in labels.get(trigger, [])]
            group[2] += [(patient, answer == 'overridden', 1) for answer in answered.get(trigger, [])]
    for key, rates in groups.items():
        yield f'subgroup: {key}', [share(times) for times in rates]


def order_rows(database, rules):
    """Of each rule, alerts shown at orders per 100 orders, or that it was not asked there; the other cells of its row are
    not looked at."""
    asked = {rule for (rule,) in database.execute(
        "SELECT rule_id FROM outcome_counts WHERE mode = 'strict' AND hook IN (SELECT hook FROM triggers WHERE orders > 0)")}
    orders = database.execute('SELECT patient_key, 0, orders FROM triggers').fetchall()
    for rule_id, name in rules:
        alerts = database.execute('SELECT patient_key, 1, 0 FROM decisions JOIN triggers USING (trigger_id) '
                                  'WHERE rule_id = ? AND shown = 1 AND orders > 0', (rule_id,)).fetchall()
        per_100 = events(orders + alerts) if rule_id in asked else 'not asked at orders'
        yield f'rule: {name}', [None] * 8 + [per_100] + [None] * 2


def change_intervals(report, database, asked):
    """What a comparison's page shows of new alerts, and what follows from its differences and from who was asked what: the
    tables of a replay of the rules in use with all rows."""
    rules = dict(asked.execute('SELECT rule, rule_id FROM rules').fetchall())
    new = set(database.execute("SELECT trigger_id, rule FROM differences JOIN rules USING (rule_id) WHERE change = 'new'"))
    columns = 'trigger_id, patient_key, age_band, sex, hook'
    triggers = asked.execute(f'SELECT {columns} FROM triggers').fetchall()
    changed = {trigger for trigger, _ in new}
    yield 'all', report.figures['added_per_100'], share((patient, trigger in changed, 1) for trigger, patient, *_ in triggers)
    for rule in {rule for _, rule in new}:
        rows = asked.execute(f'SELECT {columns} FROM decisions JOIN triggers USING (trigger_id) WHERE rule_id = ?',
                             (rules[rule],)).fetchall()
        for place, subgroup in ((None, 'all'), (2, 'age_band'), (3, 'sex'), (4, 'hook')):
            for value in {'all' if place is None else row[place] for row in rows}:
                times = [(row[1], (row[0], rule) in new, 1) for row in rows if place is None or row[place] == value]
                name = f'{rule}: {subgroup}: {value or "not on record"}'
                yield name, report.rows.get(name, [''] * 12)[10], share(times)


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
        if key.startswith('rule: ') and not shown:
            continue  # it never fired
        if len(shown) != len(cells) or not all(b is None or same(a, str(b)) for a, b in zip(shown, cells)):
            wrong.append(f'{key}: {shown} for {cells}')
    return wrong, compared
