#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Runs the vigil program on the files of data/ and compares exit codes and standard output.

    run_cli_tests.py PROGRAM                all cases
    run_cli_tests.py PROGRAM --only eval    those with `eval` in their name
    run_cli_tests.py PROGRAM --update       writes what the program prints to data/expected/

A case with expected output has it in data/expected/NAME.txt.
"""
import difflib
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
DATA = os.path.join(HERE, "data")
NOW = ["--now", "2026-11-22T09:00:00Z"]
SHIPPED = "../../../../knowledge-base"
KNOWLEDGE = ["--knowledge", "knowledge"]
BENCH_KEYS = {"read_us", "evaluate_us", "whole_us", "parse_limit_us", "whole_over_limit", "patients_per_s", "peak_rss_mb", "patients"}


class Case:
    """One run. `out`: golden output. `err`, `has`: parts of stderr and stdout. `check`: a function of stdout, false if wrong.
    `text`: standard input. `after`: a function of the folder, false if wrong; the run then has a copy of data/ for itself."""

    def __init__(self, name, arguments, code=0, out=False, err=(), has=(), check=None, env=None,
                 text=None, after=None):
        self.text, self.after = text, after
        self.name, self.arguments, self.code, self.out = name, arguments, code, out
        self.err, self.has, self.check, self.env = err, has, check, env or {}


def run_on(*patients):
    return ["run", "rules", "--patient", *patients, *KNOWLEDGE, *NOW]


VARIANTS = ["run", "variants.vigil", "--patient", "patients", *KNOWLEDGE, *NOW]

TWO_SOURCES = ["run", "two_sources.vigil", "--patient", "on_warfarin.json", "--order", "orders/ibuprofen.json", *KNOWLEDGE, *NOW]


def is_bench(text):
    result = json.loads(text)
    return BENCH_KEYS <= result.keys() and len(result["patients"]) == 6 and all(p["whole_us"] > 0 for p in result["patients"])


def is_json_lines(text):
    reports = [json.loads(line) for line in text.splitlines()]
    return len(reports) == 6 and reports[0]["alerts"][0]["facts"] != []


def is_sarif(text):
    return json.loads(text)["version"] == "2.1.0"


def differs(folder):
    """Whether the text to format is no longer what it was."""
    name = os.path.join("layout", "untidy.vigil")
    with open(os.path.join(folder, name), "rb") as now, open(os.path.join(DATA, name), "rb") as before:
        return now.read() != before.read()


UNTIDY = 'define  X:1+2 // three\r\n'
TIDY = 'define X: 1 + 2  // three\n'

CASES = [
    # the frame
    Case("help", ["--help"], has=["Examples:", "Exit codes:"]),
    Case("version", ["--version"], has=["vigil 0."]),
    Case("no_command", [], code=2, err=["Examples:"]),
    Case("misspelt_command", ["chekc", "rules"], code=2, err=["did you mean `check`?"]),
    Case("unknown_option", ["check", "rules", "--colour"], code=2, err=["VGL1201", "--colour", "vigil check --help"]),
    Case("misspelt_format", ["check", "rules", "--format", "xml"], code=2, err=["--format"]),
    *[Case("help_" + command, [command, "--help"], has=["Examples:", "vigil " + command])
      for command in ("check", "run", "eval", "test", "graph", "explain", "bench", "fmt", "kb", "doc")],
    # check
    Case("check_clean", ["check", "rules", *KNOWLEDGE], out=True),
    Case("check_knowledge_of_environment", ["check", "rules"], env={"VIGIL_KNOWLEDGE": "knowledge"}, has=["3 rules, 2 definitions, 0 errors"]),
    Case("check_error", ["check", "wrong/unknown_name.cql", *KNOWLEDGE], code=2, out=True),
    Case("check_json", ["check", "wrong/unknown_name.cql", "--format", "json", *KNOWLEDGE], code=2,
         check=lambda text: json.loads(text)[0]["code"] == "VGL0201"),
    Case("check_sarif", ["check", "wrong/unknown_name.cql", "--format", "sarif", *KNOWLEDGE], code=2, check=is_sarif),
    Case("check_no_file", ["check", "rules/none.vigil", *KNOWLEDGE], code=2, err=["VGL1202", "rules/none.vigil"]),
    Case("check_empty_folder", ["check", "orders", *KNOWLEDGE], code=2, err=["holds no .vigil or .cql file"]),
    Case("check_stop_after", ["check", "rules", "--stop-after", "parse", *KNOWLEDGE], has=["stopped after parse, 0 errors"]),
    Case("check_dump", ["check", "rules/bleeding.vigil", "--dump", "parse", *KNOWLEDGE], err=["1 rule, 2 definitions"]),
    Case("check_no_knowledge", ["check", "rules", "--knowledge", "nowhere"], code=2, err=["nowhere"]),
    # fmt
    Case("fmt_check", ["fmt", "--check", "layout"], code=1, out=True, after=lambda folder: not differs(folder)),
    Case("fmt_check_formatted", ["fmt", "--check", "layout/formatted.vigil"], has=["0 files would change, 1 unchanged"]),
    Case("fmt_diff", ["fmt", "--diff", "layout"], out=True, err=["1 file would change, 1 unchanged"],
         after=lambda folder: not differs(folder)),
    Case("fmt_check_diff", ["fmt", "--check", "--diff", "layout"], code=1, has=["--- layout/untidy.vigil"]),
    Case("fmt_in_place", ["fmt", "layout"], has=["1 file changed, 1 unchanged"], after=differs),
    Case("fmt_standard_input", ["fmt", "-"], text=UNTIDY, check=lambda text: text == TIDY),
    Case("fmt_standard_input_check", ["fmt", "--check", "-"], text=UNTIDY, code=1, has=["-\n1 file would change"]),
    Case("fmt_error", ["fmt", "layout", "-"], text="define X: 1 +", code=2, err=["<stdin>:1:14"],
         has=["1 file changed, 1 unchanged, 1 with errors"], after=differs),
    Case("fmt_no_file", ["fmt", "layout/none.vigil"], code=2, err=["VGL1202"]),
    # run
    Case("run_text", run_on("patients"), out=True),
    Case("run_json", run_on("patients/protected.json") + ["--format", "json"], out=True),
    Case("run_ndjson", run_on("patients") + ["--format", "ndjson"], check=is_json_lines),
    Case("run_explain", run_on("patients/bleeding.json") + ["--explain"], out=True),
    Case("run_missing_data", ["run", "missing.vigil", "--patient", "unknown_code.json", "--explain", *KNOWLEDGE, *NOW],
         has=["MedicationRequest/o1: code `X-17` is not in the knowledge base", "none found within 10 days"]),
    Case("run_hook", run_on("patients/quiet.json") + ["--hook", "patient-view"], has=["patient-view"]),
    Case("run_order", run_on("on_warfarin.json") + ["--order", "orders/ibuprofen.json"], out=True),
    Case("run_reorder_active", run_on("both_active.json") + ["--reorder-active"], out=True),
    Case("run_bulk", run_on("bulk"), out=True, err=["log.ndjson", "passed over"]),
    Case("run_table", ["run", "pairs.vigil", "--table", "Pairs=pairs.csv", "--patient", "patients/bleeding.json", *KNOWLEDGE, *NOW],
         has=["bleeding", "Documented pair"]),
    Case("run_unknown_table", ["run", "pairs.vigil", "--table", "Pears=pairs.csv", "--patient", "patients/bleeding.json", *KNOWLEDGE],
         code=2, err=["no rule declares a table `Pears`", "did you mean `Pairs`?"]),
    Case("run_unreadable_patient", run_on("wrong/not_json.json", "wrong/fine.json"), code=3, has=["fine.json"], err=["VGL1001", "not_json.json"]),
    Case("run_no_patient", run_on("nowhere.json"), code=2, err=["VGL1202", "nowhere.json"]),
    Case("run_unreadable_order", run_on("on_warfarin.json") + ["--order", "nowhere.json"], code=3, err=["nowhere.json"]),
    Case("run_wrong_instant", ["run", "rules", "--patient", "patients", "--now", "yesterday", *KNOWLEDGE], code=2, err=["VGL1203"]),
    Case("run_wrong_rules", ["run", "wrong/unknown_name.cql", "--patient", "patients", *KNOWLEDGE], code=2, err=["VGL0201"]),
    # eval
    Case("eval_expression", ["eval", "--expression", "1 + 1", *KNOWLEDGE], out=True),
    Case("eval_expression_of_patient",
         ["eval", "--expression", "AgeInYears()", "--patient", "patients/quiet.json", *KNOWLEDGE, *NOW], out=True),
    Case("eval_wrong_expression", ["eval", "--expression", "1 +", *KNOWLEDGE], code=2, err=["1 +"]),
    Case("eval_text", ["eval", "values.cql", "--include", "libraries", "--patient", "patients/bleeding.json", *KNOWLEDGE, *NOW], out=True),
    Case("eval_json", ["eval", "values.cql", "--include", "libraries", "--patient", "patients/bleeding.json", "--format", "json", *KNOWLEDGE, *NOW],
         out=True, check=lambda text: json.loads(text)[0]["values"]["Doubled"] == 20),
    Case("eval_tsv", ["eval", "values.cql", "--include", "libraries", "--patient", "patients", "--format", "tsv", *KNOWLEDGE, *NOW], out=True),
    Case("eval_define", ["eval", "values.cql", "--include", "libraries", "--define", "Do*", *KNOWLEDGE, *NOW], out=True),
    Case("eval_parameter", ["eval", "values.cql", "--include", "libraries", "--define", "Doubled", "--parameter", "Limit=21", *KNOWLEDGE],
         has=["Doubled = 42"]),
    Case("eval_no_definition", ["eval", "values.cql", "--include", "libraries", "--define", "Adlut", *KNOWLEDGE], code=2, err=["did you mean `Adult`?"]),
    Case("eval_failing", ["eval", "failing.cql", *KNOWLEDGE], code=3, has=["Fine = 1"], err=["VGL0901"]),
    Case("eval_nothing", ["eval"], code=2, err=["eval needs a library"]),
    Case("eval_tsv_without_patient", ["eval", "values.cql", "--format", "tsv"], code=2, err=["--patient"]),
    # test
    Case("test_passing", ["test", "rules", *KNOWLEDGE], out=True),
    Case("test_failing", ["test", "failing_test.vigil", *KNOWLEDGE], code=1, out=True),
    Case("test_only", ["test", "failing_test.vigil", "--only", "holds", *KNOWLEDGE], has=["1 passed, 0 failed"]),
    Case("test_json", ["test", "failing_test.vigil", "--format", "json", *KNOWLEDGE], code=1,
         check=lambda text: json.loads(text)["failed"] == 1),
    Case("test_none", ["test", "values.cql", "--include", "libraries", *KNOWLEDGE], has=["0 passed, 0 failed"], err=["VGL0806", "hold no test"]),
    Case("test_only_none", ["test", "failing_test.vigil", "--only", "nowhere", *KNOWLEDGE], code=2, err=["no test's name contains `nowhere`"]),
    # graph, explain, bench
    Case("graph_dot", ["graph", "rules", *KNOWLEDGE], has=["digraph"]),
    Case("graph_json", ["graph", "rules", "--format", "json", *KNOWLEDGE], check=lambda text: bool(json.loads(text))),
    Case("graph_impact", ["graph", "rules", "--impact", "Warfarin", *KNOWLEDGE], has=["NSAID together with warfarin"]),
    Case("graph_impact_unknown", ["graph", "rules", "--impact", "Warfarn", *KNOWLEDGE], code=2, err=["did you mean `Warfarin`?"]),
    Case("graph_requires", ["graph", "rules", "--requires", "NSAID together with warfarin", *KNOWLEDGE], has=["MedicationRequest", "urn:test:nsaids"]),
    Case("graph_no_graphviz", ["graph", "rules", "--format", "svg", *KNOWLEDGE], code=2, env={"PATH": "/nowhere"}, err=["--format dot"]),
    Case("explain", ["explain", "vgl0201"], has=["VGL0201"]),
    Case("explain_all", ["explain", "--all"], has=["VGL0001", "VGL1204"]),
    Case("explain_unknown", ["explain", "VGL9999"], code=2, err=["VGL1204"]),
    # kb
    Case("kb_none", ["kb"], code=2, err=["vigil kb --help"]),
    Case("kb_info", ["kb", "info", SHIPPED], has=["Vigil starter knowledge base, version", "digest ", "Interactions: 32", "licence: ",
                                              "SSRIs (urn:vigil:valueset:ssris): "]),
    Case("kb_info_json", ["kb", "info", SHIPPED, "--format", "json"],
         check=lambda text: len(json.loads(text)["digest"]) == 16 and all(t["licence"] for t in json.loads(text)["tables"])),
    Case("kb_lookup", ["kb", "lookup", "WARFARIN", "855332", "--knowledge", SHIPPED],
         has=["warfarin", "(11289)", "ingredients: ", "in value set: Warfarin", "Interactions: ", "interruptive"]),
    Case("kb_lookup_json", ["kb", "lookup", "11289", "--knowledge", SHIPPED, "--format", "json"],
         check=lambda text: json.loads(text)[0]["pairs"][0]["pairs"] > 10),
    Case("kb_lookup_value_set", ["kb", "lookup", "systemic nsaids", "5640", "11289", "--knowledge", SHIPPED],
         has=["Systemic NSAIDs\n  value set of ", " codes: urn:vigil:valueset:nsaids, version ", "  source: Vigil project (",
              "nsaids.json:1)\n  holds Ibuprofen (5640)\n  does not hold Warfarin (11289)\n"]),
    Case("kb_lookup_value_set_json", ["kb", "lookup", "urn:vigil:valueset:nsaids", "5640", "--knowledge", SHIPPED, "--format", "json"],
         check=lambda text: json.loads(text)[0]["codes"] > 10 and json.loads(text)[0]["holds"][0]["code"] == "5640"),
    Case("kb_lookup_unknown_value_set", ["kb", "lookup", "systemic NSAID", "--knowledge", SHIPPED], code=1,
         err=["did you mean `Systemic NSAIDs`"]),
    Case("kb_lookup_unknown", ["kb", "lookup", "warfarn", "--knowledge", SHIPPED], code=1,
         err=["resolves to nothing", "did you mean `"]),
    Case("kb_check_origin", ["kb", "check", "knowledge"], has=["VGL1115", "value_sets.csv", "0 errors"]),
    Case("kb_check_strict", ["kb", "check", "knowledge", "--strict"], code=1, has=["VGL1115"]),
    Case("kb_check_nowhere", ["kb", "check", "nowhere"], code=2, has=["VGL1202"]),
    Case("kb_build", ["kb", "build", os.path.abspath(os.path.join(DATA, SHIPPED)), "--out", "starter.vkb"], has=["starter.vkb: ", " codes, "],
         after=lambda folder: (pathlib.Path(folder) / "starter.vkb").read_bytes().startswith(b"VIGILKB\n")),
    Case("kb_build_wrong", ["kb", "build", "nowhere", "--out", "starter.vkb"], code=2, err=["VGL1202"]),
    Case("kb_diff_same", ["kb", "diff", SHIPPED, SHIPPED], has=["0 changes"]),
    Case("kb_diff", ["kb", "diff", "knowledge", SHIPPED, "--format", "json"], code=1,
         check=lambda text: any(c["area"] == "Interactions" and c["after"].endswith(" entries") for c in json.loads(text))),
    Case("kb_import_nothing", ["kb", "import", "rxnorm-rrf", "knowledge", "--out", "rxnorm"], code=2, err=["RXNCONSO.RRF"]),
    Case("kb_import_csv", ["kb", "import", "csv", "house.toml", "--out", "house"],
         code=1, has=["2 rows in 1 table", "1 broken row left out"], err=["house.csv:3", "reading house.csv"],
         after=lambda folder: (pathlib.Path(folder) / "house" / "manifest.json").exists()),
    Case("kb_import_csv_wrong", ["kb", "import", "csv", "overlay.json", "--out", "house"], code=2, err=["VGL1312"]),
    Case("kb_import_fhir_nothing", ["kb", "import", "fhir", "nowhere", "--out", "fhir"], code=2, err=["VGL1106"]),
    Case("kb_import_vsac_nothing", ["kb", "import", "vsac", "house.toml", "--out", "vsac"], code=2, err=["VGL11"]),
    Case("kb_import_ndc_nothing", ["kb", "import", "ndc", "knowledge", "--out", "ndc"], code=2, err=["product.txt"]),
    # one problem, two sources
    Case("run_two_sources", [*TWO_SOURCES],
         has=["list B", "sources differ: interruptive, major (List B, page 2); passive, moderate (List A, page 1)"],
         check=lambda text: text.count("[interruptive]") == 1 and "[passive]" not in text),
    Case("run_two_sources_json", [*TWO_SOURCES, "--format", "json"],
         check=lambda text: [s["tier"] for s in json.loads(text)[0]["alerts"][0]["sources"]] == ["interruptive", "passive"]),
    # variants of texts
    Case("run_default_text", [*VARIANTS], has=["for the clinician"]),
    Case("run_audience", [*VARIANTS, "--audience", "patient"], has=["for you"]),
    Case("run_language", [*VARIANTS, "--audience", "patient", "--language", "de-AT"], has=["für Sie"]),
    # run with an overlay
    Case("run_overlay", [*run_on("patients"), "--overlay", "overlay.json", "--format", "json"],
         check=lambda text: any("switched off by General Hospital" in s["reason"] for r in json.loads(text) for s in r["silenced"])),
    Case("run_overlay_wrong", [*run_on("patients"), "--overlay", "overlay-wrong.json"], code=2, err=["VGL1108", "overlay-wrong.json:2"]),
    # doc
    Case("doc", ["doc", "rules", "--out", "pages", *KNOWLEDGE], has=["index.html: 3 rules"],
         after=lambda folder: "</html>" in (pathlib.Path(folder) / "pages" / "index.html").read_text() and len(list((pathlib.Path(folder) / "pages").iterdir())) == 4),
    Case("bench", ["bench", "rules", "--patient", "patients", "--repeat", "3", "--format", "json", *KNOWLEDGE, *NOW], check=is_bench),
    Case("bench_text", ["bench", "values.cql", "--include", "libraries", "--patient", "patients", "--repeat", "2", *KNOWLEDGE, *NOW],
         has=["patients/s", "quiet.json"]),
]


def shared_cases():
    """The benchmark's patients, where the shared data is."""
    folder = os.environ.get("VIGIL_SHARED_DATA") or os.path.join(HERE, "../../../../shared/data")
    bench = os.path.abspath(os.path.join(folder, "bench20"))
    if not os.path.isdir(bench):
        print(f"note: no shared data ({bench}); set VIGIL_SHARED_DATA to run the bench20 case")
        return []
    with open(os.path.join(bench, "expected.tsv"), encoding="utf-8") as file:
        expected = file.read()
    return [Case("bench20", ["eval", f"{bench}/CdsRules.cql", "--valuesets", f"{bench}/valuesets", "--patient", f"{bench}/prefetch",
                             "--define", "R[0-9]*", "--format", "tsv", "--now", "2020-07-25T00:00:00Z", *KNOWLEDGE],
                 check=lambda text: text == expected)]


