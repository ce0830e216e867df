#!/bin/bash
# tests/cuda/bundle.sh BUILD OUT: gather in folder OUT what a machine with a GPU needs to run rustg's GPU tests and benchmarks: programs of
# build folder BUILD with their libraries, the examples as wasm and native, the specification's tests, and run_on_gpu.sh.
#   RUSTG_SYSROOT   a sysroot with std for wasm32-wasip1 (default: rustc's own)
#   RUSTG_SPEC_DATA wasm-spec-….tar.zst (default: ../shared/data beside the checkout)
#   RUSTG_RUN_PASS  the cache of tests/run_pass/run_pass.py: its modules and what node made of them (optional)
set -euo pipefail
build=${1:?usage: bundle.sh BUILD OUT} out=${2:?usage: bundle.sh BUILD OUT}
root=$(cd "$(dirname "$0")/../.." && pwd)
mkdir -p "$out"/{bin,lib,wasm,native,spec,runpass}

for program in rustg gpu_run gpu_run_pass gpu_spec cuda_test; do
  [ -x "$build/bin/$program" ] || { echo "bundle: $program is not built, left out"; continue; }
  strip -o "$out/bin/$program" "$build/bin/$program"
  ldd "$build/bin/$program" | awk '/=> \//{print $3}' | grep -E 'lib(tbb|fmt|simdjson|xxhash|lz4|gtest)' |
    xargs -r cp -L -t "$out/lib"
done

rustc=${RUSTG_RUSTC:-/usr/bin/rustc}
sysroot=${RUSTG_SYSROOT:+--sysroot $RUSTG_SYSROOT}
linker=$(command -v wasm-ld-19 || command -v rust-lld || true)
for source in "$root"/examples/*.rs; do
  name=$(basename "$source" .rs)
  if [ "$source" -nt "$out/wasm/$name.wasm" ]; then
    # shellcheck disable=SC2086 # the sysroot is two words or none
    timeout 120 "$rustc" --edition 2021 $sysroot --target wasm32-wasip1 -Cpanic=abort ${linker:+-Clinker=$linker} -O \
      "$source" -o "$out/wasm/$name.wasm" 2>/dev/null || echo "bundle: $name does not compile for wasm, left out"
    timeout 120 "$rustc" --edition 2021 -Cpanic=abort -O -Cstrip=symbols "$source" -o "$out/native/$name" 2>/dev/null ||
      echo "bundle: $name does not compile natively, left out"
  fi
done
cp -r "$root"/examples/*.txt "$out/wasm/" 2>/dev/null || true
# Work for one lane: a GPU's lane is many times slower than a core.
while read -r name args; do echo "$args" >"$out/wasm/$name.args"; done <<'ARGS'
char_count sample.txt
word_count sample.txt
json sample.json
sha256 sample.txt
nbody 1000
matrix 24
primes 20000
sort 4000
recursion 16
mandelbrot /dev/null 16
ARGS
python3 -c 'import json; print(json.dumps([{"id": i, "price": i * 1.25, "tags": ["a", "b%d" % i], "none": None} for i in range(20)]))' \
  >"$out/wasm/sample.json"

spec=${RUSTG_SPEC_DATA:-$(ls "$root"/../shared/data/wasm-spec-*.tar.zst 2>/dev/null | head -1)}
if [ -f "$spec" ] && [ ! -f "$out/spec/spec.tar.gz" ]; then
  zstdcat "$spec" | gzip -9 >"$out/spec/spec.tar.gz"
fi
if [ -f "${RUSTG_RUN_PASS:-}/index.json" ]; then
  # The modules that node ran to exit code 0, spread by a hash of their names: any first N are a fair sample.
  python3 - "$RUSTG_RUN_PASS" >"$out/runpass/list.txt" <<'LIST'
import hashlib, json, pathlib, sys
records = json.loads((pathlib.Path(sys.argv[1]) / "index.json").read_text())
records = [r for r in records if r.get("node_exit") == 0 and not r["args"] and not r["env"]]
for r in sorted(records, key=lambda r: hashlib.sha256(r["name"].encode()).digest()):
    print(r["key"], r["name"])
LIST
  awk '{print $1 ".wasm"; print $1 ".stdout"}' "$out/runpass/list.txt" |
    tar -C "$RUSTG_RUN_PASS" -cf - -T - | xz -T0 --lzma2=preset=3,dict=64MiB >"$out/runpass/modules.tar.xz"
fi
cp "$root/tests/cuda/run_on_gpu.sh" "$out/"
du -sh "$out"
