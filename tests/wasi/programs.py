#!/usr/bin/env python3
"""Builds programs/*.rs for wasm32-wasip1 and runs each under node and under rustg, in directories of their own: what they print, how they
end and what they leave behind has to be the same. Exit code 77: cannot be done here.
    programs.py RUSTG"""
import os, re, shutil, subprocess, sys, tempfile
from pathlib import Path

here = Path(__file__).resolve().parent
rustg = sys.argv[1]
sysroot = Path(os.environ.get('RUSTG_SYSROOT') or Path.home() / '.cache/rustg/sysroot')


def skip(why):
    print('skipped:', why)
    sys.exit(77)


if not shutil.which('node'): skip('no node')
if not Path(rustg).exists(): skip('rustg is not built')
if not (sysroot / 'rustc').exists(): skip('no wasm32-wasip1 library: ./x sysroot makes one, RUSTG_SYSROOT names it')
rustc, linker = ((sysroot / name).read_text().strip() for name in ('rustc', 'linker'))

NODE = '''
import fs from 'node:fs';
process.removeAllListeners('warning');
const { WASI } = await import('node:wasi');
const [module, directory] = process.argv.slice(2);
const wasi = new WASI({ version: 'preview1', args: [module.split('/').at(-1), 'one', 'two words'], env: { A: '1' }, preopens: { '.': directory }, returnOnExit: true });
const { instance } = await WebAssembly.instantiate(fs.readFileSync(module), { wasi_snapshot_preview1: wasi.wasiImport });
try { process.exitCode = wasi.start(instance); } catch (error) { process.exitCode = 134; }
'''


def run(command, directory):
    stdin = b'first line\n' + b'more\n' * 30000
    result = subprocess.run(command, input=stdin, capture_output=True, timeout=60)
    left = {}
    for path in sorted(directory.rglob('*')):
        left[str(path.relative_to(directory))] = path.read_bytes() if path.is_file() else 'directory'
    # What follows a panic's own message is each engine's.
    return {'exit code': result.returncode, 'stdout': result.stdout, 'stderr': re.sub(rb'(?s)(note: run with .*?\n).*', rb'\1', result.stderr), 'files': left}


different = 0
with tempfile.TemporaryDirectory() as scratch:
    scratch = Path(scratch)
    (scratch / 'node.mjs').write_text(NODE)
    for source in sorted((here / 'programs').glob('*.rs')):
        module = scratch / (source.stem + '.wasm')
        subprocess.run([rustc, '--sysroot', sysroot, '--target', 'wasm32-wasip1', '--edition', '2021', '-Cpanic=abort', f'-Clinker={linker}', '-O',
                        source, '-o', module], check=True)
        answers = []
        for name in ('node', 'rustg'):
            directory = scratch / f'{source.stem}-{name}'
            directory.mkdir()
            command = (['node', scratch / 'node.mjs', module, directory] if name == 'node' else
                       [rustg, 'run', '--device', 'cpu', '--dir', f'{directory}::.', '--env', 'A=1', module, '--', 'one', 'two words'])
            answers.append(run(command, directory))
        expected = int(source.read_text().split('\n')[0].removeprefix('// exits with '))
        if answers[0]['exit code'] != expected:
            different += 1
            print(f'{source.name}: node exits with {answers[0]["exit code"]}: {answers[0]["stderr"][-1000:]}')
        for what in answers[0]:
            by_node, by_rustg = (answer[what] for answer in answers)
            if by_node != by_rustg:
                different += 1
                print(f'{source.name}: {what} differs\n  node:  {str(by_node)[:3000]}\n  rustg: {str(by_rustg)[:3000]}')
        print(source.name, 'done')
sys.exit(different != 0)
