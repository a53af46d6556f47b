#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Evaluates each library of examples/cql-libraries over the patients there and compares with expected/.

    run_library_examples.py PROGRAM             compares; exits 1 where a value differs
    run_library_examples.py PROGRAM --update    writes what the program prints to expected/
"""
import difflib
import pathlib
import subprocess
import sys

EXAMPLES = pathlib.Path(__file__).resolve().parents[2] / "examples/cql-libraries"
OPTIONS = ["--include", "shared", "--knowledge", "valuesets", "--patient", "patients", "--now", "2026-12-31T12:00:00Z"]


def evaluate(program, library):
    command = [program, "eval", str(library.relative_to(EXAMPLES)), *OPTIONS]
    return subprocess.run(command, cwd=EXAMPLES, capture_output=True, text=True)


def check(program, library, update):
    """Says what is wrong with a library; nothing where all is as expected."""
    result = evaluate(program, library)
    if result.returncode != 0 or result.stderr:
        return f"exit code {result.returncode}\n{result.stderr}"
    golden = EXAMPLES / "expected" / (library.stem + ".txt")
    if update:
        golden.write_text(result.stdout)
        return ""
    wanted = golden.read_text() if golden.exists() else ""
    return "".join(difflib.unified_diff(wanted.splitlines(True), result.stdout.splitlines(True), "expected", "got"))


def main():
    program, update = str(pathlib.Path(sys.argv[1]).resolve()), "--update" in sys.argv[2:]
    libraries = sorted((EXAMPLES / "libraries").glob("*.cql"))
    wrong = 0
    for library in libraries:
        problem = check(program, library, update)
        if problem:
            wrong += 1
            print(f"{library.name}:\n{problem}")
    print(f"{len(libraries) - wrong} of {len(libraries)} libraries as expected")
    return 1 if wrong or not libraries else 0


sys.exit(main())
