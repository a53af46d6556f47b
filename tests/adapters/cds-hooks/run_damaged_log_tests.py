#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Alters rows of a decision log, and runs `vigil log` and `vigil serve` on it: run_damaged_log_tests.py PROGRAM SOURCE_DIR."""
import json
import sqlite3
import sys
import unittest

from decision_log_support import PROGRAM, SOURCE, log, new_folder, settings_of
from serve_support import Service, cards_of, example_call

PATIENT = SOURCE / 'examples' / 'patients' / 'ibuprofen-on-warfarin.json'


def give_feedback(service, card, time='2026-11-22T09:30:00Z'):
    response = service.request('POST', '/cds-services/vigil-order-sign/feedback', {'feedback': [
        {'card': card['uuid'], 'outcome': 'overridden', 'outcomeTimestamp': time}]})
    assert response.status == 200, response.text


class AlteredRows(unittest.TestCase):
    """A log of two decisions, rows 1 and 2, and the feedback on each, rows 3 and 4."""

    def setUp(self):
        self.folder = new_folder()
        service = Service(PROGRAM, settings_of(), folder=self.folder)
        self.cards = [cards_of(service.call(example_call(service, PATIENT, 'order-sign')))[0] for _ in range(2)]
        for card in self.cards:
            give_feedback(service, card)
        self.assertEqual(service.stop(), 0)
        self.database = sqlite3.connect(self.folder / 'decisions.db')
        self.addCleanup(self.database.close)
        self.database.execute('DROP TRIGGER record_is_not_changed')

    def open_text(self, number):
        return json.loads(self.database.execute('SELECT open FROM record WHERE number = ?', [number]).fetchone()[0])

    def alter(self, number, text):
        with self.database:
            self.database.execute('UPDATE record SET open = ? WHERE number = ?', (text, number))

    def test_decisions_are_told_and_the_others_are_read(self):
        decision = self.open_text(1)
        outcomes = [5, None, 'x', [], [[1]], {'fired': 5}, {'fired': [5]}, {'fired': {'L': 5}}, {'fired': {'L': [[5]]}}]
        for text in ['', 'null', '5', '[]', 'no JSON', '{"outcomes":' + '[' * 100_000 + ']' * 100_000 + '}',
                     *(json.dumps({**decision, 'outcomes': one}) for one in outcomes)]:
            with self.subTest(text[:200]):
                self.alter(1, text)
                shown = log('show', self.folder)
                self.assertIn('"number":2', shown.stdout)
                self.assertNotIn('VGL1201', shown.stderr)
                replayed = log('replay', self.folder)
                self.assertEqual(replayed.returncode, 1)
                self.assertIn('1 the same, 0 different', replayed.stdout)
                self.assertEqual(len(log('feedback', self.folder).stdout.splitlines()), 2)
                self.assertIn('row 1 was altered', log('verify', self.folder).stdout)

    def test_feedback_is_told_and_the_rest_is_read(self):
        feedback = self.open_text(3)
        for text in ['', 'null', '5', '[]', 'no JSON', '[' * 100_000 + ']' * 100_000, '{}',
                     *(json.dumps({**feedback, 'items': one}) for one in (5, 'x', [5], [[1]], {'a': 1}, None))]:
            with self.subTest(text[:200]):
                self.alter(3, text)
                told = log('feedback', self.folder)
                self.assertEqual(told.returncode, 1)
                self.assertEqual(told.stderr, '1 row does not hold what a log writes: `vigil log verify` says whether it was '
                                              'altered\n')
                self.assertEqual(json.loads(told.stdout)['card'], self.cards[1]['uuid'])
                found = log('show', self.folder, '--card', self.cards[0]['uuid'])
                self.assertNotIn('VGL1201', found.stderr)
                self.assertEqual([json.loads(line)['number'] for line in found.stdout.splitlines()], [1])

    def test_a_service_goes_on_behind_them(self):
        self.alter(1, json.dumps({**self.open_text(1), 'client': 5, 'cards': [5, None, self.cards[0]['uuid']]}))
        with self.database:
            self.database.execute('UPDATE indexed SET through = 0')  # as after kill -9
        service = Service(PROGRAM, settings_of(), folder=self.folder)
        for card in self.cards:
            give_feedback(service, card, '2026-11-22T09:45:00Z')
        cards_of(service.call(example_call(service, PATIENT, 'order-sign')))
        self.assertEqual(service.stop(), 0)
        joined = [json.loads(line).get('decision') for line in log('feedback', self.folder).stdout.splitlines()]
        self.assertEqual(joined, [1, 2, None, 2])


if __name__ == '__main__':
    unittest.main(argv=[sys.argv[0], *sys.argv[3:]], verbosity=1)
