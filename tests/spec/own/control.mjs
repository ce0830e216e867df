// Control flow, calls, locals, globals: shapes that a compiler to SSA can get wrong.
const i = 'i32';
const ns = (name, ...values) => values.map(v => [name, BigInt(v)]);
const functions = [], calls = [];
const add = (name, params, results, body, ...argLists) => {
  functions.push({ name, params, results, body });
  calls.push(...argLists.map(args => [name, ...args.map(BigInt)]));
};

add('nop', [], [i], '(nop) (i32.const 7) (nop)', []);
add('drop', [i], [i], '(local.get 0) (i32.const 9) (drop)', [5]);
add('unreachable', [i], [i], '(if (local.get 0) (then (unreachable))) (i32.const 1)', [0], [1]);
add('block', [i], [i], '(block (result i32) (i32.const 1) (br_if 0 (local.get 0)) (drop) (i32.const 2))', [0], [1]);
add('block-params', [i, i], [i, i], '(local.get 0) (local.get 1) (block (param i32 i32) (result i32 i32) (br_if 0 (i32.eqz (local.get 0))) (i32.add) (i32.const 100))', [0, 5], [3, 5]);
add('block-unused-label', [i], [i], '(block (result i32) (local.get 0) (block (nop)) (i32.const 1) (i32.add))', [41]);
add('loop', [i], [i], `(local i32) (loop (local.set 1 (i32.add (local.get 1) (local.get 0))) (br_if 0 (local.tee 0 (i32.sub (local.get 0) (i32.const 1))))) (local.get 1)`, [1], [10], [1000]);
add('loop-params', [i], [i], `(i32.const 0) (loop (param i32) (result i32) (local.get 0) (i32.add) (br_if 0 (local.tee 0 (i32.sub (local.get 0) (i32.const 1)))))`, [1], [10]);
add('loop-two-params-swap', [i], [i, i], `(i32.const 1) (i32.const 2) (loop (param i32 i32) (result i32 i32) (local i32) (br_if 0 (local.tee 0 (i32.sub (local.get 0) (i32.const 1)))))`.replace('(local i32) ', ''), [1], [2], [3]);
// Two locals that change places round after round: parallel assignment at the back edge.
add('loop-swap', [i, i, i], [i, i], `(local i32) (loop (local.set 3 (local.get 0)) (local.set 0 (local.get 1)) (local.set 1 (local.get 3)) (br_if 0 (local.tee 2 (i32.sub (local.get 2) (i32.const 1))))) (local.get 0) (local.get 1)`, [10, 20, 1], [10, 20, 2], [10, 20, 7]);
add('loop-rotate', [i], [i, i, i], `(local i32 i32 i32 i32) (local.set 1 (i32.const 1)) (local.set 2 (i32.const 2)) (local.set 3 (i32.const 3)) (loop (local.set 4 (local.get 1)) (local.set 1 (local.get 2)) (local.set 2 (local.get 3)) (local.set 3 (local.get 4)) (br_if 0 (local.tee 0 (i32.sub (local.get 0) (i32.const 1))))) (local.get 1) (local.get 2) (local.get 3)`, [1], [2], [3], [4]);
add('loop-never-again', [i], [i], '(loop (result i32) (i32.add (local.get 0) (i32.const 1)))', [3]);
add('loop-infinite-left-by-return', [i], [i], '(loop (if (i32.eqz (local.tee 0 (i32.sub (local.get 0) (i32.const 1)))) (then (return (i32.const 77)))) (br 0)) (unreachable)', [1], [5]);
add('loop-continue', [i], [i], `(local i32 i32) (block (loop (br_if 1 (i32.ge_u (local.get 1) (local.get 0))) (local.set 1 (i32.add (local.get 1) (i32.const 1))) (br_if 0 (i32.and (local.get 1) (i32.const 1))) (local.set 2 (i32.add (local.get 2) (local.get 1))) (br 0))) (local.get 2)`, [0], [1], [10], [11]);
add('nested-loops', [i, i], [i], `(local i32 i32 i32) (loop $o (local.set 3 (i32.const 0)) (loop $i (local.set 4 (i32.add (local.get 4) (i32.xor (local.get 2) (local.get 3)))) (br_if $i (i32.lt_u (local.tee 3 (i32.add (local.get 3) (i32.const 1))) (local.get 1)))) (br_if $o (i32.lt_u (local.tee 2 (i32.add (local.get 2) (i32.const 1))) (local.get 0)))) (local.get 4)`, [1, 1], [5, 7], [20, 20]);
// The inner loop changes a local only on the way to the outer loop.
add('inner-to-outer', [i], [i], `(local i32 i32) (block $out (loop $o (br_if $out (i32.gt_u (local.get 1) (i32.const 50))) (loop $i (local.set 2 (i32.add (local.get 2) (i32.const 1))) (if (i32.eqz (i32.rem_u (local.get 2) (local.get 0))) (then (local.set 1 (i32.add (local.get 1) (local.get 2))) (br $o))) (br $i)))) (i32.add (local.get 1) (i32.mul (local.get 2) (i32.const 1000)))`, [1], [3], [7]);
// A local dead at the inner loop's head and live at the outer's.
add('dead-inside-live-outside', [i], [i], `(local i32 i32) (local.set 1 (i32.const 5)) (loop $o (local.set 2 (i32.add (local.get 2) (local.get 1))) (loop $i (local.set 1 (i32.mul (local.get 0) (i32.const 3))) (br_if $i (i32.gt_s (local.tee 0 (i32.sub (local.get 0) (i32.const 1))) (i32.const 10)))) (br_if $o (local.get 0))) (local.get 2)`, [1], [12], [30]);
add('break-values', [i], [i], `(local i32) (block (result i32) (loop (br_if 1 (i32.mul (local.get 1) (i32.const 3)) (i32.eq (local.get 1) (local.get 0))) (drop) (local.set 1 (i32.add (local.get 1) (i32.const 1))) (br 0)) (unreachable))`, [0], [4]);
add('if', [i], [i], '(if (result i32) (local.get 0) (then (i32.const 10)) (else (i32.const 20)))', [0], [1], [0xffffffffn]);
add('if-no-else', [i], [i], '(local i32) (if (local.get 0) (then (local.set 1 (i32.const 3)))) (local.get 1)', [0], [1]);
add('if-params', [i, i], [i], '(local.get 0) (local.get 1) (if (param i32) (result i32) (then (i32.const 1) (i32.add)) (else (i32.const 2) (i32.mul)))', [10, 0], [10, 1]);
add('if-params-no-else', [i, i], [i], '(local.get 0) (local.get 1) (if (param i32) (result i32) (then (i32.const 1) (i32.add)))', [10, 0], [10, 1]);
add('if-both-set', [i], [i], '(local i32) (if (local.get 0) (then (local.set 1 (i32.const 3))) (else (local.set 1 (i32.const 4)))) (local.get 1)', [0], [1]);
add('if-restores', [i], [i], '(local i32) (local.set 1 (i32.const 8)) (if (local.get 0) (then (local.set 1 (i32.const 3)) (return (local.get 1))) (else (local.set 1 (i32.add (local.get 1) (i32.const 1))))) (local.get 1)', [0], [1]);
add('if-one-side-leaves', [i], [i], '(if (result i32) (local.get 0) (then (return (i32.const 1))) (else (i32.const 2))) (i32.const 10) (i32.add)', [0], [1]);
add('if-other-side-leaves', [i], [i], '(if (result i32) (local.get 0) (then (i32.const 1)) (else (return (i32.const 2)))) (i32.const 10) (i32.add)', [0], [1]);
add('if-both-leave', [i], [i], '(if (local.get 0) (then (return (i32.const 1))) (else (return (i32.const 2)))) (unreachable)', [0], [1]);
add('if-break-out-of-then', [i, i], [i], '(block (result i32) (if (result i32) (local.get 0) (then (br_if 1 (i32.const 5) (local.get 1)) (drop) (i32.const 6)) (else (br 0 (i32.const 7)))) (i32.const 100) (i32.add))', [0, 0], [1, 0], [1, 1]);
add('if-in-loop', [i], [i], `(local i32) (loop (if (i32.and (local.get 0) (i32.const 1)) (then (local.set 1 (i32.add (local.get 1) (local.get 0)))) (else (local.set 1 (i32.sub (local.get 1) (i32.const 1))))) (br_if 0 (local.tee 0 (i32.sub (local.get 0) (i32.const 1))))) (local.get 1)`, [1], [2], [99]);
add('br', [i], [i], '(block (result i32) (block (br 1 (i32.const 3))) (local.get 0))', [9]);
add('br-drops-extra', [i], [i], '(block (result i32) (i32.const 1) (i32.const 2) (br 0 (local.get 0)))', [9]);
add('br-out-of-many', [i], [i], '(block $a (result i32) (block $b (block $c (block $d (br_if $d (i32.eq (local.get 0) (i32.const 0))) (br_if $c (i32.eq (local.get 0) (i32.const 1))) (br_if $b (i32.eq (local.get 0) (i32.const 2))) (br $a (i32.const 3))) (br $a (i32.const 10))) (br $a (i32.const 11))) (i32.const 12))', [0], [1], [2], [3]);
add('br_if-to-function', [i], [i], '(br_if 0 (i32.const 5) (local.get 0)) (drop) (i32.const 6)', [0], [1]);
add('br_if-keeps', [i], [i], '(block (result i32) (i32.const 1) (i32.const 2) (br_if 0 (local.get 0)) (i32.add))', [0], [1]);
add('br_table', [i], [i], '(block (block (block (block (br_table 0 1 2 3 (local.get 0))) (return (i32.const 10))) (return (i32.const 11))) (return (i32.const 12))) (i32.const 13)', [0], [1], [2], [3], [0xffffffffn]);
add('br_table-only-default', [i], [i], '(block (br_table 0 (local.get 0))) (i32.const 1)', [0], [9]);
add('br_table-value', [i], [i], '(block $a (result i32) (block $b (result i32) (i32.const 10) (local.get 0) (br_table $a $b $a $b)) (i32.const 1) (i32.add))', [0], [1], [2], [3]);
add('br_table-same-label', [i], [i], '(local i32) (block (block (local.set 1 (i32.const 4)) (br_table 0 1 0 0 1 (local.get 0))) (local.set 1 (i32.const 5))) (local.get 1)', [0], [1], [2], [3], [4]);
add('br_table-loop', [i], [i], `(local i32) (block $out (loop $l (local.set 1 (i32.add (local.get 1) (i32.const 1))) (local.set 0 (i32.sub (local.get 0) (i32.const 1))) (br_table $l $out $l (i32.eqz (local.get 0))))) (local.get 1)`, [1], [6]);
add('br_table-to-function', [i], [i], '(block (result i32) (i32.const 4) (local.get 0) (br_table 1 0)) (i32.const 5) (i32.add)', [0], [1]);
add('return', [i], [i], '(i32.const 1) (i32.const 2) (return (local.get 0))', [7]);
add('return-many', [i], [i, 'i64', 'f32', 'f64'], '(return (local.get 0) (i64.extend_i32_s (local.get 0)) (f32.convert_i32_s (local.get 0)) (f64.convert_i32_s (local.get 0)))', [7], [0xffffffffn]);
add('dead-code', [i], [i], '(block (result i32) (br 0 (local.get 0)) (block (br 0)) (loop (br 0)) (if (i32.const 1) (then) (else)) (drop) (select) (i32.add) (br_table 0 0 0) (i64.const 1) (f32.const 2) (unreachable))', [3]);
add('select', [i, i, i], [i], '(select (local.get 0) (local.get 1) (local.get 2))', [1, 2, 0], [1, 2, 1], [1, 2, 0x80000000n]);
for (const t of ['i64', 'f32', 'f64']) add(`select-${t}`, [t, t, i], [t], '(select (local.get 0) (local.get 1) (local.get 2))', [1, 2, 0], [1, 2, 1]);
functions.filter(f => f.name.startsWith('select-f')).forEach(f => { f.keepsNan = true; });
add('select_t', ['f64', 'f64', i], ['f64'], '(select (result f64) (local.get 0) (local.get 1) (local.get 2))', [1, 2, 0], [1, 2, 1]);
for (const t of ['i32', 'i64', 'f32', 'f64']) {
  add(`local-zero-${t}`, [], [t], `(local ${t}) (local.get 0)`, []);
  add(`local.tee-${t}`, [t], [t, t], `(local ${t}) (local.tee 1 (local.get 0)) (local.get 1)`, [3]);
  add(`global.get-${t}`, [], [t], `(global.get $${t})`, []);
  add(`global.set-${t}`, [t], [t], `(global.set $${t} (local.get 0)) (global.get $${t})`, [5]);
}
calls.push(['global.get-i32'], ['global.get-f64']);
add('global-constant', [], [i, 'i64', 'f32', 'f64'], '(global.get $ci) (global.get $cI) (global.get $cf) (global.get $cF)', []);
add('call', [i], [i], '(call $callee (local.get 0) (i32.const 3))', [10]);
functions.push({ name: 'callee', params: [i, i], results: [i], body: '(i32.sub (local.get 0) (local.get 1))' });
add('call-many-results', [i], [i], '(call $return-many (local.get 0)) (drop) (drop) (drop) (i32.const 1) (i32.add)', [10]);
add('call-results-as-arguments', [i], [i], '(call $pair (local.get 0)) (call $callee)', [10]);
functions.push({ name: 'pair', params: [i], results: [i, i], body: '(local.get 0) (i32.mul (local.get 0) (i32.const 3))' });
add('call-mixed', [i, 'i64', 'f32', 'f64'], ['f64'], '(call $mixed (local.get 3) (local.get 2) (local.get 1) (local.get 0))', [1, 2, 0x40400000n, 0x4010000000000000n]);
functions.push({ name: 'mixed', params: ['f64', 'f32', 'i64', i], results: ['f64'], body: '(f64.add (f64.add (local.get 0) (f64.promote_f32 (local.get 1))) (f64.add (f64.convert_i64_s (local.get 2)) (f64.convert_i32_s (local.get 3))))' });
add('fib', [i], [i], '(if (result i32) (i32.lt_u (local.get 0) (i32.const 2)) (then (local.get 0)) (else (i32.add (call $fib (i32.sub (local.get 0) (i32.const 1))) (call $fib (i32.sub (local.get 0) (i32.const 2))))))', [0], [1], [15]);
add('is-even', [i], [i], '(if (result i32) (i32.eqz (local.get 0)) (then (i32.const 1)) (else (call $is-odd (i32.sub (local.get 0) (i32.const 1)))))', [10], [11], [1000]);
functions.push({ name: 'is-odd', params: [i], results: [i], body: '(if (result i32) (i32.eqz (local.get 0)) (then (i32.const 0)) (else (call $is-even (i32.sub (local.get 0) (i32.const 1)))))' });
add('runaway', [], [], '(call $runaway)', []);
add('runaway-with-locals', [i], [i], '(local i64 i64 i64) (local.set 1 (i64.extend_i32_u (local.get 0))) (i32.add (call $runaway-with-locals (i32.wrap_i64 (local.get 1))) (i32.wrap_i64 (local.get 1)))', [1]);
add('collatz', ['i64'], ['i64'], `(local i64) (block (loop (br_if 1 (i64.eq (local.get 0) (i64.const 1))) (if (i64.eqz (i64.and (local.get 0) (i64.const 1))) (then (local.set 0 (i64.shr_u (local.get 0) (i64.const 1)))) (else (local.set 0 (i64.add (i64.mul (local.get 0) (i64.const 3)) (i64.const 1))))) (local.set 1 (i64.add (local.get 1) (i64.const 1))) (br 0))) (local.get 1)`, [1], [27], [97]);
// Many values alive at once, and many joined at one label.
const many = 40;
add('many-locals', [i], [i], `(local ${'i32 '.repeat(many)}) ${Array.from({ length: many }, (_, k) => `(local.set ${k + 1} (i32.mul (local.get 0) (i32.const ${k + 1})))`).join(' ')} (if (i32.and (local.get 0) (i32.const 1)) (then ${Array.from({ length: many / 2 }, (_, k) => `(local.set ${2 * k + 1} (i32.add (local.get ${2 * k + 2}) (i32.const ${k})))`).join(' ')})) (i32.const 0) ${Array.from({ length: many }, (_, k) => `(i32.xor (i32.rotl (local.get ${k + 1}) (i32.const ${k})))`).join(' ')}`, [2], [3], [0x7fffffff]);

