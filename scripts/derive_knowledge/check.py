"""What must hold of the tables, however they came about."""
import collections
import csv
import io
import json
import re

from derive_knowledge.interactions import RANK
from derive_knowledge.reading import RXNORM, authored


def check(read):
    """Problems of the files that `read(path)` gives, as lines."""
    problems = []
    manifest = json.loads(read('manifest.json'))
    tables = {}
    for table in manifest['tables']:
        rows = list(csv.DictReader(io.StringIO(read(table['file']), newline='')))
        tables[table['name']] = rows
        names = [one['name'] for one in table['columns']]
        problems += [f'{table["file"]}: column names differ'] * (not rows or list(rows[0]) != names)
        problems += [f'{table["file"]}: no rows'] * (not rows)
        problems += [f'{table["file"]}: no source or licence'] * (not table.get('source') or not table.get('licence'))
        seen = [tuple(row.values()) for row in rows]
        problems += [f'{table["file"]}: repeated row {row}' for row, count in collections.Counter(seen).items() if count > 1]
    drugs = {row['rxcui'] for row in tables['Drugs']}
    ingredients = {row['ingredient'] for row in tables['Ingredients']}
    itself = {row['drug'] for row in tables['Ingredients'] if row['drug'] == row['ingredient']}
    classes = {one['code'] for one in json.loads(read('code-systems/drug-class.json'))['concept']}
    groups = {row['group'] for row in tables['Cross-reactivity']}
    used = {'Ingredients': ['drug', 'ingredient'], 'Strengths': ['drug', 'ingredient'], 'Drug classes': ['ingredient'], 'Cross-reactivity': ['ingredient'],
            'Interactions': ['a', 'b'], 'Dose limits': ['ingredient', 'beside'], 'Opioid factors': ['ingredient'], 'Allergens': ['ingredient']}
    for name, columns in used.items():
        for row in tables[name]:
            for one in columns:
                if row[one] and row[one] not in drugs:
                    problems.append(f'{name}: {row[one]} is no drug')
                elif row[one] and one != 'drug' and row[one] not in itself:
                    problems.append(f'{name}: {row[one]} is no ingredient')
    problems += [f'no class {row["class"]}' for row in tables['Drug classes'] if row['class'] not in classes]
    problems += [f'class {one} has no member' for one in classes - {row['class'] for row in tables['Drug classes']}]
    problems += [f'no group {row["group"]}' for row in tables['Allergens'] if row['group'] and row['group'] not in groups]
    problems += [f'allergen kind {row["kind"]}' for row in tables['Allergens']
                 if row['kind'] not in ('ingredient', 'group', 'no-known', 'other')]
    known = set(re.findall(r'^## ([\w-]+)', read('SOURCES.md'), re.M))
    for row in tables['Interactions']:
        bad = int(row['a']) >= int(row['b']) or row['tier'] not in RANK or not all(row.values())
        bad = bad or any(one not in known for one in row['source'].split(';'))
        problems += [f'interaction {row["a"]}-{row["b"]}: order, tier, citation or source'] * bad
    for table in manifest['tables']:
        problems += [f'{table["file"]}: source {one} is not in SOURCES.md' for one in table['source'].split('; ')
                     if one not in known and not one.startswith('derived from')]
    problems += [f'cross-reactivity without citation: {row["group"]}' for row in tables['Cross-reactivity'] if not row['citation']]
    for row in authored('value_sets'):
        one = json.loads(read(f'value-sets/{row["name"]}.json'))
        codes = [(part['system'], concept['code']) for part in one['compose']['include'] for concept in part['concept']]
        problems += [f'value set {row["name"]}: empty or repeated code'] * (not codes or len(codes) != len(set(codes)))
        problems += [f'value set {row["name"]}: {code} is no drug' for system, code in codes if system == RXNORM and code not in drugs]
    print({name: len(rows) for name, rows in tables.items()}, 'ingredients:', len(ingredients),
          'value sets:', len(authored('value_sets')), 'classes:', len(classes))
    print('tiers:', dict(collections.Counter(row['tier'] for row in tables['Interactions'])))
    return problems
