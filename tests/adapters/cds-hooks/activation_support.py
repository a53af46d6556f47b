# SPDX-License-Identifier: Apache-2.0
"""Packs of a few rules, built and signed, and a service that takes them: for tests run as FILE PROGRAM SOURCE_DIR."""
import json
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import unittest

from serve_support import Service, wait_until

PROGRAM, SOURCE = sys.argv[1], pathlib.Path(sys.argv[2])

HEAD = "library Rules\nusing FHIR version '4.0.1'\ncontext Patient\n"
TEST = ("\ntest \"runs\"\n  given patient born @1950-01-01, sex 'female'\n  when 'patient-view'\n"
        "  expect \"Always\" {expected}\n")


def rule(name, condition='true', tier='passive', text='text'):
    return f'rule "{name}"\n  on \'patient-view\'\n  when {condition}\n  tier {tier}\n  alert \'{text}\'\n'


def always(text, expected='passive', more=''):
    return HEAD + rule('Always', text=text) + more + TEST.format(expected=expected)


def call(patient, more=None, instance='d1577c69-dfbe-44ad-ba6d-3e05e953b2ea'):
    return {'hook': 'patient-view', 'hookInstance': instance, 'context': {'userId': 'Practitioner/1', 'patientId': patient},
            'prefetch': {'patient': {'resourceType': 'Patient', 'id': patient, 'birthDate': '1950-01-01', **(more or {})}}}


class PackCase(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = pathlib.Path(tempfile.mkdtemp(prefix='vigil-activation-'))
        cls.addClassCleanup(shutil.rmtree, cls.folder, True)
        cls.vigil('pack', 'keygen', '--out', cls.folder / 'key.pem')
        cls.vigil('pack', 'keygen', '--out', cls.folder / 'other.pem')
        cls.one = cls.pack('1.0.0', always('one'))
        cls.two = cls.pack('1.1.0', always('two'))

    @classmethod
    def vigil(cls, *arguments, expect=0):
        result = subprocess.run([PROGRAM, *map(str, arguments)], capture_output=True, text=True, timeout=120)
        told = result.stdout + result.stderr
        assert result.returncode == expect, (arguments, result.returncode, told)
        return told

    @classmethod
    def pack(cls, version, rules, key='key.pem', name='rules'):
        folder = pathlib.Path(tempfile.mkdtemp(dir=cls.folder))
        (folder / 'src').mkdir()
        (folder / 'src' / 'rules.vigil').write_text(rules)
        (folder / 'src' / 'pack.json').write_text(json.dumps(
            {'name': name, 'version': version, 'authors': ['Tests'], 'licence': 'CC0-1.0'}))
        file = folder / f'{name}-{version}.vigilpack'
        cls.vigil('pack', 'build', folder / 'src', '--out', file)
        if key:
            cls.vigil('pack', 'sign', file, '--key', cls.folder / key)
        return file

    def serve(self, folder=None, pack=None, more='', pack_more='', server=''):
        folder = folder or pathlib.Path(tempfile.mkdtemp(dir=self.folder))
        shutil.copy(pack or self.one, folder / 'p.vigilpack')
        service = Service(PROGRAM, '[server]\nlisten = "127.0.0.1:0"\nadmin_socket = "a.sock"\n'
                          f'{server}[trust]\nkeys = ["{self.folder}/key.pub.pem"]\n[activation]\nfolder = "kept"\n{more}'
                          f'[[pack]]\nid = "vigil"\nfile = "p.vigilpack"\n{pack_more}', folder=folder)
        service.socket = folder / 'a.sock'
        self.addCleanup(service.stop)
        return service

    def tell(self, service, *arguments, expect=0):
        return self.vigil('pack', *arguments, '--socket', service.socket, expect=expect)

    def said(self, service, patient='p', more=None):
        response = service.request('POST', '/cds-services/vigil-patient-view', call(patient, more))
        self.assertEqual(response.status, 200, response.text)
        return sorted(card['summary'] for card in json.loads(response.text)['cards'])

    def metric(self, service, name):
        text = service.request('GET', '/metrics').text
        return {labels: float(value) for labels, value in re.findall(rf'^{name}(\S*) (\S+)$', text, re.M)}

    def wait_for_shadow(self, service, count):
        def compared():
            return sum(self.metric(service, 'vigil_shadow_compared_total').values())
        wait_until(lambda: compared() >= count and sum(self.metric(service, 'vigil_shadow_queue').values()) == 0)
        self.assertEqual(compared(), count)
