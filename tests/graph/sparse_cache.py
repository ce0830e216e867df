#!/usr/bin/env python3
"""sparse_cache.py RUSTG REGISTRY NAME@VERSION...: what cargo keeps of a sparse index as an index for rustg.

REGISTRY is what cargo_index.py made. Serves it on this machine, lets cargo make the lock file of a package that depends on all the crates, imports the cache
that cargo has written meanwhile, and resolves the same package with it: the lock files have to be equal."""
import functools, http.server, json, os, pathlib, subprocess, sys, tempfile, threading

CONFIG = '[source.crates-io]\nreplace-with = "here"\n[source.here]\nregistry = "sparse+http://127.0.0.1:{}/"\n'


class Index(http.server.SimpleHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        if self.path != "/config.json":
            return super().do_GET()
        body = json.dumps({"dl": "http://127.0.0.1/none"}).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


def main(rustg, registry, *crates):
    handler = functools.partial(Index, directory=os.path.join(registry, "index"))
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        (folder / "src").mkdir()
        (folder / "src/lib.rs").write_text("")
        (folder / ".cargo").mkdir()
        (folder / ".cargo/config.toml").write_text(CONFIG.format(server.server_address[1]))
        wanted = "".join('{} = "={}"\n'.format(*c.split("@")) for c in crates)
        (folder / "Cargo.toml").write_text(f'[package]\nname = "root"\nversion = "0.1.0"\nedition = "2021"\n[dependencies]\n{wanted}')
        environment = {k: v for k, v in os.environ.items() if "proxy" not in k.lower()}
        environment["CARGO_HOME"] = str(folder / "home")
        subprocess.run(["cargo", "generate-lockfile"], cwd=folder, env=environment, check=True)
        cache = list((folder / "home/registry/index").iterdir())
        assert len(cache) == 1, cache
        snapshot = folder / "cache.rgraph"
        subprocess.run([rustg, "graph", "import", cache[0], "-o", snapshot, "--stats"], check=True)
        subprocess.run([rustg, "graph", "resolve", "--fresh", "--registry", snapshot, folder / "Cargo.toml", "-o", folder / "own.lock"], check=True)
        if (folder / "Cargo.lock").read_bytes() != (folder / "own.lock").read_bytes():
            subprocess.run(["diff", folder / "Cargo.lock", folder / "own.lock"])
            return 1
        print("equal lock files:", (folder / "Cargo.lock").read_text().count("[[package]]"), "packages")
    return 0


if __name__ == "__main__":
    if len(sys.argv) < 4:
        sys.exit(__doc__)
    sys.exit(main(*sys.argv[1:]))
