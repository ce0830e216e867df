// What generate.mjs runs: every instruction with the values at which it could go wrong.
import { control } from './control.mjs';
import { references } from './references.mjs';

const binary = (a, b = a) => a.flatMap(x => b.map(y => [x, y]));

const ints = {
  i32: [0n, 1n, 2n, 0xffffffffn, 0x7fffffffn, 0x80000000n, 0x21n, 0x8123ff80n],
  i64: [0n, 1n, 2n, 0xffffffffffffffffn, 0x7fffffffffffffffn, 0x8000000000000000n, 0x41n, 0x8123456789abff80n],
};
const manyInts = {
  i32: [...ints.i32, 0x7fn, 0x80n, 0xffn, 0x7fffn, 0x8000n, 0xffffn, 0x10000n, 0x55555555n, 0xfffffffen],
  i64: [...ints.i64, 0x7fn, 0x80n, 0xffn, 0x7fffn, 0x8000n, 0xffffn, 0x7fffffffn, 0x80000000n, 0xffffffffn, 0x100000000n,
        0x5555555555555555n, 0x20000000000001n, 0x7fffff4000000001n, 0x8000004000000001n],
};
const floats = {
  //     0    -0           1            -1.5         min subnormal max         inf          -inf         nan          nan with payload
  f32: [0n, 0x80000000n, 0x3f800000n, 0xbfc00000n, 1n, 0x7f7fffffn, 0x7f800000n, 0xff800000n, 0x7fc00000n, 0xffa00001n],
  f64: [0n, 0x8000000000000000n, 0x3ff0000000000000n, 0xbff8000000000000n, 1n, 0x7fefffffffffffffn, 0x7ff0000000000000n,
        0xfff0000000000000n, 0x7ff8000000000000n, 0xfff4000000000001n],
};
const f32bits = x => { const b = new DataView(new ArrayBuffer(4)); b.setFloat32(0, x); return BigInt(b.getUint32(0)); };
const f64bits = x => { const b = new DataView(new ArrayBuffer(8)); b.setFloat64(0, x); return b.getBigUint64(0); };
const interesting = [0.5, -0.5, 1.5, 2.5, -2.5, 0.49999999999999994, 3.7, -3.7, 2147483647, 2147483648, -2147483648, -2147483649,
  -2147483648.9, 4294967295, 4294967296, 4294967295.9, -1, -0.9999999, 9223372036854775807, 9223372036854774784, -9223372036854775808,
  -9223372036854777856, 18446744073709551615, 18446744073709549568, 16777217, 8388609.5, 4503599627370497.5, 1e-45, 1e40, 1.1754943508222875e-38, 3.4028235677973366e38];
const manyFloats = {
  f32: [...new Set([...floats.f32, ...interesting.map(f32bits)])],
  f64: [...new Set([...floats.f64, ...interesting.map(f64bits)])],
};

// One function an instruction, its operands the parameters.
function instruction(name, params, results, lists, more = {}) {
  const f = { name, params, results, body: `(${name} ${params.map((_, i) => `(local.get ${i})`).join(' ')})`, ...more };
  const calls = lists.length === 0 ? [[name]] : lists.length === 1 ? lists[0].map(x => [name, x]) : binary(...lists).map(p => [name, ...p]);
  return { f, calls };
}
const moduleOf = items => ({ functions: items.map(i => i.f), calls: items.flatMap(i => i.calls) });

const integer = [];
for (const t of ['i32', 'i64']) {
  for (const op of ['add', 'sub', 'mul', 'div_s', 'div_u', 'rem_s', 'rem_u', 'and', 'or', 'xor', 'shl', 'shr_s', 'shr_u', 'rotl', 'rotr'])
    integer.push(instruction(`${t}.${op}`, [t, t], [t], [ints[t], ints[t]]));
  for (const op of ['eq', 'ne', 'lt_s', 'lt_u', 'gt_s', 'gt_u', 'le_s', 'le_u', 'ge_s', 'ge_u'])
    integer.push(instruction(`${t}.${op}`, [t, t], ['i32'], [ints[t].slice(0, 6), ints[t].slice(0, 6)]));
  for (const op of ['clz', 'ctz', 'popcnt', 'extend8_s', 'extend16_s', ...(t === 'i64' ? ['extend32_s'] : [])])
    integer.push(instruction(`${t}.${op}`, [t], [t], [manyInts[t]]));
  integer.push(instruction(`${t}.eqz`, [t], ['i32'], [ints[t]]));
  integer.push({ f: { name: `${t}.const`, params: [], results: [t, t, t], body: `(${t}.const -1) (${t}.const ${t === 'i32' ? '0x80000000' : '0x8000000000000000'}) (${t}.const 0x1234567)` },
                 calls: [[`${t}.const`]] });
}

