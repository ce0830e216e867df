#!/usr/bin/env python3
"""Write src/lex/unicode_tables.inc from Debian's package unicode-data (/usr/share/unicode).

Every code point has four bits: 1 XID_Start, 2 XID_Continue, 4 Emoji, 8 NFC_Quick_Check is not Yes. Blocks of 256 code points that are
alike are stored once: kUnicodeIndex[c >> 8] is the block, kUnicodeBlocks[block * 128 + (c >> 1 & 127)] holds two code points,
the even one below.
"""
import re
import sys
from pathlib import Path

DATA = Path("/usr/share/unicode")
SIZE = 0x110000


def mark(bits, file, wanted, bit):
    for line in (DATA / file).read_text(encoding="utf-8").splitlines():
        line = line.split("#")[0]
        m = re.match(r"\s*([0-9A-F]+)(?:\.\.([0-9A-F]+))?\s*;\s*(.*?)\s*$", line)
        if m and re.sub(r"\s", "", m[3]) in wanted:
            for c in range(int(m[1], 16), int(m[2] or m[1], 16) + 1):
                bits[c] |= bit


def array(out, kind, name, values):
    out.append(f"RUSTG_TABLE({kind}, {name}, {len(values)}) = {{")
    line = ""
    for v in values:
        item = f"{v},"
        if len(line) + len(item) > 118:
            out.append(line)
            line = ""
        line += item
    out.append(line + "};")


def main():
    bits = bytearray(SIZE)
    mark(bits, "DerivedCoreProperties.txt", {"XID_Start"}, 1)
    mark(bits, "DerivedCoreProperties.txt", {"XID_Continue"}, 2)
    mark(bits, "emoji/emoji-data.txt", {"Emoji"}, 4)
    mark(bits, "DerivedNormalizationProps.txt", {"NFC_QC;N", "NFC_QC;M"}, 8)
    version = re.search(r"DerivedCoreProperties-(\S+)\.txt", (DATA / "DerivedCoreProperties.txt").read_text()[:200])[1]
    blocks, index = {}, []
    for begin in range(0, SIZE, 256):
        block = bytes(bits[c] | bits[c + 1] << 4 for c in range(begin, begin + 256, 2))
        index.append(blocks.setdefault(block, len(blocks)))
    assert len(blocks) < 256
    out = [f"// Written by tools/lex_unicode_tables.py from Unicode {version}; what the tables hold is said there."]
    array(out, "uint8_t", "kUnicodeIndex", index)
    array(out, "uint8_t", "kUnicodeBlocks", [b for block in blocks for b in block])
    Path(sys.argv[1]).write_text("\n".join(out) + "\n")


if __name__ == "__main__":
    main()
