#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Runs `vigil serve` as an EHR, a browser, a load balancer and an attacker meet it: run_serve_tests.py PROGRAM SOURCE_DIR."""
import base64
import http.client
import json
import pathlib
import shutil
import signal
import socket
import ssl
import subprocess
import sys
import tempfile
import threading
import time
import unittest
import uuid

from serve_support import FhirServer, Service, bundle, example_call, shared_data

PROGRAM, SOURCE = sys.argv[1], pathlib.Path(sys.argv[2])
PATIENTS = SOURCE / 'examples' / 'patients'


def cards_of(response):
    assert response.status == 200, (response.status, response.text)
    return json.loads(response.text)['cards']


def check_card(test, card):
    """What CDS Hooks 2.0.1 demands of every card."""
    test.assertLess(len(card['summary']), 140)
    test.assertIn(card['indicator'], ('info', 'warning', 'critical'))
    test.assertTrue(card['source']['label'])
    test.assertTrue(card['uuid'])
    test.assertEqual('suggestions' in card, 'selectionBehavior' in card)
    for suggestion in card.get('suggestions', []):
        test.assertTrue(suggestion['label'])
        for action in suggestion.get('actions', []):
            test.assertIn(action['type'], ('create', 'update', 'delete'))
            test.assertTrue(action['description'])
            test.assertIn('resourceId' if action['type'] == 'delete' else 'resource', action)
    for reason in card.get('overrideReasons', []):
        test.assertTrue(reason['code'] and reason['system'] and reason['display'])


class ServiceTest(unittest.TestCase):
    settings = ''

    @classmethod
    def setUpClass(cls):
        cls.service = Service(PROGRAM, cls.settings)

    @classmethod
    def tearDownClass(cls):
        assert cls.service.stop() == 0


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
            raw.settimeout(5)
            got = b''
            while got.count(b'HTTP/1.1 200') < 5:
                got += raw.recv(65536)

    def test_a_client_that_asks_before_sending_is_told_to_go_on(self):
        with socket.create_connection(('127.0.0.1', self.service.port)) as raw:
            raw.settimeout(5)
            raw.sendall(b'POST /cds-services/vigil-order-sign HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n'
                        b'Content-Type: application/json\r\nExpect: 100-continue\r\n\r\n')
            self.assertIn(b'100 Continue', raw.recv(1000))
            raw.sendall(b'{}')
            self.assertIn(b'400 Bad Request', raw.recv(1000))

    def test_what_is_no_http_is_refused(self):
        with socket.create_connection(('127.0.0.1', self.service.port)) as raw:
            raw.settimeout(5)
            raw.sendall(b'\x16\x03\x01 hello\r\n\r\n')
            self.assertIn(raw.recv(1000)[:12], (b'HTTP/1.1 400', b''))

    def test_many_at_once(self):
        call = json.dumps(example_call(self.service, PATIENTS / 'ibuprofen-on-warfarin.json', 'order-sign'))
        failures = []

        def run():
            connection = http.client.HTTPConnection('127.0.0.1', self.service.port, timeout=20)
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


class Limits(ServiceTest):
    settings = '''
[server]
listen = "127.0.0.1:0"
max_body = 20000
max_head = 2000
max_connections = 4
read_seconds = 1
idle_seconds = 2
'''

    def test_bodies(self):
        self.assertEqual(self.service.request('POST', '/cds-services/vigil-order-sign', 'x' * 30_000).status, 413)
        chunked = (b'4000\r\n' + b'x' * 0x4000 + b'\r\n') * 3 + b'0\r\n\r\n'
        with socket.create_connection(('127.0.0.1', self.service.port)) as raw:
            raw.settimeout(5)
            raw.sendall(b'POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n' + chunked)
            self.assertIn(b'413', raw.recv(1000))

    def test_headers(self):
        self.assertEqual(self.service.request('GET', '/livez', headers={'X': 'y' * 5000}).status, 431)

    def test_slow_clients_are_dropped(self):
        for sent in (b'GET /livez HTT', b'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nabc'):
            with socket.create_connection(('127.0.0.1', self.service.port)) as raw:
                raw.settimeout(5)
                begin = time.monotonic()
                raw.sendall(sent)
                self.assertEqual(raw.recv(1000), b'')
                self.assertLess(time.monotonic() - begin, 4)

    def test_idle_connections_are_closed(self):
        with socket.create_connection(('127.0.0.1', self.service.port)) as raw:
            raw.settimeout(5)
            self.assertEqual(raw.recv(1000), b'')

    def test_connections(self):
        time.sleep(0.2)
        held = [socket.create_connection(('127.0.0.1', self.service.port)) for _ in range(4)]
        time.sleep(0.2)
        with socket.create_connection(('127.0.0.1', self.service.port)) as raw:
            raw.settimeout(5)
            try:
                raw.sendall(b'GET /livez HTTP/1.1\r\nHost: x\r\n\r\n')
                self.assertEqual(raw.recv(1000), b'')
            except ConnectionError:
                pass
        for connection in held:
            connection.close()
        time.sleep(0.2)
        self.assertEqual(self.service.request('GET', '/livez').status, 200)


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


