#!/usr/bin/env python3
"""beside_cargo.py RUSTG REGISTRY SNAPSHOT NAME@VERSION... [--repeat N]

One crate's lock file by cargo and by rustg, in turns: whole commands, and what rustg says that its resolution alone took. REGISTRY and SNAPSHOT are those of
tests/graph/cargo_locks.py. Prints a row of a table for each crate: packages, the best of N runs in milliseconds, peak memory in MB."""
import argparse, os, pathlib, re, subprocess, tempfile, time

CONFIG = '[source.crates-io]\nreplace-with = "local"\n[source.local]\nlocal-registry = "{}"\n[net]\noffline = true\n'


def run(command, folder, environment):
    begin = time.monotonic()
    process = subprocess.Popen(command, cwd=folder, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    text = process.stderr.read()
    _, status, usage = os.wait4(process.pid, 0)
    if status != 0:
        raise SystemExit(text)
    return 1e3 * (time.monotonic() - begin), 1e3 * (usage.ru_utime + usage.ru_stime), usage.ru_maxrss / 1024, text


def main():
    parser = argparse.ArgumentParser(usage=__doc__)
    parser.add_argument("rustg", type=pathlib.Path)
    parser.add_argument("registry", type=pathlib.Path)
    parser.add_argument("snapshot", type=pathlib.Path)
    parser.add_argument("crates", nargs="+")
    parser.add_argument("--repeat", type=int, default=5)
    options = parser.parse_args()
    print("| crate | packages | cargo, elapsed | cargo, CPU | cargo, memory | rustg, elapsed | rustg, CPU | rustg, memory | rustg, the resolution |")
    print("|---|--:|--:|--:|--:|--:|--:|--:|--:|")
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        (folder / ".cargo").mkdir()
        (folder / ".cargo/config.toml").write_text(CONFIG.format(options.registry.resolve()))
        environment = dict(os.environ, CARGO_HOME=str(folder / ".home"))
        for crate in options.crates:
            package, version = crate.split("@")
            project = folder / package
            (project / "src").mkdir(parents=True)
            (project / "src/lib.rs").write_text("")
            (project / "Cargo.toml").write_text(
                f'[package]\nname = "root"\nversion = "0.1.0"\nedition = "2021"\n[dependencies]\n{package} = "={version}"\n')
            lock, own = project / "Cargo.lock", project / "own.lock"
            cargo, ours, inner = [], [], []
            for _ in range(options.repeat):
                lock.unlink(missing_ok=True)
                cargo.append(run(["cargo", "generate-lockfile", "--offline"], project, environment)[:3])
                row = run([options.rustg.resolve(), "graph", "resolve", "--fresh", "--registry", options.snapshot.resolve(), "Cargo.toml", "-o", own],
                          project, environment)
                ours.append(row[:3])
                packages, took = re.search(r"(\d+) packages resolved in ([\d.]+) ms", row[3]).groups()
                inner.append(float(took))
            if lock.read_bytes() != own.read_bytes():
                raise SystemExit(f"{crate}: the lock files differ")
            best = [min(r[k] for r in rows) for rows in (cargo, ours) for k in range(3)]
            print(f"| {crate} | {packages} | " + " | ".join(f"{b:.0f}" for b in best) + f" | {min(inner):.2f} |", flush=True)


if __name__ == "__main__":
    main()
