#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Runs `vigil serve` as its operators meet it: run_operator_tests.py PROGRAM SOURCE_DIR."""
import json
import os
import pathlib
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import unittest

from serve_support import PATIENCE, Service, example_call, wait_until

PROGRAM, SOURCE = sys.argv[1], pathlib.Path(sys.argv[2])
PATIENTS = SOURCE / 'examples' / 'patients'


def cards_of(response):
    assert response.status == 200, (response.status, response.text)
    return json.loads(response.text)['cards']


class Operators(unittest.TestCase):
    def admin(self, path, method, command):
        with socket.socket(socket.AF_UNIX) as raw:
            raw.settimeout(PATIENCE)
            raw.connect(str(path))
            raw.sendall(f'{method} {command} HTTP/1.1\r\nHost: vigil\r\n\r\n'.encode())
            text = b''
            while part := raw.recv(4096):
                text += part
        return int(text.split()[1])

    def test_commands(self):
        folder = pathlib.Path(tempfile.mkdtemp(prefix='vigil-operators-'))
        rules = folder / 'r.vigil'

        def write(text):
            rules.write_text("library R\nusing FHIR version '4.0.1'\ncontext Patient\nrule \"R\"\n  on 'patient-view'\n"
                             f"  when true\n  tier passive\n  alert '{text}'\n")
        write('one')
        service = Service(PROGRAM, '[server]\nlisten = "127.0.0.1:0"\nadmin_socket = "admin.sock"\n[[pack]]\nid = "vigil"\n'
                          'rules = ["r.vigil"]\n', folder=folder)
        path = folder / 'admin.sock'
        self.assertEqual(path.stat().st_mode & 0o777, 0o600)
        call = {'hook': 'patient-view', 'hookInstance': 'x', 'context': {'userId': 'P/1', 'patientId': 'p'},
                'prefetch': {'patient': {'resourceType': 'Patient', 'id': 'p'}}}

        def said():
            return cards_of(service.call(call))[0]['summary']
        self.assertEqual(self.admin(path, 'POST', '/rollback'), 409)
        write('two')
        self.assertEqual(self.admin(path, 'POST', '/reload'), 200)
        self.assertEqual(said(), 'two')
        self.assertEqual(self.admin(path, 'POST', '/rollback'), 200)
        self.assertEqual(said(), 'one')
        rules.write_text('rule nonsense')
        self.assertEqual(self.admin(path, 'POST', '/reload'), 409)
        self.assertEqual(said(), 'one')
        self.assertEqual(self.admin(path, 'POST', '/drain'), 200)
        self.assertEqual(service.request('GET', '/readyz').status, 503)
        self.assertEqual(said(), 'one')
        self.assertEqual(self.admin(path, 'POST', '/undrain'), 200)
        self.assertEqual(service.request('GET', '/readyz').status, 200)
        self.assertEqual(self.admin(path, 'GET', '/status'), 200)
        self.assertEqual(self.admin(path, 'GET', '/reload'), 405)
        self.assertEqual(self.admin(path, 'POST', '/level/all'), 200)
        self.assertEqual(self.admin(path, 'POST', '/level/loud'), 404)
        said()
        self.assertIn('"event":"request"', service.output())
        metrics = service.request('GET', '/metrics').text
        self.assertIn('vigil_rule_results_total{pack="vigil",version="",rule="R.R",outcome="fired"}', metrics)
        self.assertEqual(service.stop(), 0)
        self.assertFalse(path.exists())

    def test_a_client_that_sends_too_many_is_told_to_wait(self):
        service = Service(PROGRAM, '[server]\nlisten = "127.0.0.1:0"\nrequests_per_second = 1\nburst = 30\n')
        call = example_call(service, PATIENTS / 'nothing-to-say.json', 'order-sign')

        def status(body=json.dumps(call)):
            return service.request('POST', '/cds-services/vigil-order-sign', body).status
        self.assertEqual([status() for _ in range(30)], [200] * 30)
        # However slow the machine is, it answers more than one call a second.
        self.assertTrue(wait_until(lambda: status() == 429))
        self.assertEqual(service.request('GET', '/cds-services').status, 200)
        self.assertTrue(wait_until(lambda: status() == 200))
        self.assertEqual(service.stop(), 0)


