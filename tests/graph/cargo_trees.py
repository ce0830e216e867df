#!/usr/bin/env python3
"""cargo_trees.py RUSTG DATA.jsonl.zst REGISTRY SNAPSHOT [--projects N] [--options N] [--seed S] [--keep FOLDER]

What `cargo tree` prints against `rustg graph tree`, byte by byte. REGISTRY is what cargo_index.py made of DATA, SNAPSHOT what
`rustg graph import REGISTRY/index` made of that. The projects are made here: workspaces of one to three packages whose dependencies are drawn from
the most depended-upon crates, of all kinds, for targets, optional, with features. Cargo wants the packages themselves: each is a
Cargo.toml without code; which are procedural macros is guessed by their names and dependencies (both sides read it from there)."""
import argparse, collections, concurrent.futures, gzip, hashlib, io, json, os, pathlib, random, shutil, subprocess, sys, tarfile, tempfile

from cargo_index import place
from cargo_locks import CONFIG, newest_and_popularity

OPTIONS = [
    [], ["-e", "features"], ["-e", "normal"], ["-e", "no-dev"], ["-e", "all"], ["-e", "build"], ["-e", "features,normal"],
    ["-e", "no-proc-macro"], ["-e", "no-build,features"], ["-d"], ["-d", "-e", "no-dev"], ["--depth", "1"], ["--depth", "2", "-e", "features"],
    ["--depth", "workspace"], ["--prefix", "depth"], ["--prefix", "none"], ["--no-dedupe", "--depth", "4"], ["--target", "all"],
    ["--target", "all", "-e", "features"], ["--target", "x86_64-pc-windows-msvc"], ["--target", "wasm32-unknown-unknown", "-e", "no-dev"],
    ["--target", "aarch64-apple-darwin", "--target", "x86_64-unknown-linux-gnu"], ["--charset", "ascii"],
    ["-f", "{p} {f}"], ["-f", "{p} [{f}] {l} {r} {lib} {{}}"], ["-f", "{lib}", "--prefix", "depth"], ["--all-features"],
    ["--no-default-features"], ["--all-features", "-e", "features"], ["--workspace"], ["--workspace", "-e", "features", "--target", "all"],
    ["--workspace", "--exclude", "b"], ["-p", "b"], ["-p", "b", "--no-default-features", "-f", "{p} {f}"], ["-p", "?"],
    ["--features", "one"], ["--features", "one,two", "-e", "features"], ["--features", "b/extra", "--workspace", "-f", "{p} {f}"],
    ["--features", "nothing"], ["-i", "DEP"], ["-i", "DEP", "-e", "features"], ["-i", "DEP", "--target", "all", "-e", "all"],
    ["-i", "DEP", "--depth", "2"], ["-i", "DEP", "--workspace", "--prefix", "none"], ["-i", "nowhere"], ["--prune", "DEP"], ["-p", "DEP"],
    ["-p", "DEP", "-e", "features"], ["-i", "DEP", "--workspace", "--all-features", "-e", "features"], ["-f", "{x}"], ["-f", "{p"],
]
KNOWN_MACROS = {"async-trait", "ctor", "displaydoc", "paste", "pin-project-internal", "phf_generator", "maplit", "indoc", "unindent"}


def is_macro(record):
    name = record["name"]
    if name in KNOWN_MACROS or int(hashlib.sha256(name.encode()).hexdigest(), 16) % 60 == 0:
        return True
    uses = {d["name"] for d in record["deps"] if d.get("kind", "normal") == "normal"}
    return bool(uses & {"quote", "syn", "proc-macro2"}) and name.replace("_", "-").rsplit("-", 1)[-1] in ("derive", "macro", "macros", "impl", "attributes", "proc-macro")