const float = [];
for (const t of ['f32', 'f64']) {
  for (const op of ['add', 'sub', 'mul', 'div', 'min', 'max'])
    float.push(instruction(`${t}.${op}`, [t, t], [t], [floats[t], floats[t]]));
  float.push(instruction(`${t}.copysign`, [t, t], [t], [floats[t], floats[t].slice(0, 4)], { keepsNan: true }));
  for (const op of ['eq', 'ne', 'lt', 'gt', 'le', 'ge'])
    float.push(instruction(`${t}.${op}`, [t, t], ['i32'], [floats[t], floats[t]]));
  for (const op of ['ceil', 'floor', 'trunc', 'nearest', 'sqrt'])
    float.push(instruction(`${t}.${op}`, [t], [t], [manyFloats[t]]));
  for (const op of ['abs', 'neg']) float.push(instruction(`${t}.${op}`, [t], [t], [manyFloats[t]], { keepsNan: true }));
  float.push({ f: { name: `${t}.const`, params: [], results: [t, t, t], body: `(${t}.const -0) (${t}.const nan:0x123) (${t}.const 0x1.8p-3)`, keepsNan: true },
               calls: [[`${t}.const`]] });
}

const conversion = [];
for (const i of ['i32', 'i64'])
  for (const f of ['f32', 'f64'])
    for (const s of ['s', 'u']) {
      conversion.push(instruction(`${i}.trunc_${f}_${s}`, [f], [i], [manyFloats[f]]));
      conversion.push(instruction(`${i}.trunc_sat_${f}_${s}`, [f], [i], [manyFloats[f]]));
      conversion.push(instruction(`${f}.convert_${i}_${s}`, [i], [f], [manyInts[i]]));
    }
conversion.push(instruction('i32.wrap_i64', ['i64'], ['i32'], [manyInts.i64]));
for (const s of ['s', 'u']) conversion.push(instruction(`i64.extend_i32_${s}`, ['i32'], ['i64'], [manyInts.i32]));
conversion.push(instruction('f32.demote_f64', ['f64'], ['f32'], [manyFloats.f64]));
conversion.push(instruction('f64.promote_f32', ['f32'], ['f64'], [manyFloats.f32]));
for (const [to, from, values] of [['i32', 'f32', manyFloats.f32], ['i64', 'f64', manyFloats.f64], ['f32', 'i32', manyFloats.f32], ['f64', 'i64', manyFloats.f64]])
  conversion.push(instruction(`${to}.reinterpret_${from}`, [from], [to], [values], { keepsNan: true }));

// Memory of one page: an access at its begin, inside, at its end, beyond, and with an offset that leaves 32 bits.
const memory = [], memoryFields = ['(memory 1 3)', '(data (i32.const 0) "\\00\\81\\ff\\7f\\80\\fe\\01\\23\\45\\67\\89\\ab\\cd\\ef\\f0\\0f")',
  '(data (i32.const 65520) "\\f1\\f2\\f3\\f4\\f5\\f6\\f7\\f8\\f9\\fa\\fb\\fc\\fd\\fe\\ff\\80")', '(data $passive "abcdefgh")'];
const access = (name, t, width, kind) => {
  const addresses = [0n, 1n, 3n, 65536n - BigInt(width), 65537n - BigInt(width), 65535n, 65536n, 0xffffffffn];
  const values = { i32: [0x81f2e3d4n], i64: [0x8192a3b4c5d6e7f8n], f32: [0xff812345n], f64: [0xfff123456789abcdn] }[t];
  for (const offset of ['', 'offset=2', 'offset=65535', 'offset=4294967295']) {
    const id = `${name}${offset && ' ' + offset}`.replace(/[ =]/g, '_');
    if (kind === 'load') {
      memory.push({ f: { name: id, params: ['i32'], results: [t], body: `(${name} ${offset} (local.get 0))`, keepsNan: true },
                    calls: addresses.map(a => [id, a]) });
    } else {
      // The bytes around are read back, where there are some.
      const back = offset === '' ? `(i64.load (i32.and (local.get 0) (i32.const 0xfff8)))` : '(i64.const 0)';
      memory.push({ f: { name: id, params: ['i32', t], results: ['i64'], body: `(${name} ${offset} (local.get 0) (local.get 1)) ${back}` },
                    calls: addresses.flatMap(a => values.map(v => [id, a, v])) });
    }
  }
};
for (const [t, w] of [['i32', 4], ['i64', 8], ['f32', 4], ['f64', 8]]) access(`${t}.load`, t, w, 'load');
for (const s of ['s', 'u']) {
  for (const t of ['i32', 'i64']) for (const w of [8, 16]) access(`${t}.load${w}_${s}`, t, w / 8, 'load');
  access(`i64.load32_${s}`, 'i64', 4, 'load');
}
for (const [t, w] of [['i32', 4], ['i64', 8], ['f32', 4], ['f64', 8]]) access(`${t}.store`, t, w, 'store');
for (const t of ['i32', 'i64']) for (const w of [8, 16]) access(`${t}.store${w}`, t, w / 8, 'store');
access('i64.store32', 'i64', 4, 'store');

