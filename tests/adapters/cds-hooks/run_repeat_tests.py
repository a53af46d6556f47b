#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What `vigil serve` does not show again, and what it does: run_repeat_tests.py PROGRAM SOURCE_DIR."""
import json
import sys
import unittest

from decision_log_support import PROGRAM, answer_card, log, new_folder, settings_of
from serve_support import Service, cards_of


class Repeats(unittest.TestCase):
    """What one user acknowledged rests; for others, other facts, other patients and hard stops it does not."""

    RULES = """library R version '1.0.0'
using FHIR version '4.0.1'
context Patient
rule "Together"
  on   'order-select', 'order-sign'
  for  ordered [MedicationRequest] New, current [MedicationRequest] Old
  when New.id = 'o1' and Old.id = 'm1'
  tier hard-stop when Old.status = 'completed'
  tier interruptive
  alert 'together'
rule "Once"
  on   'patient-view'
  for  [Condition] C
  once per patient
  tier passive
  alert 'problem {C.code}'
"""

    def setUp(self):
        self.folder = new_folder()
        (self.folder / 'r.vigil').write_text(self.RULES)
        self.service = Service(PROGRAM, settings_of('[[pack]]\nid = "vigil"\nrules = ["r.vigil"]'), folder=self.folder)

    def tearDown(self):
        self.assertEqual(self.service.stop(), 0)
        self.assertEqual(log('verify', self.folder).returncode, 0)
        replayed = log('replay', self.folder, '--rules', str(self.folder / 'r.vigil'))
        self.assertEqual(replayed.returncode, 0, replayed.stdout)

    @staticmethod
    def request_of(resource_id, status, code):
        return {'resourceType': 'MedicationRequest', 'id': resource_id, 'status': status, 'intent': 'order',
                'subject': {'reference': 'Patient/p'}, 'medicationCodeableConcept': {'coding': [
                    {'system': 'http://www.nlm.nih.gov/research/umls/rxnorm', 'code': code}]}}

    def order(self, hook, user='Practitioner/a', patient='p', dose='once'):
        draft = self.request_of('o1', 'draft', '310965')
        draft['dosageInstruction'] = [{'text': dose}]
        record = self.request_of('m1', 'active', '855332')
        for one in (draft, record):
            one['subject']['reference'] = f'Patient/{patient}'
        call = {'hook': hook, 'hookInstance': 'x',
                'context': {'userId': user, 'patientId': patient, 'draftOrders': {
                    'resourceType': 'Bundle', 'entry': [{'resource': draft}]}},
                'prefetch': {'patient': {'resourceType': 'Patient', 'id': patient},
                             'medicationRequest': {'resourceType': 'Bundle', 'entry': [{'resource': record}]},
                             'condition': None}}
        if hook == 'order-select':
            call['context']['selections'] = ['MedicationRequest/o1']
        return cards_of(self.service.call(call))

    def view(self, code):
        condition = {'resourceType': 'Condition', 'id': 'c1', 'subject': {'reference': 'Patient/p'},
                     'clinicalStatus': {'coding': [{'code': 'active'}]}, 'code': {'text': code}}
        call = {'hook': 'patient-view', 'hookInstance': 'x', 'context': {'userId': 'Practitioner/a', 'patientId': 'p'},
                'prefetch': {'patient': {'resourceType': 'Patient', 'id': 'p'}, 'medicationRequest': None,
                             'condition': {'resourceType': 'Bundle', 'entry': [{'resource': condition}]}}}
        return [c for c in cards_of(self.service.call(call)) if c['source']['topic']['code'] != 'not-checked']

    def check_only_told(self, cards, alert):
        """An empty list would say that nothing was found."""
        self.assertEqual([(c['indicator'], c['source']['topic']['code'], c['summary']) for c in cards],
                         [('info', 'not-shown', '1 alert was found, which you acknowledged before')])
        self.assertIn(f'- {alert}', cards[0]['detail'])

    def test_from_order_select_to_order_sign(self):
        first = self.order('order-select')
        self.assertEqual([c['summary'] for c in first], ['together'])
        self.assertEqual(len(self.order('order-sign')), 1)  # shown, but not acknowledged
        self.assertEqual(answer_card(self.service, 'order-select', first[0]).status, 200)
        self.check_only_told(self.order('order-sign'), 'together')
        self.assertEqual(len(self.order('order-select')), 1)  # only signing need not repeat it
        self.assertEqual(len(self.order('order-sign', user='Practitioner/b')), 1)
        self.assertEqual(len(self.order('order-sign', patient='q')), 1)
        shown = [json.loads(line) for line in log('show', self.folder, '--patient-data').stdout.splitlines()]
        self.assertTrue(any(row.get('patientData', {}).get('resting') for row in shown if row['kind'] == 'decision'))

    def test_once_per_patient_until_the_facts_change(self):
        first = self.view('asthma')
        self.assertEqual(len(first), 1)
        self.assertEqual(len(self.view('asthma')), 1)
        self.assertEqual(answer_card(self.service, 'patient-view', first[0]).status, 200)
        self.check_only_told(self.view('asthma'), 'problem asthma')
        self.assertEqual(len(self.view('severe asthma')), 1)


if __name__ == '__main__':
    unittest.main(argv=[sys.argv[0], *sys.argv[3:]], verbosity=1)
