#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Rule packs in operation, with the real program: run_activation_tests.py PROGRAM SOURCE_DIR. Packs are activated over the
admin socket, refused, rolled back, kept over a restart."""
import http.client
import json
import pathlib
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import unittest

from activation_support import HEAD, PROGRAM, TEST, PackCase, always, call, rule
from serve_support import PATIENCE, Service, wait_until


class Activation(PackCase):
    def test_activate_rollback_and_restart(self):
        service = self.serve()
        self.assertEqual(self.said(service), ['one'])
        self.assertIn('rules 1.1.0 is in force', self.tell(service, 'activate', self.two))
        self.assertEqual(self.said(service), ['two'])
        self.assertIn('rules 1.1.0 is in force', self.tell(service, 'status'))
        self.assertIn('version="1.1.0"', ''.join(self.metric(service, 'vigil_pack_info')))
        self.tell(service, 'rollback')
        self.assertEqual(self.said(service), ['one'])
        self.tell(service, 'activate', self.two)
        self.assertEqual(self.said(service), ['two'])
        # The last good pack outlives the process, whatever the settings name; and so does what was before it.
        self.assertEqual(service.stop(), 0)
        again = self.serve(folder=service.folder)
        self.assertEqual(self.said(again), ['two'])
        self.tell(again, 'rollback')
        self.assertEqual(self.said(again), ['one'])
        again.stop(9)
        self.assertEqual(self.said(self.serve(folder=service.folder)), ['one'])

    def test_what_is_refused_leaves_the_old_pack(self):
        service = self.serve(pack=self.two, more='[log]\nfile = "svc.log"\n')
        tampered = self.folder / 'tampered.vigilpack'
        tampered.write_bytes(self.pack('2.0.0', always('x')).read_bytes().replace(b"alert 'x'", b"alert 'y'"))
        cut = self.folder / 'cut.vigilpack'
        cut.write_bytes(self.one.read_bytes()[:-600])
        empty = self.folder / 'empty.vigilpack'
        empty.write_bytes(b'')
        refused = [
            ('VGL1247', '1.0.0', self.one),
            ('VGL1247', '1.1.0', self.pack('1.1.0', always('other'))),
            ('VGL1243', '2.0.1', self.pack('2.0.1', always('x'), key=None)),
            ('VGL1243', '2.0.2', self.pack('2.0.2', always('x'), key='other.pem')),
            ('VGL1241', '2.0.3', self.pack('2.0.3', always('x'), name='foreign')),
            # What cannot be read, or not believed, has no version.
            ('VGL1242', '', tampered),
            ('VGL1241', '', cut),
            ('VGL1241', '', empty),
        ]
        for code, _, pack in refused:
            with self.subTest(code=code, pack=pack.name):
                self.assertIn(code, self.tell(service, 'activate', pack, expect=1))
                self.assertEqual(self.said(service), ['two'])
        told = [json.loads(line) for line in (service.folder / 'svc.log').read_text().splitlines()]
        self.assertEqual([(line['level'], line['pack'], line['version'], line['reason'])
                          for line in told if line['event'] == 'pack_refused'],
                         [('warning', 'vigil', version, code) for code, version, _ in refused])
        self.assertIn('is in force', self.tell(service, 'activate', self.one, '--allow-downgrade'))
        self.assertEqual(self.said(service), ['one'])
        # Asked for, it also outlives a restart with the same settings.
        service.stop()
        again = self.serve(folder=service.folder, pack=self.two)
        self.assertEqual(self.said(again), ['one'])

    def test_failed_tests_keep_the_old_pack(self):
        """A pack whose tests pass where it was built, and fail on the knowledge base of the site."""
        folder = pathlib.Path(tempfile.mkdtemp(dir=self.folder))
        rules = (HEAD + "valueset \"S\": 'urn:s'\n" + rule('Always', 'exists ([Condition: "S"])') + "\ntest \"runs\"\n"
                 "  given patient born @1950-01-01, sex 'female'\n    and Condition { code: SNOMEDCT '44054006' }\n"
                 "  when 'patient-view'\n  expect \"Always\" passive\n")
        (folder / 'src').mkdir()
        (folder / 'src' / 'rules.vigil').write_text(rules)
        (folder / 'src' / 'pack.json').write_text(json.dumps(
            {'name': 'rules', 'version': '3.0.0', 'authors': ['T'], 'licence': 'CC0-1.0',
             'requires': {'knowledge': {'name': 'Sets', 'version': '1.0.0'}}}))
        for name, code in ('author', '44054006'), ('site', '38341003'):
            (folder / name / 'sets').mkdir(parents=True)
            (folder / name / 'manifest.json').write_text(
                json.dumps({'name': 'Sets', 'version': '1.0.0', 'value_sets': ['sets']}))
            (folder / name / 'sets' / 's.csv').write_text(f'url,system,code\nurn:s,http://snomed.info/sct,{code}\n')
        pack, old = folder / 'x.vigilpack', folder / 'old.vigilpack'
        self.vigil('pack', 'build', folder / 'src', '--out', pack, '--knowledge', folder / 'author')
        (folder / 'src' / 'rules.vigil').write_text(always('none'))
        manifest = (folder / 'src' / 'pack.json')
        manifest.write_text(manifest.read_text().replace('3.0.0', '2.9.9'))
        self.vigil('pack', 'build', folder / 'src', '--out', old, '--knowledge', folder / 'author')
        for file in pack, old:
            self.vigil('pack', 'sign', file, '--key', self.folder / 'key.pem')
        service = self.serve(pack_more=f'knowledge = ["{folder}/site"]\n', pack=old)
        told = self.tell(service, 'activate', pack, expect=1)
        self.assertIn('VGL1246', told)
        self.assertIn('1 of 1 fail', told)
        self.assertEqual(self.said(service), ['none'])

    def test_activation_under_load_costs_no_request(self):
        service = self.serve()
        body = json.dumps(call('p')).encode()
        failed, seen, ends = [], set(), threading.Event()

        def load():
            connection = http.client.HTTPConnection('127.0.0.1', service.port, timeout=PATIENCE)
            while not ends.is_set():
                try:
                    connection.request('POST', '/cds-services/vigil-patient-view', body,
                                       {'Content-Type': 'application/json'})
                    response = connection.getresponse()
                    text = response.read()
                    if response.status != 200:
                        failed.append((response.status, text))
                    seen.add(json.loads(text)['cards'][0]['summary'])
                except Exception as error:  # noqa: BLE001 - every failure counts
                    failed.append(repr(error))
            connection.close()
        threads = [threading.Thread(target=load) for _ in range(4)]
        for thread in threads:
            thread.start()
        for number in range(10):
            pack = self.pack(f'2.{number}.0', always(f'v{number}'))
            self.tell(service, 'activate', pack)
            wait_until(lambda said=f'v{number}': said in seen or failed)
            self.tell(service, 'rollback')
            self.tell(service, 'activate', pack)
        ends.set()
        for thread in threads:
            thread.join()
        self.assertEqual(failed, [])
        self.assertLessEqual({f'v{number}' for number in range(10)}, seen)
        self.assertEqual(self.said(service), ['v9'])

    def test_the_settings_file_moves_on_but_never_back_by_itself(self):
        service = self.serve()
        self.tell(service, 'activate', self.two)
        service.stop()
        third = self.pack('1.2.0', always('three'))
        again = self.serve(folder=service.folder, pack=third)
        self.assertEqual(self.said(again), ['three'])
        again.stop()
        back = self.serve(folder=service.folder, pack=self.pack('1.0.5', always('older')))
        self.assertEqual(self.said(back), ['three'])
        self.assertIn('VGL1247', back.output())

    def test_folders_give_way_to_a_signed_pack_and_come_back(self):
        folder = pathlib.Path(tempfile.mkdtemp(dir=self.folder))
        (folder / 'r.vigil').write_text(always('folder'))
        settings = ('[server]\nlisten = "127.0.0.1:0"\nadmin_socket = "a.sock"\n'
                    f'[trust]\nkeys = ["{self.folder}/key.pub.pem"]\n[activation]\nfolder = "kept"\n'
                    '[[pack]]\nid = "vigil"\nrules = ["r.vigil"]\n')

        def start():
            service = Service(PROGRAM, settings, folder=folder)
            service.socket = folder / 'a.sock'
            self.addCleanup(service.stop)
            return service
        service = start()
        self.assertEqual(self.said(service), ['folder'])
        self.tell(service, 'activate', self.two)
        self.assertEqual(self.said(service), ['two'])
        service.process.send_signal(signal.SIGHUP)  # reading all anew changes nothing of that
        self.assertTrue(wait_until(lambda: sum(self.metric(service, 'vigil_reloads_total').values()) == 2))
        self.assertEqual(self.said(service), ['two'])
        service.stop()
        again = start()
        self.assertEqual(self.said(again), ['two'])
        self.tell(again, 'rollback')
        self.assertEqual(self.said(again), ['folder'])
        again.stop()
        told = self.vigil('serve', '--config', folder / 'vigil.toml', '--rules', folder / 'r.vigil', '--check')
        self.assertIn('of use', told)

    def test_a_kept_pack_that_is_damaged_gives_way_to_the_one_before(self):
        service = self.serve()
        self.tell(service, 'activate', self.two)
        service.stop()
        digest = json.loads((service.folder / 'kept/state.json').read_text())['current'][0]['active']
        kept = service.folder / 'kept' / f'{digest}.vigilpack'
        kept.write_bytes(kept.read_bytes().replace(b"alert 'two'", b"alert 'tw0'"))
        again = self.serve(folder=service.folder)
        self.assertEqual(self.said(again), ['one'])
        self.assertIn('VGL1242', again.output())

    def test_the_sites_overlay_is_applied_and_must_fit(self):
        folder = pathlib.Path(tempfile.mkdtemp(dir=self.folder))
        (folder / 'site.json').write_text(json.dumps({'site': 'General Hospital', 'changes': [
            {'rule': 'Always', 'silence': True, 'reason': 'told elsewhere', 'by': 'Committee', 'date': '2026-10-01'}]}))
        service = self.serve(folder=folder, pack_more='overlay = "site.json"\n', more='[decisions]\nfile = "d.db"\n')
        self.assertEqual(self.said(service), [])
        # Its decisions are made again with it, and not without.
        replay = ('log', 'replay', folder / 'd.db', '--pack', self.one)
        self.assertIn('1 the same, 0 different', self.vigil(*replay, '--overlay', folder / 'site.json'))
        self.assertIn('0 the same, 1 different', self.vigil(*replay, expect=1))
        # A pack without the rule that the site speaks of is not taken: decisions of a site hold all or not at all.
        renamed = self.pack('1.1.0', always('x').replace('"Always"', '"Renamed"'))
        self.assertIn('`Always` is no rule of these packs', self.tell(service, 'activate', renamed, expect=1))
        self.tell(service, 'activate', self.two)
        self.assertEqual(self.said(service), [])

    def test_the_onc_floor_stands_against_an_overlay(self):
        floor = HEAD + rule('Always', text='floor') + ("  evidence\n    cite 'Phansalkar S, et al. J Am Med Inform Assoc "
                                                       "2012;19(5):735-743, class pair 8'\n") + TEST.format(expected='passive')
        floor = floor.replace('tier passive', 'tier interruptive').replace('"Always" passive', '"Always" interruptive')
        change = {'rule': 'Always', 'off': True, 'reason': 'r', 'by': 'b', 'date': '2026-10-01'}
        for acknowledged, expected in (False, ['floor']), (True, []):
            folder = pathlib.Path(tempfile.mkdtemp(dir=self.folder))
            (folder / 'site.json').write_text(json.dumps(
                {'site': 'S', 'changes': [{**change, 'acknowledge_floor': acknowledged}]}))
            service = self.serve(folder=folder, pack=self.pack('1.0.0', floor), pack_more='overlay = "site.json"\n')
            self.assertEqual(self.said(service), expected)

    def test_settings_are_checked(self):
        folder = pathlib.Path(tempfile.mkdtemp(dir=self.folder))
        shutil.copy(self.one, folder / 'p.vigilpack')
        config = folder / 'vigil.toml'

        def check(text, expect=2):
            config.write_text(text)
            return self.vigil('serve', '--config', config, '--check', expect=expect)
        pack = '[[pack]]\nid = "vigil"\nfile = "p.vigilpack"\n'
        self.assertIn('no key is trusted', check(pack))
        self.assertIn('1 service', check('[trust]\nunsigned = true\n' + pack, expect=0))
        self.assertIn('holds no Ed25519 public key', check(f'[trust]\nkeys = ["{self.folder}/key.pem"]\n' + pack))
        self.assertIn('VGL1243', check(f'[trust]\nkeys = ["{self.folder}/other.pub.pem"]\n' + pack))
        self.assertIn('is a file and rules', check('[trust]\nunsigned = true\n' + pack + 'rules = ["r"]\n'))
        self.assertIn('VGL1202', check('[trust]\nunsigned = true\n[[pack]]\nid = "v"\nfile = "none"\n'))

    def test_a_wish_that_would_not_be_heard_is_refused(self):
        """What is left of it would be an order to put the pack in force for all."""
        service = self.serve()
        # A client that nobody is: the canary would meet no call, and seem to do well.
        self.assertIn('`https://ehr.example.org/` is no client of this service',
                      self.tell(service, 'activate', self.two, '--stage', 'canary', '--client', 'https://ehr.example.org/', expect=1))
        for arguments in (('activate', self.two, '--share', '5'), ('activate', self.two, '--client', 'https://ehr.example.org/'),
                          ('activate', self.two, '--stage', 'shadow', '--share', '5')):
            self.assertIn('of a canary', self.tell(service, *arguments, expect=1))
        self.assertEqual(self.said(service), ['one'])
        self.tell(service, 'activate', self.two, '--stage', 'shadow')
        self.assertIn('is no client', self.tell(service, 'stage', 'canary', '--share', '5', '--client', 'https://ehr.example.org', expect=1))
        self.assertIn('of a canary', self.tell(service, 'stage', 'active', '--share', '5', expect=1))
        self.assertEqual(self.said(service), ['one'])

        def curl(path):
            return subprocess.run(['curl', '-s', '--unix-socket', service.socket, '--data-binary', f'@{self.two}',
                                   f'http://vigil{path}'], capture_output=True, text=True, check=True).stdout
        if shutil.which('curl'):
            self.assertIn('`stge` is no parameter of /activate', curl('/activate?stge=shadow'))
            self.assertIn('`stage` stands twice', curl('/activate?stage=shadow&stage=active'))
            self.assertIn('`share` is no parameter of /withdraw', curl('/withdraw?share=5'))
        self.assertEqual(self.said(service), ['one'])

    def test_of_two_candidates_the_one_meant_is_named(self):
        other = {version: self.pack(version, always('other ' + version), name='other') for version in ('1.0.0', '1.1.0')}
        folder = pathlib.Path(tempfile.mkdtemp(dir=self.folder))
        shutil.copy(other['1.0.0'], folder / 'other.vigilpack')
        service = self.serve(folder, pack_more='[[pack]]\nid = "second"\nfile = "other.vigilpack"\n',
                             more='[log]\nfile = "svc.log"\n')
        for file in (self.two, other['1.1.0']):
            self.tell(service, 'activate', file, '--stage', 'shadow')
        for arguments in (('stage', 'active'), ('withdraw',)):
            self.assertIn('several packs have a candidate', self.tell(service, *arguments, expect=1))
        self.tell(service, 'stage', 'active', '--pack', 'second')
        self.assertEqual(self.said(service), ['one'])
        self.assertIn('rules 1.1.0 shadows', self.tell(service, 'status'))
        self.tell(service, 'withdraw')
        self.assertIn('no pack of this service', self.tell(service, 'activate', self.pack('7.0.0', always('x'), name='third'), expect=1))
        told = [json.loads(line) for line in (folder / 'svc.log').read_text().splitlines()]
        self.assertIn(('', '7.0.0', 'no place'), [(line['pack'], line['version'], line['reason'])
                                                  for line in told if line['event'] == 'pack_refused'])

    def test_without_a_folder_nothing_is_activated(self):
        service = Service(PROGRAM, '[server]\nadmin_socket = "a.sock"\nlisten = "127.0.0.1:0"\n[trust]\nunsigned = true\n')
        service.socket = service.folder / 'a.sock'
        self.addCleanup(service.stop)
        self.assertIn('[activation] folder', self.tell(service, 'activate', self.one, expect=1))
        self.assertIn('no service answers', self.vigil('pack', 'rollback', '--socket', self.folder / 'none', expect=2))

    def test_curl_is_an_admin_client_too(self):
        if shutil.which('curl') is None:
            self.skipTest('no curl')
        service = self.serve()

        def curl(*arguments):
            result = subprocess.run(['curl', '-sS', '--unix-socket', service.socket, *arguments], capture_output=True,
                                    text=True, timeout=60)
            return result.stdout
        self.assertIn('rules 1.1.0 shadows', curl('--data-binary', f'@{self.two}', 'http://vigil/activate?stage=shadow'))
        self.assertIn('rules 1.1.0 shadows', curl('http://vigil/packs'))
        self.assertIn('in force', curl('-X', 'POST', 'http://vigil/stage?stage=active'))
        self.assertEqual(self.said(service), ['two'])


if __name__ == '__main__':
    unittest.main(argv=[sys.argv[0], *sys.argv[3:]], verbosity=1)