const bulk = [];
const peek = { f: { name: 'peek', params: ['i32'], results: ['i64'], body: '(i64.load (local.get 0))' }, calls: [] };
bulk.push(peek);
const three = (name, body, calls) => bulk.push({ f: { name, params: ['i32', 'i32', 'i32'], results: [], body }, calls });
const all3 = '(local.get 0) (local.get 1) (local.get 2)';
const peeks = name => (...args) => [[name, ...args], ['peek', args[0] & 0xfff8n], ['peek', (args[0] & 0xfff8n) + 8n]];
const fill = peeks('memory.fill'), copy = peeks('memory.copy'), init = peeks('memory.init');
three('memory.fill', `(memory.fill ${all3})`, [
  ...fill(16n, 0x1abn, 5n), ...fill(21n, 0n, 0n), ...fill(65536n - 16n, 7n, 16n), ['memory.fill', 65536n, 1n, 0n], ['memory.fill', 65537n, 1n, 0n],
  ['memory.fill', 65535n, 1n, 2n], ...fill(65520n, 9n, 17n).slice(0, 2), ['memory.fill', 0n, 1n, 0xffffffffn], ['memory.fill', 0xffffffffn, 1n, 1n]]);
three('memory.copy', `(memory.copy ${all3})`, [
  ...copy(32n, 0n, 16n), ...copy(33n, 32n, 9n), ...copy(40n, 42n, 9n), ...copy(64n, 64n, 8n), ['memory.copy', 65536n, 65536n, 0n], ['memory.copy', 65537n, 0n, 0n],
  ['memory.copy', 0n, 65537n, 0n], ['memory.copy', 65530n, 0n, 7n], ['memory.copy', 0n, 65530n, 7n], ['peek', 0n], ['memory.copy', 0n, 0n, 0xffffffffn], ...copy(65528n, 0n, 8n).slice(0, 2)]);
three('memory.init', `(memory.init $passive ${all3})`, [
  ...init(80n, 0n, 8n), ...init(88n, 3n, 2n), ['memory.init', 0n, 8n, 0n], ['memory.init', 0n, 9n, 0n], ['memory.init', 0n, 1n, 8n], ['memory.init', 65536n, 0n, 0n],
  ['memory.init', 65536n, 0n, 1n], ['memory.init', 65533n, 0n, 4n], ['peek', 65528n], ['memory.init', 0n, 0xffffffffn, 1n]]);
bulk.push({ f: { name: 'data.drop', params: [], results: [], body: '(data.drop $passive)' },
            calls: [['data.drop'], ['memory.init', 0n, 0n, 0n], ['memory.init', 0n, 0n, 1n], ['memory.init', 0n, 1n, 0n], ['data.drop']] });
bulk.push({ f: { name: 'memory.size', params: [], results: ['i32'], body: '(memory.size)' }, calls: [['memory.size']] });
bulk.push({ f: { name: 'memory.grow', params: ['i32'], results: ['i32'], body: '(memory.grow (local.get 0))' },
            calls: [['memory.grow', 0n], ['memory.grow', 3n], ['memory.grow', 0xffffffffn], ['peek', 65536n], ['memory.grow', 1n], ['peek', 65536n], ['peek', 65532n],
                    ['memory.size'], ['memory.grow', 2n], ['memory.grow', 1n], ['memory.grow', 1n], ['memory.size'], ['peek', 196600n], ['peek', 196601n]] });

