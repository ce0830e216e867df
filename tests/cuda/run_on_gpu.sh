#!/bin/bash
# run_on_gpu.sh STEP…: run rustg's GPU checks from a bundle (see bundle.sh) on a machine with an NVIDIA GPU. Steps:
#   devices   what is there
#   unit      the CUDA unit tests
#   hello     hello with each engine and 1, 32, 1024 instances, its output checked
#   spec      the specification's tests with each engine
#   examples  every example with each engine and 1 … 65536 instances: a table of instances/s, beside native on all cores
#   runpass   rustc's run-pass tests against what node made of them (RUSTG_RUN_PASS_COUNT: how many)
# Every command has a time limit; a failure is noted and the next one runs. Logs go to $OUT (default ./gpu-out).
#   RUSTG_ENGINES ("bytecode ptx"), RUSTG_COUNTS ("1 32 1024 8192 65536"), RUSTG_EXAMPLES (all), RUSTG_LIMIT (seconds a command: 60)
here=$(cd "$(dirname "$0")" && pwd)
OUT=${OUT:-$PWD/gpu-out}
mkdir -p "$OUT"
export LD_LIBRARY_PATH=$here/lib${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}
export PATH=$PATH:/usr/local/cuda/bin
engines=${RUSTG_ENGINES:-bytecode ptx}
counts=${RUSTG_COUNTS:-1 32 1024 8192 65536}
limit=${RUSTG_LIMIT:-60}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
failures=0

# try NAME LIMIT COMMAND…: run it; stdout and stderr to files of that name. Says how it ended.
try() {
  local name=$1 seconds=$2 rc=0
  shift 2
  timeout -k 5 "$seconds" "$@" >"$work/$name.out" 2>"$work/$name.err" </dev/null || rc=$?
  {
    echo "=== $name: rc $rc: $*"
    head -c 20000 "$work/$name.out"
    echo "--- stderr"
    head -c 20000 "$work/$name.err"
  } >>"$OUT/log.txt"
  return $rc
}
note() { echo "$*" | tee -a "$OUT/summary.txt"; }
fail() {
  note "FAILED $*"
  failures=$((failures + 1))
}

step_devices() {
  nvidia-smi --query-gpu=name,driver_version,memory.total,memory.used --format=csv,noheader 2>&1 | head -4
  nproc
  [ -x "$here/bin/rustg" ] && timeout 60 "$here/bin/rustg" devices
}

step_unit() {
  try unit 200 "$here/bin/cuda_test" || fail "unit tests: rc $?"
  tail -5 "$work/unit.out"
}

step_hello() {
  "$here/native/hello" >"$work/expected.txt"
  for engine in $engines; do
    try "hello-$engine" "$limit" "$here/bin/gpu_run" "$here/wasm/hello.wasm" --engine "$engine" || fail "hello $engine: rc $?"
    cmp "$work/expected.txt" "$work/hello-$engine.out" || fail "hello $engine: other output than native"
    for n in 1 32 1024; do
      if try "hello-$engine-$n" "$limit" "$here/bin/gpu_run" "$here/wasm/hello.wasm" --engine "$engine" --instances "$n"; then
        local want=$((n * $(wc -l <"$work/expected.txt"))) got
        got=$(wc -l <"$work/hello-$engine-$n.out")
        [ "$want" = "$got" ] && note "ok hello $engine $n: $got lines" || fail "hello $engine $n: $got lines, not $want"
      else
        fail "hello $engine $n: rc $?"
      fi
      tail -n 2 "$work/hello-$engine-$n.err"
    done
  done
}

step_spec() {
  tar -C "$work" -xzf "$here/spec/spec.tar.gz"
  for engine in $engines; do
    try "spec-$engine" "${RUSTG_SPEC_LIMIT:-280}" "$here/bin/gpu_spec" --engine "$engine" --jobs "$(nproc)" "$work" ||
      fail "spec $engine: rc $?"
    grep -v ' 0 failed' "$work/spec-$engine.out" | head -60
    tail -n 2 "$work/spec-$engine.err"
    cp "$work/spec-$engine.out" "$OUT/spec-$engine.txt"
  done
}

