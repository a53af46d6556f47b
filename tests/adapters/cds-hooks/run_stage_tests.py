#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Rule packs on trial, with the real program: run_stage_tests.py PROGRAM SOURCE_DIR. Candidates are shadowed, tried on some
patients, and made active."""
import http.client
import json
import sqlite3
import sys
import threading
import unittest

from activation_support import HEAD, TEST, PackCase, call, rule
from serve_support import PATIENCE, FhirServer, wait_until
from token_support import CAN_SIGN, Client


class Stages(PackCase):
    def test_a_canary_answers_for_its_share_of_patients(self):
        service = self.serve()
        patients = [f'patient-{number}' for number in range(400)]
        self.assertIn('answers for 25 % of patients',
                      self.tell(service, 'activate', self.two, '--stage', 'canary', '--share', '25'))
        first = {patient: self.said(service, patient) for patient in patients}
        share = sum(said == ['two'] for said in first.values()) / len(patients)
        # A pack's digest divides the patients: one of a million packs would divide 400 more unevenly than this.
        self.assertGreater(share, 0.14)
        self.assertLess(share, 0.36)
        self.assertEqual({patient: self.said(service, patient) for patient in patients}, first)
        info = ''.join(self.metric(service, 'vigil_pack_info'))
        self.assertIn('stage="canary"', info)
        self.assertIn('stage="active"', info)
        # After a restart the same patients; with a larger share they and more.
        service.stop()
        again = self.serve(folder=service.folder)
        self.assertEqual({patient: self.said(again, patient) for patient in patients}, first)
        self.tell(again, 'stage', 'canary', '--share', '60')
        wider = {patient: self.said(again, patient) for patient in patients}
        for patient in patients:
            if first[patient] == ['two']:
                self.assertEqual(wider[patient], ['two'])
        self.assertGreater(sum(said == ['two'] for said in wider.values()), sum(s == ['two'] for s in first.values()))
        self.tell(again, 'stage', 'active')
        self.assertTrue(all(self.said(again, patient) == ['two'] for patient in patients[:20]))
        self.tell(again, 'rollback')
        self.assertTrue(all(self.said(again, patient) == ['one'] for patient in patients[:20]))
        self.assertIn('there is no candidate', self.tell(again, 'stage', 'active', expect=1))

    @unittest.skipUnless(CAN_SIGN, 'no openssl program')
    def test_a_canary_answers_for_one_client_by_its_token(self):
        clients = {name: Client(f'https://{name}.example.org/') for name in ('one', 'other')}
        keys = {name: FhirServer({'*': lambda handler, of=client: handler.send(of.keys)}) for name, client in clients.items()}
        issuers = ''.join(f'[[auth.issuer]]\nissuer = "{client.issuer}"\nkeys_url = "{keys[name].base}"\n'
                          for name, client in clients.items())
        service = self.serve(server='public_url = "https://cds.example.org"\n',
                             more=f'{issuers}[decisions]\nfile = "d.db"\n')
        path = '/cds-services/vigil-patient-view'
        patients = [f'patient-{number}' for number in range(5)]

        def said(name):
            answers = set()
            for patient in patients:  # whoever the patient is, the client decides
                token = clients[name].token('https://cds.example.org' + path)
                response = service.request('POST', path, call(patient), token)
                self.assertEqual(response.status, 200, response.text)
                answers.add(tuple(card['summary'] for card in json.loads(response.text)['cards']))
            return answers
        self.assertEqual((said('one'), said('other')), ({('one',)}, {('one',)}))
        self.assertIn(f'for {clients["one"].issuer}', self.tell(service, 'activate', self.two, '--stage', 'canary', '--client',
                                                                clients['one'].issuer))
        self.assertEqual((said('one'), said('other')), ({('two',)}, {('one',)}))
        # Whoever only says that he is the client is answered by neither.
        forged = clients['other'].token('https://cds.example.org' + path, iss=clients['one'].issuer)
        self.assertEqual(service.request('POST', path, call('p'), forged).status, 401)
        self.tell(service, 'withdraw')
        self.assertEqual((said('one'), said('other')), ({('one',)}, {('one',)}))
        self.tell(service, 'activate', self.two, '--stage', 'canary', '--client', clients['other'].issuer)
        self.tell(service, 'stage', 'active')
        self.assertEqual((said('one'), said('other')), ({('two',)}, {('two',)}))
        # Each decision says for whom and by which version it was.
        self.assertEqual(service.stop(), 0)
        rows = [json.loads(line) for line in self.vigil('log', 'show', service.folder / 'd.db').splitlines()]
        made = [(row['client'], row['packVersion']) for row in rows if row['kind'] == 'decision']
        one, other = (clients[name].issuer for name in ('one', 'other'))
        times = len(patients)
        self.assertEqual(made, ([(one, '1.0.0')] * times + [(other, '1.0.0')] * times + [(one, '1.1.0')] * times +
                                [(other, '1.0.0')] * times + [(one, '1.0.0')] * times + [(other, '1.0.0')] * times +
                                [(one, '1.1.0')] * times + [(other, '1.1.0')] * times))
        for server in keys.values():
            server.close()

    def test_shadow_counts_planted_disagreements_exactly(self):
        base = HEAD + ''.join([rule('Always'), rule('Lost', "Patient.gender = 'female'"),
                               rule('Tier', "Patient.gender = 'male'"), rule('Known', 'true')])
        changed = HEAD + ''.join([rule('Always', text='said otherwise'), rule('Tier', "Patient.gender = 'male'", 'interruptive'),
                                  rule('New', "Patient.gender = 'male'"),
                                  rule('Known', 'exists ([Condition])')])
        test = TEST.format(expected='passive')
        service = self.serve(pack=self.pack('1.0.0', base + test),
                             more='[log]\nrequests = "all"\n[decisions]\nfile = "d.db"\n')
        before = json.loads(service.request('GET', '/cds-services').text)['services'][0]['prefetch']
        self.assertNotIn('condition', before)
        self.assertIn('shadows', self.tell(service, 'activate', self.pack('1.1.0', changed + test), '--stage', 'shadow'))
        # Clients are asked for what either reads.
        during = json.loads(service.request('GET', '/cds-services').text)['services'][0]['prefetch']
        self.assertEqual({**before, 'condition': 'Condition?patient={{context.patientId}}'}, during)
        body = {}
        for number in range(30):
            gender = 'female' if number < 17 else 'male'
            body = call(f'canary-id-{number}', {'gender': gender, 'name': [{'family': 'Canaryname'}]})
            if number < 12:
                body['prefetch']['condition'] = None  # known to be none
            elif number < 15:
                body['prefetch']['condition'] = {'resourceType': 'Bundle', 'entry': [{'resource': {
                    'resourceType': 'Condition', 'id': 'c', 'subject': {'reference': f'Patient/canary-id-{number}'},
                    'code': {'text': 'Canarytext'}}}]}
            response = service.request('POST', '/cds-services/vigil-patient-view', body)
            self.assertEqual(response.status, 200)
            said = sorted(card['summary'] for card in json.loads(response.text)['cards'])
            self.assertEqual(said, ['text'] * 3)  # what shadows is never seen
        self.wait_for_shadow(service, 30)
        report = json.loads(self.vigil('shadow', 'report', service.folder / 'kept/shadow.db', '--format', 'json'))
        self.assertEqual(len(report), 1)
        lines = {(line['rule'], line['difference'], line['activeTier'], line['candidateTier']):
                 (line['findings'], line['calls']) for line in report[0]['disagreements']}
        self.assertEqual(lines, {
            ('Rules.Lost', 'lost', 'passive', ''): (17, 17),
            ('Rules.Tier', 'tier', 'passive', 'interruptive'): (13, 13),
            ('Rules.New', 'new', '', 'passive'): (13, 13),
            # No conditions in 12 calls, some in 3, not obtained in 15.
            ('Rules.Known', 'lost', 'passive', ''): (27, 27),
            ('Rules.Known', 'undetermined', '', ''): (15, 15),
        })
        self.assertEqual((report[0]['compared'], report[0]['differing'], report[0]['failed']), (30, 30, 0))
        counted = self.metric(service, 'vigil_shadow_disagreements_total')
        self.assertEqual(sum(counted.values()), 17 + 13 + 13 + 27 + 15)
        self.assertIn('{pack="vigil",version="1.1.0",rule="Rules.New",kind="new"}', counted)
        # An example leads to its decision.
        example = next(l for l in report[0]['disagreements'] if l['difference'] == 'tier')['examples'][0]
        shown = self.vigil('log', 'show', service.folder / 'd.db', '--request', example)
        self.assertIn(example, shown)
        text = self.vigil('shadow', 'report', service.folder / 'kept/shadow.db')
        self.assertIn('30 compared, 30 differ', text)
        self.assertRegex(text, r'tier +13  passive to interruptive  in 13 calls')
        # Nothing of a patient in the record, whose files are looked through as they are.
        service.stop()
        for file in (service.folder / 'kept').iterdir():
            for canary in b'canary-id', b'Canaryname', b'Canarytext':
                self.assertNotIn(canary, file.read_bytes(), file)
        self.assertNotIn('canary', service.output().lower())
        with sqlite3.connect(service.folder / 'kept/shadow.db') as database:
            self.assertEqual(database.execute('SELECT sum(findings) FROM disagreement').fetchone()[0], 85)

    def test_what_the_deadline_stopped_is_not_compared(self):
        numbers = ('define Numbers: if Patient.gender = \'male\' then expand Interval[1, 9000] per 1\n'
                   '  else expand Interval[1, 2] per 1\n')
        slow = ('rule "Slow"\n  on \'patient-view\'\n  for Numbers A, Numbers B, Numbers C\n'
                '  when A * B + A = B - C - 9000\n  tier passive\n  alert \'slow\'\n')
        test = TEST.format(expected='passive')
        service = self.serve(pack=self.pack('1.0.0', HEAD + numbers + rule('Always') + slow + rule('Behind') + test),
                             server='deadline_ms = 1000\nmax_steps = 1000000000\n')
        quick = rule('Always') + rule('Slow') + rule('Behind', tier='interruptive')
        self.tell(service, 'activate', self.pack('1.1.0', HEAD + quick + test), '--stage', 'shadow')
        for gender in 'male', 'female':
            self.said(service, more={'gender': gender})
        self.wait_for_shadow(service, 2)
        report = json.loads(self.vigil('shadow', 'report', service.folder / 'kept/shadow.db', '--format', 'json'))[0]
        self.assertEqual((report['compared'], report['differing'], report['failed']), (2, 1, 0))
        self.assertEqual({(line['rule'], line['results'], line['calls']) for line in report['notComparable']},
                         {('Rules.Slow', 1, 1), ('Rules.Behind', 1, 1)})
        self.assertEqual({(line['rule'], line['difference'], line['findings']) for line in report['disagreements']},
                         {('Rules.Slow', 'new', 1), ('Rules.Behind', 'tier', 1)})
        self.assertEqual(sum(self.metric(service, 'vigil_shadow_disagreements_total').values()), 2)
        self.assertEqual(self.metric(service, 'vigil_shadow_not_comparable_total'),
                         {'{pack="vigil",version="1.1.0",rule="Rules.Slow"}': 1,
                          '{pack="vigil",version="1.1.0",rule="Rules.Behind"}': 1})
        self.assertIn('2 compared, 1 differ, 2 results not comparable',
                      self.vigil('shadow', 'report', service.folder / 'kept/shadow.db'))

    def test_a_shadow_that_is_too_slow_is_left_behind_and_counted(self):
        service = self.serve(more='shadow_queue = 1\n')
        self.tell(service, 'activate', self.two, '--stage', 'shadow')
        body = json.dumps(call('p')).encode()

        def load():
            connection = http.client.HTTPConnection('127.0.0.1', service.port, timeout=PATIENCE)
            for _ in range(300):
                connection.request('POST', '/cds-services/vigil-patient-view', body, {'Content-Type': 'application/json'})
                response = connection.getresponse()
                response.read()
                assert response.status == 200
            connection.close()
        threads = [threading.Thread(target=load) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        def done_or_dropped():
            return sum(sum(self.metric(service, f'vigil_shadow_{what}_total').values()) for what in ('compared', 'dropped'))
        wait_until(lambda: done_or_dropped() >= 1200)
        self.assertEqual(done_or_dropped(), 1200)


if __name__ == '__main__':
    unittest.main(argv=[sys.argv[0], *sys.argv[3:]], verbosity=1)