const atomic = [], atomicFields = ['(memory 1 1 shared)', '(data (i32.const 0) "\\00\\81\\ff\\7f\\80\\fe\\01\\23\\45\\67\\89\\ab\\cd\\ef\\f0\\0f")'];
const word = { f: { name: 'word', params: ['i32'], results: ['i64'], body: '(i64.load (i32.and (local.get 0) (i32.const 0xfff8)))' }, calls: [] };
atomic.push(word);
const values = { i32: [0x81f2e3d4n, 1n], i64: [0x8192a3b4c5d6e7f8n, 1n] };
const atomicAccess = (name, t, width, operands, results) => {
  const w = BigInt(width);
  const get = Array.from({ length: operands + 1 }, (_, i) => `(local.get ${i})`).join(' ');
  for (const offset of name.includes('rmw') && !name.includes('add') ? [''] : ['', 'offset=8']) {
    const id = (name + offset).replace(/[ =]/g, '_');
    const calls = [];
    // (None that is both unaligned and out of bounds: which trap it is then is nobody's promise.)
      for (const address of [0n, w, 65536n - w, 65536n, 1n, offset === '' ? 65535n - w : 3n, 0xfffffff8n])
      for (const v of operands === 0 ? [null] : values[t]) {
        const args = operands === 0 ? [] : operands === 1 ? [v] : [v, v ^ 0x5a5an];
        calls.push([id, address, ...args]);
        if (operands === 2) calls.push([id, address, 0n, v], [id, address, v & ((1n << (8n * w)) - 1n), ~v & mask64(t)]);
        if (operands !== 0) calls.push(['word', address]);
      }
    atomic.push({ f: { name: id, params: ['i32', ...Array(operands).fill(t)], results, body: `(${name} ${offset} ${get})` }, calls });
  }
};
const mask64 = t => t === 'i32' ? 0xffffffffn : (1n << 64n) - 1n;
const widths = [['i32', '', '', 4], ['i64', '', '', 8], ['i32', '8', '_u', 1], ['i32', '16', '_u', 2], ['i64', '8', '_u', 1], ['i64', '16', '_u', 2], ['i64', '32', '_u', 4]];
for (const [t, n, u, w] of widths) {
  atomicAccess(`${t}.atomic.load${n}${u}`, t, w, 0, [t]);
  atomicAccess(`${t}.atomic.store${n}`, t, w, 1, []);
  for (const op of ['add', 'sub', 'and', 'or', 'xor', 'xchg']) atomicAccess(`${t}.atomic.rmw${n}.${op}${u}`, t, w, 1, [t]);
  atomicAccess(`${t}.atomic.rmw${n}.cmpxchg${u}`, t, w, 2, [t]);
}
atomic.push({ f: { name: 'memory.atomic.notify', params: ['i32', 'i32'], results: ['i32'], body: '(memory.atomic.notify (local.get 0) (local.get 1))' },
              calls: [['memory.atomic.notify', 0n, 1n], ['memory.atomic.notify', 65532n, 0xffffffffn], ['memory.atomic.notify', 65536n, 0n], ['memory.atomic.notify', 2n, 1n]] });
atomic.push({ f: { name: 'atomic.fence', params: [], results: [], body: '(atomic.fence)' }, calls: [['atomic.fence']] });

for (const [t, n] of [['i32', 32], ['i64', 64]]) {
  const name = `memory.atomic.wait${n}`, there = t === 'i32' ? 0x7fff8100n : 0x2301fe807fff8100n;
  atomic.push({ f: { name: `fresh${n}`, params: [], results: [], body: '(i64.store (i32.const 0) (i64.const 0x2301fe807fff8100))' }, calls: [[`fresh${n}`]] });
  atomic.push({ f: { name, params: ['i32', t, 'i64'], results: ['i32'], body: `(${name} (local.get 0) (local.get 1) (local.get 2))` },
                calls: [[name, 0n, there, 0n], [name, 0n, there, 1000n], [name, 0n, there + 1n, 0n], [name, 0n, there + 1n, mask64('i64')], [name, 1n, there, 0n],
                        [name, 65536n, 0n, 0n]] });
}

export const suites = [
  { name: 'integer', modules: [moduleOf(integer)] },
  { name: 'float', modules: [moduleOf(float)] },
  { name: 'conversion', modules: [moduleOf(conversion)] },
  { name: 'memory', modules: [{ fields: memoryFields, ...moduleOf(memory) }, { fields: memoryFields, ...moduleOf(bulk) }] },
  { name: 'atomic', modules: [{ fields: atomicFields, ...moduleOf(atomic) }] },
  { name: 'control', modules: control },
  { name: 'references', modules: references },
];
