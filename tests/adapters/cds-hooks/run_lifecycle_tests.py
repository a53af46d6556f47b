#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Runs `vigil serve` through reloads and its end, and looks through all it prints: run_lifecycle_tests.py PROGRAM SOURCE_DIR."""
import http.client
import json
import pathlib
import signal
import socket
import sys
import tempfile
import threading
import time
import unittest

from serve_support import PATIENCE, FhirServer, Service, bundle, cards_of, example_call, wait_until

PROGRAM, SOURCE = sys.argv[1], pathlib.Path(sys.argv[2])
PATIENTS = SOURCE / 'examples' / 'patients'


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
            return wait_until(wanted)

        rules.write_text(self.RULE.format(hook='patient-view', text='two'))
        self.assertTrue(reload_until(lambda: cards_of(service.call(call))[0]['summary'] == 'said two'))
        rules.write_text('rule nonsense')
        self.assertTrue(reload_until(lambda: 'vigil_reloads_failed_total 1' in service.request('GET', '/metrics').text))
        self.assertEqual(cards_of(service.call(call))[0]['summary'], 'said two')
        rules.write_text(self.RULE.format(hook='encounter-start', text='three'))
        self.assertTrue(reload_until(lambda: [s['hook'] for s in service.services()] == ['encounter-start']))
        self.assertEqual(service.stop(), 0)

    def test_signals_of_other_services_do_nothing(self):
        service = Service(PROGRAM)
        for one in (signal.SIGUSR1, signal.SIGUSR2, signal.SIGPIPE):
            service.process.send_signal(one)
            self.assertEqual(service.request('GET', '/livez').status, 200)
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
            connection = http.client.HTTPConnection('127.0.0.1', service.port, timeout=PATIENCE)
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


class Shutdown(unittest.TestCase):
    def test_a_request_under_way_is_answered(self):
        release = threading.Event()

        def slow(handler):
            release.wait(PATIENCE)
            handler.send(bundle([]))

        fhir = FhirServer({'*': slow})
        service = Service(PROGRAM, f'[server]\nlisten="127.0.0.1:0"\ndeadline_ms=60000\ngrace_seconds=600\n[fhir]\nservers=["{fhir.base}"]\n')
        idle = http.client.HTTPConnection('127.0.0.1', service.port)
        service.request('GET', '/livez', connection=idle)
        call = example_call(service, PATIENTS / 'ibuprofen-on-warfarin.json', 'order-sign')
        del call['prefetch']['observation']
        call['fhirServer'] = fhir.base
        answers = []
        thread = threading.Thread(target=lambda: answers.append(service.call(call)))
        thread.start()
        self.assertTrue(wait_until(lambda: fhir.requests))
        service.process.send_signal(signal.SIGTERM)

        def takes_connections():
            try:
                socket.create_connection(('127.0.0.1', service.port), timeout=PATIENCE).close()
                return True
            except OSError:
                return False
        self.assertTrue(wait_until(lambda: not takes_connections()))
        self.assertIsNone(service.process.poll())
        self.assertEqual(answers, [])
        release.set()
        thread.join()
        self.assertEqual(service.process.wait(timeout=PATIENCE), 0)
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


if __name__ == '__main__':
    unittest.main(argv=[sys.argv[0], *sys.argv[3:]], verbosity=1)
