#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Runs `vigil import` on an invented population: kills it at random moments and lets it go on, shuffles the lines, and
compares the stores byte by byte. usage: run_import_tests.py VIGIL GENERATE_POPULATION [ROUNDS]"""
import gzip
import json
import os
import pathlib
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time

VIGIL, GENERATE = sys.argv[1:3]
ROUNDS = int(sys.argv[3]) if len(sys.argv) > 3 else 12
failures = []


def check(holds, what):
    if not holds:
        failures.append(what)
        print('FAILED:', what)


def run_import(source, store, *options):
    return subprocess.run([VIGIL, 'import', str(source), '--store', str(store), *options], capture_output=True, text=True)


def data_of(store):
    return {p.name: p.read_bytes() for p in sorted(store.iterdir()) if p.suffix in ('.data', '.index')}


def resident_mb(*arguments):
    """The largest resident size of a run of the program."""
    child = subprocess.Popen([VIGIL, *map(str, arguments)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, status, usage = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(status)
    check(child.returncode == 0, f'vigil {arguments[0]} ends well')
    return usage.ru_maxrss / 1024


def check_memory(folder):
    """Memory stays within what was allowed, however many patients there are: mapped files too, which it reads all of."""
    rules = folder / 'one.vigil'
    rules.write_text('library One\nusing FHIR version \'4.0.1\'\ncontext Patient\n'
                     'rule "Many drugs" on \'order-sign\' when Count([MedicationRequest]) > 5 alert \'many\'\n')
    sizes = {}
    for patients in (10_000, 40_000):
        source, store = folder / f'{patients}', folder / f'{patients}.store'
        subprocess.run([GENERATE, '--patients', str(patients), '--out', str(source)], check=True, capture_output=True)
        sizes[patients] = (resident_mb('import', source, '--store', store, '--memory', 16, '--threads', 1),
                           resident_mb('replay', rules, '--store', store, '--out', folder / f'{patients}.out',
                                       '--threads', 1, '--format', 'none'))
        shutil.rmtree(source)
    # Buffers wait for the disk: how many, differs. What was read and kept mapped came to 185 MB more.
    grown = [large - small for small, large in zip(*sizes.values())]
    check(grown[0] < 64, f'an import of four times the patients takes {grown[0]:.0f} MB more')
    check(grown[1] < 64, f'a replay of four times the patients takes {grown[1]:.0f} MB more')
    print(f'resident MB of import and replay: {sizes}')


def kill_after(seconds, source, store, options):
    """True where the import was killed before its end."""
    process = subprocess.Popen([VIGIL, 'import', str(source), '--store', str(store), *options],
                               stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        process.wait(seconds)
        return False
    except subprocess.TimeoutExpired:
        process.send_signal(signal.SIGKILL)
        process.wait()
        return True


def main(folder):
    source = folder / 'population'
    subprocess.run([GENERATE, '--patients', '3000', '--seed', '7', '--out', str(source)], check=True, capture_output=True)
    again = folder / 'again'
    subprocess.run([GENERATE, '--patients', '3000', '--seed', '7', '--out', str(again)], check=True, capture_output=True)
    check(all((again / p.name).read_bytes() == p.read_bytes() for p in source.iterdir()), 'a seed gives the same patients')

    whole = folder / 'whole'
    begin = time.monotonic()
    result = run_import(source, whole)
    duration = time.monotonic() - begin
    check(result.returncode == 0, 'the import ends well: ' + result.stderr)
    check('3000 patients' in result.stdout, 'all patients are there')
    expected = data_of(whole)
    manifest = json.loads((whole / 'manifest.json').read_text())
    for name, t in manifest['totals'].items():
        check(t['read'] == t['kept'] + t['repeated'] + t['rejected'] + t['outOfScope'], f'{name} reconciles')
        check(t['kept'] == t['read'], f'all {name} are kept')

    random.seed(11)
    kills = 0
    options = ['--memory', '1', '--threads', '2']
    for number in range(ROUNDS):
        store = folder / f'killed-{number}'
        longest = duration * 2
        while kill_after(random.uniform(0.005, longest), source, store, options):
            kills += 1
            longest *= 1.1  # the machine may have become slower: it comes to an end all the same
            if (store / 'manifest.json').exists():
                check(data_of(store) == expected, 'where there is a manifest, all is there')
        check(data_of(store) == expected, f'round {number}: the same store after kills')
        check(not (store / 'import.journal').exists(), 'the journal is gone')
        shutil.rmtree(store)
    check(kills > 0, 'some import was killed')

    shuffled = folder / 'shuffled'
    shuffled.mkdir()
    lines = [line for p in sorted(source.iterdir()) for line in p.read_bytes().splitlines(keepends=True)]
    random.shuffle(lines)
    for part in range(3):
        (shuffled / f'part{part}.ndjson.gz').write_bytes(gzip.compress(b''.join(lines[part::3]), 1))
    result = run_import(shuffled, folder / 'from-shuffled', '--threads', '3')
    check(result.returncode == 0, 'the import of shuffled lines ends well: ' + result.stderr)
    check(data_of(folder / 'from-shuffled') == expected, 'shuffled lines give the same store')

    check(run_import(source, whole).returncode == 2, 'a finished store is not written over')
    check(run_import(folder / 'nowhere', folder / 'x').returncode == 2, 'a source that is not there is wrong use')
    with open(shuffled / 'broken.ndjson', 'w', encoding='utf-8') as file:
        file.write('{"resourceType":"Patient","id":"z"}\n{"resourceType":\n')
    result = run_import(shuffled, folder / 'with-reject', '--progress')
    check('VGL1311' in result.stderr, 'rejects are told')
    reject = json.loads((folder / 'with-reject' / 'rejects.ndjson').read_text())
    check(reject['file'] == 'broken.ndjson' and reject['line'] == 2, 'a reject has its place')
    print(f'{ROUNDS} stores, {kills} kills')
    if os.environ.get('VIGIL_SANITIZED'):
        print('memory: skipped, built with sanitizers')
    else:
        check_memory(folder)


with tempfile.TemporaryDirectory() as name:
    main(pathlib.Path(name))
sys.exit(1 if failures else 0)
