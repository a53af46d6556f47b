"""Value sets and the code system of drug classes."""
import collections
import re
import sys

from derive_knowledge.drugs import key
from derive_knowledge.reading import CVX, DATE, DRUG_CLASS, ICD10, LOINC, RXNORM, SNOMED, VERSION, authored

LOCAL = {'topical', 'ophthalmic', 'otic'}
LOCAL_ONLY = LOCAL | {'vaginal', 'nasal', 'inhaled', 'intrauterine'}
SYSTEMS = {'rxnorm': RXNORM, 'loinc': LOINC, 'snomed': SNOMED, 'icd10': ICD10, 'cvx': CVX}
NOTICES = {
    RXNORM: 'RxNorm codes and names (SAB=RXNORM) come from the U.S. National Library of Medicine, which does not endorse '
            'this work; they are free to use.',
    LOINC: 'This material contains content from LOINC (http://loinc.org). LOINC is copyright Regenstrief Institute, Inc. and '
           'the LOINC Committee and is available at no cost under the license at http://loinc.org/license.',
    SNOMED: 'This material contains SNOMED CT codes, copyright International Health Terminology Standards Development '
            'Organisation. Users outside the SNOMED Global Patient Set (CC BY 4.0) need a licence in their territory.',
    CVX: 'CVX is maintained by the U.S. Centers for Disease Control and Prevention and is in the public domain.',
    ICD10: 'ICD-10-CM is maintained by the U.S. National Center for Health Statistics and is in the public domain.',
}


def suits(routes, kind, route, text, brand_routes, same_routes):
    """Whether a drug of this route belongs to a value set asking for these routes. `brand_routes` are the
    routes of the brand's products, `same_routes` those of products with the same ingredients."""
    if routes == 'any':
        return True
    if routes == 'local':
        return route in LOCAL or (route == 'transdermal' and bool(re.search('diclofenac', text, re.I)))
    if kind in ('BN', 'SBDC') and brand_routes & LOCAL_ONLY:
        return False
    if kind == 'MIN' and same_routes and same_routes <= LOCAL_ONLY:
        return False
    if kind == 'SCDC' and re.search(r'MG/(?:ML|MG)', text) and not re.search('inject', text, re.I):
        return False
    if kind.endswith('DG') and re.search(r'(?:Topical|Ophthalmic|Otic|Nasal|Inhalant|Vaginal|Mucosal|Shampoo|Soap)\b.*Product', text):
        return False
    if routes == 'oral':
        return route in ('oral', '') and not re.search('Inject', text)
    return route not in LOCAL_ONLY


def derive_value_sets(sources, drugs, sets, drug_rows, ingredient_rows):
    """name -> FHIR ValueSet."""
    parts, brand_routes = collections.defaultdict(set), collections.defaultdict(set)
    for drug, ingredient in ingredient_rows:
        parts[drug].add(ingredient)
    same_routes = collections.defaultdict(set)
    for code, text, _, route in drug_rows:
        for brand in re.findall(r'\[([^\]]+)\]', text):
            brand_routes[key(brand)].add(route)
        if route:
            same_routes[frozenset(parts[code])].add(route)
    about = {code: (text, kind, route) for code, text, kind, route in drug_rows}
    coded = collections.defaultdict(lambda: collections.defaultdict(dict))
    for row in authored('codes'):
        coded[row['value_set']][SYSTEMS[row['system']]][row['code']] = row['display']
    for row in authored('icd10_codes'):
        coded[row['value_set']][ICD10][row['code']] = row['display']
    result = {}
    for row in authored('value_sets'):
        members = coded[row['name']]
        for (system, code), text in sources.pddi_other.get(row['pddi'], {}).items():
            members[system].setdefault(code, text)
        wanted = [sets.codes(name.replace('&', '|')) for name in filter(None, row['sets'].split('|'))]
        both = '&' in row['sets']
        for code, (text, kind, route) in about.items():
            fits = any(w <= parts[code] if both else w & parts[code] for w in wanted)
            brand = ''.join(re.findall(r'\[([^\]]+)\]', text)) or text
            if fits and suits(row['routes'], kind, route, text, brand_routes[key(brand)], same_routes[frozenset(parts[code])]):
                members[RXNORM][code] = text
        for title in filter(None, row['ecqm'].split('|')):
            if title not in sources.ecqm:
                sys.exit(f'authored: no eCQM value set "{title}"')
            for code in sources.ecqm[title]:
                if suits(row['routes'], about[code][1], about[code][2], about[code][0], set(), set()):
                    members[RXNORM].setdefault(code, about[code][0])
        result[row['name']] = value_set(row, members)
    return result


def value_set(row, members):
    order = lambda system: (lambda item: (int(item[0]), item[0])) if system in (RXNORM, SNOMED) else (lambda item: item[0])
    return {
        'resourceType': 'ValueSet',
        'url': 'urn:vigil:valueset:' + row['name'],
        'version': VERSION,
        'name': ''.join(word.capitalize() for word in row['name'].split('-')),
        'title': row['title'],
        'status': 'draft',
        'date': DATE,
        'publisher': 'Vigil project',
        'copyright': ' '.join(['Selection: Vigil project, CC0 1.0.'] + [NOTICES[system] for system in sorted(members)]),
        'compose': {'include': [
            {'system': system,
             'concept': [{'code': code, 'display': text} if text else {'code': code}
                         for code, text in sorted(members[system].items(), key=order(system))]}
            for system in sorted(members)]},
    }


def code_system(classes):
    return {
        'resourceType': 'CodeSystem',
        'url': DRUG_CLASS,
        'version': VERSION,
        'name': 'DrugClass',
        'title': 'Drug classes for duplicate therapy and allergy',
        'status': 'draft',
        'date': DATE,
        'publisher': 'Vigil project',
        'copyright': 'Vigil project, CC0 1.0.',
        'caseSensitive': True,
        'content': 'complete',
        'count': len(classes),
        'concept': [{'code': row['class'], 'display': row['display'], 'definition': row['definition']}
                    for row in sorted(classes, key=lambda row: row['class'])],
    }
