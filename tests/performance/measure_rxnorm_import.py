#!/usr/bin/env python3
"""Imports a made-up release of RxNorm, and says how long it took and how much memory.

    tests/performance/measure_rxnorm_import.py VIGIL            a release of real size: 30 MB RXNCONSO, 195 MB RXNREL
    tests/performance/measure_rxnorm_import.py VIGIL --small    a hundredth of it, as the tests run it

Fails where the full size takes 20 s or 2 GB, where a broken line is not told by its number, or where a product does not
lead to its ingredients.
"""
import os
import random
import resource
import subprocess
import sys
import tempfile
import time

FORMS = ['Oral Tablet', 'Oral Capsule', 'Oral Solution', 'Injectable Solution', 'Topical Cream', 'Ophthalmic Solution']
OTHER = ['MTHSPL', 'NDDF', 'VANDF', 'MMSL', 'GS']  # sources whose rows are passed over


class Release:
    """Ingredients, components, products, brands and packs, with both directions of each relationship."""

    def __init__(self, folder, scale):
        self.random = random.Random(7)
        self.scale, self.next_cui, self.rui = scale, 1000, 1
        self.conso = open(os.path.join(folder, 'RXNCONSO.RRF'), 'w', encoding='utf-8', newline='\n')
        self.rel = open(os.path.join(folder, 'RXNREL.RRF'), 'w', encoding='utf-8', newline='\n')
        self.sat = open(os.path.join(folder, 'RXNSAT.RRF'), 'w', encoding='utf-8', newline='\n')
        self.lines = self.rows = 0

    def name(self, kind, text, source='RXNORM', cui=None):
        if cui is None:
            self.next_cui += self.random.randint(1, 9)
            cui = self.next_cui
        self.conso.write(f'{cui}|ENG||||||{cui + 7000000}|{cui + 7000000}|{cui}||{source}|{kind}|{cui}|{text}||N|4096|\n')
        self.lines += 1
        return cui

    def relate(self, one, rela, inverse, other):
        """`one` rela `other`; the row's second concept has the relationship to its first."""
        for first, second, named in ((other, one, rela), (one, other, inverse)):
            self.rel.write(f'{first}||CUI|RO|{second}||CUI|{named}|{self.rui}||RXNORM||||||\n')
            self.rui += 1
            self.rows += 1

    def make(self):
        forms = [self.name('DF', form) for form in FORMS]
        count = max(20, int(6000 * self.scale))
        ingredients = [self.name('IN', f'ingredient{i}') for i in range(count)]
        self.expected = {}
        for i, ingredient in enumerate(ingredients):
            brand = self.name('BN', f'Brand{i}')
            self.relate(brand, 'tradename_of', 'has_tradename', ingredient)
            for strength in (5, 10, 20, 40):
                part = self.name('SCDC', f'ingredient{i} {strength} MG')
                self.relate(part, 'has_ingredient', 'ingredient_of', ingredient)
                form = self.random.randrange(len(FORMS))
                product = self.name('SCD', f'ingredient{i} {strength} MG {FORMS[form]}')
                self.relate(product, 'consists_of', 'constitutes', part)
                self.relate(product, 'has_dose_form', 'dose_form_of', forms[form])
                branded = self.name('SBD', f'ingredient{i} {strength} MG {FORMS[form]} [Brand{i}]')
                self.relate(branded, 'tradename_of', 'has_tradename', product)
                self.relate(branded, 'has_ingredient', 'ingredient_of', brand)
                self.expected[product] = self.expected[branded] = {ingredient}
                self.sat.write(f'{product}||||||||NDC|RXNORM|{product:011d}|N|4096|\n')
        self.fill(ingredients)
        for file in (self.conso, self.rel, self.sat):
            file.close()

    def fill(self, ingredients):
        """Rows of other sources, as most of a release is, up to its size; and three broken lines."""
        broken = 'broken|line\n'
        self.broken_at = self.lines + 1
        self.conso.write(broken)
        self.lines += 1
        while self.conso.tell() < 30e6 * self.scale:
            cui = self.random.choice(ingredients)
            self.name('CD', f'made-up name of another vocabulary, number {self.lines}', self.random.choice(OTHER), cui)
        self.rel.write(broken)
        while self.rel.tell() < 195e6 * self.scale:
            a, b = self.random.choice(ingredients), self.random.choice(ingredients)
            self.rel.write(f'|{a + 7000000}|AUI|RO||{b + 7000000}|AUI|has_ingredient|{self.rui}||{self.random.choice(OTHER)}||||||\n')
            self.rui += 1
        self.sat.write(broken)


def main(arguments):
    if not arguments:
        sys.exit(__doc__)
    vigil, small = arguments[0], '--small' in arguments
    with tempfile.TemporaryDirectory(prefix='vigil-rxnorm-') as folder:
        release = Release(folder, 0.01 if small else 1)
        release.make()
        sizes = [os.path.getsize(os.path.join(folder, name)) / 1e6 for name in ('RXNCONSO.RRF', 'RXNREL.RRF')]
        out = os.path.join(folder, 'out')
        began = time.monotonic()
        done = subprocess.run([vigil, 'kb', 'import', 'rxnorm-rrf', folder, '--version', 'made up', '--out', out],
                              capture_output=True, text=True)
        seconds = time.monotonic() - began
        memory = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
        print(f'RXNCONSO {sizes[0]:.1f} MB, RXNREL {sizes[1]:.1f} MB: {seconds:.1f} s, {memory:.0f} MB')
        print(done.stdout, end='')
        problems = []
        if done.returncode != 1 or '3 broken lines' not in done.stdout:
            problems.append(f'exit {done.returncode}: {done.stderr[-500:]}')
        if f'RXNCONSO.RRF:{release.broken_at}' not in done.stderr:
            problems.append('the broken line of RXNCONSO is not told by its number')
        found = {}
        with open(os.path.join(out, 'ingredients.csv'), encoding='utf-8', newline='') as file:
            for line in file.read().splitlines()[1:]:
                drug, ingredient = line.split(',')
                found.setdefault(int(drug), set()).add(int(ingredient))
        wrong = [drug for drug, parts in release.expected.items() if found.get(drug) != parts]
        if wrong:
            problems.append(f'{len(wrong)} products lead to other ingredients, such as {wrong[:3]}')
        if not small and (seconds > 20 or memory > 2048):
            problems.append('it took more than 20 s or 2 GB')
        sys.exit('\n'.join(problems) or 0)


if __name__ == '__main__':
    main(sys.argv[1:])
