#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What a rollback goes to, with the real program: run_rollback_tests.py PROGRAM SOURCE_DIR. What was rolled back from comes
back by `pack activate` alone."""
import json
import pathlib
import shutil
import signal
import sys
import tempfile
import unittest

from activation_support import PROGRAM, PackCase, always
from serve_support import Service, wait_until

NOTHING = 'there is nothing further back'


class Rollback(PackCase):
    def refuses_rollback(self, service, said):
        self.assertIn(NOTHING, self.tell(service, 'rollback', expect=1))
        self.assertEqual(self.said(service), said)

    def reload(self, service):
        before = sum(self.metric(service, 'vigil_reloads_total').values())
        service.process.send_signal(signal.SIGHUP)
        self.assertTrue(wait_until(lambda: sum(self.metric(service, 'vigil_reloads_total').values()) > before))

    def test_the_pack_rolled_back_from_comes_back_by_activation_only(self):
        service = self.serve()
        self.refuses_rollback(service, ['one'])
        self.tell(service, 'activate', self.two)
        self.assertIn('rules 1.0.0 is in force', self.tell(service, 'rollback'))
        self.refuses_rollback(service, ['one'])
        self.reload(service)
        self.refuses_rollback(service, ['one'])
        self.assertEqual(service.stop(), 0)
        again = self.serve(folder=service.folder)
        self.refuses_rollback(again, ['one'])
        self.tell(again, 'activate', self.two)
        self.assertEqual(self.said(again), ['two'])
        self.tell(again, 'rollback')
        self.assertEqual(self.said(again), ['one'])

    def test_a_trial_that_became_active_leaves_no_candidate_behind(self):
        for restarts in False, True:
            with self.subTest(restarts=restarts):
                service = self.serve()
                self.tell(service, 'activate', self.two, '--stage', 'shadow')
                self.tell(service, 'stage', 'canary', '--share', '50')
                self.tell(service, 'stage', 'active')
                if restarts:
                    service.stop()
                    service = self.serve(folder=service.folder)
                self.tell(service, 'rollback')
                self.assertEqual({tuple(self.said(service, f'p{n}')) for n in range(40)}, {('one',)})
                self.assertNotIn('1.1.0', self.tell(service, 'status'))
                self.refuses_rollback(service, ['one'])

    def test_of_a_trial_the_candidate_is_taken_back_whatever_its_stage(self):
        for restarts in False, True:
            with self.subTest(restarts=restarts):
                service = self.serve()
                self.tell(service, 'activate', self.two)
                self.tell(service, 'activate', self.pack('1.2.0', always('three')), '--stage', 'canary', '--share', '10')
                self.tell(service, 'stage', 'canary', '--share', '100')
                self.assertEqual(self.said(service), ['three'])
                if restarts:
                    service.stop()
                    service = self.serve(folder=service.folder)
                self.assertIn('rules 1.2.0 is withdrawn', self.tell(service, 'rollback'))
                self.refuses_rollback(service, ['two'])

    def test_a_candidate_that_was_withdrawn_stays_so(self):
        for restarts in False, True:
            with self.subTest(restarts=restarts):
                service = self.serve()
                self.tell(service, 'activate', self.two)
                self.tell(service, 'activate', self.pack('1.2.0', always('three')), '--stage', 'canary', '--share', '100')
                self.tell(service, 'withdraw')
                if restarts:
                    service.stop()
                    service = self.serve(folder=service.folder)
                self.tell(service, 'rollback')  # what is in force can still be gone back from
                self.refuses_rollback(service, ['one'])

    def test_another_place_keeps_its_candidate(self):
        other = {version: self.pack(version, always('other ' + version), name='other') for version in ('1.0.0', '1.1.0')}
        folder = pathlib.Path(tempfile.mkdtemp(dir=self.folder))
        shutil.copy(other['1.0.0'], folder / 'other.vigilpack')
        service = self.serve(folder, pack_more='[[pack]]\nid = "second"\nfile = "other.vigilpack"\n')
        self.tell(service, 'activate', other['1.1.0'], '--stage', 'shadow')
        self.tell(service, 'activate', self.two)
        self.tell(service, 'rollback')
        self.assertIn('other 1.1.0 shadows', self.tell(service, 'status'))
        self.refuses_rollback(service, ['one'])

    def test_a_file_of_the_settings_that_was_rolled_back_from_is_not_read_again(self):
        service = self.serve()
        shutil.copy(self.two, service.folder / 'p.vigilpack')
        self.reload(service)
        self.assertEqual(self.said(service), ['two'])
        self.tell(service, 'rollback')
        self.assertEqual(self.said(service), ['one'])
        self.reload(service)
        self.refuses_rollback(service, ['one'])
        service.stop()
        again = Service(PROGRAM, (service.folder / 'vigil.toml').read_text(), folder=service.folder)
        again.socket = service.socket
        self.addCleanup(again.stop)
        self.refuses_rollback(again, ['one'])

    def test_a_state_of_before_is_read(self):
        """Where a former service kept a candidate with what was before, a rollback goes to what was in force there."""
        service = self.serve()
        self.tell(service, 'activate', self.two, '--stage', 'shadow')
        self.tell(service, 'stage', 'active')
        service.stop()
        file = service.folder / 'kept/state.json'
        state = json.loads(file.read_text())
        active = state['current'][0]['active']
        state['previous'][0]['candidate'] = {'digest': active, 'stage': 'canary', 'share': 10000, 'clients': []}
        state.pop('tried', None)
        file.write_text(json.dumps(state))
        again = self.serve(folder=service.folder)
        self.tell(again, 'rollback')
        self.refuses_rollback(again, ['one'])


if __name__ == '__main__':
    unittest.main(argv=[sys.argv[0], *sys.argv[3:]], verbosity=1)