class Registry:
    """A local registry beside REGISTRY's index, with packages unpacked where cargo would unpack them."""

    def __init__(self, index, folder):
        self.index, self.root, self.home = pathlib.Path(index), folder / "registry", folder / ".home"
        (self.root / "index").mkdir(parents=True, exist_ok=True)
        self.link()
        self.made = set()
        self.sources = self.find_sources(folder)

    def link(self):
        for entry in self.index.iterdir():
            link = self.root / "index" / entry.name
            if not link.exists():
                link.symlink_to(entry.resolve())

    def find_sources(self, folder):
        # Where cargo unpacks is a hash of cargo's: one package unpacked by it tells.
        files = {"_0probe-1.0.0/Cargo.toml": '[package]\nname = "_0probe"\nversion = "1.0.0"\n', "_0probe-1.0.0/src/lib.rs": ""}
        data = io.BytesIO()
        with tarfile.open(fileobj=data, mode="w:gz") as archive:
            for name, text in files.items():
                info = tarfile.TarInfo(name)
                info.size, info.mode = len(text), 0o644
                archive.addfile(info, io.BytesIO(text.encode()))
        (self.root / "_0probe-1.0.0.crate").write_bytes(data.getvalue())
        line = {"name": "_0probe", "vers": "1.0.0", "deps": [], "features": {}, "yanked": False, "cksum": hashlib.sha256(data.getvalue()).hexdigest()}
        file = self.root / "index" / place("_0probe")
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(json.dumps(line) + "\n")
        project = folder / "probe"
        (project / "src").mkdir(parents=True, exist_ok=True)
        (project / "src/lib.rs").write_text("")
        (project / "Cargo.toml").write_text('[package]\nname = "p"\nversion = "0.1.0"\nedition = "2021"\n[dependencies]\n_0probe = "1"\n[workspace]\n')
        subprocess.run(["cargo", "tree", "--offline"], cwd=project, env=dict(os.environ, CARGO_HOME=str(self.home)), check=True, stdout=subprocess.DEVNULL)
        shutil.rmtree(project)
        (found,) = (self.home / "registry/src").iterdir()
        return found

    def make(self, name, version):
        if (name, version) in self.made:
            return
        self.made.add((name, version))
        folder = self.sources / f"{name}-{version}"
        if (folder / ".cargo-ok").exists():
            return
        record = next(r for r in map(json.loads, (self.index / place(name)).read_text().splitlines()) if r["vers"] == version)
        number = int(hashlib.sha256(f"{name} {version}".encode()).hexdigest(), 16)
        manifest = f'[package]\nname = "{name}"\nversion = "{version}"\nedition = "2015"\n'
        if number % 3:
            manifest += f'license = "{["MIT", "MIT OR Apache-2.0", "0BSD"][number % 3]}"\nrepository = "https://example.org/{name}"\n'
        manifest += "[lib]\npath = \"src/lib.rs\"\n"
        if number % 7 == 0:
            manifest += f'name = "lib{number % 1000}"\n'
        if is_macro(record):
            manifest += "proc-macro = true\n" if number % 2 else 'crate-type = ["proc-macro"]\n'
        (folder / "src").mkdir(parents=True, exist_ok=True)
        (folder / "Cargo.toml").write_text(manifest)
        (folder / "src/lib.rs").write_text("")
        (folder / ".cargo-ok").write_text('{"v":1}')
        (self.root / f"{name}-{version}.crate").touch()