class Reload(unittest.TestCase):
    RULE = '''library R version '1.0.0'
using FHIR version '4.0.1'
context Patient
rule "R"
  on '{hook}'
  when true
  tier passive
  alert 'said {text}'
'''

    def test_rules_are_swapped_and_kept_where_the_new_are_wrong(self):
        folder = pathlib.Path(tempfile.mkdtemp(prefix='vigil-reload-'))
        rules = folder / 'rules.vigil'
        rules.write_text(self.RULE.format(hook='patient-view', text='one'))
        service = Service(PROGRAM, arguments=['--rules', str(rules)])
        call = {'hook': 'patient-view', 'hookInstance': 'x', 'context': {'userId': 'Practitioner/1', 'patientId': 'p'},
                'prefetch': {'patient': {'resourceType': 'Patient', 'id': 'p'}}}
        self.assertEqual(cards_of(service.call(call))[0]['summary'], 'said one')

        def reload_until(wanted):
            service.process.send_signal(signal.SIGHUP)
            for _ in range(100):
                if wanted():
                    return True
                time.sleep(0.05)
            return False

        rules.write_text(self.RULE.format(hook='patient-view', text='two'))
        self.assertTrue(reload_until(lambda: cards_of(service.call(call))[0]['summary'] == 'said two'))
        rules.write_text('rule nonsense')
        self.assertTrue(reload_until(lambda: 'vigil_reloads_failed_total 1' in service.request('GET', '/metrics').text))
        self.assertEqual(cards_of(service.call(call))[0]['summary'], 'said two')
        rules.write_text(self.RULE.format(hook='encounter-start', text='three'))
        self.assertTrue(reload_until(lambda: [s['hook'] for s in service.services()] == ['encounter-start']))
        self.assertEqual(service.stop(), 0)

    def test_swaps_under_load_cost_no_request(self):
        folder = pathlib.Path(tempfile.mkdtemp(prefix='vigil-reload-'))
        rules = folder / 'rules.vigil'
        rules.write_text(self.RULE.format(hook='patient-view', text='x'))
        service = Service(PROGRAM, arguments=['--rules', str(rules)])
        call = json.dumps({'hook': 'patient-view', 'hookInstance': 'x', 'context': {'userId': 'P/1', 'patientId': 'p'},
                           'prefetch': {'patient': {'resourceType': 'Patient', 'id': 'p'}}})
        failures, ends = [], threading.Event()

        def run():
            connection = http.client.HTTPConnection('127.0.0.1', service.port, timeout=20)
            while not ends.is_set():
                response = service.request('POST', '/cds-services/vigil-patient-view', call, connection=connection)
                if response.status != 200 or 'said' not in response.text:
                    failures.append(response.text)
            connection.close()

        threads = [threading.Thread(target=run) for _ in range(4)]
        for thread in threads:
            thread.start()
        for i in range(20):
            # Put in place whole: a file cut off while it is written would be read as the rules it holds so far.
            whole = folder / 'next'
            whole.write_text(self.RULE.format(hook='patient-view', text=f'{i}'))
            whole.replace(rules)
            service.process.send_signal(signal.SIGHUP)
            time.sleep(0.1)
        ends.set()
        for thread in threads:
            thread.join()
        self.assertEqual(failures, [])
        self.assertEqual(service.stop(), 0)


