#!/usr/bin/env python3
"""cargo_sources.py RUSTG [--keep FOLDER] [CASE...]

Lock files of workspaces with patches, Git repositories, another registry, many rust-versions and old lock files: what cargo makes of each against
`rustg graph resolve`, byte by byte. Everything is made here: a local registry, repositories (file://), a registry in Git. Exit code 77:
skipped, and why."""
import argparse, hashlib, json, os, pathlib, shutil, subprocess, sys, tempfile

from cargo_index import line_of, place

CRATES = [
    # name, version, {dependency: requirement or record}, features, rust-version
    ("leaf", "1.0.0", {}, {}, None), ("leaf", "1.0.5", {}, {"fast": []}, "1.40"), ("leaf", "1.1.0", {}, {"fast": []}, "1.60"),
    ("leaf", "1.2.0", {}, {"fast": []}, "1.75"), ("leaf", "1.3.0", {}, {"fast": []}, "1.94"), ("leaf", "1.4.0", {}, {}, "1.999"), ("leaf", "2.0.0", {}, {}, None),
    ("twig", "0.3.0", {"leaf": "1"}, {}, None), ("twig", "0.3.4", {"leaf": {"req": "^1.0.5", "features": ["fast"]}}, {"more": []}, "1.70"),
    ("branch", "1.0.0", {"twig": "0.3", "leaf": "^1"}, {}, None), ("branch", "1.1.0", {"twig": "0.3.1", "leaf": "2", "bud": {"req": "1", "optional": True}}, {"open": ["dep:bud"]}, None),
    ("bud", "1.0.0", {"leaf": ">=1, <2"}, {}, None), ("bud", "1.0.1+meta", {"leaf": "=1.0.5"}, {}, None), ("stone", "0.1.0", {}, {}, None),
]


def index_lines():
    for name, version, deps, features, rust in CRATES:
        records = [dict({"name": n}, **(r if isinstance(r, dict) else {"req": r})) for n, r in deps.items()]
        record = {"name": name, "vers": version, "deps": records, "features": dict(features), "yanked": False}
        if rust:
            record["rust_version"] = rust
        yield record


def package(name="app", version="0.1.0", edition="2021", more="", **tables):
    text = f'[package]\nname = "{name}"\nversion = "{version}"\nedition = "{edition}"\n{more}'
    for table, lines in tables.items():
        text += f"[{table.replace('__', '-')}]\n" + "".join(f"{k} = {v}\n" for k, v in lines.items())
    return text


# Cargo as Debian has it is linked with another version of libgit2 than it was made for, and refuses every repository.
class NoGit(RuntimeError):
    pass


