"""What the name of a drug says: its ingredients, form and route."""
import collections
import re

from derive_knowledge.reading import authored

STRENGTH = re.compile(r'^(.*?)\s+\d[\d.,]*\s*(?:MG|MCG|UG|UNT|MEQ|%|MMOL|MCI|HR|BAU|CELLS|AMB|PFU|IU|ML|G)(?:\b|/|$)', re.I)
LEADING_AMOUNT = re.compile(r'^(?:NDA\d+\s+|\d[\d.]*\s*(?:ML|HR|ACTUAT|MG|MCG|UNT|DAY)\b,?\s*(?:Doses?\s+)?)', re.I)
QUALIFIER = re.compile(
    r'^(?:abuse-deterrent|osmotic|modified|once-daily|twice-daily|sprinkle|sensor|bx rating|matrix delivery|evening dosing'
    r'|smoking cessation|pmdd|augmented|emollient|biphasic|3-bead|\d+/\d+ release|micronized|\d-month|gastro-retentive|doses?'
    r'|1? ?(?:day|night)time \(|dermatologic|reformulated \w+ \d+)\s*', re.I)
FORM = re.compile(
    r'\b(?:Tablet|Capsule|Solution|Suspension|Injection|Syringe|Injector|Cartridge|System|Film|Suppository|Spray|Inhaler|Cream'
    r'|Ointment|Gel|Lotion|Patch|Powder|Pellet|Granules|Lozenge|Implant|Gum|Foam|Insert|Paste|Soap|Shampoo|Pad|Swab|Drops'
    r'|Elixir|Syrup|Enema|Pack|Ring|Sponge|Wafer|Strip|Oil|Aerosol|Irrigation|Mouthwash|Emulsion|Product|Pill|Tape|Liquid'
    r'|Conditioner|Stick|Bar|Extended Release|Delayed Release|Prefilled Applicator|Kit|Cement|Medicated \w+)(?: \[[^\]]*\])?$')
ROUTES = [  # the first that matches the name
    ('ophthalmic', r'Ophthalmic|Intraocular'), ('otic', r'\bOtic'), ('nasal', r'Nasal'), ('vaginal', r'Vaginal'),
    ('rectal', r'Rectal|Enema'), ('intrauterine', r'Intrauterine'),
    ('inhaled', r'Inhal'), ('transdermal', r'Transdermal'), ('implant', r'Drug Implant|Intravitreal'),
    ('topical', r'Topical|Medicated (?:Patch|Pad|Liquid Soap|Shampoo|Bar|Tape)|Shampoo|Soap|\b(?:Cream|Ointment|Lotion)$'),
    ('sublingual', r'Sublingual|Mucosal Spray'), ('buccal', r'Buccal'),
    ('parenteral', r'Inject|Syringe|Cartridge|Intravenous|Intramuscular|Extended Release Suspension$'),
    ('oral', r'\bOral\b|Chewable|\bTablet|\bCapsule|Lozenge|Chewing Gum|\bPill\b|Elixir|Syrup|Effervescent'),
]
SALTS = set('''acetate aceponate acetonide anhydrous arginine aspartate besylate bitartrate bromide butyrate calcium caproate
    carbonate chloride choline cilexetil citrate decanoate dihydrate dihydrochloride dimesylate dipotassium dipropionate
    disodium edisylate embonate enanthate epolamine erbumine estolate ethylsuccinate fumarate gluconate hbr hcl hemifumarate
    hemihydrate hexacetonide hippurate hydrate hydrobromide hydrochloride hydrocholoride hyclate lactate lactobionate
    lauroxil liposomal lysinate lysine magnesium maleate malate medoxomil meglumine mesilate mesylate mofetil monohydrate
    monosodium napsylate nicotinate nitrate oxalate palmitate pamoate phenylpropionate phosphate pivalate polistirex
    potassium procaine benzathine propionate saccharate salicylate sodium stearate strontium succinate sulfate
    tannate tartrate tebutate terephthalate tosylate trihydrate tromethamine undecylate valerate xinafoate zinc cypionate
    buteprate tetrahydrate axetil proxetil pivoxil isethionate suleptanate metasulfobenzoate probutate furoate acistrate
    trometamol sesquihydrate dihydrogen lauryl hydrogen liposome resinate pentahydrate hemisulfate alfa'''.split())