class MissingData(unittest.TestCase):
    """What is fetched from the client's server, and what its server may do."""

    def run_with(self, answers, prefetch=(), extra='', deadline=1500):
        fhir = FhirServer(answers)
        settings = f'[server]\nlisten = "127.0.0.1:0"\ndeadline_ms = {deadline}\n[fhir]\nservers = ["{fhir.base}"]\n{extra}'
        service = Service(PROGRAM, settings)
        try:
            call = example_call(service, PATIENTS / 'ibuprofen-on-warfarin.json', 'order-sign')
            call['prefetch'] = {k: v for k, v in call['prefetch'].items() if k in prefetch}
            call['fhirServer'] = fhir.base
            call['fhirAuthorization'] = {'access_token': 'CANARY-TOKEN', 'token_type': 'Bearer', 'expires_in': 300,
                                         'scope': 'user/*.read', 'subject': 's'}
            begin = time.monotonic()
            response = service.call(call)
            self.assertLess(time.monotonic() - begin, 5)
            self.assertEqual(service.request('GET', '/livez').status, 200)
            return response, fhir.requests
        finally:
            self.assertEqual(service.stop(), 0)
            self.assertNotIn('CANARY-TOKEN', service.output())
            fhir.close()

    @staticmethod
    def record():
        """The example's record by type, as a server would give it."""
        resources = [e['resource'] for e in json.loads((PATIENTS / 'ibuprofen-on-warfarin.json').read_text())['entry']]
        record = [r for r in resources if r.get('status') != 'draft']

        def answer(handler):
            kind = handler.path.split('/')[2].split('?')[0]
            found = [r for r in record if r['resourceType'] == kind]
            handler.send(found[0] if kind == 'Patient' else bundle(found))
        return answer

    def test_all_is_fetched_with_the_token(self):
        response, requests = self.run_with({'*': self.record()})
        cards = cards_of(response)
        self.assertIn('warfarin', cards[0]['summary'])
        self.assertEqual({path.split('?')[0] for path, _ in requests},
                         {'/fhir/AllergyIntolerance', '/fhir/Condition', '/fhir/MedicationAdministration',
                          '/fhir/MedicationRequest',
                          '/fhir/MedicationStatement', '/fhir/Observation', '/fhir/Patient/example-01'})
        self.assertEqual({token for _, token in requests}, {'Bearer CANARY-TOKEN'})

    def test_point_108_medications_by_reference_are_fetched(self):
        answer = self.record()

        def by_reference(handler):
            kept = {}

            class Spy:
                path = handler.path

                @staticmethod
                def send(body):
                    kept.update(body)
            answer(Spy)
            for entry in kept['entry']:
                self.medication = {'resourceType': 'Medication', 'id': 'w1', 'code': entry['resource'].pop('medicationCodeableConcept')}
                entry['resource']['medicationReference'] = {'reference': 'Medication/w1'}
            handler.send(kept)

        response, requests = self.run_with({'*': answer, 'MedicationRequest': by_reference,
                                            'Medication': lambda handler: handler.send(self.medication)})
        self.assertIn('warfarin', cards_of(response)[0]['summary'])
        self.assertIn('/fhir/Medication/w1', [path for path, _ in requests])

    def test_pages_are_followed_on_the_same_server_only(self):
        warfarin = [r for r in json.loads((PATIENTS / 'ibuprofen-on-warfarin.json').read_text())['entry']
                    if r['resource']['resourceType'] == 'MedicationRequest' and r['resource']['status'] == 'active']

        def pages(handler):
            if 'page=2' in handler.path:
                return handler.send(bundle([r['resource'] for r in warfarin]))
            first = bundle([])
            first['link'] = [{'relation': 'next', 'url': handler.path + '&page=2'}]
            return handler.send(first)

        response, _ = self.run_with({'*': self.record(), 'MedicationRequest': pages})
        self.assertIn('warfarin', cards_of(response)[0]['summary'])
        other = FhirServer({'*': self.record()})

        def away(handler):
            first = bundle([])
            first['link'] = [{'relation': 'next', 'url': other.base + '/MedicationRequest?page=2'}]
            handler.send(first)

        response, _ = self.run_with({'*': self.record(), 'MedicationRequest': away})
        self.assertIn('the next page is on another server', response.text)
        self.assertEqual(other.requests, [])
        other.close()

    def check_not_obtained(self, answer, reason, **options):
        response, requests = self.run_with({'*': self.record(), 'MedicationRequest': answer}, **options)
        self.assertEqual(response.status, 200)
        note = cards_of(response)[-1]
        self.assertEqual(note['source']['topic']['code'], 'not-checked')
        self.assertIn(reason, note['detail'])
        return requests

    def test_a_redirect_is_not_followed(self):
        other = FhirServer({'*': self.record()})
        self.check_not_obtained(
            lambda h: h.send(b'', 302, [('Location', other.base + '/MedicationRequest')]), 'a redirect, which is not followed')
        self.assertEqual(other.requests, [])
        other.close()

    def test_an_endless_body_is_cut(self):
        def endless(handler):
            handler.send_response(200)
            handler.send_header('Transfer-Encoding', 'chunked')
            handler.end_headers()
            while True:
                handler.wfile.write(b'10000\r\n' + b' ' * 0x10000 + b'\r\n')
        self.check_not_obtained(endless, 'fhirServer: ', deadline=3000)

    def test_deep_json_is_refused(self):
        self.check_not_obtained(lambda h: h.send(b'{"a":' * 100_000), 'no JSON, or nested too deep')

    def test_a_slow_server_does_not_hold_up_the_answer(self):
        self.check_not_obtained(lambda h: time.sleep(4), 'too slow', deadline=700)

    def test_an_error_is_named(self):
        outcome = {'resourceType': 'OperationOutcome', 'issue': [{'severity': 'error', 'code': 'forbidden'}]}
        self.check_not_obtained(lambda h: h.send(outcome, 403), 'status 403')
        self.check_not_obtained(lambda h: h.send(outcome), 'no resource')

    def test_what_is_not_on_the_list_is_never_asked(self):
        fhir = FhirServer({'*': self.record()})
        service = Service(PROGRAM, '[fhir]\nservers = ["https://fhir.example.org/r4"]\n')
        call = example_call(service, PATIENTS / 'ibuprofen-on-warfarin.json', 'order-sign')
        call['prefetch'] = {}
        call['fhirServer'] = fhir.base
        response = service.call(call)
        self.assertEqual(fhir.requests, [])
        self.assertIn(response.status, (200, 412))
        self.assertEqual(service.stop(), 0)
        fhir.close()


