#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Writes what scripts/bench service needs: service_request.py rules DATA FILE | service_request.py call DATA URL FILE.

`rules`: the 20 rules of bench20 as rules of Vigil, at order-sign. `call`: a call of about 20 KB, as an EHR makes it for the
templates of the service, and a script that wrk sends it with."""
import json
import pathlib
import re
import sys
import urllib.request

RXNORM = 'http://www.nlm.nih.gov/research/umls/rxnorm'


def write_rules(data, target):
    text = (data / 'CdsRules.cql').read_text()
    for name in re.findall(r'^define "(R\d\d)"', text, re.M):
        text += f'\nrule "Rule {name}"\n  on \'order-sign\'\n  when "{name}"\n  tier passive\n  alert \'{name}\'\n'
    target.write_text(text)


def call_of(data, templates):
    wanted, best = 20_000, None
    for path in sorted((data / 'prefetch').glob('*.json')):
        resources = [e['resource'] for e in json.loads(path.read_text())['entry']]
        prefetch = {}
        for key, template in templates.items():
            kind = re.match(r'\w+', template).group(0)
            found = [r for r in resources if r['resourceType'] == kind]
            prefetch[key] = found[0] if kind == 'Patient' else {
                'resourceType': 'Bundle', 'type': 'searchset', 'entry': [{'resource': r} for r in found]}
        patient = next(r for r in resources if r['resourceType'] == 'Patient')
        draft = {'resourceType': 'MedicationRequest', 'id': 'o1', 'status': 'draft', 'intent': 'order',
                 'subject': {'reference': 'Patient/' + patient['id']},
                 'medicationCodeableConcept': {'coding': [{'system': RXNORM, 'code': '310965'}]}}
        body = json.dumps({'hook': 'order-sign', 'hookInstance': 'd1577c69-dfbe-44ad-ba6d-3e05e953b2ea',
                           'context': {'userId': 'Practitioner/1', 'patientId': patient['id'], 'draftOrders': {
                               'resourceType': 'Bundle', 'entry': [{'resource': draft}]}}, 'prefetch': prefetch})
        if best is None or abs(len(body) - wanted) < abs(len(best) - wanted):
            best = body
    return best


def main():
    data = pathlib.Path(sys.argv[2])
    if sys.argv[1] == 'rules':
        return write_rules(data, pathlib.Path(sys.argv[3]))
    with urllib.request.urlopen(sys.argv[3] + '/cds-services') as answer:
        service = next(s for s in json.load(answer)['services'] if s['hook'] == 'order-sign')
    body = call_of(data, service['prefetch'])
    target = pathlib.Path(sys.argv[4])
    target.with_suffix('.json').write_text(body)
    target.write_text('local file = io.open("' + str(target.with_suffix('.json')) + '", "rb")\n'
                      'wrk.method = "POST"\nwrk.path = "/cds-services/' + service['id'] + '"\n'
                      'wrk.headers["Content-Type"] = "application/json"\nwrk.body = file:read("*a")\nfile:close()\n')
    print(len(body))
    return None


if __name__ == '__main__':
    main()
