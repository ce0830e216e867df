// Random modules against node: node tests/spec/fuzz.mjs FOLDER COUNT [SEED]
//
// wasm-opt (binaryen) makes a valid module of random bytes, node runs its exports with random arguments, and what came out is written
// beside the module as wast2json would write it: FOLDER/<n>/t.json for spec_run. NaNs are taken out by wasm-opt's --denan, endless
// loops by the limit that it builds in. A module that exhausts node's stack is used only up to there: the depth is nobody's promise.
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { trapText } from './own/traps.mjs';

const [folder, count, seed = '1'] = process.argv.slice(2);
const features = ['sign-ext', 'mutable-globals', 'nontrapping-float-to-int', 'bulk-memory', 'multivalue'];
// What optimizers leave of a function's blocks and locals has other shapes than what was generated.
const shapes = [[], [], ['-O1'], ['-O3'], ['--flatten'], ['--flatten', '--simplify-locals', '--coalesce-locals'], ['--simplify-locals', '--merge-blocks'], ['--remove-unused-brs', '--vacuum']];

// xorshift64*: the same modules for the same seed.
let state = BigInt(seed) * 0x9e3779b97f4a7c15n | 1n;
function random() {
  state = BigInt.asUintN(64, state ^ (state >> 12n));
  state = BigInt.asUintN(64, state ^ (state << 25n));
  state ^= state >> 27n;
  return BigInt.asUintN(64, state * 0x2545f4914f6cdd1dn) >> 11n;
}
const below = n => Number(random() % BigInt(n));
const pick = list => list[below(list.length)];

const view = new DataView(new ArrayBuffer(8));
const bitsOf = {
  i32: v => BigInt.asUintN(32, BigInt(v)),
  i64: v => BigInt.asUintN(64, v),
  f32: v => (view.setFloat32(0, v), BigInt(view.getUint32(0))),
  f64: v => (view.setFloat64(0, v), view.getBigUint64(0)),
};
const argument = {
  i32: () => pick([0, 1, -1, 0x7fffffff, -0x80000000, below(100), below(65536), Number(BigInt.asIntN(32, random()))]),
  i64: () => pick([0n, 1n, -1n, 0x7fffffffffffffffn, -0x8000000000000000n, BigInt(below(100)), BigInt.asIntN(64, random() * random())]),
  f32: () => Math.fround(pick([0, -0, 1, -1.5, 1e30, -1e-30, Infinity, below(1000) / 7])),
  f64: () => pick([0, -0, 1, -1.5, 1e300, -1e-300, Infinity, below(100000) / 7]),
};
const value = (type, v) => ({ type, value: bitsOf[type](v).toString() });

// The signatures of the exported functions, which JavaScript does not tell: from the binary.
function exportedFunctions(bytes) {
  let at = 8;
  const u32 = () => { let r = 0, s = 0, b; do { b = bytes[at++]; r |= (b & 0x7f) << s; s += 7; } while (b & 0x80); return r >>> 0; };
  const list = read => Array.from({ length: u32() }, read);
  const name = () => { const n = u32(); at += n; return new TextDecoder().decode(bytes.subarray(at - n, at)); };
  const type = () => ({ 0x7f: 'i32', 0x7e: 'i64', 0x7d: 'f32', 0x7c: 'f64' }[bytes[at++]] ?? 'ref');
  const limits = () => { const flags = u32(); u32(); if (flags & 1) u32(); };
  let types = [], functions = [], exports = [];
  while (at < bytes.length) {
    const id = bytes[at++], size = u32(), end = at + size;
    if (id === 1) types = list(() => (at++, { params: list(type), results: list(type) }));
    if (id === 2) list(() => {
      name(); name();
      const kind = bytes[at++];
      if (kind === 0) functions.push(u32());
      if (kind === 1) at++, limits();
      if (kind === 2) limits();
      if (kind === 3) at += 2;
    });
    if (id === 3) functions.push(...list(u32));
    if (id === 7) exports = list(() => ({ name: name(), kind: bytes[at++], index: u32() }));
    at = end;
  }
  return exports.filter(e => e.kind === 0).map(e => ({ name: e.name, ...types[functions[e.index]] }));
}

let made = 0, calls = 0;
for (let n = 0; n < Number(count); ++n) {
  const here = join(folder, String(n));
  mkdirSync(here, { recursive: true });
  const input = Buffer.from(Array.from({ length: 200 + below(pick([1000, 10000, 100000])) }, () => below(256)));
  writeFileSync(join(here, 'input'), input);
  execFileSync('wasm-opt', ['-ttf', join(here, 'input'), '--mvp-features', ...features.map(f => `--enable-${f}`), '--denan', ...pick(shapes), '-o', join(here, 't.wasm')],
               { stdio: 'ignore' });
  const bytes = readFileSync(join(here, 't.wasm'));
  if (!WebAssembly.validate(bytes)) continue;
  const commands = [{ type: 'module', line: 0, filename: 't.wasm' }];
  const log = () => {};
  let instance;
  try {
    instance = new WebAssembly.Instance(new WebAssembly.Module(bytes), { 'fuzzing-support': { 'log-i32': log, 'log-i64': log, 'log-f32': log, 'log-f64': log } });
  } catch (error) {
    if (!(error instanceof WebAssembly.RuntimeError)) continue;  // it imports more
    commands[0] = { type: 'assert_uninstantiable', line: 0, filename: 't.wasm', text: trapText(error)[0], module_type: 'binary' };
  }
  const functions = instance ? exportedFunctions(bytes).filter(f => !f.params.includes('ref') && !f.results.includes('ref')) : [];
  for (let round = 0; round < 3; ++round)
    for (const f of functions) {
      const args = f.params.map(t => argument[t]());
      const command = { type: 'assert_return', line: commands.length,
                        action: { type: 'invoke', field: f.name, args: f.params.map((t, i) => value(t, args[i])) }, expected: [] };
      try {
        const result = instance.exports[f.name](...args);
        const results = f.results.length === 0 ? [] : f.results.length === 1 ? [result] : [...result];
        command.expected = f.results.map((t, i) => value(t, results[i]));
      } catch (error) {
        const texts = trapText(error);
        if (texts[0] === 'call stack exhausted') { round = 3; break; }
        command.type = 'assert_trap';
        command.text = texts.length === 1 ? texts[0] : '';  // any trap
      }
      commands.push(command);
      ++calls;
    }
  writeFileSync(join(here, 't.json'), JSON.stringify({ source_filename: 'fuzz', commands }));
  ++made;
}
console.log(`${made} modules, ${calls} calls`);
