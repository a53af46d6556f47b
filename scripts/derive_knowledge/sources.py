"""The names that every source gives to RxNorm codes, and the sets the codes stand in."""
import collections
import csv
import glob
import json
import os
import re
import xml.etree.ElementTree as xml

from derive_knowledge.reading import RXNORM, authored, codings, json_documents, tab_separated


class Sources:
    """The names every source gives to RxNorm codes, and the sets the codes stand in."""

    # The first of these that names a code gives its display.
    ORDER = ['ecqm', 'pddi', 'authored', 'omop', 'uscore', 'cds-hooks', 'patients', 'onc', 'ndfrt', 'vista', 'product']

    def __init__(self, data):
        self.names = collections.defaultdict(dict)       # code -> source -> name
        self.ecqm = collections.defaultdict(set)         # value set title -> codes
        self.pddi = collections.defaultdict(set)         # file stem -> RxNorm codes
        self.pddi_other = collections.defaultdict(dict)  # file stem -> (system, code) -> display
        knowledge = os.path.join(data, 'knowledge-sources')
        self.read_ecqm(knowledge)
        self.read_pddi(knowledge)
        self.read_instances(data)
        self.onc = {name: self.read_onc(knowledge, name) for name in ('high', 'nonint')}
        self.ndfrt = self.read_ndfrt(knowledge)
        for row in tab_separated(knowledge + '/va-foia/vista_allergens.tsv'):
            for code in re.findall(r'RXNORM:(\d+)', row['codes'] or ''):
                self.name(code, row['name'].lower(), 'vista')
        for row in authored('ingredients'):
            self.name(row['rxcui'], row['name'], 'authored')
        for row in authored('products'):
            self.name(row['rxcui'], row['name'], 'product')

    def name(self, code, text, source):
        text = re.sub(r'\s+', ' ', (text or '').replace('\u200b', '')).strip()
        if text:
            self.names[code].setdefault(source, text)
        else:
            self.names[code]

    def display(self, code):
        found = self.names.get(code, {})
        return next((found[source] for source in self.ORDER if source in found), '')

    def read_ecqm(self, knowledge):
        for row in tab_separated(knowledge + '/ecqm-rxnorm/valueset_rxnorm.tsv'):
            us_core = row['oid'] == 'us-core-allergy-substance'
            self.name(row['rxcui'], row['display'], 'uscore' if us_core else 'ecqm')
            self.ecqm[row['valueset']].add(row['rxcui'])
        with open(knowledge + '/ecqm-rxnorm/USCoreAllergySubstance.json', encoding='utf-8') as file:
            self.us_core_allergy = [(include['system'], concept['code'], concept['display'])
                                    for include in json.load(file)['compose']['include']
                                    for concept in include['concept']]

    def read_pddi(self, knowledge):
        space = '{http://hl7.org/fhir}'
        for path in sorted(glob.glob(knowledge + '/hl7-pddi-cds/vocabulary/*.xml')):
            stem = re.sub(r'^valueset-|\.xml$', '', os.path.basename(path))
            for include in xml.parse(path).getroot().iter(space + 'include'):
                system = include.find(space + 'system')
                if system is None:
                    continue
                for concept in include.findall(space + 'concept'):
                    code = concept.find(space + 'code').get('value')
                    shown = concept.find(space + 'display')
                    shown = shown.get('value') if shown is not None else ''
                    if system.get('value') == RXNORM:
                        self.name(code, shown, 'pddi')
                        self.pddi[stem].add(code)
                    else:
                        self.pddi_other[stem][system.get('value'), code] = shown

    def read_instances(self, data):
        for folder, source in (('patients', 'patients'), ('cds-hooks', 'cds-hooks')):
            for document in json_documents(os.path.join(data, folder)):
                for code, text in codings(document):
                    self.name(code, text, source)
        with open(data + '/omop/synthea27nj-5.4/CONCEPT.csv', encoding='utf-8', newline='') as file:
            for row in csv.DictReader(file):
                if row['vocabulary_id'] == 'RxNorm':
                    self.name(row['concept_code'], row['concept_name'], 'omop')

    def read_onc(self, knowledge, name):
        rows = tab_separated(f'{knowledge}/onc-lists/onc_{name}_rxcui_pairs.tsv')
        for row in rows:
            for side in '12':
                self.name(row['rxcui_' + side], row['name_' + side], 'onc')
        return [(row['rxcui_1'], row['rxcui_2']) for row in rows]

    def read_ndfrt(self, knowledge):
        rows = tab_separated(knowledge + '/ndfrt-2014/ndfrt_ddi_rxcui.tsv')
        for row in rows:
            for side in '12':
                self.name(row['rxcui_' + side], row['name_' + side].lower(), 'ndfrt')
        return {tuple(sorted((row['rxcui_1'], row['rxcui_2']))): row['severity'] for row in rows}
