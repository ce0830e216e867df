// node_wasi.mjs [--dir HOST::GUEST]... [--env K=V]... FILE [ARG]...: run a WASI preview 1 command under node, the reference
// that rustg is compared with. The program's name is the file's, as wasmtime and rustg have it. Exits with the program's own
// code; 134 after a trap, as rustg and wasmtime do.
import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { WASI } from 'node:wasi';

process.removeAllListeners('warning');  // "WASI is an experimental feature"
const args = process.argv.slice(2);
const preopens = {}, env = {};
while (args[0] === '--dir' || args[0] === '--env') {
  const [option, value] = args.splice(0, 2);
  if (option === '--dir') {
    const [host, guest] = value.split('::');
    preopens[guest ?? host] = host;
  } else {
    const equals = value.indexOf('=');
    env[value.slice(0, equals)] = value.slice(equals + 1);
  }
}
const [file, ...rest] = args;
const wasi = new WASI({ version: 'preview1', args: [basename(file), ...rest], env, preopens, returnOnExit: true });
const module = new WebAssembly.Module(readFileSync(file));
const instance = new WebAssembly.Instance(module, { wasi_snapshot_preview1: wasi.wasiImport });
try {
  process.exitCode = wasi.start(instance);
} catch (error) {
  if (!(error instanceof WebAssembly.RuntimeError || error instanceof RangeError)) throw error;
  console.error(`trap: ${error.message}`);
  process.exitCode = 134;
}