def dependency_lines(draw, index, names, newest):
    """[dependencies] and its like of one package, and the names of its optional ones."""
    tables, optional = collections.defaultdict(list), []
    chosen = draw.sample(names, draw.randint(1, 4))
    for name in chosen:
        version = newest[name].split("+")[0]
        parts = version.split(".")
        requirement = draw.choice([f"={version}", parts[0] if parts[0] != "0" else ".".join(parts[:2]), version, "*"])
        record = next(r for r in map(json.loads, (pathlib.Path(index) / place(name)).read_text().splitlines()) if r["vers"] == newest[name])
        features = [f for f in {**record["features"], **record.get("features2", {})} if f != "default"]
        fields = [f'version = "{requirement}"']
        if features and draw.random() < 0.5:
            fields.append("features = " + json.dumps(draw.sample(sorted(features), draw.randint(1, min(2, len(features))))))
        if draw.random() < 0.25:
            fields.append("default-features = false")
        kind = draw.choice(["dependencies"] * 4 + ["build-dependencies", "dev-dependencies"])
        target = draw.choice([""] * 4 + ["cfg(windows)", "cfg(unix)", 'cfg(not(target_arch = "wasm32"))', "x86_64-pc-windows-msvc"])
        if kind != "dev-dependencies" and draw.random() < 0.3:
            fields.append("optional = true")
            optional.append(name)
        tables[f"target.'{target}'.{kind}" if target else kind].append(f"{name} = {{ {', '.join(fields)} }}")
        if kind == "dependencies" and draw.random() < 0.15:
            tables["build-dependencies"].append(f'{name} = {{ version = "{requirement}", default-features = false }}')
    return tables, optional


def make_project(folder, draw, index, names, newest):
    count = draw.choice([1, 1, 2, 3])
    edition = draw.choice(["2018", "2021", "2021", "2024"])
    for i in range(count):
        package = "abc"[i]
        at = folder if i == 0 else folder / package
        (at / "src").mkdir(parents=True)
        (at / "src/lib.rs").write_text("")
        tables, optional = dependency_lines(draw, index, names, newest)
        text = f'[package]\nname = "{package}"\nversion = "0.{i}.0"\nedition = "{edition}"\nrust-version = "1.90"\n'
        if draw.random() < 0.3:
            text += 'license = "MIT"\n'
        if i == 2 or (i == 1 and draw.random() < 0.3):
            text += "[lib]\nproc-macro = true\n"
        if i == 0 and count > 1:
            tables[draw.choice(["dependencies", "dependencies", "build-dependencies"])].append('b = { path = "b" }')
        if i == 1 and count > 2:
            tables["dependencies"].append('c = { path = "../c", default-features = false, features = ["extra"] }')
        if i == 0 and count > 2:
            tables["dev-dependencies"].append('c = { path = "c" }')
        for table, lines in tables.items():
            text += f"[{table}]\n" + "".join(line + "\n" for line in lines)
        text += "[features]\n" + ("default = [\"one\"]\n" if draw.random() < 0.5 else "")
        text += "one = " + json.dumps([f"dep:{o}" for o in optional if draw.random() < 0.5]) + "\n"
        text += "two = " + json.dumps(["one"] + [f"{o}?/default" for o in optional if draw.random() < 0.3]) + "\nextra = []\n"
        if i == 0:
            text += "[workspace]\nmembers = [" + ", ".join(f'"{p}"' for p in "bc"[: count - 1]) + "]\n"
            if draw.random() < 0.3:
                text += f'resolver = "{draw.choice("123")}"\n'
        (at / "Cargo.toml").write_text(text)


def locked_packages(lock):
    out, name, version = [], None, None
    for line in lock.splitlines():
        if line.startswith("name = "):
            name = line[8:-1]
        elif line.startswith("version = ") and name:
            version = line[11:-1]
        elif line.startswith("source = "):
            out.append((name, version))
    return out


