"""What a recorded allergy means, and which drugs cross-react."""
import collections

from derive_knowledge.reading import RXNORM, SNOMED, authored


def derive_groups(sources, drugs, sets):
    rows = []
    for row in authored('groups'):
        for code in sorted(sets.codes(row['set']), key=int):
            rows.append([row['group'], row['name'], row['level'], code, row['citation']])
    return rows


def derive_allergens(sources, drugs, sets, drug_rows, ingredient_rows):
    """What a recorded allergy code means. A code has as many rows as it has meanings."""
    parts = collections.defaultdict(list)
    for drug, ingredient in ingredient_rows:
        parts[drug].append(ingredient)
    rows = [[RXNORM, code, text, 'ingredient', ingredient, '']
            for code, text, kind, _ in drug_rows if kind in ('IN', 'PIN', 'MIN', 'BN') for ingredient in parts[code]]
    shown = {code: text for system, code, text in sources.us_core_allergy if system == SNOMED}
    known = set()
    for row in authored('allergens'):
        known.add(row['code'])
        text = row['display'] or shown[row['code']]
        if row['kind'] in ('no-known', 'other'):
            rows.append([SNOMED, row['code'], text, row['kind'], '', ''])
        if row['group']:
            rows.append([SNOMED, row['code'], text, 'group', '', row['group']])
        rows += [[SNOMED, row['code'], text, 'ingredient', code, ''] for code in sorted(sets.codes(row['ingredients']), key=int)]
    # The rest of the US Core list was read one by one: foods, environment, vaccines, excipients.
    rows += [[SNOMED, code, text, 'other', '', ''] for code, text in sorted(shown.items()) if code not in known]
    return sorted(rows, key=lambda row: (row[0], int(row[1]), row[3], int(row[4] or 0), row[5]))