const typeTrap = f => { f.indirect = true; f.onMismatch = ([index]) => index < 5n ? 'indirect call type mismatch' : 'uninitialized element'; };
add('call_indirect', [i, i], [i], '(call_indirect (type $unary) (local.get 1) (local.get 0))', [0, 5], [1, 5], [2, 5], [3, 5], [4, 5], [5, 5], [7, 5], [8, 5], [0xffffffffn, 5]);
// One result: wast2json 1.0.32 writes no JSON for a trap in a function with two.
add('call_indirect-pair', [i, i], [i], '(call_indirect (type $to-pair) (local.get 1) (local.get 0)) (i32.sub)', [2, 5], [0, 5], [6, 5]);
add('call_indirect-equal-type', [i, i], [i], '(call_indirect (param i32) (result i32) (local.get 1) (local.get 0))', [0, 6], [3, 6]);
functions.filter(f => f.name.startsWith('call_indirect')).forEach(typeTrap);
functions.push({ name: 'increment', params: [i], results: [i], body: '(i32.add (local.get 0) (i32.const 1))' },
               { name: 'double', params: [i], results: [i], body: '(i32.mul (local.get 0) (i32.const 2))' });

export const control = [{
  fields: [
    '(type $unary (func (param i32) (result i32)))', '(type $to-pair (func (param i32) (result i32 i32)))',
    '(global $i32 (mut i32) (i32.const -3))', '(global $i64 (mut i64) (i64.const -4))', '(global $f32 (mut f32) (f32.const 1.5))', '(global $f64 (mut f64) (f64.const -2.5))',
    '(global $ci i32 (i32.const 11))', '(global $cI i64 (i64.const 12))', '(global $cf f32 (f32.const 13))', '(global $cF f64 (f64.const 14))',
    '(table 8 funcref)', '(elem (i32.const 0) $increment $double $pair $callee $nop)',
  ],
  functions, calls,
}];
