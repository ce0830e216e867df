#!/usr/bin/env node
// lex_unicode_tables.mjs CLASSES NFC MARKS: write src/lex/unicode_tables.inc, nfc_tables.inc and mark_tables.inc from what this node's ICU knows, whose Unicode has to be
// rustc's (1.96: 17.0).
//
// CLASSES: every code point has four bits: 1 XID_Start, 2 XID_Continue, 4 Emoji, 8 a text with it may have to be normalised (NFC_Quick_Check is not Yes, or
// it has a combining class). Blocks of 256 code points that are alike are stored once: kUnicodeIndex[c >> 8] is the block,
// kUnicodeBlocks[block * 128 + (c >> 1 & 127)] holds two code points, the even one below.
//
// NFC, without Hangul syllables, which are computed:
//   kCombiningFirst, kCombiningLast, kCombiningOrder   ranges of code points with a combining class, and its place among all classes, from 1
//   kDecomposed, kDecomposedBegin, kDecomposedText     code points that canonically decompose, fully, and into what
//   kComposeFirst, kComposeSecond, kComposed           pairs that compose, in order
//
// MARKS: kMarkFirst, kMarkLast: ranges of combining marks (General_Category M).
import { writeFileSync } from 'node:fs';

const kUnicode = '17.0', kSize = 0x110000;
if (process.versions.unicode !== kUnicode) throw new Error(`this node knows Unicode ${process.versions.unicode}, not ${kUnicode}`);
const [, , classesPath, nfcPath, marksPath] = process.argv;

const isScalar = (c) => c < 0xd800 || c > 0xdfff;
const isSyllable = (c) => c >= 0xac00 && c <= 0xd7a3;
const text = (...c) => String.fromCodePoint(...c);
const codes = (s) => [...s].map((c) => c.codePointAt(0));

// Combining classes are not to be had, but which of two marks goes first is.
const goesBehind = (a, b) => text(0x61, a, b).normalize('NFD') === text(0x61, b, a);
const kLowest = 0x334, kHighest = 0x345;  // of class 1 and of class 240
const marks = [];
for (let c = 0; c < kSize; ++c) {
  if (!isScalar(c) || c === kLowest || text(c).normalize('NFD') !== text(c)) continue;
  if (goesBehind(c, kLowest) || goesBehind(kHighest, c)) marks.push(c);
}
const order = new Map([[kLowest, 1]]);
let last = kLowest, place = 1;
for (const c of marks.sort((a, b) => (goesBehind(a, b) ? 1 : goesBehind(b, a) ? -1 : a - b))) {
  if (goesBehind(c, last)) ++place;
  order.set((last = c), place);
}
const combining = { first: [], last: [], order: [] };
for (const c of [...order.keys()].sort((a, b) => a - b)) {
  const n = combining.first.length - 1;
  if (n >= 0 && combining.last[n] === c - 1 && combining.order[n] === order.get(c)) {
    combining.last[n] = c;
  } else {
    combining.first.push(c), combining.last.push(c), combining.order.push(order.get(c));
  }
}

const decomposed = { code: [], begin: [0], text: [] }, pairs = [], seconds = new Set();
for (let c = 0; c < kSize; ++c) {
  if (!isScalar(c) || isSyllable(c)) continue;
  const parts = codes(text(c).normalize('NFD'));
  if (parts.length === 1 && parts[0] === c) continue;
  decomposed.code.push(c), decomposed.text.push(...parts), decomposed.begin.push(decomposed.text.length);
  if (text(c).normalize('NFC') !== text(c)) continue;
  const second = parts.pop(), first = codes(text(...parts).normalize('NFC'));
  if (first.length !== 1 || text(first[0], second).normalize('NFC') !== text(c)) throw new Error(`${c.toString(16)} is no pair`);
  pairs.push([first[0], second, c]), seconds.add(second);
}
pairs.sort((a, b) => a[0] - b[0] || a[1] - b[1]);
for (let c = 0x1161; c <= 0x1175; ++c) seconds.add(c);  // Hangul vowels and trailing consonants
for (let c = 0x11a8; c <= 0x11c2; ++c) seconds.add(c);

const bits = new Uint8Array(kSize);
for (let c = 0; c < kSize; ++c) {
  if (!isScalar(c)) continue;
  const s = text(c);
  bits[c] = (/\p{XID_Start}/u.test(s) ? 1 : 0) | (/\p{XID_Continue}/u.test(s) ? 2 : 0) | (/\p{Emoji}/u.test(s) ? 4 : 0) |
    (order.has(c) || seconds.has(c) || s.normalize('NFC') !== s ? 8 : 0);
}
const blocks = new Map(), index = [];
for (let begin = 0; begin < kSize; begin += 256) {
  const block = [];
  for (let c = begin; c < begin + 256; c += 2) block.push(bits[c] | bits[c + 1] << 4);
  const key = block.join();
  if (!blocks.has(key)) blocks.set(key, { number: blocks.size, block });
  index.push(blocks.get(key).number);
}
if (blocks.size > 256) throw new Error('more than 256 blocks');

function table(type, name, values) {
  const lines = [`RUSTG_TABLE(${type}, ${name}, ${values.length}) = {`];
  let line = '';
  for (const v of values) {
    if (line.length + `${v},`.length > 150) lines.push(line), (line = '');
    line += `${v},`;
  }
  return [...lines, line + '};'].join('\n') + '\n';
}
const head = `// Written by tools/lex_unicode_tables.mjs from Unicode ${kUnicode}; what the tables hold is said there.\n`;
writeFileSync(classesPath, head + table('uint8_t', 'kUnicodeIndex', index) +
  table('uint8_t', 'kUnicodeBlocks', [...blocks.values()].flatMap((b) => b.block)));
writeFileSync(nfcPath, head + table('uint32_t', 'kCombiningFirst', combining.first) + table('uint32_t', 'kCombiningLast', combining.last) +
  table('uint8_t', 'kCombiningOrder', combining.order) + table('uint32_t', 'kDecomposed', decomposed.code) +
  table('uint16_t', 'kDecomposedBegin', decomposed.begin) + table('uint32_t', 'kDecomposedText', decomposed.text) +
  table('uint32_t', 'kComposeFirst', pairs.map((p) => p[0])) + table('uint32_t', 'kComposeSecond', pairs.map((p) => p[1])) +
  table('uint32_t', 'kComposed', pairs.map((p) => p[2])));
const markRanges = { first: [], last: [] };
for (let c = 0; c < kSize; ++c) {
  if (!isScalar(c) || !/\p{M}/u.test(text(c))) continue;
  if (markRanges.last.at(-1) === c - 1) markRanges.last[markRanges.last.length - 1] = c;
  else markRanges.first.push(c), markRanges.last.push(c);
}
writeFileSync(marksPath, head + table('uint32_t', 'kMarkFirst', markRanges.first) + table('uint32_t', 'kMarkLast', markRanges.last));
