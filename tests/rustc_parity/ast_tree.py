#!/usr/bin/env python3
"""Our trees against rustc's: ast_tree.py AST_TREE [--files N] [--cache FOLDER] [--show N] [FILE...]

AST_TREE is the program of that name. Without files, N of them are drawn (always the same ones) from Rust's source tree and from the tests of
rustc's that run. rustc prints its tree by -Zunpretty=ast-tree; what has a kind and a span there is compared, as `depth Kind begin end`:

    items, statements, expressions, patterns, types, and blocks, match arms, parameters, fields, variants, paths, bounds, generic arguments,
    where predicates, visibilities, attributes, fields of literals and patterns

Depth counts those kinds alone. Macro calls stay calls. Left out: what is inside attributes and token trees; empty paths (`use {a}`); types that
rustc makes up without text. Exits 77, for "skipped", where rustc has no such option or there are no files.
"""
import argparse
import hashlib
import os
import re
import subprocess
import sys
import zlib

KINDS = {"Item", "Stmt", "Expr", "Pat", "Ty", "Block", "Arm", "Param", "FieldDef", "Variant", "Path", "PolyTraitRef", "WherePredicate",
         "ExprField", "PatField", "Attribute", "Visibility", "AngleBracketedArgs", "ParenthesizedArgs", "AssocItemConstraint"}
KINDLESS = {"Block", "Arm", "Param", "FieldDef", "Variant", "Path", "PolyTraitRef", "ExprField", "PatField", "AngleBracketedArgs",
            "ParenthesizedArgs"}
OPEN = re.compile(r"^(?:(\w+): )?(\w*) ?[({\[]$")
SPAN = re.compile(r"^span: .*:(\d+):(\d+): (\d+):(\d+) \(#\d+\),$")
KIND = re.compile(r"^kind: (\w+),$")


def rustc_nodes(text):
    """The Debug text of an AST, as a sorted list of lines."""
    found, stack, depth, hidden = [], [], 0, 0  # stack: [name, kind, span, depth, hidden before]
    for line in text.split("\n"):
        s = line.strip()
        if not s:
            continue
        if s[0] in "})]":
            name, kind, span, at, counted = stack.pop()
            if counted:
                depth -= 1
                if name == "Attribute":
                    hidden -= 1
            if counted and not hidden and span:
                full = name if name in KINDLESS else f"{name}::{kind}"
                empty = span[:2] == span[2:] and name in ("Path", "Visibility")
                if not empty:
                    found.append((span, at, full))
            continue
        match = OPEN.match(s)
        if match:
            field, name = match.groups()
            if field == "kind" and stack:
                stack[-1][1] = name
            counted = name in KINDS and s.endswith("{")
            stack.append([name, None, None, depth, counted])
            if counted:
                depth += 1
                if name == "Attribute":
                    hidden += 1
            continue
        if stack:
            match = SPAN.match(s)
            if match:
                stack[-1][2] = tuple(map(int, match.groups()))
                continue
            match = KIND.match(s)
            if match:
                stack[-1][1] = match.group(1)
    return [f"{at} {full} {span[0]}:{span[1]} {span[2]}:{span[3]}"
            for span, at, full in sorted(found, key=lambda n: (n[0][:2], (-n[0][2], -n[0][3]), n[1], n[2]))]


def ours(text):
    """Files with their sorted lines; None where there were errors."""
    files = {}
    for part in text.split("=== ")[1:]:
        lines = part.rstrip("\n").split("\n")
        if lines[1:] == ["error"]:
            files[lines[0]] = None
            continue
        rows = []
        for line in lines[1:]:
            at, full, begin, end = line.split(" ")
            a, b = tuple(map(int, begin.split(":"))), tuple(map(int, end.split(":")))
            rows.append((a, (-b[0], -b[1]), int(at), full, line))
        files[lines[0]] = [row[4] for row in sorted(rows)]
    return files