class World:
    def __init__(self, rustg, folder):
        self.rustg, self.folder = os.path.abspath(rustg), folder
        self.home = folder / "home"
        self.environment = {k: v for k, v in os.environ.items() if not k.startswith(("CARGO", "GIT", "RUST_"))}
        self.environment |= {"CARGO_HOME": str(self.home), "GIT_CONFIG_NOSYSTEM": "1", "HOME": os.environ.get("HOME", "/")}
        if "RUSTUP_HOME" not in self.environment and os.path.isdir(os.path.expanduser("~/.rustup")):
            self.environment["RUSTUP_HOME"] = os.path.expanduser("~/.rustup")
        for record in index_lines():
            path = folder / "registry/index" / place(record["name"])
            path.parent.mkdir(parents=True, exist_ok=True)
            with open(path, "a") as file:
                file.write(line_of(record) + "\n")
        alt = folder / "alt"
        alt.mkdir()
        (alt / "config.json").write_text(json.dumps({"dl": f"file://{alt}/dl", "api": None}))
        record = {"name": "altlib", "vers": "0.7.1", "deps": [{"name": "leaf", "req": "^1", "registry": "https://github.com/rust-lang/crates.io-index"}], "yanked": False}
        (alt / place("altlib")).parent.mkdir(parents=True)
        (alt / place("altlib")).write_text(line_of(record) + "\n")
        self.commit(alt)
        (folder / ".cargo").mkdir()
        (folder / ".cargo/config.toml").write_text(
            f'[source.crates-io]\nreplace-with = "local"\n[source.local]\nlocal-registry = "{folder}/registry"\n[registries.alt]\nindex = "file://{alt}"\n')
        self.snapshot = folder / "crates.rgraph"
        self.run([self.rustg, "graph", "import", folder / "registry/index", "-o", self.snapshot], folder)
        # What a snapshot that is not up to date knows.
        old = folder / "old.jsonl"
        old.write_text("".join(line_of(r) + "\n" for r in index_lines() if r["vers"] not in ("1.2.0", "1.3.0", "1.4.0", "0.3.4") and r["name"] != "bud"))
        self.old_snapshot = folder / "old.rgraph"
        self.run([self.rustg, "graph", "import", old, "-o", self.old_snapshot], folder)

    def run(self, command, folder, check=True, home=None):
        environment = self.environment | ({"CARGO_HOME": str(home)} if home else {})
        done = subprocess.run([str(c) for c in command], cwd=folder, env=environment, capture_output=True, text=True, timeout=120)
        if "git_proxy_options" in done.stderr and command[0] == "cargo":
            raise NoGit(done.stderr)
        if check and done.returncode != 0:
            raise RuntimeError(f"{command}: {done.stderr}")
        return done

    def write(self, folder, files):
        for name, text in files.items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
            if name.endswith("Cargo.toml") and "[package]" in text:
                (path.parent / "src").mkdir(exist_ok=True)
                (path.parent / "src/lib.rs").touch()

    def commit(self, folder, tag=None, branch=None):
        git = ["git", "-c", "user.name=t", "-c", "user.email=t@example.org", "-c", "init.defaultBranch=master"]
        if not (folder / ".git").exists():
            self.run(git + ["init", "-q"], folder)
        if branch:
            self.run(git + ["checkout", "-q", "-b", branch], folder)
        self.run(git + ["add", "-A"], folder)
        self.run(git + ["commit", "-q", "-m", "x"], folder)
        if tag:
            self.run(git + ["tag", tag], folder)
        return self.run(["git", "rev-parse", "HEAD"], folder).stdout.strip()

    def repository(self, name, files, **how):
        folder = self.folder / "repositories" / name
        folder.mkdir(parents=True, exist_ok=True)
        self.write(folder, files)
        return f"file://{folder}", self.commit(folder, **how)


# Each case writes a workspace and says by steps what is compared: "new": cargo makes a lock file, rustg too. "keep": the same from the lock file that
# is there. "locked": rustg has to keep cargo's lock file; "locked, nothing fetched": with a CARGO_HOME without repositories;
# "locked, old snapshot": with a snapshot that knows less. "fail TEXT": rustg fails and says TEXT.
def patch_path(w, p):
    w.write(p, {"Cargo.toml": package(dependencies={"branch": '"=1.0.0"'}) + '[patch.crates-io]\nleaf = { path = "leaf" }\n',
                "leaf/Cargo.toml": package("leaf", "1.0.77", features={"fast": "[]"}, dependencies={"stone": '"*"'})})
    yield "new"
    yield "locked"


def patch_same_version(w, p):
    w.write(p, {"Cargo.toml": package(dependencies={"branch": '"1"', "leaf": '"1"'}) + '[patch.crates-io]\nleaf = { path = "leaf" }\n',
                "leaf/Cargo.toml": package("leaf", "1.3.0", features={"fast": "[]"})})
    yield "new"
    yield "locked"


