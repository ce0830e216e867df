#!/usr/bin/env python3
"""What we show of rustc's UI tests against their .stderr, byte for byte.

    compare_ui.py RENDER_DIAGNOSTICS TESTS [--only FOLDER] [--show N] [--least N] [--list]

TESTS: rustc's tests/ui. Files whose .stderr has the same head lines (level, code, message and place, in order) as ours are those whose
diagnostics we make: of these the share whose whole text is equal is printed, and of all files with errors of ours the number. --least: exit 1
if fewer files are equal. --show: that many differences. --list: the names of the files that are equal."""
import argparse
import difflib
import re
import subprocess
import sys
from pathlib import Path

HEAD = re.compile(r"^(error(\[E\d+\])?|warning): |^ *--> ")


def edition(text):
    found = re.search(r"^//@\s*(?:\[\w+\]\s*)?edition:\s*(\d{4})", text, re.M) or re.search(r"--edition[= ](\d{4})", text)
    return found.group(1) if found else "2015"


PATH = re.compile(r"(?:\\[\w.\-']+)+\.[^\W\d_]+|\$DIR(?:\\[\w.\-' ]+)+")


def normalized(text):
    """What rustc's test runner does to output before it compares: no annotations, tabs visible, slashes in what looks like a path."""
    text = PATH.sub(lambda path: path.group().replace("\\", "/"), text).replace("\t", "\\t")
    return re.sub(r"\s*//(\[.*\])?~.*", "", text)


def heads(text):
    return [line.strip() for line in text.split("\n") if HEAD.match(line)]


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("program")
    parser.add_argument("tests", type=Path)
    parser.add_argument("--only", default="")
    parser.add_argument("--show", type=int, default=0)
    parser.add_argument("--least", type=int, default=0)
    parser.add_argument("--list", action="store_true")
    args = parser.parse_args()
    cases = []
    for path in sorted((args.tests / args.only).rglob("*.rs")):
        expected = path.with_suffix(".stderr")
        if not expected.exists():
            continue
        text = path.read_bytes().decode(errors="replace")
        if re.search(r"^//@\s*revisions:", text, re.M):
            continue
        cases.append((path, edition(text), expected))
    stdin = "".join(f"{path}\t{year}\t$DIR/{path.name}\n" for path, year, _ in cases)
    output = subprocess.run([args.program, "ui"], input=stdin.encode(), stdout=subprocess.PIPE, check=True).stdout.decode()
    parts = re.split(r"^=== .*\n", output, flags=re.M)[1:]
    assert len(parts) == len(cases)
    ours = same_heads = equal = shown = 0
    for (path, _, expected), got in zip(cases, parts):
        if not got:
            continue
        ours += 1
        got = normalized(got)
        wanted = expected.read_bytes().decode(errors="replace")
        if heads(got) != heads(wanted):
            continue
        same_heads += 1
        if got == wanted:
            equal += 1
            if args.list:
                print(path.relative_to(args.tests))
        elif shown < args.show:
            shown += 1
            print(f"--- {path.relative_to(args.tests)}")
            sys.stdout.writelines(difflib.unified_diff(wanted.splitlines(True), got.splitlines(True), "rustc", "rustg"))
    share = 100 * equal / same_heads if same_heads else 0
    print(f"{equal} of {same_heads} files whose diagnostics are ours are shown as rustc shows them ({share:.1f} %); {ours} files have any")
    return 1 if equal < args.least else 0


sys.exit(main())