def candidates():
    source = os.environ.get("RUSTG_RUST_SOURCE")
    if not source:
        found = [f"/usr/src/{name}" for name in sorted(os.listdir("/usr/src")) if name.startswith("rustc-")] if os.path.isdir("/usr/src") else []
        source = found[0] if found else ""
    tests = os.environ.get("RUSTG_RUST_TESTS", "")
    chosen = []
    for part in ("library/core", "library/alloc", "library/std", "compiler"):
        for folder, _, names in os.walk(os.path.join(source, part)):
            chosen += [(os.path.join(folder, name), "2024") for name in names if name.endswith(".rs")]
    for folder, _, names in os.walk(os.path.join(tests, "tests/ui") if tests else ""):
        for name in names:
            if not name.endswith(".rs"):
                continue
            path = os.path.join(folder, name)
            with open(path, "rb") as file:
                text = file.read(4000)
            if re.search(rb"^//@ (run|build|check)-pass", text, re.M):
                edition = re.search(rb"^//@\s*edition\s*:\s*(\d{4})", text, re.M)
                chosen.append((path, edition.group(1).decode() if edition else "2015"))
    root = lambda path: path.replace(source, "") if source else path
    return sorted(chosen, key=lambda entry: (zlib.crc32(root(entry[0]).replace(tests, "").encode()), entry[0]))


def rustc_tree(rustc, path, edition, cache):
    key = None
    if cache:
        with open(path, "rb") as file:
            key = os.path.join(cache, hashlib.sha256(file.read() + edition.encode()).hexdigest())
        if os.path.exists(key):
            with open(key, encoding="utf-8") as file:
                return file.read()
    run = subprocess.run([rustc, "-Zunpretty=ast-tree", "--cap-lints=allow", "--edition", edition, path], capture_output=True, timeout=120,
                         env={**os.environ, "RUSTC_BOOTSTRAP": "1"})
    if run.returncode != 0:
        return None
    text = "\n".join(rustc_nodes(run.stdout.decode("utf-8", "replace")))
    if key:
        with open(key, "w", encoding="utf-8") as file:
            file.write(text)
    return text


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("ast_tree")
    parser.add_argument("files", nargs="*")
    parser.add_argument("--files", dest="number", type=int, default=300)
    parser.add_argument("--edition", default="2021")
    parser.add_argument("--cache", default="")
    parser.add_argument("--show", type=int, default=5, help="differences printed of each file")
    arguments = parser.parse_args()
    rustc = os.environ.get("RUSTG_RUSTC", "rustc")
    try:
        probe = subprocess.run([rustc, "-Zunpretty=ast-tree", "-"], input=b"fn f() {}", capture_output=True,
                               env={**os.environ, "RUSTC_BOOTSTRAP": "1"})
    except OSError as error:
        print(f"skipped: {error}")
        return 77
    if probe.returncode != 0 or b"Crate {" not in probe.stdout:
        print("skipped: this rustc has no -Zunpretty=ast-tree")
        return 77
    drawn = [(path, arguments.edition) for path in arguments.files] or candidates()
    if not drawn:
        print("skipped: no Rust source tree (package rust-web-src, or RUSTG_RUST_SOURCE)")
        return 77
    if arguments.cache:
        os.makedirs(arguments.cache, exist_ok=True)
    wanted = len(drawn) if arguments.files else arguments.number
    theirs = {}
    for path, edition in drawn:
        if len(theirs) == wanted:
            break
        text = rustc_tree(rustc, path, edition, arguments.cache)
        if text is not None:
            theirs[path] = (edition, text.split("\n") if text else [])
    asked = "".join(f"{path}\t{edition}\n" for path, (edition, _) in theirs.items())
    answer = subprocess.run([arguments.ast_tree], input=asked.encode(), capture_output=True, check=True)
    mine = ours(answer.stdout.decode("utf-8", "replace"))
    equal = nodes = 0
    for path, (_, rows) in theirs.items():
        nodes += len(rows)
        if mine[path] == rows:
            equal += 1
            continue
        if mine[path] is None:
            print(f"{path}: refused")
            continue
        have, want = set(mine[path]), set(rows)
        wrong = [("rustc", row) for row in rows if row not in have] + [("ours", row) for row in mine[path] if row not in want]
        wrong.sort(key=lambda entry: tuple(map(int, re.split("[ :]+", entry[1].split(" ", 2)[2]))))
        print(f"{path}: {len(wrong)} differ")
        for who, row in wrong[:arguments.show]:
            print(f"  {who:5} {row}")
    print(f"{equal} of {len(theirs)} trees equal, {nodes} nodes")
    return 0 if equal == len(theirs) else 1


if __name__ == "__main__":
    sys.exit(main())
