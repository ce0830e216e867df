#!/usr/bin/env python3
"""Writes src/source/width_table.inc: how many columns rustc takes a character for, as seen where its carets stand behind it.

    tools/display_width_table.py [RUSTC] > src/source/width_table.inc

Every code point of planes 0 to 3 and 14, from U+0080, is put into a comment in front of an error; the planes left out are all of width 1 (private use and
unassigned). Takes two minutes."""
import os
import subprocess
import sys
import tempfile

CHUNK = 16384


def widths(rustc, points, folder):
    path = os.path.join(folder, "probe.rs")
    with open(path, "w", newline="") as out:
        out.writelines(f"/*{chr(p)}*/\\\n" for p in points)
    shown = subprocess.run([rustc, path, "--color=never"], stderr=subprocess.PIPE, check=False).stderr.decode()
    lines = shown.split("\n")
    found = {}
    for i, line in enumerate(lines):
        if line.startswith("error: unknown start of token: \\"):
            number = int(lines[i + 1].split(":")[-2])
            carets = lines[i + 4]
            found[points[number - 1]] = carets.index("^") - carets.index("| ") - len("| /**/")
    assert len(found) == len(points), (len(found), len(points))
    return found


def main():
    rustc = sys.argv[1] if len(sys.argv) > 1 else "rustc"
    points = [p for p in [*range(0x80, 0x40000), *range(0xE0000, 0xE1000)] if not 0xD800 <= p < 0xE000]
    found = {}
    with tempfile.TemporaryDirectory() as folder:
        for i in range(0, len(points), CHUNK):
            found |= widths(rustc, points[i : i + CHUNK], folder)
    version = subprocess.run([rustc, "--version"], stdout=subprocess.PIPE, check=True).stdout.decode().split("(")[0].strip()
    ranges = []
    for p in points:
        width = found[p]
        if ranges and ranges[-1][1] == p - 1 and ranges[-1][2] == width:
            ranges[-1][1] = p
        else:
            ranges.append([p, p, width])
    print(f"// By tools/display_width_table.py, from {version}: first, last, width. What is not here takes one column.")
    line = ""
    for first, last, width in ranges:
        if width == 1:
            continue
        item = f"{{0x{first:x}, 0x{last:x}, {width}}}, "
        if len(line) + len(item) > 120:
            print(line.rstrip())
            line = ""
        line += item
    print(line.rstrip())


main()
