#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A service that would have no rules, with the real program: run_empty_tests.py PROGRAM SOURCE_DIR. It says so, and is not
ready before it has some."""
import json
import os
import pathlib
import shutil
import signal
import subprocess
import sys
import tempfile
import unittest

from activation_support import HEAD, PROGRAM, PackCase, always
from serve_support import Service, wait_until


class Empty(PackCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # A program that stands alone: what is shipped beside it is not there.
        cls.alone = cls.folder / 'alone' / 'bin' / 'a' / 'vigil'
        cls.alone.parent.mkdir(parents=True)
        shutil.copy(PROGRAM, cls.alone)

    def run_alone(self, settings, *arguments, program=None, server='[server]\nlisten = "127.0.0.1:0"\n'):
        folder = pathlib.Path(tempfile.mkdtemp(dir=self.folder))
        (folder / 'vigil.toml').write_text(server + settings)
        (folder / 'no-hook.vigil').write_text(HEAD + 'define "Nothing": true\n')
        run = subprocess.run([program or self.alone, 'serve', '--config', folder / 'vigil.toml', *arguments],
                             capture_output=True, text=True, timeout=120, cwd=folder)
        return run.returncode, run.stdout + run.stderr

    def test_without_rules_and_a_way_to_get_them_nothing_starts(self):
        for arguments in ('--check',), ():
            for settings in '', '[[pack]]\nid = "vigil"\nrules = []\n':
                with self.subTest(arguments=arguments, settings=settings):
                    status, told = self.run_alone(settings, *arguments)
                    self.assertEqual(status, 2, told)
                    self.assertIn('error[VGL1201]: pack `vigil` names no rules, and beside the program is no folder `rules`', told)
                    self.assertIn('--rules', told)
            status, told = self.run_alone('[[pack]]\nid = "vigil"\nrules = ["no-hook.vigil"]\n', *arguments, program=pathlib.Path(PROGRAM).resolve())
            self.assertEqual(status, 2, told)
            self.assertIn('error[VGL1201]: there would be no service: no rule answers a hook', told)

    def test_a_service_that_begins_empty_is_ready_once_a_pack_is_active(self):
        folder = pathlib.Path(tempfile.mkdtemp(dir=self.folder))
        settings = ('[server]\nlisten = "127.0.0.1:0"\nadmin_socket = "a.sock"\n[log]\nfile = "svc.log"\n'
                    f'[trust]\nkeys = ["{self.folder}/key.pub.pem"]\n[activation]\nfolder = "kept"\n')
        status, told = self.run_alone(settings, '--check', server='')
        self.assertEqual(status, 0, told)
        self.assertIn('warning[VGL1201]: there would be no service', told)
        service = Service(str(self.alone), settings, folder=folder,
                          environment={'VIGIL_KNOWLEDGE': str(pathlib.Path(sys.argv[2], 'knowledge-base').resolve())})
        self.addCleanup(service.stop)
        service.socket = folder / 'a.sock'
        ready = service.request('GET', '/readyz')
        self.assertEqual((ready.status, ready.text), (503, 'not ready: no service is active: there are no rules; activate a pack\n'))

        def warnings():
            events = [json.loads(line) for line in (folder / 'svc.log').read_text().splitlines()]
            return [event['level'] for event in events if event['event'] == 'no_service']
        self.assertEqual(warnings(), ['warning'])
        self.tell(service, 'activate', self.one)
        self.assertEqual(service.request('GET', '/readyz').status, 200)
        self.assertEqual(self.said(service), ['one'])
        self.tell(service, 'rollback')
        self.assertEqual(service.request('GET', '/readyz').status, 503)
        self.assertEqual(warnings(), ['warning', 'warning'])

    def test_a_reload_without_rules_keeps_those_there_were(self):
        folder = pathlib.Path(tempfile.mkdtemp(dir=self.folder))
        (folder / 'r.vigil').write_text(always('folder'))
        service = Service(PROGRAM, '[server]\nlisten = "127.0.0.1:0"\n[[pack]]\nid = "vigil"\nrules = ["r.vigil"]\n', folder=folder)
        self.addCleanup(service.stop)
        (folder / 'r.vigil').write_text(HEAD + 'define "Nothing": true\n')
        service.process.send_signal(signal.SIGHUP)
        self.assertTrue(wait_until(lambda: 'vigil_reloads_failed_total 1' in service.request('GET', '/metrics').text))
        self.assertEqual(self.said(service), ['folder'])
        self.assertEqual(service.request('GET', '/readyz').status, 200)
        self.assertIn('answer no hook', service.output())


if __name__ == '__main__':
    os.environ.pop('VIGIL_KNOWLEDGE', None)
    unittest.main(argv=[sys.argv[0], *sys.argv[3:]], verbosity=1)
