#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The same patients as FHIR and as OMOP CDM: where both carry the facts, a replay gives the same outcomes at the same
instants. usage: run_same_patient_tests.py VIGIL SOURCE_DIR"""
import json
import pathlib
import sqlite3
import subprocess
import sys
import tempfile

VIGIL, SOURCE = sys.argv[1], pathlib.Path(sys.argv[2])
RXNORM, LOINC = 'http://www.nlm.nih.gov/research/umls/rxnorm', 'http://loinc.org'
WARFARIN, IBUPROFEN, METFORMIN, EGFR = '855332', '310965', '860975', '62238-1'
CONCEPTS = {WARFARIN: (1, 'Drug', 'RxNorm'), IBUPROFEN: (2, 'Drug', 'RxNorm'), METFORMIN: (3, 'Drug', 'RxNorm'),
            EGFR: (4, 'Measurement', 'LOINC'), 'mL/min/{1.73_m2}': (5, 'Unit', 'UCUM')}
PERSONS = [(1, 8532, 'female', '1950-03-01'), (2, 8507, 'male', '1960-04-02')]
# id, person, drug, begin, end: dated ends are what tells that a drug was still taken
ORDERS = [(1, 1, WARFARIN, '2020-01-05T09:00:00', '2020-06-30'), (2, 1, IBUPROFEN, '2020-02-05T10:00:00', '2020-02-20'),
          (3, 2, IBUPROFEN, '2020-02-06T10:00:00', '2020-02-20'), (4, 1, IBUPROFEN, '2020-08-05T10:00:00', '2020-08-20'),
          (5, 2, METFORMIN, '2020-03-01T10:00:00', '2020-12-31'), (6, 1, METFORMIN, '2020-09-01T10:00:00', '2020-12-31')]
# id, person, time, value
LABS = [(1, 2, '2020-02-20T08:00:00', 24), (2, 1, '2020-08-20T08:00:00', 75)]


def write_omop(folder):
    concept_of = {code: number for code, (number, _, _) in CONCEPTS.items()}
    table = lambda name, head, rows: (folder / name).write_text('\n'.join([head] + [','.join(map(str, r)) for r in rows]) + '\n')
    table('CONCEPT.csv', 'concept_id,concept_name,domain_id,vocabulary_id,concept_class_id,standard_concept,concept_code',
          [(number, f'c{number}', domain, vocabulary, 'x', 'S', code) for code, (number, domain, vocabulary) in CONCEPTS.items()])
    table('PERSON.csv', 'person_id,gender_concept_id,year_of_birth,month_of_birth,day_of_birth',
          [(p, sex, *map(int, born.split('-'))) for p, sex, _, born in PERSONS])
    table('DRUG_EXPOSURE.csv', 'drug_exposure_id,person_id,drug_concept_id,drug_exposure_start_date,'
          'drug_exposure_start_datetime,drug_exposure_end_date,drug_type_concept_id',
          [(i, p, concept_of[drug], begin[:10], begin.replace('T', ' '), end, 32838) for i, p, drug, begin, end in ORDERS])
    table('MEASUREMENT.csv', 'measurement_id,person_id,measurement_concept_id,measurement_date,measurement_datetime,'
          'value_as_number,unit_concept_id',
          [(i, p, concept_of[EGFR], time[:10], time.replace('T', ' '), value, 5) for i, p, time, value in LABS])


def write_fhir(folder):
    write = lambda name, rows: (folder / f'{name}.ndjson').write_text(
        ''.join(json.dumps({'resourceType': name, **row}) + '\n' for row in rows))
    coded = lambda system, code: {'coding': [{'system': system, 'code': code}]}
    write('Patient', [{'id': str(p), 'gender': sex, 'birthDate': born} for p, _, sex, born in PERSONS])
    write('MedicationRequest', [
        {'id': str(i), 'status': 'completed', 'intent': 'order', 'subject': {'reference': f'Patient/{p}'}, 'authoredOn': begin + 'Z',
         'medicationCodeableConcept': coded(RXNORM, drug), 'dispenseRequest': {'validityPeriod': {'start': begin + 'Z', 'end': end}}}
        for i, p, drug, begin, end in ORDERS])
    write('Observation', [
        {'id': f'lab-{i}', 'status': 'final', 'subject': {'reference': f'Patient/{p}'}, 'code': coded(LOINC, EGFR),
         'effectiveDateTime': time + 'Z', 'valueQuantity': {'value': value, 'unit': 'mL/min/{1.73_m2}',
                                                           'system': 'http://unitsofmeasure.org', 'code': 'mL/min/{1.73_m2}'}}
        for i, p, time, value in LABS])


def decisions(folder, source):
    store, result, delays = folder / f'{source}.store', folder / f'{source}.result', folder / 'delays.csv'
    delays.write_text('resource_type,system,code,site,delay_hours\nObservation,,,,1\n')
    key = folder / 'key'
    key.write_text('a key for tests, and for these alone')
    run = lambda *arguments: subprocess.run([VIGIL, *map(str, arguments)], check=True, capture_output=True, text=True)
    run('import', folder / source, '--store', store)
    run('replay', SOURCE / 'rules', '--store', store, '--out', result, '--mode', 'delay', '--delays', delays, '--pseudonym-key', key)
    database = sqlite3.connect(result / 'replay.sqlite')
    return set(database.execute('SELECT patient_key, t0, hook, rule, outcome, tier FROM decisions '
                                'JOIN triggers USING (trigger_id) JOIN rules USING (rule_id)'))


with tempfile.TemporaryDirectory() as name:
    root = pathlib.Path(name)
    for source, writer in (('omop', write_omop), ('fhir', write_fhir)):
        (root / source).mkdir()
        writer(root / source)
    omop, fhir = decisions(root, 'omop'), decisions(root, 'fhir')
    for where, only in (('OMOP', omop - fhir), ('FHIR', fhir - omop)):
        for decision in sorted(only, key=str):
            print(f'only as {where}: {decision[1:]}')
    fired = sorted(d[3] for d in fhir if d[4] == 'fired')
    print(f'{len(fhir)} decisions as FHIR, {len(omop)} as OMOP; fired: {fired}')
    expected = {'Metformin with severely reduced kidney function', 'NSAID ordered during warfarin therapy'}
    sys.exit(0 if omop == fhir and expected <= set(fired) else 1)