# A salt of these is a drug of its own in RxNorm: the ending is no decoration.
WHOLE = set('''potassium calcium magnesium sodium iron ferrous zinc aluminum aluminium iodine povidone isosorbide bismuth silver
    nickel gold selenium barium ammonium lanthanum mercury copper chromium manganese choline magnesium betaine
    cupric phosphate sulfate citrate acetate'''.split())


def key(text):
    return re.sub(r'\s+', ' ', text.replace('(', ' ').replace(')', ' ')).strip().lower()


class Drugs:
    """Ingredient names, and from them: type, route and ingredients of every code."""

    def __init__(self, sources):
        self.sources = sources
        self.synonyms = collections.defaultdict(list)
        for row in authored('synonyms'):
            self.synonyms[key(row['name'])].append(key(row['ingredient']))
        self.ingredient = {}            # name -> code of the ingredient, salts folded into their base
        self.precise = {}               # code of a salt -> code of its base
        self.unmapped = collections.Counter()
        self.collect_ingredients()
        self.brands = self.collect_brands()

    def plain_names(self):
        """(name, code) of every code that some source lists as a substance."""
        # The order decides which code keeps a name that two codes carry.
        for source in ('uscore', 'ecqm', 'authored', 'onc', 'ndfrt', 'omop', 'vista'):
            for code in sorted(self.sources.names, key=int):
                text = self.sources.names[code].get(source, '')
                if text and not re.search(r'\d|\[| / |\{', re.sub(r'3350|B ?12|B6|5-hydroxytryptophan|#\d+', '', text, flags=re.I)) \
                        and not FORM.search(text):
                    yield key(text), code

    def collect_ingredients(self):
        for text, code in self.plain_names():
            self.ingredient.setdefault(text, code)
        for text, code in sorted(self.ingredient.items()):
            base = self.without_salt(text)
            if base in self.ingredient and self.ingredient[base] != code:
                self.precise[code] = self.ingredient[base]
        for row in authored('precise'):
            self.precise[row['rxcui']] = row['base']
        for code in list(self.precise):
            while self.precise[code] in self.precise:
                self.precise[code] = self.precise[self.precise[code]]
        # PDDI-CDS has one file an ingredient, with the code of the ingredient itself among them.
        for stem, codes in sorted(self.sources.pddi.items()):
            for code in sorted(codes, key=int):
                text = key(self.sources.names[code].get('pddi', ''))
                if text == stem.lower():
                    self.ingredient.setdefault(text, code)

    def without_salt(self, text):
        """The known name that is left when trailing salt words are taken off, else None."""
        words = text.replace(',', ' ,').split()
        while len(words) > 1 and (words[-1] in SALTS or words[-1] == ','):
            words.pop()
            left = ' '.join(words).replace(' ,', ',')
            if words[-1] in WHOLE and len(words) == 1:
                return None
            if left in self.ingredient or left in self.synonyms:
                return left
        return None

    def of_substance(self, text):
        """Codes of the ingredients a substance name stands for; empty when it is not known."""
        text = key(text)
        while True:
            found = self.ingredient.get(text)
            if found:
                return {self.precise.get(found, found)}
            if text in self.synonyms:
                return {code for name in self.synonyms[text] for code in self.of_substance(name)}
            base = self.without_salt(text)
            if base:
                return self.of_substance(base)
            shorter = QUALIFIER.sub('', LEADING_AMOUNT.sub('', text), count=1)
            if shorter == text or not shorter:
                return set()
            text = shorter

    @staticmethod
    def pieces(text):
        """The parts of a pack: what stands in its outer brackets."""
        return re.findall(r'\(((?:[^()]|\([^()]*\))*)\)', text)

    def substances(self, text):
        """The substance names in a drug name, strengths and dose forms taken off."""
        text = re.sub(r'\s*\[[^\]]*\]', '', text)
        for piece in self.pieces(text) if text.startswith('{') else [text]:
            if not re.search(r'[A-Za-z]{3}', piece) or re.fullmatch(r'[\d.]+ (?:ML|MG|ACTUAT|UNT)', piece.strip()):
                continue
            for part in re.split(r'\s+/\s+', piece):
                previous = None
                while part != previous:
                    previous = part
                    part = QUALIFIER.sub('', LEADING_AMOUNT.sub('', part.strip()), count=1)
                strong = STRENGTH.match(part)
                yield (strong.group(1) if strong else part).strip()

    def without_form(self, text):
        """The longest beginning of a name that is a known substance; the rest must be a dose form."""
        words = text.split()
        for count in range(len(words), 0, -1):
            found = self.of_substance(' '.join(words[:count]))
            if found and (count == len(words) or FORM.search(' '.join(words[count:])) or words[count][0].isdigit()):
                return found
        return set()

    def of_name(self, text):
        """Codes of the ingredients a drug name mentions, and the mentions that are not known."""
        codes, unknown = set(), []
        for substance in self.substances(text):
            found = self.of_substance(substance) or self.without_form(substance)
            codes |= found
            if not found:
                unknown.append(key(substance))
        return codes, unknown

    def collect_brands(self):
        """brand name -> ingredients, from branded names ('... [Brand]') and from the PDDI-CDS files."""
        brands = collections.defaultdict(set)
        for named in self.sources.names.values():
            for text in named.values():
                pack = text.startswith('{')
                # In a pack, a brand inside names one part only; a brand behind it names the whole.
                for part in ([text[text.rindex('}'):]] if pack and '}' in text else []):
                    for brand in re.findall(r'\[([^\]]+)\]', part):
                        brands[key(brand)] |= self.of_name(text)[0]
                for part in (self.pieces(text) if pack else [text]):
                    for brand in re.findall(r'\[([^\]]+)\]', part):
                        brands[key(brand)] |= self.of_name(part)[0]
        return brands

    def owner(self, stem):
        """The ingredient a PDDI-CDS file is about."""
        return self.ingredient.get(re.sub(r'-exclude$', '', stem).lower())

    def is_substance(self, text):
        return bool(self.of_substance(text))

    def kind(self, code, text):
        """RxNorm term type, as far as the name tells it."""
        brand, bare = '[' in text, re.sub(r'\s*\[[^\]]*\]\s*', ' ', text).strip()
        if text.startswith('{') or re.search(r'\bPack\b', text):
            return 'BPCK' if brand or not text.startswith('{') else 'GPCK'
        strong = any(STRENGTH.match(part) for part in bare.split(' / '))
        if FORM.search(bare):
            if re.search(r'(?:Pill|Product)$', bare):
                return 'SBDG' if brand or not self.of_name(bare)[0] else 'SCDG'
            return ('SBD' if brand else 'SCD') if strong else ('SBDF' if brand else 'SCDF')
        if strong:
            return 'SBDC' if brand else 'SCDC'
        if brand:
            return 'SBDC'
        if ' / ' in bare:
            return 'MIN'
        if code in self.precise:
            return 'PIN'
        if key(bare) in self.ingredient:
            return 'IN'
        return 'BN' if key(bare) in self.brands else 'PIN' if self.is_substance(bare) else 'BN'

    @staticmethod
    def route(text):
        bare = re.sub(r'\s*\[[^\]]*\]', '', text)
        found = [name for name, pattern in ROUTES if re.search(pattern, bare)]
        return found[0] if found else ''

    def derive(self):
        """Rows of drugs.csv and of ingredients.csv."""
        owners = collections.defaultdict(set)
        for stem, codes in self.sources.pddi.items():
            if self.owner(stem):
                for code in codes:
                    owners[code].add(self.owner(stem))
        fixed = collections.defaultdict(set)
        for row in authored('products'):
            fixed[row['rxcui']] |= {code for name in filter(None, row['ingredients'].split('|')) for code in self.of_substance(name)}
        drugs, ingredients = [], set()
        for code in sorted(self.sources.names, key=int):
            text = self.sources.display(code)
            if not text:
                print('no name for', code)
                continue
            kind = self.kind(code, text)
            parts, unknown = self.of_name(text)
            if code in fixed:
                parts, unknown = fixed[code], []
            elif kind in ('IN', 'PIN') and not parts:
                parts, unknown = {code}, []
            elif kind in ('BN', 'BPCK', 'SBDG') and unknown:
                known = self.brands.get(key(text), set()) | owners[code]
                if known:
                    parts, unknown = parts | known, []
            parts |= {self.precise.get(owner, owner) for owner in owners[code]}
            if code in parts and kind not in ('IN',):
                kind = 'IN'
            for name in unknown:
                self.unmapped[name] += 1
            drugs.append([code, text, kind, self.route(text)])
            ingredients |= {(code, part) for part in parts}
            if kind == 'IN':
                ingredients.add((code, code))
        order = lambda row: [int(cell) for cell in row]
        return drugs, sorted((list(row) for row in ingredients), key=order)
