#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Measures imports and replays of an invented population, for scripts/bench: store_bench.py import|replay|cql-execution|million [PATIENTS].

Each figure is of processes of their own: CPU seconds (user and system) and largest resident size by wait4(2), since wall time
on a shared machine says little. What is compared runs side by side, in rounds, pinned to one core where it has one thread; of
the rounds the best counts. Programs are those of BUILD (default build/benchmark)."""
import ctypes
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
BUILD = pathlib.Path(os.environ.get('BUILD', ROOT / 'build/benchmark'))
BENCH20 = pathlib.Path(os.environ.get('VIGIL_BENCH20', ROOT / '../shared/data/bench20'))
ROUNDS = int(os.environ.get('ROUNDS', '3'))
VIGIL, GENERATE, PARSE = (str(BUILD / 'bin' / name) for name in ('vigil', 'vigil-generate-population', 'import_benchmark'))


class Cost:
    """What one process took."""

    def __init__(self, arguments, pinned=False, environment=None):
        command = (['taskset', '-c', str(os.cpu_count() - 1)] if pinned else []) + [str(a) for a in arguments]
        begin = time.monotonic()
        with tempfile.TemporaryFile() as output:
            child = subprocess.Popen(command, stdout=output, stderr=subprocess.STDOUT,
                                     env={**os.environ, **(environment or {})})
            _, status, usage = os.wait4(child.pid, 0)
            output.seek(0)
            self.output = output.read().decode()
        child.returncode = os.waitstatus_to_exitcode(status)
        if child.returncode != 0:
            sys.exit(f'store_bench: {" ".join(command)}\n{self.output}')
        self.wall = time.monotonic() - begin
        self.user, self.system = usage.ru_utime, usage.ru_stime
        self.cpu = usage.ru_utime + usage.ru_stime
        self.resident = usage.ru_maxrss * 1024


def bytes_in(folder):
    return sum(f.stat().st_size for f in pathlib.Path(folder).rglob('*') if f.is_file())


def megabytes(size):
    return f'{size / 1e6:,.0f} MB'


def write_rules(target):
    """The 20 rules of bench20, asked at every order, encounter start and chart opening."""
    text = (BENCH20 / 'CdsRules.cql').read_text()
    for name in re.findall(r'^define "(R\d\d)"', text, re.M):
        text += f'\nrule "Rule {name}"\n  on \'order-sign\', \'encounter-start\', \'patient-view\'\n' \
                f'  when "{name}"\n  tier passive\n  alert \'{name}\'\n'
    target.write_text(text)


def generate(patients, work):
    Cost([GENERATE, '--patients', patients, '--out', work / 'population'])
    size = bytes_in(work / 'population')
    print(f'{patients:,} patients, {megabytes(size)} of NDJSON; {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}')
    return size


def import_population(work, threads, pinned=False):
    shutil.rmtree(work / 'store', ignore_errors=True)
    return Cost([VIGIL, 'import', work / 'population', '--store', work / 'store', '--threads', threads], pinned)


def replay(work, threads, form='none', pinned=False):
    shutil.rmtree(work / 'out', ignore_errors=True)
    cost = Cost([VIGIL, 'replay', work / 'rules.vigil', '--valuesets', BENCH20 / 'valuesets', '--store', work / 'store',
                 '--out', work / 'out', '--threads', threads, '--format', form], pinned)
    cost.triggers = int(re.search(r'(\d+)\s+triggers', cost.output).group(1))
    cost.timings = json.loads((work / 'out/timings.json').read_text())
    return cost


def has_duckdb():
    """Whether the library that writes Parquet can be loaded, as the program would."""
    try:
        ctypes.CDLL(os.environ.get('VIGIL_DUCKDB') or 'libduckdb.so')
        return True
    except OSError:
        return False


def show(what, cost, work_done='', unit=''):
    print(f'  {what:<44} CPU {cost.cpu:6.2f} s ({cost.user:.2f} user)  wall {cost.wall:6.2f} s  '
          f'resident {megabytes(cost.resident):>9}  {work_done}{unit}')


def measure_import(patients, work):
    size = generate(patients, work)
    best = {}
    for _ in range(ROUNDS):
        parse = Cost([PARSE, '--benchmark_filter=parse_dom', '--benchmark_format=json'], pinned=True,
                     environment={'VIGIL_BENCH_PATIENTS': str(patients)})
        document = json.loads(parse.output[parse.output.index('{'):])
        rounds = {'parse': document['benchmarks'][0]['cpu_time'] / 1e3,
                  'one': import_population(work, 1, pinned=True), 'two': import_population(work, 2)}
        for name, cost in rounds.items():
            seconds = cost if name == 'parse' else cost.cpu if name == 'one' else cost.wall
            if name not in best or seconds < best[name][0]:
                best[name] = (seconds, cost)
    parse = best['parse'][0]
    print(f'  simdjson DOM parse of each line: CPU {parse:.3f} s, {size / parse / 1e9:.2f} GB/s')
    show('import, 1 thread', best['one'][1], f'{size / best["one"][0] / 1e9:.2f} GB', ' a CPU second')
    show('import, 2 threads', best['two'][1], f'{size / best["two"][0] / 1e9:.2f} GB', '/s of wall time')
    print(f'  of simdjson\'s rate: {parse / best["one"][0]:.2f} by CPU, {parse / best["one"][1].user:.2f} by user CPU, '
          f'{parse / best["two"][0]:.2f} by wall time with 2 threads (aim 0.5)')
    print(f'  store: {megabytes(bytes_in(work / "store"))}, {bytes_in(work / "store") / size:.2f} of the NDJSON')


def count_rows(work):
    """Rows of the decision table and its companions, by what the NDJSON holds."""
    return sum(file.read_bytes().count(b'\n') for file in (work / 'out').glob('*.ndjson'))


def measure_replay(patients, work):
    generate(patients, work)
    import_population(work, 2)
    write_rules(work / 'rules.vigil')
    one, two = [], []
    for _ in range(ROUNDS):
        one.append(replay(work, 1, pinned=True))
        two.append(replay(work, 2))
    best_one, best_two = min(one, key=lambda c: c.cpu), min(two, key=lambda c: c.wall)
    fastest_one = min(one, key=lambda c: c.timings['replay_seconds'])
    fastest_two = min(two, key=lambda c: c.timings['replay_seconds'])
    show('counted, 1 thread', best_one, f'{best_one.triggers / best_one.cpu:,.0f}', ' triggers a CPU second (aim 200,000)')
    show('counted, 2 threads', best_two, f'{best_two.triggers / best_two.cpu:,.0f}', ' triggers a CPU second')
    print(f'  two threads against one: {fastest_one.timings["replay_seconds"] / fastest_two.timings["replay_seconds"]:.2f} '
          f'times by wall time of the replay (aim 1.8), CPU {min(c.cpu for c in two) / best_one.cpu:.2f} times')
    rows = None
    for form in ('ndjson', 'sqlite', 'parquet'):
        if form == 'parquet' and not has_duckdb():
            print('  written as parquet: skipped, DuckDB is not installed (scripts/install-duckdb)')
            continue
        cost = replay(work, 1, form, pinned=True)
        rows = rows or count_rows(work)
        rate = rows / cost.timings['write_seconds']
        show(f'written as {form}', cost, f'{rate:,.0f}', f' rows/s: {rows:,} rows in {cost.timings["write_seconds"]:.2f} s')


def measure_million(patients, work):
    size = generate(patients, work)
    show('import, 2 threads', import_population(work, 2))
    print(f'  store: {megabytes(bytes_in(work / "store"))}, {bytes_in(work / "store") / size:.2f} of the NDJSON')
    write_rules(work / 'rules.vigil')
    shutil.rmtree(work / 'population')
    cost = replay(work, 2)
    show('replay, 2 threads', cost, f'{cost.triggers:,} triggers, {cost.triggers / cost.cpu:,.0f}', ' a CPU second')


def install_cql_execution():
    """The npm engine with its reader of FHIR, in a folder of the user's cache."""
    packages = ['@cqframework/cql@5.3.0', 'cql-execution@3.3.2', '@lhncbc/ucum-lhc@7.1.9', 'cql-exec-fhir@2.2.0']
    folder = pathlib.Path(os.environ.get('VIGIL_CQL_EXECUTION_FHIR', pathlib.Path.home() / '.cache/vigil/cql-execution-fhir'))
    marker = folder / 'installed'
    if not marker.exists() or marker.read_text() != ' '.join(packages):
        folder.mkdir(parents=True, exist_ok=True)
        (folder / 'package.json').write_text('{ "private": true }\n')
        subprocess.run(['npm', 'install', '--prefix', folder, '--no-audit', '--no-fund', '--save-exact', *packages],
                       check=True, stdout=subprocess.DEVNULL)
        marker.write_text(' '.join(packages))
    return folder


