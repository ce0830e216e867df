#!/usr/bin/env python3
"""Our parser's verdicts against rustc's: compare.py PARSE_VERDICTS CACHE [--least PERCENT]

PARSE_VERDICTS is the program of that name, CACHE what rustc_verdicts.py wrote. Prints every file on which they differ; fails if rustc accepts
one that we refuse (files whose lexing fails are the lexer's affair, and count), or if fewer than --least percent of the verdicts are equal.
Exits 77, for "skipped", where there is no cache.
"""
import argparse
import os
import subprocess
import sys


def table(lines):
    rows = (line.rstrip("\n").split("\t") for line in lines)
    return {(row[0], row[1]): row[2:5] for row in rows if len(row) >= 3}


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("parse_verdicts")
    parser.add_argument("cache")
    parser.add_argument("--least", type=float, default=99.9)
    arguments = parser.parse_args()
    if not os.path.exists(arguments.cache):
        print(f"skipped: no {arguments.cache}; rustc_verdicts.py makes it")
        return 77
    with open(arguments.cache, encoding="utf-8") as cache:
        rustc = {key: row for key, row in table(cache).items() if os.path.exists(key[0])}
    if not rustc:
        print("skipped: none of the cache's files is here")
        return 77
    asked = "".join(f"{path}\t{edition}\n" for path, edition in rustc)
    answer = subprocess.run([arguments.parse_verdicts], input=asked.encode(), capture_output=True, check=True)
    ours = table(answer.stdout.decode("utf-8", "replace").splitlines())
    refused = [(key, ours[key]) for key in rustc if rustc[key][0] == "ok" and ours[key][0] != "ok"]
    accepted = [(key, rustc[key]) for key in rustc if rustc[key][0] != "ok" and ours[key][0] == "ok"]
    for key, row in refused:
        print("refused, though rustc accepts:", *key, *row[1:])
    for key, row in accepted:
        print("accepted, though rustc refuses:", *key, *row[1:])
    same_line = both = 0
    for key, row in rustc.items():
        if row[0] == "error" and ours[key][0] == "error" and row[1]:
            both += 1
            same_line += row[1].split(":")[0] == ours[key][1].split(":")[0]
    equal = 100 * (1 - (len(refused) + len(accepted)) / len(rustc))
    print(f"{len(rustc)} verdicts, {equal:.3f} % equal; of {both} errors {100 * same_line / max(both, 1):.1f} % have their first on rustc's line")
    return 1 if refused or equal < arguments.least else 0


if __name__ == "__main__":
    sys.exit(main())
