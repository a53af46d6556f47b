"""Pairs of ingredients, with every source that names them."""
import collections
import re

from derive_knowledge.reading import authored

CITATIONS = {
    'onc-high': 'Phansalkar S, et al. J Am Med Inform Assoc 2012;19(5):735-743, class pair {number}: {pair}',
    'onc-nonint': 'Phansalkar S, et al. J Am Med Inform Assoc 2013;20(3):489-493: {pair}',
    'restated': 'Phansalkar S, et al. J Am Med Inform Assoc 2013;20(3):489-493: {pair}',
    'restated-high': 'Phansalkar S, et al. J Am Med Inform Assoc 2012;19(5):735-743, table 2, class pair {number}: {pair}',
    'pddi-cds': 'HL7 PDDI-CDS implementation guide: {pair}',
    'fda-2011': 'FDA Drug Safety Communications, 2011-07-26, updated 2011-10: {pair}',
    'label-entresto': 'Entresto (sacubitril and valsartan) US prescribing information, section 4: {pair}',
    'label-azilect': 'Azilect (rasagiline) US prescribing information, sections 4 and 7: {pair}',
    'ndfrt': 'VA NDF-RT 2014, drug interaction rated {severity}: {pair}',
}
RATED = 'VA NDF-RT 2014 rates this pair {severity}'
# Pairs written out here -> source.
STATED = {'pddi-cds': 'pddi-cds', 'restated': 'onc-nonint', 'restated-high': 'onc-high', 'fda-2011': 'drug-labels',
          'label-entresto': 'drug-labels', 'label-azilect': 'drug-labels'}
RANK = {'hard-stop': 0, 'interruptive': 1, 'passive': 2}


def derive_interactions(sources, drugs, sets):
    """One row a pair, the row of the strongest tier; every source that names the pair is kept."""
    base = lambda code: drugs.precise.get(code, code)
    pair = lambda a, b: tuple(sorted((base(a), base(b)), key=int))
    lists = {
        'onc-high': {pair(a, b) for a, b in sources.onc['high']},
        'onc-nonint': {pair(a, b) for a, b in sources.onc['nonint']},
        'ndfrt': {},
    }
    for (a, b), severity in sorted(sources.ndfrt.items()):
        if lists['ndfrt'].get(pair(a, b)) != 'Critical':
            lists['ndfrt'][pair(a, b)] = severity
    found, explained = {}, collections.defaultdict(set)
    for row in authored('interactions'):
        left, right, basis = sets.codes(row['a']), sets.codes(row['b']), row['basis']
        pairs = {pair(a, b) for a in left for b in right if base(a) != base(b)}
        pairs = {one for one in pairs if basis in STATED or one in lists[basis]}
        if not pairs:
            print('authored: no pair of the source fits', row['id'])
        for one in sorted(pairs):
            if one in explained[basis]:
                continue        # an earlier row of the same list said it already
            explained[basis].add(one)
            severity = lists['ndfrt'].get(one, '')
            tier = 'passive' if basis == 'ndfrt' and severity != 'Critical' else row['tier']
            cited = CITATIONS[basis].format(number=re.sub(r'\D', '', row['id'][:7]), pair=row['class_pair'], severity=severity)
            source = STATED.get(basis, basis)
            old = found.get(one)
            if old is None or RANK[tier] < RANK[old[0]]:
                kept = old[3:5] if old and source not in old[3].split(';') else ('', '')
                found[one] = [tier, row['effect'], row['management'],
                              ';'.join(filter(None, [source, kept[0]])), '; '.join(filter(None, [cited, kept[1]]))]
            elif source not in old[3].split(';'):
                old[3] += ';' + source
                old[4] += '; ' + cited
    # What NDF-RT says of a pair that another source brought is told too, whether it agrees or not.
    for one, row in found.items():
        if one in lists['ndfrt'] and 'ndfrt' not in row[3].split(';'):
            row[3] += ';ndfrt'
            row[4] += '; ' + RATED.format(severity=lists['ndfrt'][one])
    for name in ('onc-high', 'onc-nonint'):
        left_out = lists[name] - explained[name]
        ends = collections.Counter(sources.display(code) or code for one in sorted(left_out) for code in one)
        print(f'{name}: {len(explained[name])} of {len(lists[name])} pairs taken; left out most for', ends.most_common(12))
    return [[a, b] + found[a, b] for a, b in sorted(found, key=lambda one: (int(one[0]), int(one[1])))]
