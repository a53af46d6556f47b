"""Limits of doses, and factors to morphine."""
from derive_knowledge.reading import authored

OPIOID_CITATION = 'Dowell D, et al. CDC clinical practice guideline for prescribing opioids for pain. MMWR Recomm Rep 2022;71(RR-3):1-95, table'


def derive_dose_limits(drugs):
    cited = {row['source']: row['citation'] for row in authored('dose_sources')}
    one = lambda name: next(iter(sorted(drugs.of_substance(name)))) if name else ''
    plain = ('amount', 'per_kg', 'above', 'age_from', 'weight_below', 'egfr_from', 'egfr_below', 'liver')
    return [[row['id'], one(row['ingredient']), row['route'], row['form'], row['per'], *[row[name] for name in plain],
             one(row['beside']), row['tier'], row['effect'], cited[row['source']]]
            for row in authored('dose_limits')]


def derive_opioid_factors(drugs):
    return [[next(iter(drugs.of_substance(row['ingredient']))), row['route'], row['factor'], OPIOID_CITATION]
            for row in authored('opioid_factors')]