def patch_two_versions(w, p):
    w.write(p, {"Cargo.toml": package(dependencies={"branch": '"1"', "twig": '"0.3"'}) +
                '[patch.crates-io]\nleaf = { path = "leaf" }\nleaf2 = { path = "leaf2", package = "leaf" }\n',
                "leaf/Cargo.toml": package("leaf", "1.0.77", features={"fast": "[]"}), "leaf2/Cargo.toml": package("leaf", "2.5.0")})
    yield "new"
    yield "locked"


def prereleases(w, p):
    w.write(p, {"Cargo.toml": package(dependencies={"moon": '{ path = "moon" }', "twig": '"0.3"'}) + '[patch.crates-io]\nleaf = { path = "leaf" }\n',
                "moon/Cargo.toml": package("moon", "0.1.0-preview"), "leaf/Cargo.toml": package("leaf", "1.9.0-rc.1", features={"fast": "[]"})})
    yield "new"
    yield "locked"


def patch_unused(w, p):
    w.write(p, {"Cargo.toml": package(dependencies={"twig": '"0.3"'}) + '[patch.crates-io]\nleaf = { path = "leaf" }\n',
                "leaf/Cargo.toml": package("leaf", "9.0.0")})
    yield "new"
    yield "locked"


def patch_new_crate(w, p):
    w.write(p, {"Cargo.toml": package(dependencies={"unheard": '"1"'}) + '[patch.crates-io]\nunheard = { path = "unheard" }\n',
                "unheard/Cargo.toml": package("unheard", "1.2.3", dependencies={"leaf": '"1"'})})
    yield "new"
    yield "locked"


def patch_after_lock(w, p):
    w.write(p, {"Cargo.toml": package(dependencies={"twig": '"0.3"'})})
    yield "new"
    w.write(p, {"Cargo.toml": package(dependencies={"twig": '"0.3"'}) + '[patch.crates-io]\nleaf = { path = "leaf" }\n',
                "leaf/Cargo.toml": package("leaf", "1.0.77", features={"fast": "[]"})})
    yield "keep"


def patch_same_after_lock(w, p):
    w.write(p, {"Cargo.toml": package(dependencies={"twig": '"0.3"'})})
    yield "new"
    w.write(p, {"Cargo.toml": package(dependencies={"twig": '"0.3"'}) + '[patch.crates-io]\nleaf = { path = "leaf" }\n',
                "leaf/Cargo.toml": package("leaf", "1.3.0", features={"fast": "[]"})})
    yield "keep"


def patch_git(w, p):
    url, _ = w.repository("leafs", {"Cargo.toml": package("leaf", "1.0.80", features={"fast": "[]"}, dependencies={"stone": '"0.1"'})})
    w.write(p, {"Cargo.toml": package(dependencies={"twig": '"0.3"'}) + f'[patch.crates-io]\nleaf = {{ git = "{url}" }}\n'})
    yield "cargo"
    yield "locked"
    yield "locked, nothing fetched"


def patch_of_git(w, p):
    url, _ = w.repository("moss", {"Cargo.toml": package("moss", "0.2.0", dependencies={"leaf": '"1"'})})
    w.write(p, {"Cargo.toml": package(dependencies={"moss": f'{{ git = "{url}" }}'}) + f'[patch."{url}"]\nmoss = {{ path = "moss" }}\n',
                "moss/Cargo.toml": package("moss", "0.2.9", dependencies={"leaf": '"2"'})})
    yield "cargo"
    yield "locked"


