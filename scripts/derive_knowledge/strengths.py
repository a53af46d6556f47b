"""What a tablet, a millilitre, an hour or a puff holds."""
import collections
import re

from derive_knowledge.drugs import LEADING_AMOUNT

AMOUNT = re.compile(r'\s(\d[\d.]*)\s*(MG|UNT|MEQ|MMOL)(?:/(ML|HR|ACTUAT)\b|(?![/\w]))')
PER = {None: '1', 'ML': 'mL', 'HR': 'h', 'ACTUAT': 'actuation'}
UNIT = {'MG': 'mg', 'UNT': '[iU]', 'MEQ': 'meq', 'MMOL': 'mmol'}


def derive_strengths(drugs, drug_rows, ingredient_rows):
    """What one tablet, millilitre, hour or puff of a product holds of each ingredient. A product is left out where its
    name gives an ingredient no strength, or one strength to several."""
    parts = collections.defaultdict(set)
    for drug, ingredient in ingredient_rows:
        parts[drug].add(ingredient)
    rows = []
    for code, text, kind, _ in drug_rows:
        if kind not in ('SCD', 'SBD', 'SCDC', 'SBDC') or text.startswith('{'):
            continue
        found = {}
        bare = re.sub(r'\s*\[[^\]]*\]', '', text)
        for part in re.split(r'\s+/\s+', bare):
            amount = AMOUNT.search(' ' + LEADING_AMOUNT.sub('', part))
            codes = drugs.of_name(part)[0]
            if not amount or len(codes) != 1 or codes & set(found):
                found = None
                break
            found[codes.pop()] = (amount.group(1), UNIT[amount.group(2)], PER[amount.group(3)])
        if found and set(found) == parts[code]:
            rows += [[code, one, *found[one]] for one in sorted(found, key=int)]
    return rows
