#!/usr/bin/env python3
"""cargo_index.py DATA.jsonl.zst OUT: a registry for cargo made of JSON lines, for `[source.X] local-registry = "OUT"`.

The data has no checksums; a version's is the SHA-256 of `name-version`. There are no .crate files: cargo needs none to make a lock file."""
import hashlib, json, os, subprocess, sys


def place(name):
    low = name.lower()
    if len(low) <= 2:
        return os.path.join(str(len(low)), low)
    if len(low) == 3:
        return os.path.join("3", low[0], low)
    return os.path.join(low[:2], low[2:4], low)


def line_of(record):
    for dep in record["deps"]:
        dep.setdefault("features", [])
        dep.setdefault("optional", False)
        dep.setdefault("default_features", True)
        dep.setdefault("target", None)
        dep.setdefault("kind", "normal")
    record["cksum"] = hashlib.sha256(f"{record['name']}-{record['vers']}".encode()).hexdigest()
    record.setdefault("features", {})
    if any("dep:" in v or "?/" in v for values in record["features"].values() for v in values):
        record["v"] = 2
        record["features2"] = record["features"]
        record["features"] = {}
    return json.dumps(record, separators=(",", ":"))


def main(data, out):
    source = subprocess.Popen(["zstdcat", "--long=27", data], stdout=subprocess.PIPE)
    name, lines, folders = None, [], set()

    def write():
        if name is None:
            return
        path = os.path.join(out, "index", place(name))
        folder = os.path.dirname(path)
        if folder not in folders:
            os.makedirs(folder, exist_ok=True)
            folders.add(folder)
        with open(path, "w") as file:
            file.write("\n".join(lines) + "\n")

    for line in source.stdout:
        record = json.loads(line)
        if record["name"] != name:
            write()
            name, lines = record["name"], []
        lines.append(line_of(record))
    write()
    return source.wait()


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    sys.exit(main(*sys.argv[1:]))