def git_dependency(w, p):
    url, revision = w.repository("fern", {
        "Cargo.toml": '[workspace]\nmembers = ["fern", "spore"]\n[workspace.dependencies]\nleaf = { version = "1", features = ["fast"] }\n',
        "fern/Cargo.toml": package("fern", "0.4.0", dependencies={"spore": '{ path = "../spore" }', "leaf": "{ workspace = true }"}, dev__dependencies={"bud": '"1"'}),
        "spore/Cargo.toml": package("spore", "0.4.0", features={"dry": "[]"}, dependencies={"twig": '"0.3"', "branch": '{ version = "1", optional = true }'})}, tag="v4")
    w.write(p, {"Cargo.toml": package(dependencies={"fern": f'{{ git = "{url}" }}'}), })
    yield "cargo"
    yield "locked"
    yield "locked, nothing fetched"
    w.write(p, {"Cargo.toml": package(dependencies={"fern": f'{{ git = "{url}", tag = "v4" }}'}, dev__dependencies={"spore": f'{{ git = "{url}", tag = "v4", features = ["branch"] }}'})})
    yield "cargo"
    yield "locked"
    yield "locked, nothing fetched"
    w.write(p, {"Cargo.toml": package(dependencies={"fern": f'{{ git = "{url}", rev = "{revision[:9]}" }}', "bud": '"1"'})})
    yield "cargo"
    yield "locked"
    yield "locked, nothing fetched"


def git_branch_not_locked(w, p):
    url, _ = w.repository("kelp", {"Cargo.toml": package("kelp", "0.1.0")}, branch="deep")
    w.write(p, {"Cargo.toml": package(dependencies={"kelp": f'{{ git = "{url}", branch = "deep" }}'})})
    yield f"fail dependency `kelp` of package `app v0.1.0 ({p})` is in a Git repository ({url}), of which Cargo.lock does not tell"
    yield "cargo"
    yield "locked"
    yield "locked, nothing fetched"


def other_registry(w, p):
    w.write(p, {"Cargo.toml": package(dependencies={"altlib": '{ version = "0.7", registry = "alt" }', "twig": '"0.3"'})})
    yield "fail is in another registry (`alt`), of which Cargo.lock does not tell"
    yield "cargo"
    yield "locked"
    yield "locked, nothing fetched"


def old_snapshot(w, p):
    w.write(p, {"Cargo.toml": package(dependencies={"branch": '{ version = "1", features = ["open"] }', "twig": '"0.3"'})})
    yield "new"
    yield "locked, old snapshot"
    w.write(p, {"Cargo.toml": package(dependencies={"branch": '"1"', "twig": '"0.3"', "stone": '"0.1"'})})
    yield "fail, old snapshot Cargo.lock does not fit the manifests any more (`stone = \"^0.1\"` of `app v0.1.0"


def manifest_changes(w, p):
    w.write(p, {"Cargo.toml": package(dependencies={"leaf": '"=1.0.5"', "twig": '"0.3"'})})
    yield "new"
    w.write(p, {"Cargo.toml": package(dependencies={"leaf": '"1"', "twig": '"0.3"', "bud": '"=1.0.0"'})})
    yield "keep"
    w.write(p, {"Cargo.toml": package(dependencies={"bud": '"1"'})})
    yield "keep"
    w.write(p, {"Cargo.toml": package(dependencies={"leaf": '"1.2"', "bud": '"=1.0.0"'})})
    yield "keep"


def rust_versions(w, p):
    members = list(range(57, 93, 3))
    w.write(p, {"Cargo.toml": '[workspace]\nresolver = "3"\nmembers = ["m*"]\n'} |
            {f"m{v}/Cargo.toml": package(f"m{v}", more=f'rust-version = "1.{v}"\n', dependencies={"leaf": '"1"', "twig": '"0.3"'}) for v in members})
    yield "new"
    w.write(p, {f"m{v}/Cargo.toml": package(f"m{v}", more=f'rust-version = "1.{v + 2}"\n', dependencies={"leaf": '">=1.1"'}) for v in members})
    yield "new"


def rust_version_of_the_toolchain(w, p):
    w.write(p, {"Cargo.toml": package(edition="2024", dependencies={"leaf": '"1"'})})
    yield "new"
    w.write(p, {"Cargo.toml": package(edition="2024", dependencies={"leaf": '"1"'}), ".cargo/config.toml": '[resolver]\nincompatible-rust-versions = "allow"\n'})
    yield "new"
    w.write(p, {"Cargo.toml": package(edition="2021", dependencies={"leaf": '"1"'}), ".cargo/config.toml": '[resolver]\nincompatible-rust-versions = "fallback"\n'})
    yield "new"


