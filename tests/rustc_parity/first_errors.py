#!/usr/bin/env python3
"""Our first error of every test against that in rustc's .stderr: first_errors.py FIRST_ERRORS CACHE [--ui UI] [--under FOLDER]... [--least PERCENT] [--misses]

FIRST_ERRORS is the program of that name, UI the folder tests/ui of rustc's sources (else $RUSTG_RUST_TESTS/ui), CACHE what rustc_verdicts.py writes: files that it lacks are asked
about first. Only tests count whose first error rustc's parser (or lexer) reports: `error` in the cache. A test with revisions is one for each
.stderr. Compared are message, code and line (and, for information, the column). --misses lists the differences, equal ones together. Fails under
--least percent; exits 77, for "skipped", where there is no UI or no rustc.
"""
import argparse
import collections
import os
import re
import shutil
import subprocess
import sys

HEADER = re.compile(r"^\s*//@\s*(?:\[([^\]]*)\])?\s*(?:edition\s*:\s*(\d{4})|compile-flags\s*:.*--edition[= ](\d{4}))")
REVISIONS = re.compile(r"^\s*//@\s*revisions\s*:(.*)$")
ERROR = re.compile(r"^error(?:\[(E\d+)\])?: (.*)$")
PLACE = re.compile(r"^\s*(?:-->|:::) (.*):(LL|\d+):(\d+)$")


class Test:
    def __init__(self, path, edition, stderr):
        self.path, self.edition, self.stderr = path, edition, stderr


def tests_in(folder):
    for root, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if name != "auxiliary")
        for name in sorted(names):
            if not name.endswith(".rs"):
                continue
            path = os.path.join(root, name)
            with open(path, "rb") as file:
                lines = file.read().decode("utf-8", "replace").splitlines()
            revisions, editions = [None], {}
            for line in lines:
                match = REVISIONS.match(line)
                if match:
                    revisions = match.group(1).split()
                match = HEADER.match(line)
                if match:
                    for revision in (match.group(1) or "").split(",") if match.group(1) else [None]:
                        editions.setdefault(revision and revision.strip(), match.group(2) or match.group(3))
            for revision in revisions:
                stderr = path[:-3] + (f".{revision}" if revision else "") + ".stderr"
                if os.path.exists(stderr):
                    yield Test(path, editions.get(revision) or editions.get(None) or "2015", stderr)


def first_error(test):
    """(line or 'LL', column, code, message), or None if rustc's first error is not in this file."""
    with open(test.stderr, encoding="utf-8") as file:
        lines = file.read().splitlines()
    for number, line in enumerate(lines):
        match = ERROR.match(line)
        if not match:
            continue
        for follow in lines[number + 1 : number + 4]:
            place = PLACE.match(follow)
            if place:
                if os.path.basename(place.group(1)) != os.path.basename(test.path):
                    return None
                return place.group(2), place.group(3), match.group(1) or "", match.group(2)
        return "", "", match.group(1) or "", match.group(2)
    return None


def verdicts(cache, files):
    table = {}
    def read():
        if os.path.exists(cache):
            with open(cache, encoding="utf-8") as file:
                for line in file:
                    row = line.rstrip("\n").split("\t")
                    table[row[0], row[1]] = row[2]
    read()
    missing = [path for path, edition in files if (path, edition) not in table]
    if missing:
        script = os.path.join(os.path.dirname(os.path.abspath(__file__)), "rustc_verdicts.py")
        for begin in range(0, len(missing), 200):
            subprocess.run([sys.executable, script, cache, *missing[begin : begin + 200]], check=True)
        read()
    return table


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("first_errors")
    parser.add_argument("cache")
    parser.add_argument("--ui", default=os.path.join(os.environ.get("RUSTG_RUST_TESTS", ""), "ui"))
    parser.add_argument("--under", action="append")
    parser.add_argument("--least", type=float, default=0)
    parser.add_argument("--misses", action="store_true")
    arguments = parser.parse_args()
    folders = [os.path.join(arguments.ui, name) for name in arguments.under or ["parser", "lexer"]]
    if not all(os.path.isdir(folder) for folder in folders):
        print("skipped: no tests/ui of rustc's sources (RUSTG_RUST_TESTS names the folder around it)")
        return 77
    if not os.path.exists(arguments.cache) and not shutil.which(os.environ.get("RUSTG_RUSTC", "rustc")):
        print("skipped: no rustc to ask which errors are the parser's")
        return 77
    tests = [test for folder in folders for test in tests_in(folder)]
    table = verdicts(arguments.cache, [(test.path, test.edition) for test in tests])
    kept, later, elsewhere = [], 0, 0
    for test in tests:
        test.expected = first_error(test)
        if table.get((test.path, test.edition), "ok") == "ok":
            later += 1
        elif test.expected is None:
            elsewhere += 1
        else:
            kept.append(test)
    asked = "".join(f"{test.path}\t{test.edition}\n" for test in kept)
    answer = subprocess.run([arguments.first_errors], input=asked.encode(), capture_output=True, check=True)
    rows = answer.stdout.decode("utf-8", "replace").splitlines()
    if len(rows) != len(kept):
        print(f"{len(rows)} answers to {len(kept)} questions")
        return 1
    equal = columns = messages = 0
    misses = collections.defaultdict(list)
    for test, row in zip(kept, rows):
        place, code, message = (row.split("\t") + [""] * 3)[2:5]
        line, column = (place.split(":") + [""])[:2]
        want_line, want_column, want_code, want_message = test.expected
        same_line = want_line in ("LL", "", line)
        messages += (code, message) == (want_code, want_message)
        if (code, message) == (want_code, want_message) and same_line:
            equal += 1
            columns += want_column in ("", column)
            if want_column in ("", column):
                continue
        name = os.path.relpath(test.path, arguments.ui)
        misses[want_message].append(f"{name}:{want_line}:{want_column}, ours {place}: {code}{' ' if code else ''}{message}")
    if arguments.misses:
        for message, places in sorted(misses.items(), key=lambda entry: (-len(entry[1]), entry[0])):
            print(f"{len(places)} × {message}")
            for place in places:
                print("     ", place)
    share = 100 * equal / max(len(kept), 1)
    print(f"{len(kept)} tests with an error of the parser: the first has rustc's message, code and line in {equal}, {share:.1f} %"
          f" (and the column in {columns}; message and code in {messages}).")
    print(f"not counted: {later} whose first error comes after parsing, {elsewhere} with the first in another file")
    return 1 if share < arguments.least else 0


if __name__ == "__main__":
    sys.exit(main())
