#!/usr/bin/env python3
"""Run rustc's own run-pass tests under rustg and compare exit code and stdout with node's.

    run_pass.py --tests DIR/tests/ui --cache DIR [--rustg PATH] [--sample N] [--jobs N] [-- RUSTG-RUN-OPTION...]

Modules are built once and kept in the cache by content, with node's exit code and stdout beside them (KEY.wasm, KEY.json,
KEY.stdout; index.json lists them). Without --rustg that is all. Only tests that node runs to exit code 0 count. The exit code
is 0 if rustg agreed on all of them; 77, "skipped", where the tests, the compiler or node cannot be had.
"""
import argparse
import concurrent.futures
import hashlib
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "support"))
import selection
import wasm_rust

HERE = pathlib.Path(__file__).resolve().parent
NODE_RUNNER = HERE.parent / "support" / "node_wasi.mjs"
SKIPPED = 77


def skip(reason):
    print(f"run_pass: skipped: {reason}")
    sys.exit(SKIPPED)


def run(command, env=None, timeout=60, cwd=None):
    """(exit code, stdout, stderr); 124 when it took longer than `timeout` seconds."""
    try:
        done = subprocess.run(command, env=env, timeout=timeout, cwd=cwd, stdin=subprocess.DEVNULL, capture_output=True)
        return done.returncode, done.stdout, done.stderr
    except subprocess.TimeoutExpired:
        return 124, b"", b"timed out"


def run_node(wasm, record, folder):
    environment = [part for k, v in record["env"].items() for part in ("--env", f"{k}={v}")]
    return run(["node", "--no-warnings", str(NODE_RUNNER), *environment, str(wasm), *record["args"]], timeout=120, cwd=folder)


class Builder:
    def __init__(self, compiler, cache):
        self.compiler, self.cache = compiler, cache
        self.common = ["--target", "wasm32-wasip1", "-Cpanic=abort", "-Ccodegen-units=1", "--cap-lints=allow"]
        self.version = subprocess.run([compiler[0], "-vV"], capture_output=True, check=True).stdout

    def build(self, test):
        """The test's record: key, compile error or node's exit code."""
        flags = self.common + ["--edition", test.edition] + test.flags
        if not any("opt-level" in f or f == "-O" for f in flags):
            flags.append("-O")
        digest = hashlib.sha256(self.version + test.path.read_bytes() + "\0".join([test.name, *flags]).encode())
        key = digest.hexdigest()[:24]
        record_file = self.cache / f"{key}.json"
        if record_file.exists():
            return json.loads(record_file.read_text())
        wasm = self.cache / f"{key}.wasm"
        record = {"name": test.name, "key": key, "args": test.args, "env": test.env}
        env = {**os.environ, "RUSTC_BOOTSTRAP": "1", **test.rustc_env}
        with tempfile.TemporaryDirectory() as scratch:
            out = pathlib.Path(scratch) / "test.wasm"
            code, _, stderr = run([*self.compiler, *flags, "-o", str(out), str(test.path)], env, 180, scratch)
            if code != 0 or not out.exists():
                lines = [l for l in stderr.decode("utf-8", "replace").splitlines() if l.startswith("error")]
                record["compile_error"] = lines[0] if lines else f"rustc exited with {code}"
            else:
                shutil.move(out, wasm)
                code, stdout, stderr = run_node(wasm, record, scratch)
                record["node_exit"] = code
                (self.cache / f"{key}.stdout").write_bytes(stdout)
                if code != 0:
                    record["node_stderr"] = stderr.decode("utf-8", "replace")[-500:]
        temporary = record_file.with_suffix(".tmp")
        temporary.write_text(json.dumps(record))
        temporary.rename(record_file)
        return record


