#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Runs `vigil serve` where calls lack data, and the server that has it may do anything: run_fetch_tests.py PROGRAM SOURCE_DIR."""
import json
import pathlib
import sys
import threading
import unittest

from serve_support import PATIENCE, FhirServer, Service, bundle, cards_of, example_call

PROGRAM, SOURCE = sys.argv[1], pathlib.Path(sys.argv[2])
PATIENTS = SOURCE / 'examples' / 'patients'


class MissingData(unittest.TestCase):
    """What is fetched from the client's server, and what its server may do."""

    def run_with(self, answers, prefetch=(), deadline=30_000):
        fhir = FhirServer(answers)
        settings = f'[server]\nlisten = "127.0.0.1:0"\ndeadline_ms = {deadline}\n[fhir]\nservers = ["{fhir.base}"]\n'
        service = Service(PROGRAM, settings)
        try:
            call = example_call(service, PATIENTS / 'ibuprofen-on-warfarin.json', 'order-sign')
            call['prefetch'] = {k: v for k, v in call['prefetch'].items() if k in prefetch}
            call['fhirServer'] = fhir.base
            call['fhirAuthorization'] = {'access_token': 'CANARY-TOKEN', 'token_type': 'Bearer', 'expires_in': 300,
                                         'scope': 'user/*.read', 'subject': 's'}
            response = service.call(call)
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
            first['link'] = [{'relation': relation, 'url': handler.path + '&page=2'}]
            return handler.send(first)

        for relation in 'next', 'Next', 'NEXT':
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

    def test_a_next_page_without_a_path_is_not_guessed(self):
        """Where it is depends on what it is relative to, and the wrong address may well answer: with nothing."""
        def first(handler):
            page = bundle([])
            page['link'] = [{'relation': 'next', 'url': '?page=2'}]
            handler.send(page)

        requests = self.check_not_obtained(first, "the next page's address has no path")
        self.assertFalse([path for path, _ in requests if 'page=2' in path])

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
        self.check_not_obtained(endless, 'fhirServer: ')

    def test_deep_json_is_refused(self):
        self.check_not_obtained(lambda h: h.send(b'{"a":' * 100_000), 'no JSON, or nested too deep')

    def test_a_slow_server_does_not_hold_up_the_answer(self):
        answered = threading.Event()
        self.check_not_obtained(lambda h: answered.wait(PATIENCE), 'too slow', deadline=3000)
        answered.set()

    def test_an_error_is_named(self):
        outcome = {'resourceType': 'OperationOutcome', 'issue': [{'severity': 'error', 'code': 'forbidden'}]}
        self.check_not_obtained(lambda h: h.send(outcome, 403), 'status 403')
        self.check_not_obtained(lambda h: h.send(outcome), 'no resource')

    def test_what_is_no_fhir_is_no_data(self):
        self.check_not_obtained(lambda h: h.send(b'<html>Sign in</html>', 200, [('Content-Type', 'text/html')]), 'no JSON')
        self.check_not_obtained(lambda h: h.send(b'[]'), 'no resource')

    def test_what_is_not_what_was_asked_for_does_not_say_that_there_is_none(self):
        error = {'resourceType': 'OperationOutcome', 'issue': [{'severity': 'error', 'code': 'timeout'}]}
        patient = {'resourceType': 'Patient', 'id': 'example-01'}
        self.check_not_obtained(lambda h: h.send(bundle([error])), 'fhirServer: an OperationOutcome reports an error')
        self.check_not_obtained(lambda h: h.send(patient), 'fhirServer: nothing in it is of type MedicationRequest')
        self.check_not_obtained(lambda h: h.send({**bundle([]), 'total': 3}), 'fhirServer: fewer entries than the total')

    def test_a_page_that_the_call_brought_counts_where_no_more_can_be_fetched(self):
        fhir = FhirServer({'*': lambda h: h.send(b'', 503)})
        service = Service(PROGRAM, f'[fhir]\nservers = ["{fhir.base}"]\n')
        call = example_call(service, PATIENTS / 'ibuprofen-on-warfarin.json', 'order-sign')
        call['prefetch']['medicationRequest']['link'] = [{'relation': 'next', 'url': fhir.base + '/MedicationRequest?page=2'}]
        call['fhirServer'] = fhir.base
        cards = cards_of(service.call(call))
        self.assertIn('warfarin', cards[0]['summary'])
        self.assertIn('fhirServer: status 503', cards[-1]['detail'])
        self.assertEqual(service.stop(), 0)
        fhir.close()

    def test_a_body_that_breaks_off_is_no_data(self):
        def breaks_off(handler):
            handler.send_response(200)
            handler.send_header('Content-Length', '1000')
            handler.end_headers()
            handler.wfile.write(b'{"resourceType":"Bundle"')
            handler.wfile.flush()
            handler.connection.close()
        self.check_not_obtained(breaks_off, 'fhirServer: ')

    def test_another_patients_data_is_not_taken_for_this_ones(self):
        record = [e['resource'] for e in json.loads((PATIENTS / 'ibuprofen-on-warfarin.json').read_text())['entry']]
        foreign = [{**r, 'subject': {'reference': 'Patient/somebody-else'}} for r in record
                   if r['resourceType'] == 'MedicationRequest' and r['status'] == 'active']
        response, _ = self.run_with({'*': self.record(), 'MedicationRequest': lambda h: h.send(bundle(foreign))})
        cards = cards_of(response)
        self.assertNotIn('warfarin', json.dumps([c['summary'] for c in cards]))
        self.assertEqual(cards[-1]['source']['topic']['code'], 'not-checked')

    def test_a_server_that_is_not_there_is_named(self):
        fhir = FhirServer({})
        fhir.close()
        service = Service(PROGRAM, f'[fhir]\nservers = ["{fhir.base}"]\n')
        call = example_call(service, PATIENTS / 'ibuprofen-on-warfarin.json', 'order-sign')
        del call['prefetch']['medicationRequest']
        call['fhirServer'] = fhir.base
        self.assertIn('fhirServer: ', cards_of(service.call(call))[-1]['detail'])
        self.assertEqual(service.stop(), 0)

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


if __name__ == '__main__':
    unittest.main(argv=[sys.argv[0], *sys.argv[3:]], verbosity=1)
