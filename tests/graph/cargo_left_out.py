#!/usr/bin/env python3
"""cargo_left_out.py DATA.jsonl.zst REGISTRY IMPORT.json

What `rustg graph import DATA --format json` (its output is IMPORT.json) left out: whether cargo leaves it out too. REGISTRY is what cargo_index.py
made of DATA. Cargo is asked for a lock file of a package that depends on that very version: where it ignores the line it says that there is no such
version."""
import json, os, pathlib, subprocess, sys, tempfile

from cargo_locks import CONFIG


def main(data, registry, report):
    problems = {p["line"]: p for p in json.loads(pathlib.Path(report).read_text())["problems"]}
    source = subprocess.Popen(["zstdcat", "--long=27", data], stdout=subprocess.PIPE)
    for number, line in enumerate(source.stdout, 1):
        if number in problems:
            problems[number]["record"] = json.loads(line)
    folder = pathlib.Path(tempfile.mkdtemp())
    (folder / ".cargo").mkdir()
    (folder / ".cargo/config.toml").write_text(CONFIG.format(os.path.abspath(registry)))
    differ = 0
    for number, problem in sorted(problems.items()):
        name, version = problem["record"]["name"], problem["record"]["vers"]
        project = folder / str(number)
        (project / "src").mkdir(parents=True)
        (project / "src/lib.rs").touch()
        (project / "Cargo.toml").write_text(f'[package]\nname = "root"\nversion = "0.1.0"\nedition = "2021"\n[dependencies]\n{name} = "={version.split("+")[0]}"\n')
        cargo = subprocess.run(["cargo", "generate-lockfile", "--offline"], cwd=project, env=dict(os.environ, CARGO_HOME=str(folder / "home")), capture_output=True, text=True)
        gone = f'for the requirement `{name} = "={version.split("+")[0]}"`' in cargo.stderr or f"no matching package named `{name}` found" in cargo.stderr
        if not gone:
            differ += 1
            print(f"{number} {name} {version}: left out ({problem['message']}); cargo: {'resolves' if cargo.returncode == 0 else cargo.stderr.strip()[:400]}")
    print(f"{len(problems)} lines left out, of which cargo takes {differ}")
    return 1 if differ else 0


if __name__ == "__main__":
    if len(sys.argv) != 4:
        sys.exit(__doc__)
    sys.exit(main(*sys.argv[1:]))