def measure_cql_execution(patients, work):
    """Questions: all 20 rules for one patient at one instant. The npm engine is asked about the first 20 patients only."""
    packages = install_cql_execution()
    generate(patients, work)
    import_population(work, 2)
    write_rules(work / 'rules.vigil')
    theirs = Cost(['node', ROOT / 'tests/performance/cql_execution_bench.mjs', packages, BENCH20, work / 'population', 20],
                  pinned=True)
    found = json.loads(theirs.output[theirs.output.index('{"patients"'):])
    ours = min((replay(work, 1, pinned=True) for _ in range(ROUNDS)), key=lambda c: c.cpu)
    rate = ours.triggers / ours.cpu
    print(f'  cql-execution: {found["questions"]} questions of {found["patients"]} patients in {found["cpu_seconds"]:.1f} CPU '
          f'seconds, {found["a_cpu_second"]:.1f} a second')
    show('vigil replay, start-up included', ours, f'{ours.triggers:,} questions, {rate:,.0f}', ' a CPU second')
    print(f'  {rate / found["a_cpu_second"]:,.0f} times as many (aim 1,000)')


def main():
    measures = {'import': (measure_import, 100_000), 'replay': (measure_replay, 100_000),
                'cql-execution': (measure_cql_execution, 20_000), 'million': (measure_million, 1_000_000)}
    measure, patients = measures[sys.argv[1]]
    with tempfile.TemporaryDirectory(dir=os.environ.get('TMPDIR')) as work:
        measure(int(sys.argv[2]) if len(sys.argv) > 2 else patients, pathlib.Path(work))


if __name__ == '__main__':
    main()
