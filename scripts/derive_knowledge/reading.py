"""Where the tables stand, the code systems they name, and how sources are read."""
import csv
import glob
import json
import os

BASE = os.path.join(os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__)))), 'knowledge-base')
VERSION, DATE = '0.1.0', '2026-11-22'
RXNORM = 'http://www.nlm.nih.gov/research/umls/rxnorm'
SNOMED = 'http://snomed.info/sct'
LOINC = 'http://loinc.org'
ICD10 = 'http://hl7.org/fhir/sid/icd-10-cm'
CVX = 'http://hl7.org/fhir/sid/cvx'
DRUG_CLASS = 'urn:vigil:codesystem:drug-class'


def authored(name):
    """Rows of an authored table, as dictionaries."""
    with open(os.path.join(BASE, 'authored', name + '.csv'), encoding='utf-8', newline='') as file:
        return list(csv.DictReader(file))


def tab_separated(path):
    with open(path, encoding='utf-8-sig', newline='') as file:
        return list(csv.DictReader(file, delimiter='\t'))


def codings(node):
    """Every RxNorm coding with a display, anywhere in a JSON document."""
    if isinstance(node, dict):
        if node.get('system') == RXNORM and node.get('code') and node.get('display'):
            yield node['code'], node['display']
        for child in node.values():
            yield from codings(child)
    elif isinstance(node, list):
        for child in node:
            yield from codings(child)


def json_documents(folder):
    for path in sorted(glob.glob(os.path.join(folder, '**', '*.json'), recursive=True)):
        with open(path, encoding='utf-8') as file:
            try:
                yield json.load(file)
            except ValueError:
                print('skipped, not JSON:', os.path.basename(path))
    for path in sorted(glob.glob(os.path.join(folder, '**', '*.ndjson'), recursive=True)):
        if 'DocumentReference' not in path:
            with open(path, encoding='utf-8') as file:
                yield from (json.loads(line) for line in file if line.strip())
