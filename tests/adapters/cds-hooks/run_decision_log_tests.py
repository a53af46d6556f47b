#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Runs `vigil serve` with a decision log, and `vigil log` on what it wrote: run_decision_log_tests.py PROGRAM SOURCE_DIR."""
import base64
import json
import os
import sqlite3
import subprocess
import sys
import unittest

from decision_log_support import PROGRAM, SOURCE, answer_card, log, new_folder, settings_of
from serve_support import Service, cards_of, example_call

PATIENTS = SOURCE / 'examples' / 'patients'
KEY = 'ab' * 32


class Recording(unittest.TestCase):
    def test_every_decision_is_there_and_comes_out_the_same_again(self):
        folder = new_folder()
        service = Service(PROGRAM, settings_of(), folder=folder)
        hooks = ('patient-view', 'order-select', 'order-sign')
        count = 0
        for path in sorted(PATIENTS.glob('*.json')):
            for hook in hooks:
                response = service.call(example_call(service, path, hook))
                self.assertEqual(response.status, 200)
                count += 1
            partial = example_call(service, path, 'order-sign')
            partial['prefetch'].pop('condition')
            self.assertIn(service.call(partial).status, (200, 412))
            count += 1
        self.assertEqual(service.stop(), 0)
        verified = log('verify', folder)
        self.assertEqual(verified.returncode, 0, verified.stdout + verified.stderr)
        self.assertIn('the chain holds', verified.stdout)
        self.assertIn(f'{count} decisions', verified.stdout)
        replayed = log('replay', folder, '--rules', str(SOURCE / 'rules'))
        self.assertEqual(replayed.returncode, 0, replayed.stdout + replayed.stderr)
        self.assertIn(f'{count} the same, 0 different, 0 of other rules', replayed.stdout)

    def test_calls_of_one_patient_share_a_record(self):
        folder = new_folder()
        (folder / 'log.key').write_text(KEY + '\n')
        service = Service(PROGRAM, settings_of('key_file = "log.key"'), folder=folder)
        # As while an order is typed: the record stays, the draft changes.
        for text in ('4', '40', '400 mg'):
            call = example_call(service, PATIENTS / 'ibuprofen-on-warfarin.json', 'order-sign')
            call['context']['draftOrders']['entry'][0]['resource']['dosageInstruction'] = [{'text': text}]
            cards_of(service.call(call))
        other = example_call(service, PATIENTS / 'ibuprofen-on-warfarin.json', 'order-sign')
        other['prefetch']['condition']['entry'] = []
        cards_of(service.call(other))
        self.assertEqual(service.stop(), 0)
        shown = [json.loads(line) for line in log('show', folder, '--patient-data', key=KEY).stdout.splitlines()]
        self.assertEqual([row.get('recordOf') for row in shown], [None, 1, 1, None])
        self.assertTrue(all(row['record'] == shown[0]['record'] for row in shown[:3]))
        self.assertNotEqual(shown[3]['record'], shown[0]['record'])
        self.assertNotIn('recordOf', log('show', folder, key=KEY).stdout)
        replayed = log('replay', folder, '--rules', str(SOURCE / 'rules'), key=KEY)
        self.assertIn('4 the same, 0 different', replayed.stdout)
        self.assertIn('the chain holds', log('verify', folder, key=KEY).stdout)

    def test_what_is_nested_as_deep_as_is_read_comes_out_the_same_again(self):
        folder = new_folder()
        service = Service(PROGRAM, settings_of('[requests]\nmax_depth = 512'), folder=folder)
        cards = set()
        for depth in range(56, 66):
            call = example_call(service, PATIENTS / 'ibuprofen-on-warfarin.json', 'order-sign')
            part = call['prefetch']['medicationRequest']['entry'][0]
            for _ in range(depth):
                part = {'part': [part]}
            call['prefetch']['medicationRequest'] = {'resourceType': 'Parameters', 'parameter': [part]}
            cards.add(len(cards_of(service.call(call))))
        self.assertGreater(len(cards), 1)  # some are read, and some are too deep
        self.assertEqual(service.stop(), 0)
        replayed = log('replay', folder, '--rules', str(SOURCE / 'rules'))
        self.assertIn('10 the same, 0 different', replayed.stdout.splitlines()[-1])

    def test_the_end_told_in_the_log_is_an_anchor(self):
        folder = new_folder()
        service = Service(PROGRAM, settings_of(), folder=folder)
        service.call(example_call(service, PATIENTS / 'ibuprofen-on-warfarin.json', 'order-sign'))
        self.assertEqual(service.stop(), 0)
        told = [json.loads(line) for line in service.output().splitlines() if 'decision_log_end' in line][-1]
        anchor = f'{told["number"]}:{told["hash"]}'
        self.assertEqual(log('verify', folder, '--anchor', anchor).returncode, 0)
        self.assertEqual(log('verify', folder, '--anchor', f'1:{"0" * 64}').returncode, 1)
        self.assertEqual(log('verify', folder, '--anchor', 'nonsense').returncode, 2)

    def test_a_rule_that_came_to_the_limit_of_a_call_may_get_further_in_a_replay(self):
        folder = new_folder()
        (folder / 'r.vigil').write_text(
            "library R version '1.0.0'\nusing FHIR version '4.0.1'\ncontext Patient\n"
            "define Numbers: expand Interval[1, 300] per 1\nrule \"Many\"\n  on 'order-sign'\n  for Numbers A, Numbers B\n"
            "  when A * B = 89999\n  alert 'never'\n")
        service = Service(PROGRAM, settings_of('[[pack]]\nid = "vigil"\nrules = ["r.vigil"]', server='max_steps = 2000'),
                          folder=folder)
        call = example_call(service, PATIENTS / 'ibuprofen-on-warfarin.json', 'order-sign')
        self.assertIn('VGL0904', cards_of(service.call(call))[0]['detail'])
        self.assertEqual(service.stop(), 0)
        replayed = log('replay', folder, '--rules', str(folder / 'r.vigil'))
        self.assertIn('1 the same, 0 different', replayed.stdout.splitlines()[-1])

    def test_other_rules_say_something_else(self):
        folder = new_folder()
        service = Service(PROGRAM, settings_of(), folder=folder)
        service.call(example_call(service, PATIENTS / 'ibuprofen-on-warfarin.json', 'order-sign'))
        self.assertEqual(service.stop(), 0)
        rules = folder / 'other.vigil'
        rules.write_text("library Other\nusing FHIR version '4.0.1'\ncontext Patient\nrule \"Other\"\n  on 'order-sign'\n"
                         "  when true\n  tier passive\n  alert 'said by other rules'\n")
        self.assertIn('1 of other rules', log('replay', folder, '--rules', str(rules)).stdout)
        differs = log('replay', folder, '--rules', str(rules), '--any-rules')
        self.assertEqual(differs.returncode, 1)
        self.assertIn('now, not then: passive: said by other rules', differs.stdout)

    def test_rules_as_earlier_versions_named_them_are_compared_too(self):
        folder = new_folder()
        service = Service(PROGRAM, settings_of(), folder=folder)
        for path in sorted(PATIENTS.glob('*on-warfarin*.json')):
            service.call(example_call(service, path, 'order-sign'))
        self.assertEqual(service.stop(), 0)
        with sqlite3.connect(folder / 'decisions.db') as database:
            database.execute('DROP TRIGGER record_is_not_changed')
            rows = database.execute('SELECT number, open FROM record').fetchall()
            for number, text in rows:
                one = json.loads(text)
                one['outcomes'] = {outcome: [f'{library}.{name}' for library, names in rules.items() for name in names]
                                   for outcome, rules in one['outcomes'].items()}
                if number == 1:
                    one['outcomes'].setdefault('fired', []).append('Other.No such rule')
                database.execute('UPDATE record SET open = ? WHERE number = ?', (json.dumps(one), number))
        database.close()
        replayed = log('replay', folder, '--rules', str(SOURCE / 'rules'))
        self.assertEqual(replayed.returncode, 1, replayed.stdout + replayed.stderr)
        self.assertIn(f'{len(rows) - 1} the same, 1 different', replayed.stdout)
        self.assertIn('Other.No such rule: fired', replayed.stdout)

    def test_a_row_changed_by_hand_is_found(self):
        folder = new_folder()
        service = Service(PROGRAM, settings_of(), folder=folder)
        for _ in range(5):
            service.call(example_call(service, PATIENTS / 'ibuprofen-on-warfarin.json', 'order-sign'))
        self.assertEqual(service.stop(), 0)
        with sqlite3.connect(folder / 'decisions.db') as database:
            with self.assertRaises(sqlite3.Error):
                database.execute('DELETE FROM record WHERE number = 3')
            database.execute('DROP TRIGGER record_is_not_changed')
            database.execute("UPDATE record SET open = replace(open, '\"status\":200', '\"status\":412') WHERE number = 3")
        database.close()
        found = log('verify', folder)
        self.assertEqual(found.returncode, 1)
        self.assertIn('row 3 was altered', found.stdout)

    def test_a_request_or_card_that_no_row_names_is_told(self):
        folder = new_folder()
        service = Service(PROGRAM, settings_of(), folder=folder)
        card = cards_of(service.call(example_call(service, PATIENTS / 'ibuprofen-on-warfarin.json', 'order-sign')))[0]
        self.assertEqual(service.stop(), 0)
        found = log('show', folder, '--card', card['uuid'])
        self.assertEqual((found.returncode, found.stderr), (0, ''))
        for arguments, told in ((['--request', 'nope'], 'no row names the request `nope`'),
                                (['--card', 'nope'], 'no row names the card `nope`'),
                                (['--request', 'nope', '--card', card['uuid']],
                                 f'no row names the request `nope` and the card `{card["uuid"]}`')):
            none = log('show', folder, *arguments)
            self.assertEqual((none.returncode, none.stdout, none.stderr), (1, '', told + '\n'))

    def test_feedback_on_a_card_that_nobody_knows_is_kept_beside_the_others(self):
        folder = new_folder()
        service = Service(PROGRAM, settings_of(), folder=folder)
        card = cards_of(service.call(example_call(service, PATIENTS / 'ibuprofen-on-warfarin.json', 'order-sign')))[0]
        given = [{'card': uuid, 'outcome': 'overridden', 'outcomeTimestamp': '2026-11-22T09:30:00Z'}
                 for uuid in ('4e0a3a1e-3283-4575-ab82-028d55fe2719', card['uuid'], card['uuid'])]
        self.assertEqual(service.request('POST', '/cds-services/vigil-order-sign/feedback', {'feedback': given}).status, 200)
        self.assertEqual(service.stop(), 0)
        told = [json.loads(line) for line in log('feedback', folder).stdout.splitlines()]
        self.assertEqual([one['card'] for one in told], [one['card'] for one in given])
        self.assertEqual([one.get('decision') for one in told], [None, 1, 1])

    def test_a_batch_that_is_sent_again_counts_once(self):
        folder = new_folder()
        service = Service(PROGRAM, settings_of(), folder=folder)
        card = cards_of(service.call(example_call(service, PATIENTS / 'ibuprofen-on-warfarin.json', 'order-sign')))[0]

        def send(*times):
            return service.request('POST', '/cds-services/vigil-order-sign/feedback', {'feedback': [
                {'card': card['uuid'], 'outcome': 'overridden', 'outcomeTimestamp': time,
                 'overrideReason': {'userComment': 'seen'}} for time in times]})
        good, bad = '2026-11-22T09:30:00Z', '2026-11-22T09:31:00'
        refused = send(good, bad)
        self.assertEqual(refused.status, 400)
        self.assertIn('feedback[1].outcomeTimestamp', refused.text)
        self.assertIn('1 of 2 entries are kept', refused.text)
        self.assertEqual([send(good, bad + 'Z').status for _ in range(2)], [200, 200])
        self.assertEqual(service.stop(), 0)
        told = [json.loads(line) for line in log('feedback', folder).stdout.splitlines()]
        self.assertEqual([one['at'] for one in told], [1795339800000, 1795339860000])
        self.assertEqual({one['comment'] for one in told}, {'seen'})

    def test_two_services_cannot_write_one_log(self):
        folder = new_folder()
        service = Service(PROGRAM, settings_of(), folder=folder)
        second = subprocess.run([PROGRAM, 'serve', '--config', str(folder / 'vigil.toml')], capture_output=True, text=True,
                                check=False, timeout=60)
        self.assertEqual(second.returncode, 2)
        self.assertIn('another process writes to it', second.stderr)
        self.assertEqual(service.stop(), 0)


