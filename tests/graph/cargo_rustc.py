#!/usr/bin/env python3
"""cargo_rustc.py RUSTG SOURCE REGISTRY [--keep FOLDER]

The workspace of rustc itself (SOURCE: its source tree) against cargo: the lock file, `cargo tree` with options, and whether `rustg graph order` is an
order that cargo's unit graph (of nightly) can be built in. REGISTRY is what cargo_index.py made. Versions that the tree wants and REGISTRY is too old for
are given what the newest version before them depends on; cargo and rustg resolve anew with these."""
import argparse, copy, json, os, pathlib, re, shutil, subprocess, sys, tempfile

from cargo_index import line_of, place
from cargo_locks import CONFIG
from cargo_trees import Registry, locked_packages

TREES = [
    [], ["--workspace"], ["--workspace", "-e", "features"], ["--workspace", "-e", "no-dev", "-f", "{p} {f}"], ["--workspace", "-d"], ["--workspace", "--target", "all"],
    ["--workspace", "-e", "all", "--target", "all"], ["--workspace", "--depth", "workspace"], ["--workspace", "-i", "serde"], ["--workspace", "-i", "syn@2", "-e", "features"],
    ["-p", "rustdoc-tool", "--prefix", "depth"], ["-p", "clippy", "--no-dedupe", "--depth", "3"], ["-p", "rustc_middle"], ["--workspace", "--target", "x86_64-pc-windows-msvc", "-e", "normal,build"],
    ["-p", "rustc-main", "--all-features", "-e", "features"], ["--workspace", "--exclude", "clippy", "--charset", "ascii", "-e", "no-proc-macro"],
]


def number(version):
    return tuple(int(x) if x.isdigit() else -1 for x in re.split(r"[.+-]", version.split("+")[0]))


def invent(index, source, packages, more=()):
    """An index of the crates of `packages` and what their newest versions and `more` need, as in `source`, with versions that are not there."""
    invented, names = 0, sorted({n for n, _ in [*packages, *more]})
    seen = set(names)
    for name in names:
        old = source / place(name)
        records = [json.loads(line) for line in old.read_text().splitlines()] if old.exists() else []
        there = {r["vers"] for r in records}
        for version in sorted({v for n, v in packages if n == name} - there, key=number):
            before = [r for r in records if number(r["vers"]) <= number(version)] or records
            record = copy.deepcopy(max(before, key=lambda r: number(r["vers"]))) if before else {"name": name, "deps": [], "features": {}, "yanked": False}
            record["vers"], record["yanked"] = version, False
            record["features"] = {**record.get("features", {}), **record.pop("features2", {})}
            record.pop("v", None)
            records.append(record)
            invented += 1
        newest = max(records, key=lambda r: number(r["vers"]), default={"deps": []})
        for record in [newest] + [r for r in records if (name, r["vers"]) in packages or (name, r["vers"]) in more]:
            for d in record["deps"]:
                other = d.get("package") or d["name"]
                if d.get("kind") != "dev" and other not in seen:
                    seen.add(other)
                    names.append(other)
        file = index / place(name)
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text("".join((json.dumps(r, separators=(",", ":")) if "cksum" in r and r["vers"] in there else line_of(r)) + "\n" for r in records))
    return invented