def replaced(w, p):
    w.write(p, {"Cargo.toml": package(dependencies={"leaf": '"1"'}) + '[replace]\n"leaf:1.3.0" = { path = "leaf" }\n'})
    yield "fail `[replace]` in"


CASES = [patch_path, patch_same_version, patch_two_versions, prereleases, patch_unused, patch_new_crate, patch_after_lock, patch_same_after_lock, patch_git, patch_of_git,
         git_dependency, git_branch_not_locked, other_registry, old_snapshot, manifest_changes, rust_versions, rust_version_of_the_toolchain, replaced]


def compare(w, p, step):
    """What is wrong; empty: nothing."""
    lock, ours = p / "Cargo.lock", p / "ours.lock"
    resolve = [w.rustg, "graph", "resolve", "Cargo.toml", "-o", ours, "--registry"]
    if step == "cargo":
        w.run(["cargo", "update", "--workspace"] if lock.exists() else ["cargo", "generate-lockfile"], p)
        return ""
    if step.startswith("fail"):
        old = step.startswith("fail, old snapshot")
        text = step.removeprefix("fail, old snapshot").removeprefix("fail").strip()
        done = w.run(resolve + [w.old_snapshot if old else w.snapshot], p, check=False)
        return "" if done.returncode != 0 and text in done.stderr else f"should say: {text}\nsays: {done.stderr}"
    if step == "new":
        lock.unlink(missing_ok=True)
        cargo = w.run(["cargo", "generate-lockfile"], p, check=False)
        done = w.run(resolve + [w.snapshot, "--fresh"], p, check=False)
    elif step == "keep":
        done = w.run(resolve + [w.snapshot], p, check=False)
        cargo = w.run(["cargo", "update", "--workspace"], p, check=False)
    else:
        cargo = None
        snapshot = w.old_snapshot if step == "locked, old snapshot" else w.snapshot
        home = w.folder / "empty" if step == "locked, nothing fetched" else None
        done = w.run(resolve + [snapshot, "--locked"], p, check=False, home=home)
    if cargo is not None and (cargo.returncode != 0 or done.returncode != 0):
        return f"cargo: {cargo.stderr}\nrustg: {done.stderr}"
    if done.returncode != 0:
        return done.stderr
    if lock.read_bytes() == ours.read_bytes():
        return ""
    return w.run(["diff", lock, ours], p, check=False).stdout


def main():
    parser = argparse.ArgumentParser(usage=__doc__)
    parser.add_argument("rustg")
    parser.add_argument("cases", nargs="*")
    parser.add_argument("--keep")
    options = parser.parse_args()
    for tool in ("cargo", "rustc", "git"):
        if not shutil.which(tool):
            print(f"skipped: no {tool}")
            return 77
    folder = pathlib.Path(options.keep or tempfile.mkdtemp()).resolve()
    if folder.exists():
        shutil.rmtree(folder)
    folder.mkdir()
    w, wrong, steps = World(options.rustg, folder), 0, 0
    for case in CASES:
        if options.cases and case.__name__ not in options.cases:
            continue
        p = folder / case.__name__
        p.mkdir()
        try:
            for step in case(w, p):
                steps += step != "cargo"
                if problem := compare(w, p, step):
                    wrong += 1
                    print(f"{case.__name__}, {step}:\n{problem}\n")
        except NoGit:
            print(f"{case.__name__}: left out, since this cargo cannot read a Git repository")
    print(f"{steps} steps compared, {wrong} wrong")
    if not options.keep:
        shutil.rmtree(folder)
    return 1 if wrong or steps == 0 else 0


if __name__ == "__main__":
    sys.exit(main())
