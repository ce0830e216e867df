// Writes the .wast files of this folder: node's WebAssembly runs every instruction and says what must come out.
//
//     node tests/spec/own/generate.mjs        (needs wat2wasm from wabt)
//
// A suite is a list of module fields in text, functions { name, params, results, body }, and calls [name, ...arguments].
// Numbers are bit patterns (BigInt); references of the host are small numbers, null is null. Floats would lose a NaN's bits on their way through
// JavaScript, so node runs each function through a wrapper that takes and gives them as integers.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { suites } from './suites.mjs';
import { isNan, trapText } from './traps.mjs';

const folder = dirname(fileURLToPath(import.meta.url));

const signature = f => f.params.map(t => `(param ${t})`).join(' ') + ' ' + f.results.map(t => `(result ${t})`).join(' ');
const bitsType = t => ({ f32: 'i32', f64: 'i64' }[t] ?? t);

function wrapper(f) {
  const arg = (t, i) => {
    const get = `(local.get ${i})`;
    return t === 'f32' ? `(f32.reinterpret_i32 ${get})` : t === 'f64' ? `(f64.reinterpret_i64 ${get})` : get;
  };
  // Results are popped last first, so that each can be reinterpreted.
  const n = f.params.length;
  const locals = f.results.map(t => `(local ${t})`).join(' ');
  const pops = f.results.map((_, i) => `(local.set ${n + i})`).reverse().join(' ');
  const pushes = f.results.map((t, i) => {
    const get = `(local.get ${n + i})`;
    return t === 'f32' ? `(i32.reinterpret_f32 ${get})` : t === 'f64' ? `(i64.reinterpret_f64 ${get})` : get;
  }).join(' ');
  const type = signature({ params: f.params.map(bitsType), results: f.results.map(bitsType) });
  return `(func (export "bits:${f.name}") ${type} ${locals} (call $${f.name} ${f.params.map(arg).join(' ')}) ${pops} ${pushes})`;
}

const mask = { i32: 0xffffffffn, f32: 0xffffffffn, i64: (1n << 64n) - 1n, f64: (1n << 64n) - 1n };
const isCanonical = (t, b) => t === 'f32' ? (b & 0x7fffffffn) === 0x7fc00000n : (b & ~(1n << 63n)) === 0x7ff8000000000000n;

function float(t, bits) {
  const [expBits, manBits, bias] = t === 'f32' ? [8n, 23n, 127] : [11n, 52n, 1023];
  const sign = bits >> (expBits + manBits) ? '-' : '';
  const exp = Number((bits >> manBits) & ((1n << expBits) - 1n));
  const man = bits & ((1n << manBits) - 1n);
  if (exp === (1 << Number(expBits)) - 1) return man === 0n ? `${sign}inf` : `${sign}nan:0x${man.toString(16)}`;
  const digits = t === 'f32' ? (man << 1n).toString(16).padStart(6, '0') : man.toString(16).padStart(13, '0');
  return exp === 0 ? `${sign}0x0.${digits}p${1 - bias}` : `${sign}0x1.${digits}p${exp - bias}`;
}
function literal(t, v) {
  if (t === 'externref') return v === null ? '(ref.null extern)' : `(ref.extern ${v})`;
  if (t === 'funcref') return v === null ? '(ref.null func)' : '(ref.func)';
  if (t === 'f32' || t === 'f64') return `(${t}.const ${float(t, v)})`;
  return `(${t}.const 0x${v.toString(16)})`;
}
// A NaN that arithmetic makes has any sign; its payload is canonical if all the operands' were.
function expectation(f, args, t, v) {
  if (!isNan(t, v) || f.keepsNan) return literal(t, v);
  const all = f.params.every((p, i) => !isNan(p, args[i]) || isCanonical(p, args[i]));
  return `(${t}.const nan:${all ? 'canonical' : 'arithmetic'})`;
}

const toJs = (t, v) => typeof v !== 'bigint' ? v : bitsType(t) === 'i64' ? BigInt.asIntN(64, v) : Number(BigInt.asIntN(32, v));
const fromJs = (t, v) => bitsType(t) === 'i32' ? BigInt.asUintN(32, BigInt(v)) : bitsType(t) === 'i64' ? BigInt.asUintN(64, v) : v;

// Where one message of node's stands for two of the specification's, what was called decides.
function trapOf(error, f, args) {
  const texts = trapText(error);
  if (texts.length === 1) return texts[0];
  if (texts.includes('integer overflow')) return isNan(f.params[0], args[0]) ? 'invalid conversion to integer' : 'integer overflow';
  if (texts.includes('undefined element')) return f.indirect ? 'undefined element' : 'out of bounds table access';
  return f.onMismatch(args);
}

for (const suite of suites) {
  const scratch = mkdtempSync(join(tmpdir(), 'generate-'));
  let text = `;; Written by generate.mjs from suites.mjs: change those. The expectations are node's (${process.version}).\n`;
  for (const { fields, functions, calls } of suite.modules) {
    const body = functions.map(f => `(func $${f.name} (export "${f.name}") ${signature(f)} ${f.body})`);
    const module = wrappers => `(module\n  ${[...(fields ?? []), ...body, ...wrappers].join('\n  ')}\n)\n`;
    writeFileSync(join(scratch, 'm.wat'), module(functions.map(wrapper)));
    execFileSync('wat2wasm', ['--enable-threads', join(scratch, 'm.wat'), '-o', join(scratch, 'm.wasm')]);
    const { exports } = new WebAssembly.Instance(new WebAssembly.Module(readFileSync(join(scratch, 'm.wasm'))));
    const byName = new Map(functions.map(f => [f.name, f]));
    text += module([]);
    for (const [name, ...args] of calls) {
      const f = byName.get(name);
      const invoke = `(invoke "${name}"${args.map((v, i) => ' ' + literal(f.params[i], v)).join('')})`;
      try {
        const result = exports[`bits:${name}`](...args.map((v, i) => toJs(f.params[i], v)));
        const results = f.results.length === 0 ? [] : f.results.length === 1 ? [result] : result;
        text += `(assert_return ${invoke}${f.results.map((t, i) => ' ' + expectation(f, args, t, fromJs(t, results[i]))).join('')})\n`;
      } catch (error) {
        const trap = trapOf(error, f, args);
        text += `(${trap === 'call stack exhausted' ? 'assert_exhaustion' : 'assert_trap'} ${invoke} "${trap}")\n`;
      }
    }
  }
  writeFileSync(join(folder, `${suite.name}.wast`), text);
  rmSync(scratch, { recursive: true });
}