def judge(case, result, update):
    """What is wrong with a result, as lines."""
    wrong = []
    if result.returncode != case.code:
        wrong.append(f"exit code {result.returncode}, expected {case.code}")
    wrong += [f"stdout lacks {part!r}" for part in case.has if part not in result.stdout]
    wrong += [f"stderr lacks {part!r}" for part in case.err if part not in result.stderr]
    if "\x1b" in result.stdout + result.stderr:
        wrong.append("colour or progress where there is no terminal")
    if case.out:
        path = os.path.join(DATA, "expected", case.name + ".txt")
        if update:
            with open(path, "w", encoding="utf-8") as file:
                file.write(result.stdout)
        expected = open(path, encoding="utf-8").read() if os.path.exists(path) else ""
        wrong += difflib.unified_diff(expected.splitlines(), result.stdout.splitlines(), "expected", "got", lineterm="")
    try:
        if case.check and not case.check(result.stdout):
            wrong.append("stdout is not as it should be")
    except (ValueError, KeyError, IndexError, TypeError) as error:
        wrong.append(f"stdout is not as it should be: {error!r}")
    return wrong


def main():
    program = os.path.abspath(sys.argv[1])
    update = "--update" in sys.argv
    only = sys.argv[sys.argv.index("--only") + 1] if "--only" in sys.argv else ""
    failed = 0
    cases = [case for case in CASES + shared_cases() if only in case.name]
    for case in cases:
        environment = {"PATH": os.environ["PATH"], "TERM": "xterm", **case.env}
        with tempfile.TemporaryDirectory() as copy:
            folder = shutil.copytree(DATA, os.path.join(copy, "data")) if case.after else DATA
            result = subprocess.run([program, *case.arguments], cwd=folder, env=environment, capture_output=True, text=True,
                                    input=case.text or "", encoding="utf-8", errors="replace", timeout=120, check=False)
            wrong = judge(case, result, update)
            if case.after and not case.after(folder):
                wrong.append("the files are not as they should be")
        if not wrong:
            continue
        failed += 1
        print(f"FAILED {case.name}: vigil {' '.join(case.arguments)}")
        print("".join(f"  {line}\n" for line in wrong) + (f"  stderr:\n{result.stderr}" if result.stderr else ""))
    print(f"{len(cases) - failed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