def compare(rustg, options, cache, record):
    """None, or why rustg's run differs from node's."""
    environment = [f"--env={k}={v}" for k, v in record["env"].items()]
    wasm = cache / f"{record['key']}.wasm"
    expected = (cache / f"{record['key']}.stdout").read_bytes()
    with tempfile.TemporaryDirectory() as scratch:
        code, stdout, stderr = run([rustg, "run", *options, *environment, str(wasm), "--", *record["args"]], timeout=120,
                                   cwd=scratch)
        if code != record["node_exit"]:
            errors = [l for l in stderr.decode("utf-8", "replace").splitlines() if l.startswith("error")]
            return f"exit code {code}: {errors[0] if errors else stderr.decode('utf-8', 'replace')[-160:].strip()!r}"
        # What is printed may be a matter of chance, as the order of a HashMap: then node itself prints something else each time.
        if stdout != expected and all(run_node(wasm, record, scratch)[1] == expected for _ in range(5)):
            return "stdout differs"
    return None


def sample(tests, count):
    """`count` of the tests, always the same ones, spread by a hash of their names."""
    return sorted(tests, key=lambda t: hashlib.sha256(t.name.encode()).digest())[:count] if count else tests


def table(title, counts):
    print(title)
    for reason, number in sorted(counts.items(), key=lambda item: (-item[1], item[0])):
        print(f"  {number:6}  {reason}")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--tests", type=pathlib.Path, required=True, help="rustc's tests/ui")
    parser.add_argument("--cache", type=pathlib.Path, required=True)
    parser.add_argument("--rustg")
    parser.add_argument("--sample", type=int, default=0)
    parser.add_argument("--jobs", type=int, default=os.cpu_count())
    parser.add_argument("options", nargs="*", help="options for rustg run")
    parser.add_argument("--if-asked", action="store_true", help="skip unless RUSTG_RUN_PASS is set")
    arguments = parser.parse_args()
    if arguments.if_asked and not os.environ.get("RUSTG_RUN_PASS"):
        skip("not asked for; ./x test --full does")
    if not arguments.tests.is_dir():
        skip(f"no rustc tests in {arguments.tests}")
    compiler = wasm_rust.find_compiler()
    if not compiler:
        skip(wasm_rust.REASON)
    if not shutil.which("node"):
        skip("no node")
    arguments.cache.mkdir(parents=True, exist_ok=True)
    cache = arguments.cache.resolve()
    started = time.monotonic()
    tests, skipped = selection.select(arguments.tests.resolve())
    print(f"run_pass: {len(tests)} tests apply, {sum(skipped.values())} are for other targets or more than one crate")
    tests = sample(tests, arguments.sample)
    builder = Builder(compiler, cache)
    with concurrent.futures.ThreadPoolExecutor(arguments.jobs) as pool:
        records = list(pool.map(builder.build, tests))
        (cache / "index.json").write_text(json.dumps(records, indent=0))
        reference = [r for r in records if r.get("node_exit") == 0]
        unbuilt, unrun = {}, {}
        for record in records:
            if "compile_error" in record:
                unbuilt[record["compile_error"]] = unbuilt.get(record["compile_error"], 0) + 1
            elif record["node_exit"] != 0:
                unrun[f"exit code {record['node_exit']} under node"] = unrun.get(f"exit code {record['node_exit']} under node", 0) + 1
        table(f"{sum(unbuilt.values())} do not compile for wasm32-wasip1:", unbuilt)
        table(f"{sum(unrun.values())} do not pass under node:", unrun)
        print(f"{len(reference)} pass under node ({time.monotonic() - started:.0f} s)")
        if not arguments.rustg:
            return 0
        reasons = list(pool.map(lambda r: compare(arguments.rustg, arguments.options, cache, r), reference))
    failures = {}
    for record, reason in zip(reference, reasons):
        if reason:
            failures.setdefault(reason, []).append(record)
    for reason, records in sorted(failures.items(), key=lambda item: -len(item[1])):
        print(f"  {len(records):6}  {reason}")
        for record in records[:5]:
            print(f"            {record['name']} ({record['key']})")
    failed = sum(map(len, failures.values()))
    print(f"run_pass: {len(reference) - failed} of {len(reference)} agree with node, {failed} do not "
          f"({time.monotonic() - started:.0f} s)")
    return 1 if failed or not reference else 0


if __name__ == "__main__":
    sys.exit(main())
