// Runs call scripts (cases/*.wasi; the language is told in script.h) under node's WASI and writes what node answers into them, as the `#=`
// line behind each call. With --check nothing is written: lines that node answers otherwise are printed, and the exit code is 1.
//   node record.mjs [--check] cases/*.wasi
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

process.removeAllListeners('warning');
if (process.argv[2] === '--check' && parseInt(process.versions.node) < 20) {
  console.log(`skipped: recorded from node 20, whose WASI is another one than node ${process.versions.node}'s`);
  process.exit(77);
}
const { WASI } = await import('node:wasi');
const here = path.dirname(fileURLToPath(import.meta.url));
const source = here + '/../../src/runtime/wasi/';
const roles = {}, errnos = [];
for (const [, name, letters] of fs.readFileSync(source + 'functions.def', 'utf8').matchAll(/^RUSTG_WASI\((\w+), "(\w*)"/gm)) roles[name] = letters;
for (const [, name, number] of fs.readFileSync(source + 'errno.def', 'utf8').matchAll(/^RUSTG_ERRNO\((\w+), (\d+)/gm)) errnos[number] = name;

const tokensOf = (line) => line.match(/"(?:[^"\\]|\\.)*"|\[[^\]]*\]|\{[^}]*\}|poll\([^)]*\)|\S+/g) ?? [];

const { O_APPEND, O_NONBLOCK, O_SYNC, O_DSYNC } = fs.constants;
const wasiFlags = (flags) => (flags & O_APPEND ? 1 : 0) | (flags & O_NONBLOCK ? 4 : 0) | ((flags & O_SYNC) === O_SYNC ? 16 : flags & O_DSYNC ? 2 : 0);

class World {
  constructor() {
    this.root = fs.mkdtempSync(os.tmpdir() + '/rustg-wasi-');
    fs.chmodSync(this.root, 0o777);
    for (const name of ['sandbox', 'outside']) fs.mkdirSync(this.root + '/' + name);
    fs.writeFileSync(this.root + '/outside/secret', 'secret');
    fs.writeFileSync(this.root + '/stdin', 'hello from stdin\n');
    const stdio = ['stdin', 'stdout', 'stderr'].map((name) => fs.openSync(this.root + '/' + name, name === 'stdin' ? 'r' : 'w'));
    this.wasi = new WASI({ version: 'preview1', args: ['program', 'one', ''], env: { A: '1', B: 'two words' }, returnOnExit: true,
      preopens: { '/sandbox': this.root + '/sandbox' }, stdin: stdio[0], stdout: stdio[1], stderr: stdio[2] });
    this.memory = new WebAssembly.Memory({ initial: 16 });
    this.wasi.initialize({ exports: { memory: this.memory } });
    this.variables = {};
  }

  host(words) {
    const at = (name) => this.root + '/' + name;
    const text = (word) => JSON.parse(word);
    switch (words[0]) {
      case 'mkdir': fs.mkdirSync(at(words[1])); return;
      case 'write': fs.writeFileSync(at(words[1]), text(words[2])); return;
      case 'fill': for (let i = 0; i < Number(words[2]); ++i) fs.writeFileSync(at(words[1]) + i, ''); return;
      case 'symlink': fs.symlinkSync(text(words[1]), at(words[2])); return;
      case 'chmod': fs.chmodSync(at(words[2]), parseInt(words[1], 8)); return;
      case 'unprivileged': if (process.geteuid() === 0) process.seteuid(65534); return;
      case 'show': {
        const status = fs.lstatSync(at(words[1]), { throwIfNoEntry: false });
        if (!status) return 'nothing';
        if (status.isSymbolicLink()) return 'link ' + JSON.stringify(fs.readlinkSync(at(words[1])));
        if (status.isDirectory()) return 'directory ' + JSON.stringify(fs.readdirSync(at(words[1])).sort().join(' '));
        return 'file ' + JSON.stringify(fs.readFileSync(at(words[1]), 'latin1'));
      }
    }
    throw new Error('host ' + words.join(' '));
  }

  call(words) {
    const name = words[0], letters = roles[name];
    if (letters === undefined) throw new Error('no function ' + name);
    const view = new DataView(this.memory.buffer), bytes = new Uint8Array(this.memory.buffer);
    bytes.fill(0xa5);
    let top = 1025;
    const take = (size) => { const at = top; top += size + 15 & ~7; top |= 1; return at; };
    // The NUL behind a string is for node, which reads past the length of a path and crashes where there is none.
    const put = (text) => { const data = Buffer.from(text, 'latin1'), at = take(data.length + 1); bytes.set(data, at); bytes[at + data.length] = 0; return [at, data.length]; };
    const read = (at, size) => JSON.stringify(Buffer.from(bytes.subarray(at, at + size)).toString('latin1'));
    const args = [], show = [];
    let used;  // reads the number that tells how much of a buffer counts
    for (const word of words.slice(1)) {
      if (word[0] === '"') args.push(...put(JSON.parse(word)));
      else if (word[0] === '$') args.push(this.variables[word.slice(1)]);
      else if (word[0] === '[') {
        const parts = JSON.parse(word), list = take(8 * parts.length);
        parts.forEach((part, i) => { const [at, size] = put(part); view.setUint32(list + 8 * i, at, true); view.setUint32(list + 8 * i + 4, size, true); });
        args.push(list, parts.length);
      } else if (word[0] === '{') {
        const sizes = word.slice(1, -1).split(',').filter(Boolean).map(Number), list = take(8 * sizes.length);
        const places = sizes.map((size) => take(size));
        sizes.forEach((size, i) => { view.setUint32(list + 8 * i, places[i], true); view.setUint32(list + 8 * i + 4, size, true); });
        args.push(list, sizes.length);
        show.push(() => { let left = used(), out = ''; sizes.forEach((size, i) => { const part = Math.min(left, size); left -= part; out += Buffer.from(bytes.subarray(places[i], places[i] + part)).toString('latin1'); }); return JSON.stringify(out); });
      } else if (word.startsWith('poll(')) {
        const parts = word.slice(5, -1).split(';').map((part) => part.trim()).filter(Boolean);
        const subscriptions = take(48 * parts.length), events = take(32 * parts.length);
        parts.forEach((part, i) => {
          const at = subscriptions + 48 * i, [kind, id, timeout, flags] = part.split(/\s+/);
          bytes.fill(0, at, at + 48);
          view.setBigUint64(at, BigInt(100 + i), true);
          bytes[at + 8] = { clock: 0, read: 1, write: 2 }[kind] ?? Number(kind);
          view.setUint32(at + 16, id[0] === '$' ? this.variables[id.slice(1)] : Number(id), true);
          view.setBigUint64(at + 24, BigInt(timeout ?? 0), true);
          view.setUint16(at + 40, Number(flags ?? 0), true);
        });
        args.push(subscriptions, events, parts.length);
        show.push(() => { let out = []; for (let i = 0; i < used(); ++i) { const at = events + 32 * i; out.push(`${view.getBigUint64(at, true)}:${bytes[at + 10]}:${errnos[view.getUint16(at + 8, true)]}`); } return out.join(','); });
      } else if (word === '@ab') {
        const list = take(256), buffer = take(1024);
        args.push(list, buffer);
        show.push(() => { let out = []; for (let i = 0; view.getUint32(list + 4 * i, true) !== 0xa5a5a5a5; ++i) { const at = view.getUint32(list + 4 * i, true); out.push(read(at, bytes.indexOf(0, at) - at)); } return out.join(' '); });
      } else if (word[0] === '@') {
        const at = take({ 2: 2, 4: 4, 8: 8, F: 24, S: 64, P: 8 }[word[1]]), quiet = word[2] === 'x';
        args.push(at);
        if (word[1] === '4') { const before = used; used = () => view.getUint32(at, true); if (!before) this.first = at; }
        if (!quiet) show.push({
          2: () => view.getUint16(at, true), 4: () => view.getUint32(at, true), 8: () => view.getBigUint64(at, true),
          // node tells Linux's open flags instead of WASI's.
          F: () => `type=${bytes[at]} flags=${wasiFlags(view.getUint16(at + 2, true))} base=${view.getBigUint64(at + 8, true)} inheriting=${view.getBigUint64(at + 16, true)}`,
          S: () => `type=${bytes[at + 16]} links=${view.getBigUint64(at + 24, true)} size=${bytes[at + 16] === 3 ? '-' : view.getBigUint64(at + 32, true)}` +
            (word[2] === 't' ? ` accessed=${view.getBigUint64(at + 40, true)} modified=${view.getBigUint64(at + 48, true)}` : ''),
          P: () => `tag=${bytes[at]} length=${view.getUint32(at + 4, true)}` }[word[1]]);
      } else if (word[0] === '<') {
        const size = parseInt(word.slice(1)), at = take(size), kind = word.at(-1);
        args.push(at, size);
        if (kind === 'r') show.push(() => {
          const out = [];
          for (let p = at, end = at + used(); p + 24 <= end;) {
            const length = view.getUint32(p + 16, true);
            if (p + 24 + length > end) break;
            const entry = Buffer.from(bytes.subarray(p + 24, p + 24 + length)).toString('latin1');
            if (entry !== '.' && entry !== '..') out.push(entry + ':' + bytes[p + 20]);
            p += 24 + length;
          }
          return out.sort().join(',') + (used() === size ? ' full' : '');
        });
        else if (kind !== 'x') show.push(() => read(at, used ? Math.min(used(), size) : size));
      } else args.push(Number(word));
    }
    const slots = letters.length === args.length ? args.map((value, i) => (letters[i] === 'd' ? BigInt.asUintN(64, BigInt(value)) : value >>> 0)) : null;
    if (!slots) throw new Error(`${name} takes ${letters.length} parameters, not ${args.length}`);
    let result;
    try {
      result = this.wasi.wasiImport[name](...slots);
    } catch (error) {
      if (name !== 'proc_exit') throw error;
      const symbol = Object.getOwnPropertySymbols(this.wasi).find((s) => String(s).includes('ExitCode'));
      return 'exit ' + this.wasi[symbol];
    }
    if (result === 0 && words.variable) this.variables[words.variable] = used();
    return [errnos[result], ...(result === 0 ? show.map((f) => f()) : [])].join(' ');
  }
}

function record(file) {
  const text = fs.readFileSync(file, 'utf8'), lines = text.split('\n'), out = [];
  if (lines.some((line) => line.startsWith('#-'))) return text;
  const world = new World();
  for (const line of lines) {
    if (line.startsWith('#=')) continue;
    out.push(line);
    if (line.startsWith('#') || line.startsWith('!') || !line.trim()) continue;
    let words = tokensOf(line);
    let answer;
    if (words[0] === 'host') answer = world.host(words.slice(1));
    else {
      let variable;
      if (words[1] === '=') { variable = words[0]; words = words.slice(2); }
      words.variable = variable;
      answer = world.call(words);
    }
    if (answer !== undefined) out.push('#= ' + answer);
  }
  if (process.geteuid() !== 0 && process.getuid() === 0) process.seteuid(0);
  fs.rmSync(world.root, { recursive: true, force: true });
  return out.join('\n');
}

const check = process.argv[2] === '--check';
let different = 0;
for (const file of process.argv.slice(check ? 3 : 2)) {
  const recorded = record(file), before = fs.readFileSync(file, 'utf8');
  if (recorded === before) continue;
  if (!check) { fs.writeFileSync(file, recorded); continue; }
  different = 1;
  const old = before.split('\n');
  recorded.split('\n').forEach((line, i) => { if (line !== old[i]) console.log(`${file}:${i + 1}: recorded ${old[i]}, node says ${line}`); });
}
process.exit(different);
