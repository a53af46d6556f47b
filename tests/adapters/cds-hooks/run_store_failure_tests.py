#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Runs `vigil serve` while the store of its decisions fails: run_store_failure_tests.py PROGRAM SOURCE_DIR. What the service
promises of each failure is in docs/recipes/operate-the-service.md."""
import json
import pathlib
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import unittest

from serve_support import Service, cards_of, example_call, wait_until

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / 'support'))
from postgres_support import Postgres, find_server  # noqa: E402

PROGRAM, SOURCE = sys.argv[1], pathlib.Path(sys.argv[2])
PATIENTS = SOURCE / 'examples' / 'patients'


def new_folder():
    return pathlib.Path(tempfile.mkdtemp(prefix='vigil-store-'))


def settings_of(decisions):
    return f'[server]\nlisten = "127.0.0.1:0"\n[decisions]\n{decisions}\n'


def log(command, place, *arguments):
    return subprocess.run([PROGRAM, 'log', command, str(place), *arguments], capture_output=True, text=True, check=False,
                          timeout=120)


def call_until(service, wanted, tries=400):
    """The first answer that is wanted; None where none of so many is."""
    call = json.dumps(example_call(service, PATIENTS / 'ibuprofen-on-warfarin.json', 'order-sign'))
    for _ in range(tries):
        response = service.request('POST', '/cds-services/vigil-order-sign', call)
        if wanted(response):
            return response
    return None


def events(service, *names):
    lines = [json.loads(line) for line in service.err_path.read_text(encoding='utf-8').splitlines() if line.startswith('{')]
    return [line for line in lines if line['event'] in names]


class SqliteFails(unittest.TestCase):
    def test_a_full_disk_withholds_answers_and_says_so(self):
        folder = new_folder()
        service = Service(PROGRAM, settings_of('file = "decisions.db"'), folder=folder, max_file=600_000)
        response = call_until(service, lambda r: r.status == 503)
        self.assertIsNotNone(response)
        self.assertIn('could not be recorded', response.text)
        self.assertEqual(response.headers['Retry-After'], '1')
        self.assertEqual(service.request('GET', '/readyz').status, 503)
        self.assertEqual(service.request('GET', '/livez').status, 200)
        metrics = service.request('GET', '/metrics').text
        self.assertIn('vigil_decisions_writable 0', metrics)
        self.assertTrue(wait_until(lambda: events(service, 'decisions_stopped')))
        for _ in range(20):
            call_until(service, lambda _: True)
        failed = [line for line in events(service, 'request') if line['status'] == 503]
        self.assertGreater(len(failed), 0)
        self.assertEqual({line['refusal'] for line in failed}, {'not recorded'})
        self.assertEqual(service.stop(), 0)
        told = events(service, 'decisions_stopped', 'decisions_resumed')
        self.assertEqual([(line['level'], line['event']) for line in told], [('error', 'decisions_stopped')])
        self.assertEqual(log('verify', folder / 'decisions.db').returncode, 0)

    def test_a_full_disk_with_drop_answers_and_counts(self):
        folder = new_folder()
        service = Service(PROGRAM, settings_of('file = "decisions.db"\nwhen_full = "drop"'), folder=folder, max_file=600_000)

        def is_dropping(_):
            return 'vigil_decisions_dropped_total 0' not in service.request('GET', '/metrics').text
        response = call_until(service, is_dropping)
        self.assertIsNotNone(response)
        self.assertIn('warfarin', cards_of(response)[0]['summary'])
        self.assertEqual(service.stop(), 0)
        self.assertEqual(log('verify', folder / 'decisions.db').returncode, 0)

    def test_a_store_that_is_gone_is_noticed(self):
        folder = new_folder()
        (folder / 'store').mkdir()
        service = Service(PROGRAM, '[server]\nlisten = "127.0.0.1:0"\n[decisions]\nfile = "store/d.db"\n', folder=folder)
        self.assertIsNotNone(call_until(service, lambda r: r.status == 200))
        shutil.rmtree(folder / 'store')
        self.assertIsNotNone(call_until(service, lambda r: r.status == 503))
        self.assertEqual(service.request('GET', '/readyz').status, 503)
        self.assertEqual(service.stop(), 0)

    def test_a_full_disk_that_has_room_again_is_written_to_again(self):
        folder = new_folder()
        service = Service(PROGRAM, settings_of('file = "decisions.db"\npatience_ms = 2000'), folder=folder)
        self.assertIsNotNone(call_until(service, lambda r: r.status == 200))
        with sqlite3.connect(folder / 'decisions.db', isolation_level=None) as other:
            other.execute('BEGIN IMMEDIATE')  # nobody else writes, as on a disk that hangs
            self.assertIsNotNone(call_until(service, lambda r: r.status == 503))
            self.assertEqual(service.request('GET', '/readyz').status, 503)
            other.execute('ROLLBACK')
        self.assertTrue(wait_until(lambda: service.request('GET', '/readyz').status == 200))
        self.assertIsNotNone(call_until(service, lambda r: r.status == 200, tries=1))
        self.assertTrue(wait_until(lambda: events(service, 'decisions_resumed')))
        told = events(service, 'decisions_stopped', 'decisions_resumed')
        self.assertEqual([line['event'] for line in told], ['decisions_stopped', 'decisions_resumed'])
        self.assertEqual(set(told[0]), {'time', 'level', 'event', 'refused', 'dropped'})
        self.assertEqual(service.stop(), 0)
        self.assertEqual(log('verify', folder / 'decisions.db').returncode, 0)

    def test_what_is_no_log_is_refused_at_the_start(self):
        folder = new_folder()
        (folder / 'decisions.db').write_text('this is no database, and longer than a header is' * 10)
        (folder / 'vigil.toml').write_text(settings_of('file = "decisions.db"'))
        run = subprocess.run([PROGRAM, 'serve', '--config', str(folder / 'vigil.toml')], capture_output=True, text=True,
                             check=False, timeout=60)
        self.assertEqual(run.returncode, 2)
        self.assertIn('VGL1211', run.stderr)


class Codes(unittest.TestCase):
    """What `vigil log` says of logs it cannot use."""

    def test_each_mistake_has_its_code(self):
        folder = new_folder()
        (folder / 'empty.db').touch()
        (folder / 'no.key').write_text('CANARY')
        for code, run in (('VGL1211', log('verify', folder / 'none' / 'd.db')),
                          ('VGL1212', log('verify', folder / 'empty.db', '--key-file', str(folder / 'no.key'))),
                          ('VGL1213', log('show', folder / 'empty.db')),
                          ('VGL1215', log('verify', folder / 'empty.db', '--anchor', '4711'))):
            with self.subTest(code):
                self.assertEqual(run.returncode, 2)
                self.assertIn(code, run.stderr)
                self.assertNotIn('CANARY', run.stderr)

    def test_a_purge_that_fails_changes_nothing(self):
        folder = new_folder()
        service = Service(PROGRAM, settings_of('file = "decisions.db"'), folder=folder)
        self.assertIsNotNone(call_until(service, lambda r: r.status == 200))
        self.assertEqual(service.stop(), 0)
        with sqlite3.connect(folder / 'decisions.db') as database:
            database.execute("CREATE TRIGGER stuck BEFORE UPDATE ON chain BEGIN SELECT RAISE(ABORT, 'stuck'); END")
        run = log('purge', folder / 'decisions.db', '--keep-days', '1')
        self.assertEqual(run.returncode, 2)
        self.assertIn('VGL1214', run.stderr)
        self.assertEqual(log('verify', folder / 'decisions.db').returncode, 0)


@unittest.skipUnless(find_server(), 'no PostgreSQL server that this user may start')
class PostgresFails(unittest.TestCase):
    def setUp(self):
        self.postgres = Postgres()
        self.addCleanup(self.postgres.close)

    def settings(self, more=''):
        return settings_of(f'database = "{self.postgres.url}"\ninstance = "a"\npatience_ms = 3000\n{more}')

    def verified(self):
        return log('verify', self.postgres.url, '--instance', 'a')

    def test_stopped_and_started_again(self):
        service = Service(PROGRAM, self.settings())
        self.assertIsNotNone(call_until(service, lambda r: r.status == 200))
        self.postgres.stop()
        response = call_until(service, lambda r: r.status == 503)
        self.assertIsNotNone(response)
        self.assertIn('could not be recorded', response.text)
        self.assertEqual(service.request('GET', '/readyz').status, 503)
        self.assertEqual(service.request('GET', '/livez').status, 200)
        self.assertEqual(service.request('GET', '/cds-services').status, 200)
        self.postgres.start()
        self.assertTrue(wait_until(lambda: service.request('GET', '/readyz').status == 200))
        self.assertIsNotNone(call_until(service, lambda r: r.status == 200, tries=1))
        self.assertEqual(service.stop(), 0)
        self.assertEqual(self.verified().returncode, 0)
        self.assertIn('2 decisions', self.verified().stdout)

    def test_with_drop_answers_go_out_and_the_log_says_how_many_are_missing(self):
        service = Service(PROGRAM, self.settings('when_full = "drop"'))
        self.assertIsNotNone(call_until(service, lambda r: r.status == 200))
        self.postgres.stop()
        for _ in range(3):
            self.assertIn('warfarin', cards_of(call_until(service, lambda _: True))[0]['summary'])
        self.assertIn('vigil_decisions_dropped_total 3', service.request('GET', '/metrics').text)
        self.postgres.start()
        self.assertTrue(wait_until(lambda: service.request('GET', '/readyz').status == 200))
        self.assertIsNotNone(call_until(service, lambda r: r.status == 200, tries=1))
        self.assertEqual(service.stop(), 0)
        self.assertEqual(self.verified().returncode, 0)
        self.assertIn('3 dropped', self.verified().stdout)

    def test_a_server_that_is_not_there_ends_the_start_and_its_address_is_not_told(self):
        self.postgres.stop()
        folder = new_folder()
        (folder / 'vigil.toml').write_text(self.settings().replace('user=vigil', 'user=vigil&password=CANARY'))
        run = subprocess.run([PROGRAM, 'serve', '--config', str(folder / 'vigil.toml')], capture_output=True, text=True,
                             check=False, timeout=60)
        self.assertEqual(run.returncode, 2)
        self.assertIn('VGL1211', run.stderr)
        self.assertNotIn('CANARY', run.stderr + run.stdout)


class TheServicesLog(unittest.TestCase):
    def test_one_that_cannot_be_written_costs_no_answer_and_is_told(self):
        service = Service(PROGRAM, '[server]\nlisten = "127.0.0.1:0"\n[log]\nfile = "/dev/full"\nrequests = "all"\n')
        call = example_call(service, PATIENTS / 'ibuprofen-on-warfarin.json', 'order-sign')
        for _ in range(20):
            self.assertIn('warfarin', cards_of(service.call(call))[0]['summary'])
        self.assertTrue(wait_until(lambda: 'No space left on device' in service.err_path.read_text(encoding='utf-8')))
        self.assertEqual(service.request('GET', '/readyz').status, 200)
        self.assertEqual(service.stop(), 0)


if __name__ == '__main__':
    unittest.main(argv=[sys.argv[0], *sys.argv[3:]], verbosity=1)
