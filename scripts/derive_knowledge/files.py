"""The manifest, and every derived file."""
import csv
import io
import json

from derive_knowledge.allergies import derive_allergens, derive_groups
from derive_knowledge.doses import derive_dose_limits, derive_opioid_factors
from derive_knowledge.drugs import Drugs
from derive_knowledge.interactions import derive_interactions
from derive_knowledge.reading import DATE, DRUG_CLASS, RXNORM, VERSION, authored
from derive_knowledge.sets import Sets
from derive_knowledge.sources import Sources
from derive_knowledge.strengths import derive_strengths
from derive_knowledge.value_sets import code_system, derive_value_sets


def column(name, kind='String', **more):
    return dict(name=name, type=kind, **more)

TABLES = [
    dict(name='Drugs', role='drug', file='drugs/drugs.csv',
         columns=[column('rxcui', 'Code', system=RXNORM), column('name'), column('tty'), column('route')],
         source='ecqm-rxnorm; hl7-pddi-cds; us-core-allergy; onc-lists; ndfrt-2014; synthea; cds-hooks; omop; va-foia',
         licence='RxNorm names (SAB=RXNORM): free of charge, no licence needed; compilation CC0 1.0'),
    dict(name='Ingredients', role='ingredient', file='drugs/ingredients.csv',
         columns=[column('drug', 'Code', system=RXNORM), column('ingredient', 'Code', system=RXNORM)],
         source='derived from the names of drugs/drugs.csv', licence='CC0 1.0'),
    dict(name='Strengths', file='drugs/strengths.csv',
         columns=[column('drug', 'Code', system=RXNORM), column('ingredient', 'Code', system=RXNORM),
                  column('amount', 'Decimal'), column('unit'), column('per')],
         source='derived from the names of drugs/drugs.csv', licence='CC0 1.0'),
    dict(name='Drug classes', role='class', file='drugs/classes.csv',
         columns=[column('ingredient', 'Code', system=RXNORM), column('class', 'Code', system=DRUG_CLASS)],
         source='vigil', licence='CC0 1.0'),
    dict(name='Drug class names', file='drugs/class_names.csv',
         columns=[column('class', 'Code', system=DRUG_CLASS), column('name')], source='vigil', licence='CC0 1.0'),
    dict(name='Allergens', role='allergen', file='allergies/allergens.csv',
         columns=[column('system'), column('code', 'Code', system_column='system'), column('display'), column('kind'),
                  column('ingredient', 'Code', system=RXNORM), column('group')],
         source='us-core-allergy; synthea; vigil', licence='RxNorm: free of charge; SNOMED CT: see SOURCES.md, us-core-allergy'),
    dict(name='Cross-reactivity', role='cross-reactivity', file='allergies/groups.csv',
         columns=[column('group'), column('name'), column('level'), column('ingredient', 'Code', system=RXNORM), column('citation')],
         source='allergy-2022; beta-lactam-2019; nsaid-2019; sulfonamide-2019; macrolide-2019; quinolone-2019; opioid-uic; ace-2014',
         licence='facts, own words; CC0 1.0'),
    dict(name='Dose limits', file='dosing/dose_limits.csv',
         columns=[column('id'), column('ingredient', 'Code', system=RXNORM), column('route'), column('form'), column('per'),
                  column('amount', 'Decimal'), column('per_kg', 'Decimal'), column('above', 'Decimal'),
                  column('age_from', 'Integer'), column('weight_below', 'Decimal'), column('egfr_from', 'Decimal'),
                  column('egfr_below', 'Decimal'), column('liver'), column('beside', 'Code', system=RXNORM), column('tier'), column('effect'),
                  column('citation')],
         source='drug-labels', licence='facts, own words; CC0 1.0'),
    dict(name='Opioid factors', file='dosing/opioid_factors.csv',
         columns=[column('ingredient', 'Code', system=RXNORM), column('route'), column('factor', 'Decimal'), column('citation')],
         source='cdc-opioids-2022', licence='U.S. public domain; facts'),
    dict(name='Interactions', file='interactions/drug_interactions.csv',
         columns=[column('a', 'Code', system=RXNORM), column('b', 'Code', system=RXNORM), column('tier'), column('effect'),
                  column('management'), column('source'), column('citation')],
         source='onc-high; onc-nonint; pddi-cds; ndfrt', licence='facts, own words; CC0 1.0'),
]


def csv_text(table, rows):
    out = io.StringIO()
    writer = csv.writer(out, lineterminator='\r\n')
    writer.writerow([one['name'] for one in table['columns']])
    writer.writerows(rows)
    return out.getvalue()


def json_text(value):
    return json.dumps(value, indent=2, ensure_ascii=False) + '\n'


def derive(data):
    """Every derived file: path under knowledge-base/ -> text."""
    sources = Sources(data)
    drugs = Drugs(sources)
    sets = Sets(drugs)
    drug_rows, ingredient_rows = drugs.derive()
    classes = authored('classes')
    class_rows = sorted(([code, row['class']] for row in classes for code in sets.members[row['set']]),
                        key=lambda row: (int(row[0]), row[1]))
    rows = {
        'Drugs': drug_rows,
        'Ingredients': ingredient_rows,
        'Strengths': derive_strengths(drugs, drug_rows, ingredient_rows),
        'Drug classes': class_rows,
        'Drug class names': sorted([row['class'], row['display']] for row in classes),
        'Allergens': derive_allergens(sources, drugs, sets, drug_rows, ingredient_rows),
        'Cross-reactivity': derive_groups(sources, drugs, sets),
        'Dose limits': derive_dose_limits(drugs),
        'Opioid factors': derive_opioid_factors(drugs),
        'Interactions': derive_interactions(sources, drugs, sets),
    }
    files = {table['file']: csv_text(table, rows[table['name']]) for table in TABLES}
    for name, one in derive_value_sets(sources, drugs, sets, drug_rows, ingredient_rows).items():
        files[f'value-sets/{name}.json'] = json_text(one)
    files['code-systems/drug-class.json'] = json_text(code_system(classes))
    files['manifest.json'] = json_text({
        'name': 'Vigil starter knowledge base', 'version': VERSION, 'date': DATE,
        'tables': [{**{part: table[part] for part in ('name', 'role', 'file', 'columns', 'source', 'licence') if part in table},
                    'version': VERSION, 'date': DATE} for table in TABLES],
        'value_sets': 'value-sets', 'code_systems': 'code-systems'})
    without = {row[0] for row in drug_rows} - {row[0] for row in ingredient_rows}
    print(f'{len(without)} of {len(drug_rows)} drug codes have no ingredient; names not mapped:')
    print('  ' + ', '.join(f'{name} ({count})' for name, count in sorted(drugs.unmapped.items(), key=lambda x: (-x[1], x[0]))))
    return files
