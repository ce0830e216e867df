#!/usr/bin/env python3
"""Ask rustc's parser about many files, once: CACHE gets a line for each file and edition.

    rustc_verdicts.py CACHE FOLDER-or-FILE...     path <tab> edition <tab> ok|error <tab> line:column <tab> message of the first error

Files that the cache has are not asked again. A test's own `//@ edition:` header counts (the first of several revisions' too);
without one the edition is --edition. rustc is `rustc`, or RUSTG_RUSTC; -Z needs RUSTC_BOOTSTRAP=1 on a stable one.
"""
import argparse
import os
import re
import subprocess
import sys

EDITION = re.compile(r"^\s*//@(?:\[[^\]]*\])?\s*(?:edition\s*:\s*(\d{4})|compile-flags\s*:.*--edition[= ](\d{4}))")
FIRST = re.compile(r"^(.*?):(\d+):(\d+): error(?:\[\w+\])?: (.*)$")


def editions_of(path, default):
    found = []
    with open(path, "rb") as file:
        for line in file.read().decode("utf-8", "replace").splitlines():
            match = EDITION.match(line)
            if match:
                edition = match.group(1) or match.group(2)
                if edition not in found and edition in ("2015", "2018", "2021", "2024"):
                    found.append(edition)
    return found or [default]


def sources(roots):
    for root in roots:
        if os.path.isfile(root):
            yield root
        for folder, folders, names in os.walk(root):
            folders.sort()
            for name in sorted(names):
                if name.endswith(".rs"):
                    yield os.path.join(folder, name)


def verdict(rustc, path, edition):
    # An empty folder to work in: rustc looks for nothing beside the file when only parsing.
    command = [rustc, "-Zparse-crate-root-only", "--error-format=short", "--cap-lints=allow", "--edition", edition, path]
    try:
        run = subprocess.run(command, capture_output=True, timeout=60, env={**os.environ, "RUSTC_BOOTSTRAP": "1"})
    except subprocess.TimeoutExpired:
        return "timeout", "", ""
    if run.returncode == 0:
        return "ok", "", ""
    text = run.stderr.decode("utf-8", "replace")
    for line in text.splitlines():
        match = FIRST.match(line)
        if match:
            return "error", f"{match.group(2)}:{match.group(3)}", match.group(4)
    return ("error" if run.returncode == 1 else f"exit {run.returncode}"), "", (text.splitlines() or [""])[0]


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("cache")
    parser.add_argument("roots", nargs="+")
    parser.add_argument("--edition", default="2015")
    arguments = parser.parse_args()
    rustc = os.environ.get("RUSTG_RUSTC", "rustc")
    known = set()
    if os.path.exists(arguments.cache):
        with open(arguments.cache, encoding="utf-8") as cache:
            known = {tuple(line.split("\t")[:2]) for line in cache}
    with open(arguments.cache, "a", encoding="utf-8", buffering=1) as cache:
        for path in sources(arguments.roots):
            for edition in editions_of(path, arguments.edition):
                if (path, edition) in known:
                    continue
                answer = [part.replace("\t", " ").replace("\n", " ") for part in verdict(rustc, path, edition)]
                print(path, edition, *answer, sep="\t", file=cache)


if __name__ == "__main__":
    sys.exit(main())
