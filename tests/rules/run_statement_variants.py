#!/usr/bin/env python3
"""What the rules say of an order on record they say of a statement that the same is taken.

Rewrites the MedicationRequests that the tests of the packs give as MedicationStatements, in a copy, and runs the tests
again. The pack on duplicate therapy is left as it is: it tells orders and statements apart, and says so in its tests.

    run_statement_variants.py VIGIL RULES KNOWLEDGE
"""
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

# Drafts, prohibitions and what another order names as the one it replaces (by its id) are orders only.
GIVEN = re.compile(r"^(?:    and|  given) MedicationRequest \{(?! id:)(?![^\n]*(?:'draft'|doNotPerform))[^\n]*", re.MULTILINE)


def as_statement(match):
    text = match.group(0).replace("MedicationRequest {", "MedicationStatement {")
    return text.replace(" intent: 'order',", "").replace("dosageInstruction:", "dosage:")


def main():
    vigil, rules, knowledge = sys.argv[1:]
    rewritten = 0
    with tempfile.TemporaryDirectory() as folder:
        copy = pathlib.Path(folder) / "rules"
        shutil.copytree(rules, copy)
        for path in sorted(copy.rglob("*.vigil")):
            if path.parent.name == "duplicate-therapy":
                continue
            text, count = GIVEN.subn(as_statement, path.read_text(encoding="utf-8"))
            path.write_text(text, encoding="utf-8")
            rewritten += count
        result = subprocess.run([vigil, "test", str(copy), "--knowledge", knowledge], check=False)
    print(f"{rewritten} orders on record rewritten as statements")
    if rewritten < 100:
        sys.exit("too few: the tests of the packs are written in another way now, and this one must follow")
    sys.exit(result.returncode)


if __name__ == "__main__":
    main()
