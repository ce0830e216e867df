#!/usr/bin/env python3
"""cargo_locks.py RUSTG DATA.jsonl.zst REGISTRY SNAPSHOT [--random N] [--depended N] [--seed S] [--keep FOLDER]

Lock files that cargo makes against those of `rustg graph resolve`, byte by byte. REGISTRY is what cargo_index.py made of DATA, SNAPSHOT what
`rustg graph import REGISTRY/index` made of that. The packages: N crates drawn at random and the N most depended-upon, each as the only dependency of a package,
at its newest version. Where cargo fails, rustg has to fail; the first lines of both errors are compared and counted."""
import argparse, collections, concurrent.futures, json, os, pathlib, random, subprocess, sys, tempfile, time

CONFIG = '[source.crates-io]\nreplace-with = "local"\n[source.local]\nlocal-registry = "{}"\n[net]\noffline = true\n'


def newest_and_popularity(data):
    newest, depended = {}, collections.Counter()
    source = subprocess.Popen(["zstdcat", "--long=27", data], stdout=subprocess.PIPE)
    name, seen = None, set()
    for line in source.stdout:
        record = json.loads(line)
        if record["name"] != name:
            depended.update(seen)
            name, seen = record["name"], set()
        seen.update(d.get("package", d["name"]) for d in record["deps"] if d.get("kind") != "dev")
        if not record["yanked"] and "-" not in record["vers"].split("+")[0]:
            key = tuple(int(x) for x in record["vers"].split("+")[0].split("."))
            if name not in newest or key > newest[name][0]:
                newest[name] = (key, record["vers"])
    depended.update(seen)
    return {n: v for n, (_, v) in newest.items()}, depended


def first_error(text):
    for line in text.splitlines():
        if line.startswith("error"):
            return line
    return text.strip().splitlines()[0] if text.strip() else ""


def one(rustg, folder, snapshot, registry, name, version):
    project = folder / name
    (project / "src").mkdir(parents=True)
    (project / "src/lib.rs").write_text("")
    (project / "Cargo.toml").write_text(
        f'[package]\nname = "root"\nversion = "0.1.0"\nedition = "2021"\n[dependencies]\n{name} = "={version.split("+")[0]}"\n')
    environment = dict(os.environ, CARGO_HOME=str(folder / ".home"))
    begin = time.monotonic()
    cargo = subprocess.run(["cargo", "generate-lockfile", "--offline"], cwd=project, env=environment, capture_output=True, text=True, timeout=300)
    between = time.monotonic()
    ours = subprocess.run([rustg, "graph", "resolve", "--registry", snapshot, project / "Cargo.toml", "-o", project / "ours.lock"],
                          capture_output=True, text=True, timeout=300)
    end = time.monotonic()
    if (cargo.returncode == 0) != (ours.returncode == 0):
        verdict = "cargo resolves, rustg does not" if cargo.returncode == 0 else "rustg resolves, cargo does not"
        detail = ours.stderr if cargo.returncode == 0 else cargo.stderr
    elif cargo.returncode != 0:
        same = first_error(cargo.stderr) == first_error(ours.stderr)
        verdict = "both fail, the same first line" if same else "both fail, with different first lines"
        detail = cargo.stderr + "\n---- rustg\n" + ours.stderr
    else:
        same = (project / "Cargo.lock").read_bytes() == (project / "ours.lock").read_bytes()
        verdict, detail = ("equal", "") if same else ("different lock files", str(project))
    return name, version, verdict, detail, between - begin, end - between


def main():
    parser = argparse.ArgumentParser(usage=__doc__)
    for argument in ("rustg", "data", "registry", "snapshot"):
        parser.add_argument(argument)
    parser.add_argument("--random", type=int, default=1000)
    parser.add_argument("--depended", type=int, default=100)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--jobs", type=int, default=os.cpu_count())
    parser.add_argument("--keep")
    options = parser.parse_args()
    newest, depended = newest_and_popularity(options.data)
    names = [n for n, _ in depended.most_common(2 * options.depended) if n in newest][:options.depended]
    names += random.Random(options.seed).sample(sorted(set(newest) - set(names)), options.random)
    folder = pathlib.Path(options.keep or tempfile.mkdtemp())
    folder.mkdir(exist_ok=True)
    (folder / ".cargo").mkdir(exist_ok=True)
    (folder / ".cargo/config.toml").write_text(CONFIG.format(options.registry))
    counts, cargo_time, our_time = collections.Counter(), 0, 0
    with concurrent.futures.ThreadPoolExecutor(options.jobs) as pool:
        runs = [pool.submit(one, options.rustg, folder, options.snapshot, options.registry, n, newest[n]) for n in names]
        for done in concurrent.futures.as_completed(runs):
            name, version, verdict, detail, cargo, ours = done.result()
            counts[verdict] += 1
            cargo_time, our_time = cargo_time + cargo, our_time + ours
            if verdict not in ("equal", "both fail, the same first line"):
                print(f"{name} {version}: {verdict}\n{detail[:1500]}\n")
    for verdict, count in counts.most_common():
        print(f"{count:6} {verdict}")
    print(f"cargo {cargo_time:.1f} s, rustg {our_time:.1f} s for {len(names)} packages")
    # Which of several dead ends an error tells of is known to differ (docs/resolve.md).
    return 0 if set(counts) <= {"equal", "both fail, the same first line", "both fail, with different first lines"} else 1


if __name__ == "__main__":
    sys.exit(main())
