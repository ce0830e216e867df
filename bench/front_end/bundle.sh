#!/bin/bash
# bench/front_end/bundle.sh BUILD OUT: gather in folder OUT what a machine with a GPU, and with nothing installed but python3, needs to measure the front
# end: programs of build folder BUILD with their libraries, rustc's lexer, the corpus, and run_front_end.sh.
set -euo pipefail
build=${1:?usage: bundle.sh BUILD OUT} out=${2:?usage: bundle.sh BUILD OUT}
root=$(cd "$(dirname "$0")/../.." && pwd)
mkdir -p "$out"/{bin,lib}

take() {
  strip -o "$out/bin/$(basename "$1")" "$1"
  ldd "$1" | awk '/=> \//{print $3}' | { grep -E 'lib(tbb|fmt|simdjson|xxhash|lz4|gtest|zstd)' || true; } | xargs -r cp -L -t "$out/lib"
}
for program in rustg front_end_bench; do take "$build/bin/$program"; done
take "$(command -v zstd)"
if tokens=$("$root/tests/lex/build_rustc_tokens" "$build/rustc_lexer"); then take "$tokens"; fi

corpus=${RUSTG_CORPUS:-$(ls -d /usr/src/rustc-* | head -1)}
if [ ! -f "$out/corpus.tar.zst" ]; then
  (cd "$corpus" && find . -name '*.rs' -type f | LC_ALL=C sort | tar -cf - --owner=0 --group=0 --mtime=@0 -T -) |
    nice zstd -q -19 --long=27 -T0 -o "$out/corpus.tar.zst"
fi
cp "$root/bench/front_end/end_to_end" "$root/bench/front_end/run_front_end.sh" "$out/"
du -sh "$out"
