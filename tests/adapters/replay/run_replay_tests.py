#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Runs import, replay, merge, compare and report as people use them, and checks results with SQL of its own.

    run_replay_tests.py PROGRAM SOURCE_DIR
"""
import hashlib
import html.parser
import json
import os
import pathlib
import random
import re
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time

PROGRAM, SOURCE = sys.argv[1], pathlib.Path(sys.argv[2])
SHARED = pathlib.Path(os.environ.get('VIGIL_SHARED_DATA', SOURCE / '../shared/data'))
RULES = '''library Replayed version '1'
using FHIR version '4.0.1'
codesystem "T": 'urn:test'
code "Warfarin code": 'warfarin' from "T"
code "Ibuprofen code": 'ibuprofen' from "T"
code "Egfr code": 'egfr' from "T"
code "Metformin code": 'metformin' from "T"
context Patient
rule "NSAID with warfarin"
  category 'drug-interaction'
  on 'order-sign'
  for ordered [MedicationRequest: "Ibuprofen code"] Nsaid,
      current [MedicationRequest: "Warfarin code"] Warfarin
  unless AgeInYears() < 30 because 'the young bleed less'
  alert 'NSAID with warfarin <b>&'
rule "Metformin at low eGFR"
  category 'guideline-deviation'
  on 'order-sign'
  for ordered [MedicationRequest: "Metformin code"] Metformin
  let Egfr: latest([Observation: "Egfr code"], 12 months)
  when Egfr.value < 30 'mL/min/{1.73_m2}'
  tier passive
  alert 'Metformin at low eGFR'
'''
failures = []


def check(what, holds, detail=''):
    print(('ok    ' if holds else 'FAILS ') + what + (f'   {detail}' if not holds else ''))
    if not holds:
        failures.append(what)


def vigil(*arguments, code=0):
    run = subprocess.run([PROGRAM, *map(str, arguments)], capture_output=True, text=True, timeout=300)
    check(' '.join(str(a).split('/')[-1] for a in arguments[:6]), run.returncode == code,
          f'exit {run.returncode}: {run.stderr[-400:]}{run.stdout[-200:]}')
    return run


def write_histories(folder, patients, seed):
    """Bulk NDJSON of a small population."""
    chance = random.Random(seed)
    folder.mkdir()
    files = {name: [] for name in ('Patient', 'MedicationRequest', 'Observation', 'Encounter')}

    def instant(day, hour):
        return f'{2020 + day // 336}-{1 + day % 336 // 28:02}-{1 + day % 28:02}T{hour:02}:00:00Z'

    for p in range(patients):
        who = {'reference': f'Patient/person-{p}'}
        files['Patient'].append({'resourceType': 'Patient', 'id': f'person-{p}', 'gender': chance.choice(['male', 'female']),
                                 'birthDate': f'{chance.randrange(1930, 2002)}-05-05'})
        for n in range(chance.randrange(3, 12)):
            day, hour = chance.randrange(600), chance.randrange(24)
            order = {'resourceType': 'MedicationRequest', 'id': f'order-{p}-{n}', 'subject': who, 'intent': 'order',
                     'status': chance.choice(['active', 'active', 'completed', 'stopped']), 'authoredOn': instant(day, hour),
                     'medicationCodeableConcept': {'text': 'drug & <co>', 'coding': [
                         {'system': 'urn:test', 'code': chance.choice(['warfarin', 'ibuprofen', 'metformin'])}]}}
            files['MedicationRequest'].append(order)
        for n in range(chance.randrange(0, 4)):
            day, hour = chance.randrange(600), chance.randrange(24)
            files['Observation'].append({
                'resourceType': 'Observation', 'id': f'egfr-{p}-{n}', 'status': 'final', 'subject': who,
                'code': {'coding': [{'system': 'urn:test', 'code': 'egfr'}]}, 'issued': instant(day, hour),
                'effectiveDateTime': instant(max(day - 1, 0), hour),
                'valueQuantity': {'value': chance.randrange(10, 90), 'unit': 'mL/min/{1.73_m2}',
                                  'system': 'http://unitsofmeasure.org', 'code': 'mL/min/{1.73_m2}'}})
    for name, lines in files.items():
        (folder / f'{name}.ndjson').write_text(''.join(json.dumps(line) + '\n' for line in lines))


class Figures(html.parser.HTMLParser):
    """The figures of a report, and what it would load."""

    def __init__(self, text):
        super().__init__()
        self.figures, self.name, self.loads, self.text = {}, None, [], ''
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        attributes = dict(attributes)
        self.name = attributes.get('data-figure')
        if tag in ('script', 'link', 'img', 'iframe') or 'src' in attributes or 'href' in attributes:
            self.loads.append(tag)

    def handle_data(self, data):
        self.text += data
        if self.name:
            self.figures[self.name] = data
            self.name = None


def check_report(result):
    vigil('report', result, '--title', 'A <title> & more')
    page = (result / 'report.html').read_text()
    report = Figures(page)
    database = sqlite3.connect(result / 'replay.sqlite')

    def one(sql):
        return database.execute(sql).fetchone()[0]

    expected = {
        'patients': one("SELECT value FROM run WHERE name = 'patients'"),
        'orders': one('SELECT sum(orders) FROM triggers'),
        'triggers': one('SELECT count(*) FROM triggers'),
        'triggers_with_alerts': one('SELECT count(*) FROM triggers WHERE alerts >= 1'),
        'patients_with_alerts': one('SELECT count(*) FROM (SELECT patient_key FROM triggers GROUP BY 1 HAVING max(alerts) > 0)'),
        'fired': one("SELECT sum(decisions) FROM outcome_counts WHERE outcome = 'fired' AND mode = 'strict'"),
        'shown': one('SELECT sum(shown) FROM decisions'),
        'shown_at_orders': one("SELECT sum(shown) FROM decisions WHERE trigger_id IN (SELECT trigger_id FROM triggers WHERE orders > 0)"),
        'unknown': one("SELECT sum(decisions) FROM outcome_counts WHERE outcome = 'unknown' AND mode = 'strict'"),
    }
    for name, value in expected.items():
        check(f'report says {name}', report.figures.get(name) == str(value or 0), f'{report.figures.get(name)} for {value}')
    check('report has something to say', int(expected['shown']) > 0 and int(expected['unknown']) > 0)
    check('report loads nothing', report.loads == [], report.loads)
    check('report escapes texts', '<b>&' in report.text and '<b>&' not in page)
    check('report names no patient', not re.search(r'(person|order|egfr)-[0-9]', page))
    look = subprocess.run([pathlib.Path(__file__).parent / 'look_at_report.py', result / 'report.html'], capture_output=True, text=True)
    check('report opens in a browser and on paper', look.returncode == 0, look.stdout)
    vigil('report', result, '--min-cell', '5', '--shift-dates')
    page = (result / 'report.html').read_text()
    check('small counts hide cases', '<article>' not in page and 'fewer than 5' in page)
    vigil('report', result, '--shift-dates')
    true_dates = {row[0][:10] for row in database.execute('SELECT t0 FROM triggers')}
    page = (result / 'report.html').read_text()
    dates = {word[:10] for word in page.replace('<', ' ').replace('>', ' ').split() if word[:4].isdigit() and word[4:5] == '-'}
    shown = [d for d in dates if d in true_dates]
    check('shifted reports move dates', '<article>' in page and 'dates moved' in page and len(shown) < len(dates))


def check_fhir(result):
    vigil('report', result, '--fhir')
    read = {name: [json.loads(line) for line in (result / 'fhir' / f'{name}.ndjson').open()]
            for name in ('MeasureReport', 'DetectedIssue', 'GuidanceResponse')}
    database = sqlite3.connect(result / 'replay.sqlite')
    outcomes = dict(database.execute('SELECT outcome, count(*) FROM decisions GROUP BY outcome'))
    check('a DetectedIssue a firing', len(read['DetectedIssue']) == outcomes['fired'])
    check('a GuidanceResponse a decision', len(read['GuidanceResponse']) == sum(outcomes.values()))
    statuses = [r['status'] for r in read['GuidanceResponse']]
    check('unknowns require data', statuses.count('data-required') == outcomes['unknown'])
    numerators = [p['count'] for g in read['MeasureReport'][0]['group'] for p in g['population']
                  if p['code']['coding'][0]['code'] == 'numerator']
    check('MeasureReport counts firings', sum(numerators) == outcomes['fired'])
    needed = {'DetectedIssue': ('status', 'patient', 'identifiedDateTime'), 'GuidanceResponse': ('moduleUri', 'status'),
              'MeasureReport': ('status', 'type', 'measure', 'period')}
    check('required elements are there', all(e in r for name, elements in needed.items() for r in read[name] for e in elements))


def digest(path):
    return hashlib.sha256(path.read_bytes()).hexdigest()


def main(folder):
    key = folder / 'key'
    key.write_bytes(b'0123456789abcdef0123456789abcdef')
    (folder / 'rules.vigil').write_text(RULES)
    (folder / 'next.vigil').write_text(RULES.replace('< 30 \'mL', '< 60 \'mL'))
    write_histories(folder / 'export', 120, 1)
    vigil('import', folder / 'export', '--store', folder / 'store')
    common = ['--store', folder / 'store', '--pseudonym-key', key]
    vigil('replay', folder / 'rules.vigil', *common, '--out', folder / 'one', '--threads', '1', '--leakage')
    vigil('replay', folder / 'rules.vigil', *common, '--out', folder / 'two', '--threads', '2', '--leakage')
    check('threads change no byte', digest(folder / 'one/replay.sqlite') == digest(folder / 'two/replay.sqlite'))
    check('nor the manifest', digest(folder / 'one/manifest.json') == digest(folder / 'two/manifest.json'))
    again = vigil('replay', folder / 'rules.vigil', *common, '--out', folder / 'two', '--leakage')
    check('a finished run is not run again', 'there already' in again.stdout)
    for shard in (1, 2, 3):
        vigil('replay', folder / 'rules.vigil', *common, '--out', folder / f'part{shard}', '--shard', f'{shard}/3', '--leakage')
    vigil('merge', folder / 'part1', folder / 'part2', folder / 'part3', '--out', folder / 'merged')
    check('shards change no byte', digest(folder / 'one/replay.sqlite') == digest(folder / 'merged/replay.sqlite'))
    chance = random.Random(3)
    for n in range(10):
        command = [PROGRAM, 'replay', folder / 'rules.vigil', *common, '--out', folder / f'killed{n}', '--leakage']
        process = subprocess.Popen(list(map(str, command)), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        time.sleep(chance.random() * 0.15)
        process.send_signal(signal.SIGKILL)
        process.wait()
        subprocess.run(list(map(str, command)), stdout=subprocess.DEVNULL, check=True)
        check(f'kill {n} changes no byte', digest(folder / 'one/replay.sqlite') == digest(folder / f'killed{n}/replay.sqlite'))
    check_report(folder / 'one')
    check_fhir(folder / 'one')
    vigil('compare', folder / 'rules.vigil', folder / 'next.vigil', *common, '--out', folder / 'difference')
    gate = vigil('compare', folder / 'rules.vigil', folder / 'next.vigil', *common, '--out', folder / 'gate',
                 '--max-new-per-100', '0.1', code=1)
    check('VGL1228 names the gate', 'VGL1228' in gate.stderr)
    differences = sqlite3.connect(folder / 'difference/compare.sqlite')
    changes = dict(differences.execute('SELECT change, count(*) FROM differences GROUP BY change'))
    check('a raised threshold only adds', changes.get('new', 0) > 0 and 'lost' not in changes and 'tier' not in changes, changes)
    check('each has both explanations', differences.execute(
        'SELECT count(*) FROM differences WHERE why_a IS NULL OR why_b IS NULL').fetchone()[0] == 0)
    said = vigil('report', folder / 'export', code=3)
    check('VGL1229 where there is no result', 'VGL1229' in said.stderr)
    said = vigil('replay', folder / 'rules.vigil', *common, '--out', '/proc/none', code=3)
    check('VGL1226 where nothing can be written', 'VGL1226' in said.stderr)
    (folder / 'short').write_text('short')
    damaged = folder / 'damaged'
    shutil.copytree(folder / 'store', damaged)
    block = max(damaged.glob('patients-*.data'), key=lambda path: path.stat().st_size)
    content = bytearray(block.read_bytes())
    content[len(content) // 2] ^= 255
    block.write_bytes(content)
    said = vigil('replay', folder / 'rules.vigil', '--store', damaged, '--out', folder / 'less', '--pseudonym-key', key, code=3)
    check('a patient who cannot be read is told of', 'could not be read' in said.stderr, said.stderr)
    vigil('compare', folder / 'rules.vigil', folder / 'next.vigil', '--store', damaged, '--out', folder / 'less-compared',
          '--pseudonym-key', key, code=3)

    said = vigil('replay', folder / 'rules.vigil', '--store', folder / 'store', '--out', folder / 'x', '--pseudonym-key',
                 folder / 'short', code=2)
    check('VGL1225 where the key is short', 'VGL1225' in said.stderr)
    (folder / 'other.vigil').write_text(RULES.replace("on 'order-sign'", "on 'order-dispatch'"))
    said = vigil('replay', folder / 'other.vigil', *common, '--out', folder / 'other')
    check('VGL1221 where a rule is asked nowhere', 'VGL1221' in said.stderr)
    bundles = SHARED / 'patients/bundles'
    if not bundles.exists():
        print('skipped: shared patients are not there')
        return
    vigil('import', bundles, '--store', folder / 'bundles')
    vigil('replay', SOURCE / 'rules', '--store', folder / 'bundles', '--out', folder / 'shipped', '--leakage')
    shipped = sqlite3.connect(folder / 'shipped/replay.sqlite')
    check('shipped rules fire', shipped.execute("SELECT count(*) FROM decisions WHERE outcome = 'fired'").fetchone()[0] > 0)


with tempfile.TemporaryDirectory() as name:
    main(pathlib.Path(name))
print(f'{len(failures)} failures')
sys.exit(1 if failures else 0)