def main():
    parser = argparse.ArgumentParser(usage=__doc__)
    for argument in ("rustg", "source", "registry"):
        parser.add_argument(argument)
    parser.add_argument("--keep")
    options = parser.parse_args()
    rustg, source = os.path.abspath(options.rustg), pathlib.Path(options.source)
    folder = pathlib.Path(options.keep or tempfile.mkdtemp()).resolve()
    if folder.exists():
        shutil.rmtree(folder)
    tree = folder / "rustc"
    tree.mkdir(parents=True)
    for part in ("compiler", "library", "src"):
        found = subprocess.run(["find", part, "(", "-name", "Cargo.toml", "-o", "-name", "*.rs", ")", "-not", "-path", "*/tests/*/*"],
                               cwd=source, capture_output=True, text=True, check=True).stdout.split("\n")
        for name in filter(None, found):
            (tree / name).parent.mkdir(parents=True, exist_ok=True)
            (tree / name).symlink_to(source / name) if not name.endswith("Cargo.toml") else shutil.copy(source / name, tree / name)
    shutil.copy(source / "Cargo.toml", tree)
    environment = dict(os.environ, CARGO_HOME=str(folder / ".home"), RUSTC_BOOTSTRAP="1")
    environment.pop("RUSTFLAGS", None)

    def run(command, at=tree):
        return subprocess.run([str(c) for c in command], cwd=at, env=environment, capture_output=True, text=True)

    def stop(done, what):
        sys.exit(f"{what}: {done.stderr}") if done.returncode else None

    wanted = set(locked_packages((source / "Cargo.lock").read_text()))
    invented = invent(folder / "index", pathlib.Path(options.registry) / "index", wanted)
    (folder / ".cargo").mkdir()
    (folder / ".cargo/config.toml").write_text(CONFIG.format(folder / "registry"))
    registry = Registry(folder / "index", folder)
    # Versions that cargo is led to by old records may need crates that are not there yet.
    more = set()
    for _ in range(30):
        done = run(["cargo", "generate-lockfile", "--offline"])
        missing = re.search(r"no matching package named `(.*)` found", done.stderr)
        if not missing:
            break
        more |= {(missing[1], "")}
        invent(folder / "index", pathlib.Path(options.registry) / "index", wanted, more)
        registry.link()
    stop(done, "cargo generate-lockfile")
    stop(run([rustg, "graph", "import", folder / "index", "-o", folder / "crates.rgraph"]), "rustg graph import")
    wrong = 0
    ours = run([rustg, "graph", "resolve", "--registry", folder / "crates.rgraph", "--fresh", "-o", folder / "ours.lock", "Cargo.toml"])
    lock = (tree / "Cargo.lock").read_text()
    same = ours.returncode == 0 and (folder / "ours.lock").read_text() == lock
    wrong += not same
    packages = locked_packages(lock)
    print(f"lock file of {lock.count('[[package]]')} packages ({len(packages)} of the registry, {invented} versions invented): {'equal' if same else 'different ' + ours.stderr[:300]}")
    for name, version in packages:
        registry.make(name, version)
    for chosen in TREES:
        theirs = run(["cargo", "tree", "--offline", "--locked"] + chosen)
        ours = run([rustg, "graph", "tree", "--registry", folder / "crates.rgraph", "Cargo.toml"] + chosen)
        same = theirs.stdout == ours.stdout and (theirs.returncode == 0) == (ours.returncode == 0)
        wrong += not same
        print(f"cargo tree {' '.join(chosen)}: {'equal' if same else 'different'}, {theirs.stdout.count(chr(10))} lines"
              + ("" if theirs.returncode == 0 and same else f"\n{theirs.stderr[-300:]}\n{ours.stderr[-300:]}"))
        if not same:
            (folder / "theirs").write_text(theirs.stdout)
            (folder / "ours").write_text(ours.stdout)
            print(subprocess.run(["diff", "theirs", "ours"], cwd=folder, capture_output=True, text=True).stdout[:1500])
    # The order.
    units = run(["cargo", "+nightly", "build", "--offline", "--locked", "--workspace", "--unit-graph", "-Zunstable-options"])
    ours = run([rustg, "graph", "order", "--registry", folder / "crates.rgraph", "--format", "json", "Cargo.toml"])
    if units.returncode or ours.returncode:
        print(f"no order: {units.stderr[-500:]}{ours.stderr[-300:]}")
        return 1
    level = {}
    for depth, labels in enumerate(json.loads(ours.stdout)["levels"]):
        for label in labels:
            level[tuple(label.split(" ")[:2])] = depth
    graph, edges, broken = json.loads(units.stdout)["units"], 0, []

    def key(unit):
        url, _, rest = unit["pkg_id"].rpartition("#")
        name, _, version = rest.rpartition("@")
        return name or url.rsplit("/", 1)[-1], "v" + version

    for unit in graph:
        for dependency in unit["dependencies"]:
            a, b = key(unit), key(graph[dependency["index"]])
            if a != b:
                edges += 1
                if level[b] >= level[a]:
                    broken.append((a, b))
    print(f"order: {len(graph)} units of cargo's unit graph, {edges} of its edges between packages, {len(broken)} against our levels {broken[:5]}")
    return 1 if wrong or broken or not edges else 0


if __name__ == "__main__":
    sys.exit(main())
