#!/bin/bash
# run_front_end.sh: measure the front end from a bundle (see bundle.sh) on a machine with an NVIDIA GPU. Tables go to stdout, the rows of throughput
# against size to $OUT/series.tsv (default ./front-end-out). Every command has a time limit.
here=$(cd "$(dirname "$0")" && pwd)
OUT=${OUT:-$PWD/front-end-out}
mkdir -p "$OUT"
export LD_LIBRARY_PATH=$here/lib${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}
export PATH=$PATH:/usr/local/cuda/bin
work=$(mktemp -d -p "$([ -w /dev/shm ] && echo /dev/shm || echo /tmp)")
trap 'rm -rf "$work"' EXIT
mkdir "$work/corpus"
"$here/bin/zstd" -dq --long=27 -c "$here/corpus.tar.zst" | tar -C "$work/corpus" -xf - || exit 1
nvidia-smi --query-gpu=name,driver_version --format=csv,noheader 2>&1 | head -2
TMPDIR=$work timeout -k 5 "${RUSTG_LIMIT:-400}" python3 "$here/end_to_end" --bin "$here/bin" --corpus "$work/corpus" \
  --rustc-tokens "$here/bin/rustc_tokens" --threads "${RUSTG_THREAD_COUNTS:-1,2,$(nproc)}" --runs "${RUSTG_RUNS:-5}" \
  --series "$OUT/series.tsv" --device cuda 2>&1 | tee "$OUT/tables.txt"
echo "series:"
cat "$OUT/series.tsv"
