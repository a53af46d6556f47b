#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Runs `vigil pack` as makers of packs do: run_pack_tests.py PROGRAM SOURCE_DIR."""
import io
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tarfile
import tempfile
import unittest

PROGRAM, SOURCE = sys.argv[1], pathlib.Path(sys.argv[2])


class Packs(unittest.TestCase):
    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix='vigil-packs-'))
        self.addCleanup(shutil.rmtree, self.folder)

    def run_vigil(self, *arguments, expect=0):
        result = subprocess.run([PROGRAM, 'pack', *map(str, arguments)], capture_output=True, text=True, timeout=60)
        self.assertEqual(result.returncode, expect, result.stdout + result.stderr)
        return result.stdout + result.stderr

    def signed(self):
        pack, key = self.folder / 'a.vigilpack', self.folder / 'k.pem'
        self.run_vigil('build', SOURCE / 'rules/allergy', '--out', pack)
        self.run_vigil('keygen', '--out', key)
        self.run_vigil('sign', pack, '--key', key)
        return pack, key, self.folder / 'k.pub.pem'

    def test_every_shipped_pack_is_built_signed_and_verified(self):
        key = self.folder / 'k.pem'
        self.run_vigil('keygen', '--out', key)
        areas = sorted(p.parent for p in (SOURCE / 'rules').glob('*/pack.json'))
        self.assertGreater(len(areas), 10)
        for area in areas:
            with self.subTest(area.name):
                pack = self.folder / (area.name + '.vigilpack')
                self.run_vigil('build', area, '--include', SOURCE / 'rules', '--out', pack)
                self.run_vigil('sign', pack, '--key', key)
                told = self.run_vigil('verify', pack, '--trust', self.folder / 'k.pub.pem')
                self.assertRegex(told, r'signed by key [0-9a-f]{16}; \d+ tests? passed')

    def test_the_same_folder_gives_the_same_bytes_elsewhere_and_later(self):
        copy = self.folder / 'elsewhere' / 'rules'
        shutil.copytree(SOURCE / 'rules/allergy', copy)
        for file in copy.iterdir():
            os.utime(file, (0, 0))
            file.chmod(0o600)
        for folder, name in (SOURCE / 'rules/allergy', 'one'), (copy, 'two'):
            self.run_vigil('build', folder, '--out', self.folder / name)
        self.assertEqual((self.folder / 'one').read_bytes(), (self.folder / 'two').read_bytes())

    def test_other_tools_read_and_verify_it(self):
        pack, key, public = self.signed()
        with tarfile.open(pack) as archive:
            names = archive.getnames()
            self.assertEqual(names, ['manifest.json', 'signatures.json', 'README.md', 'problem_list_allergy.vigil',
                                     'recorded_allergy.vigil'])
            manifest = archive.extractfile('manifest.json').read()
            signature = json.load(archive.extractfile('signatures.json'))['signatures'][0]
        (self.folder / 'manifest').write_bytes(manifest)
        (self.folder / 'signature').write_bytes(bytes.fromhex(signature['signature']))
        if shutil.which('openssl') is None:
            self.skipTest('no openssl program')
        subprocess.run(['openssl', 'pkeyutl', '-verify', '-rawin', '-pubin', '-inkey', public, '-in',
                        self.folder / 'manifest', '-sigfile', self.folder / 'signature'], check=True, capture_output=True)
        # And a key that openssl made signs.
        other = self.folder / 'o.pem'
        subprocess.run(['openssl', 'genpkey', '-algorithm', 'ed25519', '-out', other], check=True, capture_output=True)
        subprocess.run(['openssl', 'pkey', '-in', other, '-pubout', '-out', self.folder / 'o.pub'], check=True)
        self.run_vigil('sign', pack, '--key', other)
        self.run_vigil('verify', pack, '--trust', self.folder / 'o.pub')
        self.run_vigil('verify', pack, '--trust', public)

    def test_keys_are_kept_to_their_owner_and_never_overwritten(self):
        _, key, public = self.signed()
        self.assertEqual(key.stat().st_mode & 0o777, 0o600)
        before = key.read_bytes()
        self.assertIn('is there already', self.run_vigil('keygen', '--out', key, expect=2))
        self.assertEqual(key.read_bytes(), before)
        self.assertNotIn('PRIVATE', public.read_text())

    def test_what_is_wrong_is_told_by_its_code(self):
        pack, key, public = self.signed()
        self.run_vigil('keygen', '--out', self.folder / 'x.pem')
        wrong = self.folder / 'x.pub.pem'
        self.assertIn('VGL1243', self.run_vigil('verify', pack, '--trust', wrong, expect=1))
        self.assertIn('no key is trusted', self.run_vigil('verify', pack, expect=2))
        self.assertIn('VGL1244', self.run_vigil('verify', pack, '--trust', key, expect=2))
        self.assertIn('VGL1244', self.run_vigil('sign', pack, '--key', public, expect=2))
        self.assertIn('VGL1202', self.run_vigil('show', self.folder / 'none', expect=1))
        whole = pack.read_bytes()
        pack.write_bytes(whole[:-700])
        self.assertIn('VGL1241', self.run_vigil('show', pack, expect=1))
        pack.write_bytes(whole.replace(b'Recorded', b'Rec0rded'))
        self.assertIn('VGL1242', self.run_vigil('verify', pack, '--trust', public, expect=1))
        # An archive that tar makes: a path that climbs.
        evil = io.BytesIO()
        with tarfile.open(fileobj=evil, mode='w', format=tarfile.USTAR_FORMAT) as archive:
            entry = tarfile.TarInfo('../../etc/cron.d/evil')
            entry.size = 1
            archive.addfile(entry, io.BytesIO(b'x'))
        pack.write_bytes(evil.getvalue())
        self.assertIn('a path that may not stand in a pack', self.run_vigil('show', pack, expect=1))

    def test_tests_are_run_against_the_knowledge_that_is_here(self):
        pack, _, public = self.signed()
        base = self.folder / 'kb'
        shutil.copytree(SOURCE / 'knowledge-base', base)
        manifest = json.loads((base / 'manifest.json').read_text())
        manifest['version'] = '0.0.9'
        (base / 'manifest.json').write_text(json.dumps(manifest))
        told = self.run_vigil('verify', pack, '--trust', public, '--knowledge', base, expect=1)
        self.assertIn('VGL1245', told)
        manifest['version'] = '0.1.1'
        manifest['tables'].pop()
        (base / 'manifest.json').write_text(json.dumps(manifest))
        told = self.run_vigil('verify', pack, '--trust', public, '--knowledge', base, '--exact-knowledge', expect=1)
        self.assertIn('VGL1249', told)

    def test_a_pack_whose_test_fails_is_not_built(self):
        rules = self.folder / 'rules'
        shutil.copytree(SOURCE / 'rules/vaccination', rules)
        file = next(rules.glob('*.vigil'))
        file.write_text(file.read_text().replace('expect "Influenza vaccination due" passive',
                                                 'expect "Influenza vaccination due" not-met', 1))
        told = self.run_vigil('build', rules, '--include', SOURCE / 'rules', '--out', self.folder / 'v', expect=2)
        self.assertIn('VGL1246', told)
        self.assertFalse((self.folder / 'v').exists())


if __name__ == '__main__':
    unittest.main(argv=[sys.argv[0], *sys.argv[3:]], verbosity=1)
