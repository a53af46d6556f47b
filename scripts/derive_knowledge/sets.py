"""Named sets of ingredients, as authored."""
import sys

from derive_knowledge.reading import authored


class Sets:
    """authored/sets.csv; '@name' stands for a set, anything else for an ingredient name."""

    def __init__(self, drugs):
        self.drugs = drugs
        self.members = {row['set']: self.codes(row['ingredients']) for row in authored('sets')}

    def codes(self, text):
        """Codes of 'a|b|@set'. A name nothing knows stops the script: authored data must be right."""
        found = set()
        for name in filter(None, text.split('|')):
            more = self.members[name[1:]] if name.startswith('@') else self.drugs.of_substance(name)
            if not more:
                sys.exit(f'authored: no RxNorm code known for ingredient "{name}"')
            found |= more
        return found