class Shutdown(unittest.TestCase):
    def test_a_request_under_way_is_answered(self):
        release = threading.Event()

        def slow(handler):
            release.wait(3)
            handler.send(bundle([]))

        fhir = FhirServer({'*': slow})
        service = Service(PROGRAM, f'[server]\nlisten="127.0.0.1:0"\ndeadline_ms=8000\n[fhir]\nservers=["{fhir.base}"]\n')
        idle = http.client.HTTPConnection('127.0.0.1', service.port)
        service.request('GET', '/livez', connection=idle)
        call = example_call(service, PATIENTS / 'ibuprofen-on-warfarin.json', 'order-sign')
        del call['prefetch']['observation']
        call['fhirServer'] = fhir.base
        answers = []
        thread = threading.Thread(target=lambda: answers.append(service.call(call)))
        thread.start()
        for _ in range(500):
            if fhir.requests:
                break
            time.sleep(0.02)
        service.process.send_signal(signal.SIGTERM)
        time.sleep(0.5)
        with self.assertRaises(OSError):
            socket.create_connection(('127.0.0.1', service.port), timeout=1)
        release.set()
        thread.join()
        self.assertEqual(service.process.wait(timeout=10), 0)
        self.assertIn('warfarin', cards_of(answers[0])[0]['summary'])
        self.assertIn('"event":"stopped"', service.output())
        fhir.close()


