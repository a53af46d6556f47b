#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Runs import, replay, merge, compare and report as people use them, and checks results with SQL of its own.

    run_replay_tests.py PROGRAM SOURCE_DIR [KILLS]      (10; the whole run: 100)
"""
import csv
import hashlib
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

sys.dont_write_bytecode = True  # beside the sources nothing is left

from judged_histories import write_histories, write_judgements
from read_parquet import find_duckdb, read_parquet
from report_figures import Figures, change_intervals, disagreements, same

PROGRAM, SOURCE = sys.argv[1], pathlib.Path(sys.argv[2])
KILLS = int(sys.argv[3]) if len(sys.argv) > 3 else 10
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


def vigil(*arguments, code=0, environment=None):
    run = subprocess.run([PROGRAM, *map(str, arguments)], capture_output=True, text=True, timeout=300,
                         env={**os.environ, **(environment or {})})
    check(' '.join(str(a).split('/')[-1] for a in arguments[:6]), run.returncode == code,
          f'exit {run.returncode}: {run.stderr[-400:]}{run.stdout[-200:]}')
    return run


def check_report(result):
    vigil('report', result, '--title', 'A <title> & more')
    page = (result / 'report.html').read_text()
    report = Figures(page)
    database = sqlite3.connect(result / 'replay.sqlite')

    wrong, compared = disagreements(report, database)
    check(f'{compared} figures of the report are those of the tables', not wrong and compared > 60, wrong)
    check('report has something to say', int(report.figures['shown']) > 0 and int(report.figures['unknown']) > 0)
    check('report shows cases with a picture each', page.count('<article>') == page.count('Facts of the case over time') > 4)
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
    said = vigil('report', result, '--fhir', '--min-cell', '5', code=2)
    check('what is to be passed on is not written as FHIR', 'true date' in said.stderr, said.stderr)
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


def check_summaries(result):
    vigil('report', result)
    database = sqlite3.connect(result / 'replay.sqlite')
    with (result / 'summary.csv').open() as file:
        lines = {line['rule']: line for line in csv.DictReader(file)}
    shown = dict(database.execute('SELECT rule, sum(shown) FROM decisions JOIN rules USING (rule_id) GROUP BY rule'))
    check('summary.csv has a line a rule', {rule: int(line['shown']) for rule, line in lines.items()} == shown, lines)
    text = (result / 'summary.md').read_text()
    check('summary.md has one too', all(f'| {rule} |' in text for rule in shown), text)
    vigil('report', result, '--min-cell', '100000')
    with (result / 'summary.csv').open() as file:
        check('small counts are no cells', all(cell in ('', '0') for line in csv.reader(file) for cell in line[1:] if cell[:1].isdigit()))
    pages = Figures((result / 'report.html').read_text())
    counts = [value for value in pages.figures.values() if value.isdigit() and value != '0']
    counts += [cell for row in pages.rows.values() for cell in row[1:] if cell.isdigit() and cell != '0']
    check('nor stand they in the report', not counts, counts)
    vigil('report', result)


def check_change_intervals(report, database, asked):
    compared = 0
    for what, shown, expected in change_intervals(report, database, asked):
        compared += 1
        check(f'{what} has its interval', same(shown, expected), (shown, expected))
    check('rules and subgroups of a comparison have intervals', compared >= 6, compared)


def check_compare_report(result, database, asked):
    vigil('report', result)
    page = (result / 'report.html').read_text()
    report = Figures(page)
    total = database.execute("SELECT triggers, alerts_a, alerts_b, added, lost, moved, tier FROM change_counts "
                             "WHERE rule_id = 0 AND subgroup = 'all'").fetchone()
    names = ('triggers', 'alerts_a', 'alerts_b', 'added', 'lost', 'moved', 'tier')
    check('a comparison reports its counts', [report.figures.get(name) for name in names] == [str(n) for n in total[:7]])
    check_change_intervals(report, database, asked)
    count = database.execute('SELECT count(*) FROM differences').fetchone()[0]
    check('each difference opens with both sides', page.count('<details class="case">') == count and
          page.count('In use: ') == count and page.count('Proposed: ') == count, count)
    check('and with the picture of its facts', page.count('Facts of the case over time') == count and 'asked: ' not in page)
    check('which were known then', database.execute('SELECT count(DISTINCT difference_id) FROM difference_facts').fetchone()[0] == count
          and database.execute('SELECT count(*) FROM difference_facts JOIN differences USING (difference_id) '
                               'WHERE known_from > t0').fetchone()[0] == 0)
    check('it loads nothing and names no patient', not report.loads and not re.search(r'(person|order|egfr)-[0-9]', page))
    look = subprocess.run([pathlib.Path(__file__).parent / 'look_at_report.py', result / 'report.html'], capture_output=True, text=True)
    check('it opens in a browser and on paper', look.returncode == 0, look.stdout)
    vigil('report', result, '--min-cell', '5')
    check('small counts hide its cases', '<details class="case">' not in (result / 'report.html').read_text())


def check_parquet(folder, options):
    said = vigil('replay', folder / 'rules.vigil', *options, '--out', folder / 'parquet', '--format', 'parquet', '--leakage',
                 code=3, environment={'VIGIL_DUCKDB': '/nonexistent/libduckdb.so'})
    check('VGL1233 where DuckDB is not there', 'VGL1233' in said.stderr and 'install' in said.stderr, said.stderr)
    library = find_duckdb()
    if library is None:
        print('skipped: Parquet: there is no libduckdb.so (scripts/install-duckdb)')
        return
    vigil('replay', folder / 'rules.vigil', *options, '--out', folder / 'parquet', '--format', 'parquet', '--leakage',
          environment={'VIGIL_DUCKDB': str(library)})
    database = sqlite3.connect(folder / 'one/replay.sqlite')
    tables = [name for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
    check('a Parquet file a table', {path.stem for path in (folder / 'parquet').glob('*.parquet')} == set(tables))
    for table in tables:
        columns = [row[1] for row in database.execute(f'PRAGMA table_info({table})')]
        rows = database.execute(f'SELECT * FROM {table}').fetchall()
        check(f'{table}.parquet has the rows of SQLite',
              read_parquet(library, folder / f'parquet/{table}.parquet', columns) == rows, len(rows))


def digest(path):
    return hashlib.sha256(path.read_bytes()).hexdigest()


def prepare(folder):
    """A store of invented histories, and what replays of it are given: without judgements, and with them."""
    key = folder / 'key'
    key.write_bytes(b'0123456789abcdef0123456789abcdef')
    (folder / 'rules.vigil').write_text(RULES)
    (folder / 'next.vigil').write_text(RULES.replace('< 30 \'mL', '< 60 \'mL'))
    write_histories(folder / 'export', 120, 1)
    vigil('import', folder / 'export', '--store', folder / 'store')
    common = ['--store', folder / 'store', '--pseudonym-key', key]
    judged = common + write_judgements(folder, 120, 2)
    return common, judged


def check_sameness(folder, judged):
    """Threads, shards and kills: the result is the same to the byte."""
    vigil('replay', folder / 'rules.vigil', *judged, '--out', folder / 'one', '--threads', '1', '--leakage')
    vigil('replay', folder / 'rules.vigil', *judged, '--out', folder / 'two', '--threads', '2', '--leakage')
    check('threads change no byte', digest(folder / 'one/replay.sqlite') == digest(folder / 'two/replay.sqlite'))
    check('nor the manifest', digest(folder / 'one/manifest.json') == digest(folder / 'two/manifest.json'))
    again = vigil('replay', folder / 'rules.vigil', *judged, '--out', folder / 'two', '--leakage')
    check('a finished run is not run again', 'there already' in again.stdout)
    for shard in (1, 2, 3):
        vigil('replay', folder / 'rules.vigil', *judged, '--out', folder / f'part{shard}', '--shard', f'{shard}/3', '--leakage')
    vigil('merge', folder / 'part1', folder / 'part2', folder / 'part3', '--out', folder / 'merged')
    check('shards change no byte', digest(folder / 'one/replay.sqlite') == digest(folder / 'merged/replay.sqlite'))
    chance = random.Random(3)
    for n in range(KILLS):
        command = [PROGRAM, 'replay', folder / 'rules.vigil', *judged, '--out', folder / f'killed{n}', '--leakage']
        process = subprocess.Popen(list(map(str, command)), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        time.sleep(chance.random() * 0.15)
        process.send_signal(signal.SIGKILL)
        process.wait()
        subprocess.run(list(map(str, command)), stdout=subprocess.DEVNULL, check=True)
        check(f'kill {n} changes no byte', digest(folder / 'one/replay.sqlite') == digest(folder / f'killed{n}/replay.sqlite'))


def check_comparison(folder, common, judged):
    vigil('compare', folder / 'rules.vigil', folder / 'next.vigil', *common, '--out', folder / 'difference')
    gate = vigil('compare', folder / 'rules.vigil', folder / 'next.vigil', *common, '--out', folder / 'gate',
                 '--max-new-per-100', '0.1', code=1)
    check('VGL1228 names the gate', 'VGL1228' in gate.stderr)
    differences = sqlite3.connect(folder / 'difference/compare.sqlite')
    changes = dict(differences.execute('SELECT change, count(*) FROM differences GROUP BY change'))
    check('a raised threshold only adds', changes.get('new', 0) > 0 and 'lost' not in changes and 'tier' not in changes, changes)
    check('each has both explanations', differences.execute(
        'SELECT count(*) FROM differences WHERE why_a IS NULL OR why_b IS NULL').fetchone()[0] == 0)
    vigil('replay', folder / 'rules.vigil', *judged, '--out', folder / 'all-rows', '--all-rows')
    check_compare_report(folder / 'difference', differences, sqlite3.connect(folder / 'all-rows/replay.sqlite'))
    vigil('report', folder / 'all-rows')
    check('near misses are told', 'miss: Metformin at low eGFR: Egfr.value' in (folder / 'all-rows/report.html').read_text())


def check_refusals(folder, common):
    """What is told of options and files that are of no use, and of rules that are asked nowhere."""
    vigil('replay', folder / 'rules.vigil', *common, '--out', folder / 'west', '--utc-offset', '-05:00', '--format', 'none')
    for wrong in (['--mode', 'naive', '--leakage'], ['--mode', 'delay'], ['--delays', folder / 'labels.csv'],
                  ['--format', 'none', '--all-rows']):
        said = vigil('replay', folder / 'rules.vigil', *common, '--out', folder / 'wrong', *wrong, code=2)
        check('options that would do nothing are refused', said.stderr.startswith('error[VGL1201]'), said.stderr)
    check('the run says where days begin', '"site\'s offset from UTC": "-05:00"' in (folder / 'west/manifest.json').read_text())
    said = vigil('replay', folder / 'rules.vigil', *common, '--out', folder / 'nowhere', '--utc-offset', 'Paris', code=2)
    check('and what is no offset is told', 'such as +01:00' in said.stderr, said.stderr)
    said = vigil('report', folder / 'export', code=3)
    check('VGL1229 where there is no result', 'VGL1229' in said.stderr)
    said = vigil('replay', folder / 'rules.vigil', *common, '--out', '/proc/none', code=3)
    check('VGL1226 where nothing can be written', 'VGL1226' in said.stderr)
    (folder / 'short').write_text('short')
    said = vigil('replay', folder / 'rules.vigil', '--store', folder / 'store', '--out', folder / 'x', '--pseudonym-key',
                 folder / 'short', code=2)
    check('VGL1225 where the key is short', 'VGL1225' in said.stderr)
    (folder / 'other.vigil').write_text(RULES.replace("on 'order-sign'", "on 'order-dispatch'"))
    said = vigil('replay', folder / 'other.vigil', *common, '--out', folder / 'other')
    check('VGL1221 where a rule is asked nowhere', 'VGL1221' in said.stderr)


def check_damaged_store(folder):
    damaged = folder / 'damaged'
    shutil.copytree(folder / 'store', damaged)
    block = max(damaged.glob('patients-*.data'), key=lambda path: path.stat().st_size)
    content = bytearray(block.read_bytes())
    content[len(content) // 2] ^= 255
    block.write_bytes(content)
    said = vigil('replay', folder / 'rules.vigil', '--store', damaged, '--out', folder / 'less', '--pseudonym-key', folder / 'key', code=3)
    check('a patient who cannot be read is told of', 'could not be read' in said.stderr, said.stderr)
    vigil('compare', folder / 'rules.vigil', folder / 'next.vigil', '--store', damaged, '--out', folder / 'less-compared',
          '--pseudonym-key', folder / 'key', code=3)


def check_shipped_rules(folder):
    bundles = SHARED / 'patients/bundles'
    if not bundles.exists():
        print('skipped: shared patients are not there')
        return
    vigil('import', bundles, '--store', folder / 'bundles')
    vigil('replay', SOURCE / 'rules', '--store', folder / 'bundles', '--out', folder / 'shipped', '--leakage')
    shipped = sqlite3.connect(folder / 'shipped/replay.sqlite')
    check('shipped rules fire', shipped.execute("SELECT count(*) FROM decisions WHERE outcome = 'fired'").fetchone()[0] > 0)


def main(folder):
    common, judged = prepare(folder)
    check_sameness(folder, judged)
    check_report(folder / 'one')
    check_fhir(folder / 'one')
    check_summaries(folder / 'one')
    check_parquet(folder, judged)
    check_comparison(folder, common, judged)
    check_refusals(folder, common)
    check_damaged_store(folder)
    check_shipped_rules(folder)


with tempfile.TemporaryDirectory() as name:
    main(pathlib.Path(name))
print(f'{len(failures)} failures')
sys.exit(1 if failures else 0)
