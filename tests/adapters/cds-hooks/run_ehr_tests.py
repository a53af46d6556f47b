#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Runs `vigil serve` as an EHR and a browser call it: run_ehr_tests.py PROGRAM SOURCE_DIR."""
import http.client
import json
import pathlib
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
import unittest

from serve_support import PATIENCE, Service, ServiceTest, cards_of, check_card, example_call, shared_data

PROGRAM, SOURCE = sys.argv[1], pathlib.Path(sys.argv[2])
PATIENTS = SOURCE / 'examples' / 'patients'


class AnEhrCalls(ServiceTest):
    def test_discovery_names_a_service_for_each_hook_of_the_rules(self):
        hooks = {s['hook']: s for s in self.service.services()}
        self.assertLessEqual({'order-select', 'order-sign', 'patient-view'}, hooks.keys())
        self.assertEqual(hooks['order-sign']['prefetch']['patient'], 'Patient/{{context.patientId}}')

    def test_ibuprofen_ordered_on_warfarin_gives_a_card(self):
        cards = cards_of(self.service.call(example_call(self.service, PATIENTS / 'ibuprofen-on-warfarin.json', 'order-sign')))
        self.assertIn('warfarin', cards[0]['summary'])
        self.assertEqual(cards[0]['indicator'], 'warning')

    def test_an_empty_list_means_checked_and_nothing_found(self):
        cards = cards_of(self.service.call(example_call(self.service, PATIENTS / 'nothing-to-say.json', 'order-sign')))
        self.assertEqual(cards, [])

    def test_each_example_patient_gets_what_the_command_line_says(self):
        for path in sorted(PATIENTS.glob('*.json')):
            with self.subTest(path.name):
                run = subprocess.run([PROGRAM, 'run', str(SOURCE / 'rules'), '--patient', str(path), '--format', 'ndjson'],
                                     capture_output=True, text=True, check=False)
                report = json.loads(run.stdout)
                call = example_call(self.service, path, report['hook'])
                cards = cards_of(self.service.call(call))
                for card in cards:
                    check_card(self, card)
                wanted = [a['summary'][:80] for a in report['alerts'] if a['key'] != 'not-checked']
                got = [c['summary'][:80] for c in cards if c['source']['topic']['code'] != 'not-checked']
                self.assertEqual(wanted, got)

    def test_feedback_is_taken(self):
        service_id = self.service.services()[0]['id']
        body = {'feedback': [{'card': '4e0a3a1e-3283-4575-ab82-028d55fe2719', 'outcome': 'overridden',
                              'outcomeTimestamp': '2026-11-22T09:30:00Z'}]}
        response = self.service.request('POST', f'/cds-services/{service_id}/feedback', body)
        self.assertEqual((response.status, json.loads(response.text)), (200, {}))

    def test_what_is_no_call_has_its_status(self):
        sign = '/cds-services/vigil-order-sign'
        for method, path, body, headers, status in [
                ('GET', '/nothing', None, {}, 404), ('POST', '/cds-services/nobody', {}, {}, 404),
                ('GET', sign, None, {}, 405), ('PUT', sign, {}, {}, 405), ('DELETE', '/cds-services', None, {}, 405),
                ('POST', sign, '<x/>', {'Content-Type': 'application/xml'}, 415), ('POST', sign, '{', {}, 400),
                ('POST', sign, '[' * 100_000, {}, 400), ('POST', sign, {}, {}, 400)]:
            with self.subTest(f'{method} {path} {status}'):
                response = self.service.request(method, path, body, headers)
                self.assertEqual(response.status, status)
                self.assertEqual(json.loads(response.text)['resourceType'], 'OperationOutcome')

    def test_a_head_request_has_no_body(self):
        response = self.service.request('HEAD', '/cds-services')
        self.assertEqual((response.status, response.text), (200, ''))

    def test_operators_are_answered(self):
        self.assertEqual(self.service.request('GET', '/livez').status, 200)
        self.assertEqual(self.service.request('GET', '/readyz').status, 200)
        self.service.request('GET', '/cds-services')
        metrics = self.service.request('GET', '/metrics').text
        self.assertIn('vigil_ready 1', metrics)
        self.assertIn('vigil_responses_total{route="discovery",service="",hook="",status="200"}', metrics)
        if shutil.which('promtool'):
            subprocess.run(['promtool', 'check', 'metrics'], input=metrics, text=True, check=True)

    def test_a_connection_serves_many_requests_also_ahead_of_their_answers(self):
        connection = http.client.HTTPConnection('127.0.0.1', self.service.port)
        for _ in range(50):
            self.assertEqual(self.service.request('GET', '/livez', connection=connection).status, 200)
        connection.close()
        with socket.create_connection(('127.0.0.1', self.service.port)) as raw:
            raw.sendall(b'GET /livez HTTP/1.1\r\nHost: x\r\n\r\n' * 5)
            raw.settimeout(PATIENCE)
            got = b''
            while got.count(b'HTTP/1.1 200') < 5:
                got += raw.recv(65536)

    def test_a_client_that_asks_before_sending_is_told_to_go_on(self):
        with socket.create_connection(('127.0.0.1', self.service.port)) as raw:
            raw.settimeout(PATIENCE)
            raw.sendall(b'POST /cds-services/vigil-order-sign HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n'
                        b'Content-Type: application/json\r\nExpect: 100-continue\r\n\r\n')
            self.assertIn(b'100 Continue', raw.recv(1000))
            raw.sendall(b'{}')
            self.assertIn(b'400 Bad Request', raw.recv(1000))

    def test_what_is_no_http_is_refused(self):
        with socket.create_connection(('127.0.0.1', self.service.port)) as raw:
            raw.settimeout(PATIENCE)
            raw.sendall(b'\x16\x03\x01 hello\r\n\r\n')
            self.assertIn(raw.recv(1000)[:12], (b'HTTP/1.1 400', b''))

    def test_many_at_once(self):
        call = json.dumps(example_call(self.service, PATIENTS / 'ibuprofen-on-warfarin.json', 'order-sign'))
        failures = []

        def run():
            connection = http.client.HTTPConnection('127.0.0.1', self.service.port, timeout=PATIENCE)
            for _ in range(50):
                response = self.service.request('POST', '/cds-services/vigil-order-sign', call, connection=connection)
                if response.status != 200 or 'warfarin' not in response.text:
                    failures.append(response.text)
            connection.close()

        threads = [threading.Thread(target=run) for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual(failures, [])


class ADeadlineComes(unittest.TestCase):
    """A rule that would take far longer than the deadline on any machine, in steps alone (not in memory, whose limit
    would end it as a failure), between two that take none."""
    RULES = """library Slow version '1.0.0'
using FHIR version '4.0.1'
context Patient
define Numbers: expand Interval[1, 9000] per 1
rule "Before"
  on    'patient-view'
  when  true
  tier  passive
  alert 'before'
rule "Every triple"
  on    'patient-view'
  for   Numbers A, Numbers B, Numbers C
  when  A * B + A = B - C - 9000
  alert 'never'
rule "Behind"
  on    'patient-view'
  when  AgeInYears() > 10
  tier  passive
  alert 'behind'
"""

    def test_what_was_done_by_then_is_answered_and_the_rest_named(self):
        folder = pathlib.Path(tempfile.mkdtemp(prefix='vigil-slow-'))
        (folder / 'slow.vigil').write_text(self.RULES)
        service = Service(PROGRAM, '[server]\nlisten = "127.0.0.1:0"\ndeadline_ms = 1000\nmax_steps = 1000000000\n'
                          '[decisions]\nfile = "decisions.db"\n[[pack]]\nid = "vigil"\nrules = ["slow.vigil"]\n', folder=folder)
        cards = cards_of(service.call({
            'hook': 'patient-view', 'hookInstance': 'x', 'context': {'userId': 'Practitioner/1', 'patientId': 'p'},
            'prefetch': {'patient': {'resourceType': 'Patient', 'id': 'p', 'birthDate': '1950-01-01'}}}))
        self.assertEqual([c['summary'] for c in cards], ['before', '2 checks could not be made: Every triple, Behind'])
        self.assertEqual(cards[1]['indicator'], 'info')
        self.assertIn('Every triple: it was not done in time', cards[1]['detail'])
        metrics = service.request('GET', '/metrics').text
        self.assertIn('vigil_rules_stopped_total{route="service",service="vigil-patient-view",hook="patient-view"} 2', metrics)
        self.assertEqual(service.stop(), 0)
        # What a deadline cut off is no difference, when the decision is evaluated again with more time.
        (folder / 'quick.vigil').write_text(self.RULES.replace('9000', '9'))
        replayed = subprocess.run([PROGRAM, 'log', 'replay', str(folder / 'decisions.db'), '--any-rules', '--rules',
                                   str(folder / 'quick.vigil')], capture_output=True, text=True, check=False)
        self.assertEqual(replayed.returncode, 0, replayed.stdout + replayed.stderr)
        self.assertIn('1 the same', replayed.stdout)


class ABrowserCalls(ServiceTest):
    settings = '[cors]\norigins = ["https://sandbox.cds-hooks.org"]\n'

    def test_preflight_and_call(self):
        asks = {'Origin': 'https://sandbox.cds-hooks.org', 'Access-Control-Request-Method': 'POST',
                'Access-Control-Request-Headers': 'authorization,content-type'}
        for path in ('/cds-services', '/cds-services/vigil-order-sign', '/cds-services/vigil-order-sign/feedback'):
            response = self.service.request('OPTIONS', path, headers=asks)
            self.assertEqual(response.status, 204)
            self.assertEqual(response.headers['Access-Control-Allow-Origin'], 'https://sandbox.cds-hooks.org')
        response = self.service.request('GET', '/cds-services', headers={'Origin': 'https://sandbox.cds-hooks.org'})
        self.assertEqual(response.headers['Access-Control-Allow-Origin'], 'https://sandbox.cds-hooks.org')
        response = self.service.request('GET', '/cds-services', headers={'Origin': 'https://evil.example'})
        self.assertIsNone(response.headers['Access-Control-Allow-Origin'])


class PublishedRequests(ServiceTest):
    """Every request of the specification, its hook library and PDDI-CDS: valid ones with valid cards, broken ones with 400
    and a reason, none with 500."""
    RULES = """library All version '1.0.0'
using FHIR version '4.0.1'
context Patient
rule "Any"
  on 'encounter-start', 'encounter-discharge', 'appointment-book', 'allergyintolerance-create', 'problem-list-item-create',
     'medication-refill', 'order-dispatch', 'medication-verify'
  when exists [Condition] or exists [AllergyIntolerance] or exists [MedicationRequest] or exists [Appointment]
  tier passive
  alert 'There is something on record'
"""

    # Published, but without what the hook's own definition demands: patientId.
    BROKEN = ('index-26.json', 'index-29.json')

    @classmethod
    def setUpClass(cls):
        folder = pathlib.Path(tempfile.mkdtemp(prefix='vigil-published-'))
        (folder / 'all.vigil').write_text(cls.RULES)
        settings = ('[hooks]\nmedication-prescribe = "order-sign"\norder-review = "order-sign"\n[[pack]]\nid = "vigil"\n'
                    f'rules = ["{SOURCE.resolve()}/rules", "all.vigil"]\n')
        cls.service = Service(PROGRAM, settings, folder=folder)

    def test_all(self):
        data = shared_data()
        if data is None:
            self.skipTest('no shared data')
        hooks = {s['hook'] for s in self.service.services()}
        counts = {}
        for path in sorted(data.rglob('*.json')):
            request = json.loads(path.read_text(encoding='utf-8'))
            if 'context' not in request:
                continue
            is_whole = 'hook' in request or path.parent.name == 'hooks-library' and not path.stem.startswith('template')
            if 'hook' not in request:  # contexts of the hook library, and fragments of the specification
                named = '-'.join(path.stem.split('-')[:-1])
                request = {'hook': named if named in hooks else 'order-sign', 'hookInstance': 'x', **request}
            with self.subTest(str(path.relative_to(data))):
                self.assertIn(request['hook'], hooks)
                response = self.service.request('POST', '/cds-services/vigil-' + request['hook'], request)
                counts[response.status] = counts.get(response.status, 0) + 1
                wanted = (400,) if path.name in self.BROKEN else (200, 412) if is_whole else (200, 400, 412)
                self.assertIn(response.status, wanted, response.text)
                if response.status == 200:
                    for card in json.loads(response.text)['cards']:
                        check_card(self, card)
                else:
                    self.assertTrue(json.loads(response.text)['issue'][0]['diagnostics'])
        self.assertGreater(counts.get(200, 0), 20)
        print('published requests by status:', counts)


if __name__ == '__main__':
    unittest.main(argv=[sys.argv[0], *sys.argv[3:]], verbosity=1)
