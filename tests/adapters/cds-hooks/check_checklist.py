#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Holds CHECKLIST.md to the tests: each of the 110 points has a row, and what a row says of a *_test.cpp is there."""
import pathlib
import re
import sys

here = pathlib.Path(__file__).parent
rows = {int(n): where for n, where in re.findall(r'^\| (\d+) \|[^|]*\| ([^|]+) \|$', (here / 'CHECKLIST.md').read_text(), re.M)}
named = {}
for path in here.glob('*_test.cpp'):
    for title in re.findall(r'TEST_CASE\("points? ([^:]+):', path.read_text()):
        for part in re.split(r', | and ', title):
            first, _, last = part.partition(' to ')
            for number in range(int(first), int(last or first) + 1):
                named.setdefault(number, set()).add(path.name)

problems = [f'point {n} has no row' for n in range(1, 111) if n not in rows]
for number, where in sorted(rows.items()):
    for name in re.findall(r'\w+_test\.cpp', where):
        elsewhere = [int(n) for n in re.findall(r'point (\d+)', where)]
        if all(name not in named.get(n, set()) for n in [number, *elsewhere]) and ':' not in where:
            problems.append(f'point {number}: no test of {name} is named by it')
problems += [f'point {n} is tested in {", ".join(sorted(files))}, which its row does not say'
             for n, files in sorted(named.items()) if not any(f in rows.get(n, '') for f in files)]
print('\n'.join(problems) or f'{len(rows)} points, {len(named)} named by tests')
sys.exit(1 if problems else 0)
