# SPDX-License-Identifier: Apache-2.0
"""A small invented population as bulk NDJSON, and what is judged of it: labels, feedback and subgroups."""
import datetime
import json
import random


def write_histories(folder, patients, seed):
    """Bulk NDJSON of a small population."""
    chance = random.Random(seed)
    folder.mkdir()
    files = {name: [] for name in ('Patient', 'MedicationRequest', 'Observation', 'Encounter')}

    def instant(day, hour):
        return f'{2020 + day // 336}-{1 + day % 336 // 28:02}-{1 + day % 28:02}T{hour:02}:00:00Z'

    for p in range(patients):
        who = {'reference': f'Patient/person-{p}'}
        files['Patient'].append({'resourceType': 'Patient', 'id': f'person-{p}', 'gender': chance.choice(['male', 'female']),
                                 'birthDate': f'{chance.randrange(1930, 2002)}-05-05'})
        for n in range(chance.randrange(3, 12)):
            day, hour = chance.randrange(600), chance.randrange(24)
            order = {'resourceType': 'MedicationRequest', 'id': f'order-{p}-{n}', 'subject': who, 'intent': 'order',
                     'status': chance.choice(['active', 'active', 'completed', 'stopped']), 'authoredOn': instant(day, hour),
                     'requester': {'reference': f'Practitioner/dr-{chance.randrange(6)}'},
                     'medicationCodeableConcept': {'text': 'drug & <co>', 'coding': [
                         {'system': 'urn:test', 'code': chance.choice(['warfarin', 'ibuprofen', 'metformin'])}]}}
            if order['status'] == 'stopped':
                order['dispenseRequest'] = {'validityPeriod': {'end': instant(day, 23) if chance.random() < 0.5 else instant(day + 20, 1)}}
            files['MedicationRequest'].append(order)
        for n in range(chance.randrange(0, 4)):
            day, hour = chance.randrange(600), chance.randrange(24)
            files['Observation'].append({
                'resourceType': 'Observation', 'id': f'egfr-{p}-{n}', 'status': 'final', 'subject': who,
                'code': {'coding': [{'system': 'urn:test', 'code': 'egfr'}]}, 'issued': instant(day, hour),
                'effectiveDateTime': instant(max(day - 1, 0), hour),
                'valueQuantity': {'value': chance.randrange(10, 90), 'unit': 'mL/min/{1.73_m2}',
                                  'system': 'http://unitsofmeasure.org', 'code': 'mL/min/{1.73_m2}'}})
    for name, lines in files.items():
        (folder / f'{name}.ndjson').write_text(''.join(json.dumps(line) + '\n' for line in lines))


def write_judgements(folder, patients, seed):
    """Labels with events, feedback and subgroups of that population."""
    chance = random.Random(seed)
    orders = {}
    for line in (folder / 'export/MedicationRequest.ndjson').open():
        order = json.loads(line)
        orders.setdefault(order['subject']['reference'].split('/')[1], []).append(order)
    rules = ('NSAID with warfarin', 'Metformin at low eGFR')
    labels, answers, groups = ['patient,instant,rule,label,event'], [], ['value,patient,subgroup']
    for p in range(patients):
        for rule in rules:
            if chance.random() < 0.5:
                event = f'{2021 + chance.randrange(2)}-{chance.randrange(1, 13):02}-11T06:30:00Z' if chance.random() < 0.7 else ''
                labels.append(f'person-{p},,{rule},{chance.choice(["true", "false"])},{event}')
        for order in orders[f'person-{p}']:
            if chance.random() < 0.6:
                answers.append({'patient': f'person-{p}', 'rule': chance.choice(rules), 'orders': [f'MedicationRequest/{order["id"]}'],
                                'outcome': chance.choice(['accepted', 'overridden', 'overridden']),
                                'outcomeTimestamp': order['authoredOn'].replace(':00:00Z', f':0{chance.randrange(10)}:00Z'),
                                'overrideReason': {'reason': {'code': 'x', 'display': chance.choice(['Will monitor', 'Known'])}}})
                if chance.random() < 0.5:  # as `vigil log feedback` writes it
                    answer = answers.pop()
                    at = int(datetime.datetime.fromisoformat(answer['outcomeTimestamp'].replace('Z', '+00:00')).timestamp() * 1000)
                    answers.append({'card': str(len(answers)), 'outcome': answer['outcome'], 'at': at + 60000, 'shown': at, 'decision': 1,
                                    'patient': answer['patient'], 'rules': [answer['rule']], 'orders': answer['orders'],
                                    'hook': 'order-sign', 'comment': 'person-1', 'reasonCode': 'known'})
        if p % 3:
            groups.append(f'{chance.choice(["public", "private"])},person-{p},payer')
    answers.append({'patient': 'person-1', 'rule': 'A rule of long ago', 'outcome': 'accepted', 'outcomeTimestamp': '2020-01-01T00:00:00Z'})
    (folder / 'labels.csv').write_text('\n'.join(labels) + '\n')
    (folder / 'feedback.ndjson').write_text(''.join(json.dumps(answer) + '\n' for answer in answers))
    (folder / 'subgroups.csv').write_text('\n'.join(groups) + '\n')
    return ['--labels', folder / 'labels.csv', '--feedback', folder / 'feedback.ndjson', '--subgroups', folder / 'subgroups.csv']