class NothingOfAPatientIsPrinted(unittest.TestCase):
    CANARIES = ['CANARY-PATIENT', 'CANARY-NAME', 'CANARY-TOKEN', 'CANARY-COMMENT', 'CANARY-TEXT', 'CANARY-INSTANCE',
                'CANARY-USER', 'CANARY-HEADER', 'CANARY-PATH', 'CANARY-ID']

    def test_canaries(self):
        log = pathlib.Path(tempfile.mkdtemp()) / 'log.jsonl'
        service = Service(PROGRAM, f'[log]\nfile = "{log}"\nrequests = "all"\n[fhir]\nservers = ["http://127.0.0.1:9/r4"]\n')
        call = example_call(service, PATIENTS / 'ibuprofen-on-warfarin.json', 'order-sign')
        text = json.dumps(call).replace('example-01', 'CANARY-PATIENT').replace('Lindqvist', 'CANARY-NAME')
        call = json.loads(text)
        call['hookInstance'] = 'CANARY-INSTANCE'
        call['context']['userId'] = 'Practitioner/CANARY-USER'
        call['fhirServer'] = 'http://127.0.0.1:9/r4'
        call['fhirAuthorization'] = {'access_token': 'CANARY-TOKEN', 'token_type': 'Bearer'}
        call['context']['draftOrders']['entry'][0]['resource']['note'] = [{'text': 'CANARY-TEXT'}]
        headers = {'Authorization': 'Bearer CANARY-TOKEN', 'traceparent': 'CANARY-HEADER' * 5, 'X-Other': 'CANARY-HEADER',
                   'Origin': 'https://CANARY-HEADER'}
        self.assertEqual(service.call(call, headers).status, 200)
        del call['prefetch']['observation']
        self.assertEqual(service.call(call, headers).status, 200)
        feedback = {'feedback': [{'card': 'CANARY-ID', 'outcome': 'overridden', 'outcomeTimestamp': '2026-01-01T00:00:00Z',
                                  'overrideReason': {'userComment': 'CANARY-COMMENT'}}]}
        path = '/cds-services/vigil-order-sign'
        self.assertEqual(service.request('POST', path + '/feedback', feedback, headers).status, 200)
        for broken in ('{"hook":"CANARY-TEXT', '{"context":{"patientId":"CANARY/PATIENT/x"}}', '{"CANARY-TEXT":1}'):
            response = service.request('POST', path, broken, headers)
            self.assertEqual(response.status, 400)
            self.assertNotIn('CANARY', response.text)
        service.request('GET', '/CANARY-PATH?CANARY-PATH', headers=headers)
        service.request('POST', '/cds-services/CANARY-PATH', {}, headers)
        metrics = service.request('GET', '/metrics', headers=headers).text
        self.assertEqual(service.stop(), 0)
        sinks = {'metrics': metrics, 'log': log.read_text(encoding='utf-8'), 'output': service.output()}
        self.assertGreater(sinks['log'].count('"event":"request"'), 5)
        for name, sink in sinks.items():
            for canary in ['CANARY', *self.CANARIES]:
                self.assertNotIn(canary, sink, name)
        for line in sinks['log'].splitlines():
            json.loads(line)


