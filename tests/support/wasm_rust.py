"""The Rust compiler for wasm32-wasip1, found as rustg finds it: rustup's target first, then a sysroot that ./x sysroot made."""
import os
import pathlib
import shutil
import subprocess

REASON = "no Rust compiler for wasm32-wasip1; `rustup target add wasm32-wasip1` or `./x sysroot` make one"


def find_compiler():
    """The compiler and the flags it needs, or None."""
    rustc = os.environ.get("RUSTC", "rustc")
    if shutil.which(rustc):
        folder = subprocess.run([rustc, "--print=target-libdir", "--target=wasm32-wasip1"], capture_output=True, text=True)
        if folder.returncode == 0 and any(pathlib.Path(folder.stdout.strip()).glob("libstd-*.rlib")):
            return [rustc]
    cache = pathlib.Path(os.environ.get("XDG_CACHE_HOME") or pathlib.Path.home() / ".cache")
    sysroot = pathlib.Path(os.environ.get("RUSTG_SYSROOT") or cache / "rustg" / "sysroot")
    if not (sysroot / "rustc").exists():
        return None
    return [(sysroot / "rustc").read_text().strip(), "--sysroot", str(sysroot),
            "-Clinker=" + (sysroot / "linker").read_text().strip()]
