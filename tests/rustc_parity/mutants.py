#!/usr/bin/env python3
"""Damaged programs to ask both parsers about: mutants.py OUT FOLDER... [--count N] [--seed S]

Small files of the FOLDERs with one to three tokens removed, doubled, exchanged, or put in from another file, written to the folder OUT. Then
rustc_verdicts.py CACHE OUT asks rustc, and compare.py PARSE_VERDICTS CACHE says where ours differ.
"""
import argparse
import os
import random
import re
import sys

# Roughly Rust's tokens: enough that what is damaged is mostly the grammar, not the lexing.
TOKEN = re.compile(r"//[^\n]*|/\*.*?\*/|r#*\"|\"(?:\\.|[^\"\\])*\"|'(?:\\.|[^'\\])'|'?\w+|::|->|=>|\.\.=?|&&|\|\||[<>=!+*/%^-]=|\s+|.", re.S)


def damage(pieces, others, rng):
    tokens = [i for i, piece in enumerate(pieces) if not piece.isspace() and not piece.startswith(("//", "/*"))]
    if len(tokens) < 3:
        return
    at = rng.choice(tokens)
    kind = rng.randrange(5)
    if kind == 0:
        pieces[at] = " "
    elif kind == 1:
        pieces[at] += " " + pieces[at]
    elif kind == 2:
        other = rng.choice(tokens)
        pieces[at], pieces[other] = pieces[other], pieces[at]
    elif kind == 3:
        pieces[at] = " " + rng.choice(others) + " "
    else:
        pieces[at] += " " + rng.choice(others) + " "


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("out")
    parser.add_argument("roots", nargs="+")
    parser.add_argument("--count", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    rng = random.Random(arguments.seed)
    paths = sorted(os.path.join(folder, name) for root in arguments.roots for folder, _, names in os.walk(root) for name in names if name.endswith(".rs"))
    texts = []
    while paths and len(texts) < arguments.count:
        path = paths.pop(rng.randrange(len(paths)))
        if 20 < os.path.getsize(path) < 4000:
            with open(path, encoding="utf-8", errors="replace") as file:
                texts.append(file.read())
    others = [token for text in texts for token in TOKEN.findall(text) if not token.isspace() and not token.startswith(("//", "/*", "r#", '"'))]
    os.makedirs(arguments.out, exist_ok=True)
    for number, text in enumerate(texts):
        pieces = TOKEN.findall(text)
        for _ in range(rng.randint(1, 3)):
            damage(pieces, others, rng)
        with open(os.path.join(arguments.out, f"{number:05}.rs"), "w", encoding="utf-8") as file:
            file.write("".join(pieces))


if __name__ == "__main__":
    sys.exit(main())