class Sealing(unittest.TestCase):
    def test_nothing_of_a_patient_is_in_the_file_and_the_key_opens_it(self):
        folder = new_folder()
        (folder / 'log.key').write_text(KEY + '\n')
        service = Service(PROGRAM, settings_of('key_file = "log.key"'), folder=folder)
        call = example_call(service, PATIENTS / 'ibuprofen-on-warfarin.json', 'order-sign')
        call = json.loads(json.dumps(call).replace('example-01', 'CANARY-PATIENT'))
        call['context']['userId'] = 'Practitioner/CANARY-USER'
        call['context']['encounterId'] = 'CANARY-ENCOUNTER'
        call['prefetch']['more'] = {'resourceType': 'Encounter', 'id': 'CANARY-ENCOUNTER', 'location': [
            {'location': {'reference': 'Location/CANARY-WARD'}}]}
        card = cards_of(service.call(call))[0]
        self.assertEqual(answer_card(service, 'order-sign', card).status, 200)
        self.assertEqual(service.stop(), 0)
        for path in folder.glob('decisions.db*'):
            content = path.read_bytes()
            for text in (b'CANARY', card['summary'][:20].encode(), b'855332'):
                self.assertNotIn(text, content, path.name)
        self.assertEqual(log('verify', folder, key=KEY).returncode, 0)
        without = log('verify', folder)
        self.assertEqual(without.returncode, 1)
        self.assertIn('the chain cannot be checked: row 1 needs the key', without.stdout)
        self.assertIn('--key-file', without.stdout)
        self.assertNotIn('does not hold', without.stdout)
        other = log('replay', folder, '--rules', str(SOURCE / 'rules'), key='cd' * 32)
        self.assertEqual(other.returncode, 1)
        for told in (other, log('show', folder, '--patient-data'), log('feedback', folder)):
            self.assertRegex(told.stderr, r'^\d+ rows? (is|are) sealed by a key that was not given: .*VIGIL_LOG_KEY')
        self.assertEqual(log('show', folder).stderr, '')
        shown = log('show', folder, '--card', card['uuid'], key=KEY).stdout
        self.assertNotIn('CANARY', shown)
        decision = json.loads(log('show', folder, '--card', card['uuid'], '--patient-data', key=KEY).stdout.splitlines()[0])
        self.assertEqual(decision['patientData']['patient'], 'CANARY-PATIENT')
        self.assertEqual(decision['response']['cards'][0]['uuid'], card['uuid'])
        joined = json.loads(log('feedback', folder, key=KEY).stdout)
        self.assertEqual((joined['decision'], joined['outcome'], joined['user'], joined['patient'], joined['location'],
                          joined['comment']),
                         (1, 'overridden', 'Practitioner/CANARY-USER', 'CANARY-PATIENT', 'Location/CANARY-WARD',
                          'CANARY-COMMENT'))
        # What `vigil replay --feedback` joins by.
        self.assertIn('NSAID ordered during warfarin therapy', joined['rules'])
        self.assertEqual(joined['hook'], 'order-sign')
        self.assertTrue(joined['orders'] and joined['orders'][0].startswith('MedicationRequest/'))
        self.assertEqual(joined['shown'], json.loads(log('show', folder, '--card', card['uuid']).stdout.splitlines()[0])['at'])

    def test_a_sealed_log_is_not_gone_on_with_without_its_key(self):
        """Patients' data would be plain from then on, or sealed by a key that nobody meant; and nobody would be told."""
        folder = new_folder()
        for name, key in (('log.key', KEY), ('other.key', 'cd' * 32)):
            (folder / name).write_text(key)
        service = Service(PROGRAM, settings_of('key_file = "log.key"'), folder=folder)
        service.call(example_call(service, PATIENTS / 'ibuprofen-on-warfarin.json', 'order-sign'))
        self.assertEqual(service.stop(), 0)
        for keys in ('', 'key_file = "other.key"'):
            (folder / 'vigil.toml').write_text(settings_of(keys))
            run = subprocess.run([PROGRAM, 'serve', '--config', str(folder / 'vigil.toml')], capture_output=True, text=True,
                                 check=False, timeout=60)
            self.assertEqual((run.returncode, run.stdout), (2, ''), keys)
            self.assertRegex(run.stderr, r'VGL1211.*its last row is sealed by the key [0-9a-f]{16}, which was not given')
            self.assertIn('old_key_files', run.stderr)
        purged = log('purge', folder, '--keep-days', '1')
        self.assertEqual(purged.returncode, 2)
        self.assertIn('--key-file', purged.stderr)
        service = Service(PROGRAM, settings_of('key_file = "other.key"\nold_key_files = ["log.key"]'), folder=folder)
        service.call(example_call(service, PATIENTS / 'ibuprofen-on-warfarin.json', 'order-sign'))
        self.assertEqual(service.stop(), 0)
        self.assertEqual(log('verify', folder, '--key-file', str(folder / 'log.key'), key='cd' * 32).returncode, 0)

    def test_only_its_owner_can_read_the_file(self):
        before = os.umask(0o022)
        try:
            folder = new_folder()
            service = Service(PROGRAM, settings_of(), folder=folder)
            service.call(example_call(service, PATIENTS / 'ibuprofen-on-warfarin.json', 'order-sign'))
            modes = {path.name: oct(path.stat().st_mode & 0o777) for path in folder.glob('decisions.db*')}
            self.assertEqual(set(modes.values()), {'0o600'}, modes)
            self.assertIn('decisions.db-wal', modes)
            self.assertEqual(service.stop(), 0)
        finally:
            os.umask(before)

    def test_purging_makes_no_log(self):
        folder = new_folder()
        run = log('purge', folder, '--keep-days', '1')
        self.assertEqual(run.returncode, 2)
        self.assertIn('there is no such file', run.stderr)
        self.assertEqual(list(folder.iterdir()), [])

    def test_decisions_are_audit_events(self):
        """IHE ITI BALP 1.1, PatientQuery: what the profile demands, by its slices."""
        folder = new_folder()
        service = Service(PROGRAM, settings_of(), folder=folder)
        service.call(example_call(service, PATIENTS / 'ibuprofen-on-warfarin.json', 'order-sign'),
                     {'traceparent': '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01'})
        self.assertEqual(service.stop(), 0)
        lines = log('show', folder, '--format', 'audit-event', '--server', 'https://cds.example.org').stdout.splitlines()
        self.assertEqual(len(lines), 1)
        event = json.loads(lines[0])
        self.assertEqual(event['meta']['profile'], [
            'https://profiles.ihe.net/ITI/BALP/StructureDefinition/IHE.BasicAudit.PatientQuery'])
        self.assertEqual((event['type']['code'], event['action'], event['outcome']), ('rest', 'E', '0'))
        agents = {a['type']['coding'][0]['code']: a for a in event['agent']}
        for code in ('110153', '110152'):
            self.assertTrue(agents[code]['who'] and agents[code]['network']['address'])
        self.assertEqual((agents['IRCP']['who']['reference'], agents['IRCP']['requestor']), ('Practitioner/u1', True))
        entities = {e['type']['code']: e for e in event['entity']}
        self.assertEqual(entities['1']['what']['reference'], 'Patient/example-01')
        self.assertEqual(entities['1']['role']['code'], '1')
        self.assertEqual(entities['2']['role']['code'], '24')
        self.assertEqual(base64.b64decode(entities['2']['query']).decode(), 'POST /cds-services/vigil-order-sign')
        self.assertEqual(entities['XrequestId']['what']['identifier']['value'], '4bf92f3577b34da6a3ce929d0e0e4736')

    def test_audit_events_name_no_server_but_the_one_given(self):
        folder = new_folder()
        service = Service(PROGRAM, settings_of(), folder=folder)
        service.call(example_call(service, PATIENTS / 'ibuprofen-on-warfarin.json', 'order-sign'))
        self.assertEqual(service.stop(), 0)
        for arguments, told in ((['--format', 'audit-event'], 'audit events need --server'),
                                (['--format', 'audit-event', '--server', 'cds'], '`cds` is no address'),
                                (['--server', 'https://cds.example.org'], 'for --format audit-event alone')):
            with self.subTest(told):
                run = log('show', folder, *arguments)
                self.assertEqual((run.returncode, run.stdout), (2, ''))
                self.assertIn(told, run.stderr)

    def test_a_key_that_is_none_is_refused(self):
        folder = new_folder()
        (folder / 'log.key').write_text('secret')
        (folder / 'vigil.toml').write_text(settings_of('key_file = "log.key"'))
        run = subprocess.run([PROGRAM, 'serve', '--check', '--config', str(folder / 'vigil.toml')], capture_output=True,
                             text=True, check=False, timeout=60)
        self.assertEqual(run.returncode, 2)
        self.assertIn('openssl rand -hex 32', run.stderr)
        self.assertNotIn('secret', run.stderr)


if __name__ == '__main__':
    unittest.main(argv=[sys.argv[0], *sys.argv[3:]], verbosity=1)