# native NAME: seconds for nproc × 2 runs on all cores, as instances a second.
native_rate() {
  local name=$1 runs=$(($(nproc) * 2)) begin end
  begin=$(date +%s.%N)
  (cd "$here/wasm" && seq "$runs" | timeout 120 xargs -P "$(nproc)" -I{} "$here/native/$name" $2 >/dev/null 2>&1 </dev/null)
  end=$(date +%s.%N)
  awk -v n="$runs" -v a="$begin" -v b="$end" 'BEGIN { printf "%.0f", n / (b - a) }'
}

step_examples() {
  local names=${RUSTG_EXAMPLES:-$(cd "$here/wasm" && ls ./*.wasm | sed 's,^./,,; s,\.wasm$,,')}
  for name in $names; do
    local args=""
    [ -f "$here/wasm/$name.args" ] && args=$(cat "$here/wasm/$name.args")
    (cd "$here/wasm" && timeout 60 "$here/native/$name" $args >"$work/native.txt" 2>/dev/null </dev/null)
    local native_code=$?
    note "native $name: $(native_rate "$name" "$args") instances/s on $(nproc) cores, exit code $native_code"
    for engine in $engines; do
      for n in $counts; do
        local quiet=--quiet
        [ "$n" = 1 ] && quiet="" # and not told that it is an instance, as natively
        (cd "$here/wasm" && try "$name-$engine-$n" "$limit" "$here/bin/gpu_run" "$name.wasm" --engine "$engine" \
          $([ "$n" = 1 ] || echo "--instances $n") --dir . --dir /dev $quiet -- $args)
        local code=$? line
        line=$(grep '^gpu_run:' "$work/$name-$engine-$n.err" | tail -1)
        note "$name $engine n=$n rc=$code: ${line#gpu_run: }"
        if [ "$n" = 1 ] && ! cmp -s "$work/native.txt" "$work/$name-$engine-1.out"; then
          fail "$name $engine: other output than native"
        fi
        if [ "$code" = 124 ]; then break; fi # more instances will not be faster
      done
    done
  done
}

# Several processes share the device. With ptx each one's hardware stacks take a part of its memory, so there are fewer of them, with
# smaller stacks; what fails so is tried again alone, with the stack that a run takes by itself.
step_runpass() {
  mkdir -p "$work/runpass" "$work/cache"
  python3 -c 'import lzma, shutil, sys; shutil.copyfileobj(lzma.open(sys.argv[1]), sys.stdout.buffer, 1 << 24)' "$here/runpass/modules.tar.xz" |
    tar -C "$work/runpass" -xf -
  export RUSTG_CACHE_DIR=$work/cache
  for engine in $engines; do
    local jobs options=""
    jobs=$(nproc)
    [ "$engine" = ptx ] && jobs=8 && options="--stack 32768"
    cp "$here/runpass/list.txt" "$work/runpass/list.txt"
    # shellcheck disable=SC2086 # the options are two words or none
    timeout "${RUSTG_RUN_PASS_LIMIT:-400}" "$here/bin/gpu_run_pass" --engine "$engine" --jobs "$jobs" $options \
      --count "${RUSTG_RUN_PASS_COUNT:-100000}" "$work/runpass" >"$work/first.txt" 2>"$OUT/runpass-$engine.err"
    grep '^FAILED' "$work/first.txt" | awk '{print $2, $3}' | tr -d : >"$work/runpass/list.txt"
    timeout "${RUSTG_RUN_PASS_AGAIN:-60}" "$here/bin/gpu_run_pass" --engine "$engine" --jobs 1 "$work/runpass" >"$work/again.txt" 2>&1
    # What the second round did not reach keeps its first result.
    awk 'FNR == NR { if ($1 == "ok" || $1 == "FAILED") { seen[$2] = 1; print }; next } !($2 in seen)' "$work/again.txt" "$work/first.txt" >"$OUT/runpass-$engine.txt"
    note "run-pass $engine: $(grep -c '^ok' "$OUT/runpass-$engine.txt") passed, $(grep -c '^FAILED' "$OUT/runpass-$engine.txt") failed;" \
      "first round: $(grep ' modules: ' "$work/first.txt" || echo 'ended by the time limit')"
    grep '^FAILED' "$OUT/runpass-$engine.txt" | cut -c1-200 | head -40
  done
}

for step in "${@:-devices}"; do
  echo "##### $step"
  "step_$step"
done
echo "##### summary"
cat "$OUT/summary.txt" 2>/dev/null
echo "failures: $failures"
