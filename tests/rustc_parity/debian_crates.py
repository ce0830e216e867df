#!/usr/bin/env python3
"""Our parser on the crates of a folder: debian_crates.py PARSE_VERDICTS [FOLDER]

FOLDER (else $RUSTG_CRATES) holds a crate a folder, as a vendor directory or /usr/share/cargo/registry does. Every .rs file of each is parsed in its
crate's edition; what is refused is shown to rustc's parser, which must refuse it too. Exits 77, for "skipped", where there is no such folder.
"""
import argparse
import os
import subprocess
import sys
import tomllib

from rustc_verdicts import sources, verdict


def edition_of(crate):
    with open(os.path.join(crate, "Cargo.toml"), "rb") as manifest:
        package = tomllib.load(manifest).get("package", {})
    edition = package.get("edition", "2015")
    # What a workspace would tell is not here.
    return edition if isinstance(edition, str) else "2021"


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("parse_verdicts")
    parser.add_argument("folder", nargs="?", default=os.environ.get("RUSTG_CRATES", ""))
    arguments = parser.parse_args()
    crates = []
    if os.path.isdir(arguments.folder):
        for name in sorted(os.listdir(arguments.folder)):
            crate = os.path.join(arguments.folder, name)
            if os.path.isfile(os.path.join(crate, "Cargo.toml")):
                crates.append(crate)
    if not crates:
        print("skipped: no folder of crates (RUSTG_CRATES)")
        return 77
    asked = [(path, edition) for crate in crates for edition in [edition_of(crate)] for path in sources([crate])]
    text = "".join(f"{path}\t{edition}\n" for path, edition in asked)
    answer = subprocess.run([arguments.parse_verdicts], input=text.encode(), capture_output=True, check=True)
    rows = [line.split("\t") for line in answer.stdout.decode("utf-8", "replace").splitlines()]
    if len(rows) != len(asked):
        print(f"{len(asked)} files, but {len(rows)} verdicts")
        return 1
    rustc = os.environ.get("RUSTG_RUSTC", "rustc")
    refused = wrong = 0
    for path, edition, ours, place, message in rows:
        if ours == "ok":
            continue
        refused += 1
        theirs, at, said = verdict(rustc, path, edition)
        if theirs == "ok":
            wrong += 1
            print("refused, though rustc accepts:", path, edition, place, message)
        else:
            print(f"refused by both: {path} {edition}: {place} {message} | {at} {said}")
    print(f"{len(crates)} crates, {len(asked)} files, {refused} refused, {wrong} of them by us alone")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