class Tls(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        if not shutil.which('openssl'):
            raise unittest.SkipTest('no openssl program')
        cls.folder = pathlib.Path(tempfile.mkdtemp(prefix='vigil-tls-'))
        for name in ('server', 'client', 'stranger'):
            subprocess.run(['openssl', 'req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', '-subj', f'/CN={name}',
                            '-addext', 'subjectAltName=IP:127.0.0.1', '-keyout', cls.folder / f'{name}.key', '-out',
                            cls.folder / f'{name}.pem'], check=True, capture_output=True)

    def context(self, client=None):
        context = ssl.create_default_context(cafile=self.folder / 'server.pem')
        if client:
            context.load_cert_chain(self.folder / f'{client}.pem', self.folder / f'{client}.key')
        return context

    def get(self, service, context):
        connection = http.client.HTTPSConnection('127.0.0.1', service.port, context=context, timeout=5)
        try:
            return service.request('GET', '/cds-services', connection=connection)
        finally:
            connection.close()

    def settings(self, more=''):
        return (f'[server]\nlisten = "127.0.0.1:0"\n[server.tls]\ncertificate = "{self.folder}/server.pem"\n'
                f'key = "{self.folder}/server.key"\n{more}')

    def test_tls_1_2_and_up(self):
        service = Service(PROGRAM, self.settings())
        self.assertEqual(self.get(service, self.context()).status, 200)
        old = self.context()
        old.minimum_version = ssl.TLSVersion.TLSv1
        old.maximum_version = ssl.TLSVersion.TLSv1_1
        with self.assertRaises((ssl.SSLError, OSError)):
            self.get(service, old)
        self.assertEqual(service.stop(), 0)

    def test_clients_show_a_certificate_where_they_must(self):
        service = Service(PROGRAM, self.settings(f'client_ca = "{self.folder}/client.pem"\n'))
        self.assertEqual(self.get(service, self.context('client')).status, 200)
        for client in (None, 'stranger'):
            with self.assertRaises((ssl.SSLError, OSError, http.client.HTTPException)):
                self.get(service, self.context(client))
        self.assertEqual(service.stop(), 0)


class Tokens(unittest.TestCase):
    """A client signs with its own key, which the service fetches; the table of attacks is in token_test.cpp."""

    @classmethod
    def setUpClass(cls):
        if not shutil.which('openssl'):
            raise unittest.SkipTest('no openssl program')
        cls.key = pathlib.Path(tempfile.mkdtemp(prefix='vigil-tokens-')) / 'key.pem'
        subprocess.run(['openssl', 'ecparam', '-name', 'secp384r1', '-genkey', '-noout', '-out', cls.key], check=True)
        public = subprocess.run(['openssl', 'pkey', '-in', cls.key, '-pubout', '-outform', 'DER'], check=True,
                                capture_output=True).stdout[-96:]
        cls.keys = {'keys': [{'kty': 'EC', 'crv': 'P-384', 'use': 'sig', 'alg': 'ES384', 'kid': 'k1',
                              'x': base64url(public[:48]), 'y': base64url(public[48:])}]}

    def token(self, audience, **changes):
        now = int(time.time())
        claims = {'iss': 'https://ehr.example.org/', 'aud': audience, 'iat': now, 'exp': now + 300, 'jti': uuid.uuid4().hex,
                  **changes}
        header = {'alg': 'ES384', 'typ': 'JWT', 'kid': 'k1'}
        text = '.'.join(base64url(json.dumps(part).encode()) for part in (header, claims))
        der = subprocess.run(['openssl', 'dgst', '-sha384', '-sign', self.key], input=text.encode(), check=True,
                             capture_output=True).stdout
        r_size = der[3 + (der[1] > 0x80)]
        at = 4 + (der[1] > 0x80)
        r, s = der[at:at + r_size], der[at + r_size + 2:]
        return {'Authorization': f'Bearer {text}.{base64url(r[-48:].rjust(48, bytes(1)) + s[-48:].rjust(48, bytes(1)))}'}

    def test_who_shows_a_token_is_answered(self):
        keys = FhirServer({'*': lambda handler: handler.send(self.keys)})
        service = Service(PROGRAM, f'''[server]
listen = "127.0.0.1:0"
public_url = "https://cds.example.org"
[[auth.issuer]]
issuer = "https://ehr.example.org/"
keys_url = "{keys.base}"
''')
        base = 'https://cds.example.org/cds-services'
        self.assertEqual(service.request('GET', '/cds-services').status, 401)
        token = self.token(base)
        self.assertEqual(service.request('GET', '/cds-services', headers=token).status, 200)
        self.assertEqual(service.request('GET', '/cds-services', headers=token).status, 401)
        for changes in ({'aud': 'https://other.example.org'}, {'exp': 5}, {'iss': 'https://evil.example/'}):
            self.assertEqual(service.request('GET', '/cds-services', headers=self.token(base, **changes)).status, 401)
        call = {'hook': 'patient-view', 'hookInstance': 'x', 'context': {'userId': 'Practitioner/1', 'patientId': 'p'},
                'prefetch': {'patient': {'resourceType': 'Patient', 'id': 'p', 'birthDate': '1950'}, 'condition': None,
                             'allergyIntolerance': None, 'medicationRequest': None, 'medicationStatement': None,
                             'observation': None}}
        path = '/cds-services/vigil-patient-view'
        audience = 'https://cds.example.org' + path
        self.assertEqual(service.request('POST', path, call, self.token(audience)).status, 200)
        self.assertEqual(service.request('POST', path, call, self.token(base)).status, 401)
        self.assertEqual(service.request('GET', '/livez').status, 200)
        self.assertEqual(len(keys.requests), 1)
        self.assertEqual(service.stop(), 0)
        log = service.output()
        self.assertNotIn(token['Authorization'][7:40], log)
        for reason in ('no Authorization header', 'jti was used before', 'for another audience', 'expired',
                       'issuer is not known'):
            self.assertIn(reason, log)
        keys.close()


def base64url(data):
    return base64.urlsafe_b64encode(data).decode().rstrip('=')


class Settings(unittest.TestCase):
    def serve(self, settings, *arguments):
        config = pathlib.Path(tempfile.mkdtemp()) / 'vigil.toml'
        config.write_text(settings)
        return subprocess.run([PROGRAM, 'serve', '--config', str(config), '--check', *arguments], capture_output=True,
                              text=True, check=False, timeout=60)

    def test_mistakes_end_with_2_and_a_hint(self):
        run = self.serve('[server]\nlistn = "127.0.0.1:0"\n')
        self.assertEqual(run.returncode, 2)
        self.assertIn('vigil.toml:2:1', run.stderr)
        self.assertIn('did you mean `listen`?', run.stderr)
        self.assertEqual(self.serve('', '--listen', '0.0.0.0:8080').returncode, 2)

    def test_good_ones_with_0(self):
        run = self.serve('')
        self.assertEqual((run.returncode, 'are of use' in run.stdout), (0, True))

    def test_help_has_examples(self):
        text = subprocess.run([PROGRAM, 'serve', '--help'], capture_output=True, text=True, check=True).stdout
        self.assertIn('vigil serve --config vigil.toml', text)


if __name__ == '__main__':
    unittest.main(argv=[sys.argv[0], *sys.argv[3:]], verbosity=1)
