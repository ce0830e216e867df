// References, tables and element segments. A funcref is told apart by what it returns when called.
const i = 'i32';
const functions = [], calls = [];
const add = (name, params, results, body, ...argLists) => {
  functions.push({ name, params, results, body });
  calls.push(...argLists.map(args => [name, ...args.map(a => typeof a === 'number' && params.length ? BigInt(a) : a)]));
};
const call = (name, ...args) => calls.push([name, ...args]);
for (const [name, value] of [['one', 1], ['two', 2], ['three', 3]]) functions.push({ name, params: [], results: [i], body: `(i32.const ${value})` });

add('ref.null', [], ['externref'], '(ref.null extern)', []);
add('ref.null-func', [], ['funcref'], '(ref.null func)', []);
functions.push({ name: 'identity', params: ['externref'], results: ['externref'], body: '(local.get 0)' });
call('identity', 5); call('identity', null); call('identity', 0);
functions.push({ name: 'ref.is_null', params: ['externref'], results: [i], body: '(ref.is_null (local.get 0))' });
call('ref.is_null', 5); call('ref.is_null', null); call('ref.is_null', 0);
add('ref.func', [], [i], '(ref.is_null (ref.func $one))', []);
add('local-null', [], [i], '(local funcref) (ref.is_null (local.get 0))', []);
functions.push({ name: 'select-ref', params: ['externref', 'externref', i], results: ['externref'], body: '(select (result externref) (local.get 0) (local.get 1) (local.get 2))' });
call('select-ref', 1, 2, 0n); call('select-ref', 1, 2, 1n); call('select-ref', null, 2, 1n);
functions.push({ name: 'global-ref', params: ['externref'], results: ['externref'], body: '(global.set $g (local.get 0)) (global.get $g)' });
call('global-ref', 7); call('global-ref', null);
add('global-func', [], [i], '(table.set $f (i32.const 0) (global.get $gf)) (call_indirect $f (result i32) (i32.const 0))', []);

functions.push({ name: 'table.get', params: [i], results: ['externref'], body: '(table.get $e (local.get 0))' });
functions.push({ name: 'table.set', params: [i, 'externref'], results: [], body: '(table.set $e (local.get 0) (local.get 1))' });
call('table.get', 0n); call('table.set', 0n, 3); call('table.get', 0n); call('table.set', 1n, null); call('table.get', 1n);
call('table.get', 4n); call('table.set', 4n, 3); call('table.get', 0xffffffffn);
add('table.size', [], [i], '(table.size $e)', []);
functions.push({ name: 'table.grow', params: ['externref', i], results: [i], body: '(table.grow $e (local.get 0) (local.get 1))' });
call('table.grow', 8, 0n); call('table.grow', 8, 2n); call('table.size'); call('table.get', 4n); call('table.get', 5n); call('table.get', 6n);
call('table.grow', null, 7n); call('table.grow', null, 0xffffffffn); call('table.size'); call('table.grow', 4, 6n); call('table.size'); call('table.grow', 4, 1n);
functions.push({ name: 'table.fill', params: [i, 'externref', i], results: [], body: '(table.fill $e (local.get 0) (local.get 1) (local.get 2))' });
call('table.fill', 2n, 9, 3n); for (const k of [1n, 2n, 4n, 5n]) call('table.get', k);
call('table.fill', 12n, 1, 0n); call('table.fill', 13n, 1, 0n); call('table.fill', 10n, 1, 3n); call('table.get', 10n); call('table.fill', 0n, 1, 0xffffffffn);

// Table $f: what stands at each index, 0 for null.
add('at', [i], [i], '(if (result i32) (ref.is_null (table.get $f (local.get 0))) (then (i32.const 0)) (else (call_indirect $f (result i32) (local.get 0))))', [0], [1], [2], [7]);
functions.push({ name: 'table.init', params: [i, i, i], results: [], body: '(table.init $f $passive (local.get 0) (local.get 1) (local.get 2))' });
call('table.init', 2n, 0n, 4n); for (const k of [2n, 3n, 4n, 5n, 6n]) call('at', k);
call('table.init', 8n, 0n, 0n); call('table.init', 9n, 0n, 0n); call('table.init', 0n, 4n, 0n); call('table.init', 0n, 5n, 0n); call('table.init', 0n, 1n, 4n); call('table.init', 6n, 0n, 3n); call('at', 6n);
functions.push({ name: 'table.copy', params: [i, i, i], results: [], body: '(table.copy $f $f (local.get 0) (local.get 1) (local.get 2))' });
call('table.copy', 0n, 2n, 3n); call('table.copy', 3n, 2n, 3n); for (let k = 0n; k < 8n; ++k) call('at', k);
call('table.copy', 8n, 8n, 0n); call('table.copy', 9n, 0n, 0n); call('table.copy', 0n, 9n, 0n); call('table.copy', 6n, 0n, 3n); call('table.copy', 0n, 6n, 3n); call('at', 6n);
functions.push({ name: 'table.copy-across', params: [i, i, i], results: [], body: '(table.copy $f $h (local.get 0) (local.get 1) (local.get 2))' });
call('table.copy-across', 5n, 0n, 2n); call('at', 5n); call('at', 6n); call('table.copy-across', 0n, 0n, 3n);
functions.push({ name: 'elem.drop', params: [], results: [], body: '(elem.drop $passive)' });
call('elem.drop'); call('table.init', 0n, 0n, 0n); call('table.init', 0n, 0n, 1n); call('elem.drop');
// An active segment is dropped once it is copied; so is a declared one.
functions.push({ name: 'init-from-active', params: [i], results: [], body: '(table.init $f $active (i32.const 0) (i32.const 0) (local.get 0))' });
call('init-from-active', 0n); call('init-from-active', 1n);
functions.push({ name: 'init-from-declared', params: [i], results: [], body: '(table.init $f $declared (i32.const 0) (i32.const 0) (local.get 0))' });
call('init-from-declared', 0n); call('init-from-declared', 1n);
// The type check looks at the exact reference types.
functions.push({ name: 'takes-funcref', params: ['funcref'], results: [i], body: '(i32.const 1)' });
functions.push({ name: 'call-as-externref', params: [], results: [i], body: '(call_indirect $t (param externref) (result i32) (ref.null extern) (i32.const 0))', indirect: true, onMismatch: () => 'indirect call type mismatch' });
functions.push({ name: 'call-as-funcref', params: [], results: [i], body: '(call_indirect $t (param funcref) (result i32) (ref.null func) (i32.const 0))' });
call('call-as-externref'); call('call-as-funcref');

export const references = [{
  fields: [
    '(table $f 8 8 funcref)', '(table $e 4 12 externref)', '(table $h funcref (elem $three $two))', '(table $t funcref (elem $takes-funcref))',
    '(global $g (mut externref) (ref.null extern))', '(global $gf funcref (ref.func $three))',
    '(elem $active (table $f) (i32.const 0) func $one $two)', '(elem $passive funcref (ref.func $three) (ref.null func) (ref.func $one) (ref.func $two))', '(elem $declared declare func $one $two $three)',
  ],
  functions, calls,
}];