class Files(unittest.TestCase):
    def test_a_rotated_log_goes_on_in_a_new_file(self):
        service = Service(PROGRAM, '[log]\nfile = "log.jsonl"\nrequests = "all"\n')
        log, rotated = service.folder / 'log.jsonl', service.folder / 'log.jsonl.1'
        log.rename(rotated)
        service.process.send_signal(signal.SIGHUP)
        self.assertTrue(wait_until(lambda: log.exists() and 'reloaded' in log.read_text()))
        size = rotated.stat().st_size
        service.call({'hook': 'patient-view'})
        self.assertIn('"event":"request"', log.read_text())
        self.assertEqual(rotated.stat().st_size, size)
        log.unlink()
        log.mkdir()  # cannot be opened: lines go to standard error, and calls are answered
        service.process.send_signal(signal.SIGHUP)
        self.assertTrue(wait_until(lambda: 'reloaded' in service.output()))
        self.assertEqual(service.request('GET', '/readyz').status, 200)
        self.assertEqual(service.stop(), 0)

    def test_files_that_are_of_no_use_are_told_before_anything_is_served(self):
        folder = pathlib.Path(tempfile.mkdtemp())
        (folder / 'file').write_text('')
        for settings, arguments, told in [
                ('[server.tls]\ncertificate = "none.pem"\nkey = "none.key"\n', ['--check'], 'the certificate'),
                ('[fhir]\nca_file = "none.pem"\n', ['--check'], 'the certificates'),
                ('[log]\nfile = "file/log.jsonl"\n', [], 'the log cannot be written')]:
            with self.subTest(told):
                config = folder / 'vigil.toml'
                config.write_text(settings)
                run = subprocess.run([PROGRAM, 'serve', '--config', config, *arguments], capture_output=True, text=True,
                                     timeout=PATIENCE, check=False)
                self.assertEqual(run.returncode, 2, run.stderr)
                self.assertIn('error[VGL1201]: ' + told, run.stderr)
                self.assertNotIn('please report', run.stderr)


    def test_what_cannot_be_made_at_start_is_told_before_it_listens(self):
        folder = pathlib.Path(tempfile.mkdtemp())
        (folder / 'notes').write_text('to be kept')
        taken = socket.socket()
        taken.bind(('127.0.0.1', 0))
        taken.listen()
        self.addCleanup(taken.close)
        served = '[log]\nfile = "log.jsonl"\n[server]\nlisten = "127.0.0.1:0"\n'
        for settings, told in [
                (served + 'admin_socket = "none/admin.sock"\n', 'cannot be made: No such file or directory'),
                (served + 'admin_socket = "notes"\n', 'a file that is no socket is there'),
                (served + f'admin_socket = "{"x" * 120}"\n', 'path is too long'),
                (served.replace(':0', f':{taken.getsockname()[1]}'), 'cannot listen on'),
                (served + '[decisions]\nfile = "none/decisions.db"\n', 'decisions.db'),
                (served + '[activation]\nfolder = "notes"\n[trust]\nunsigned = true\n', 'notes cannot be used')]:
            with self.subTest(told):
                config = folder / 'vigil.toml'
                config.write_text(settings)
                run = subprocess.run([PROGRAM, 'serve', '--config', config], capture_output=True, text=True, timeout=PATIENCE,
                                     check=False)
                self.assertEqual(run.returncode, 2, run.stderr)
                self.assertIn(told, run.stderr)
                self.assertNotIn('listening', run.stdout + (folder / 'log.jsonl').read_text())
        self.assertEqual((folder / 'notes').read_text(), 'to be kept')


class Alone(unittest.TestCase):
    """The program away from its knowledge base, as after a copy of the one file."""

    def test_it_is_told_that_no_drug_will_be_recognised(self):
        folder = pathlib.Path(tempfile.mkdtemp())
        program = shutil.copy(PROGRAM, folder / 'vigil')
        rules = folder / 'rules.vigil'
        rules.write_text("library Alone version '1.0.0'\nusing FHIR version '4.0.1'\ncontext Patient\n"
                         "rule \"Any\"\n  on 'order-sign'\n  for ordered [MedicationRequest] New\n  alert 'x'\n",
                         encoding='utf-8')
        config = folder / 'vigil.toml'
        config.write_text(f'[[pack]]\nid = "alone"\nrules = ["{rules}"]\n', encoding='utf-8')
        environment = {name: value for name, value in os.environ.items() if name != 'VIGIL_KNOWLEDGE'}
        checked = subprocess.run([program, 'serve', '--config', config, '--check'], capture_output=True, text=True,
                                 env=environment, timeout=PATIENCE, check=False)
        self.assertEqual(checked.returncode, 0, checked.stderr)
        self.assertIn('no knowledge base was found', checked.stderr)
        checked = subprocess.run([PROGRAM, 'serve', '--config', config, '--check'], capture_output=True, text=True,
                                 env=environment, timeout=PATIENCE, check=False)
        self.assertNotIn('no knowledge base was found', checked.stderr)


if __name__ == '__main__':
    unittest.main(argv=[sys.argv[0], *sys.argv[3:]], verbosity=1)