def main():
    parser = argparse.ArgumentParser(usage=__doc__)
    for argument in ("rustg", "data", "registry", "snapshot"):
        parser.add_argument(argument)
    parser.add_argument("--projects", type=int, default=200)
    parser.add_argument("--options", type=int, default=8, help="of each project, that many of the sets of options")
    parser.add_argument("--depended", type=int, default=600)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--jobs", type=int, default=os.cpu_count())
    parser.add_argument("--keep")
    parser.add_argument("--verbose", action="store_true")
    options = parser.parse_args()
    options.rustg, options.snapshot = os.path.abspath(options.rustg), os.path.abspath(options.snapshot)
    folder = pathlib.Path(options.keep or tempfile.mkdtemp()).resolve()
    folder.mkdir(exist_ok=True)
    if not (folder / "names.json").exists():
        newest, depended = newest_and_popularity(options.data)
        (folder / "names.json").write_text(json.dumps([newest, depended.most_common(10000)]))
    newest, depended = json.loads((folder / "names.json").read_text())
    names = [n for n, _ in depended if n in newest][: options.depended]
    (folder / ".cargo").mkdir(exist_ok=True)
    (folder / ".cargo/config.toml").write_text(CONFIG.format(folder / "registry"))
    registry = Registry(options.registry + "/index", folder)
    environment = dict(os.environ, CARGO_HOME=str(folder / ".home"))
    environment.pop("RUSTFLAGS", None)

    def run(command, project):
        done = subprocess.run(command, cwd=project, env=environment, capture_output=True, timeout=300)
        return done.returncode, done.stdout, done.stderr.decode(errors="replace")

    def one(number):
        draw = random.Random(f"{options.seed} {number}")
        project = folder / f"p{options.seed}-{number}"
        if project.exists():
            shutil.rmtree(project)
        make_project(project, draw, options.registry + "/index", names, newest)
        code, _, error = run(["cargo", "generate-lockfile", "--offline"], project)
        if code != 0:
            return [(number, [], "no lock file: " + next((l for l in error.splitlines() if l.startswith("error")), ""), "")]
        packages = locked_packages((project / "Cargo.lock").read_text())
        for name, version in packages:
            registry.make(name, version)
        results = []
        for chosen in draw.sample(OPTIONS, options.options):
            arguments = [draw.choice(packages)[0] if a == "DEP" and packages else a for a in chosen]
            theirs = run(["cargo", "tree", "--offline", "--locked"] + arguments, project)
            ours = run([options.rustg, "graph", "tree", "--registry", options.snapshot, "Cargo.toml"] + arguments, project)
            if theirs[0] != 0 or ours[0] != 0:
                strip = lambda text: next((l.replace("specificationm ", "specification ") for l in text.splitlines() if l.startswith("error")), "")
                verdict = "both fail" if theirs[0] != 0 and ours[0] != 0 else "one fails"
                verdict += ", the same first line" if strip(theirs[2]) == strip(ours[2]) else ", with different first lines"
            else:
                verdict = "equal" if theirs[1] == ours[1] else "different"
            if verdict == "equal" and not theirs[1]:
                verdict = "equal, nothing printed"
            detail = "" if verdict.startswith("equal") else f"cargo: {theirs[2][-600:]}\nrustg: {ours[2][-600:]}"
            if verdict == "different":
                (project / "theirs").write_bytes(theirs[1])
                (project / "ours").write_bytes(ours[1])
                detail += "\n" + subprocess.run(["diff", "theirs", "ours"], cwd=project, capture_output=True, text=True).stdout[:1500]
            results.append((number, arguments, verdict, detail))
        return results

    counts, by_option = collections.Counter(), collections.Counter()
    with concurrent.futures.ThreadPoolExecutor(options.jobs) as pool:
        for results in pool.map(one, range(options.projects)):
            for number, arguments, verdict, detail in results:
                counts[verdict.split(":")[0]] += 1
                if not verdict.startswith("equal") and verdict != "both fail, the same first line":
                    if not verdict.startswith("no lock") or options.verbose:
                        print(f"p{options.seed}-{number} cargo tree {' '.join(arguments)}: {verdict}\n{detail}\n")
    for verdict, count in counts.most_common():
        print(f"{count:6} {verdict}")
    good = {"equal", "equal, nothing printed", "both fail, the same first line", "no lock file"}
    return 0 if set(counts) <= good and counts["equal"] > counts.total() // 2 else 1


if __name__ == "__main__":
    sys.exit(main())
