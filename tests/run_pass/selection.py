"""Which of rustc's tests/ui files apply: single-file `//@ run-pass` tests that a wasm32-wasip1 program can pass."""
import pathlib
import re
from dataclasses import dataclass, field

# `needs-X` that wasm32-wasip1 with panic=abort has. Whatever else a test needs, it is skipped for.
HAVE = {"target-has-atomic", "relocation-model-pic", "run-enabled", "deterministic-layouts"}
ATOMIC_WIDTHS = {"8", "16", "32", "64", "ptr"}
ONLY = {"only-wasm32", "only-wasm32-wasip1", "only-32bit", "only-wasi"}
IGNORE = {"ignore-test", "ignore-auxiliary", "ignore-wasm", "ignore-wasm32", "ignore-wasm32-bare", "ignore-wasm32-wasip1",
          "ignore-wasi", "ignore-32bit",
          "ignore-cross-compile", "ignore-remote"}
# These mean more than one crate, more than one compilation, or a run that is not this program's.
BEYOND = {"proc-macro", "aux-build", "aux-bin", "aux-crate", "aux-codegen-backend", "force-host", "incremental",
          "revisions", "build-aux-docs", "add-core-stubs", "add-minicore"}


@dataclass
class Test:
    path: pathlib.Path          # of the source
    name: str                   # relative to tests/ui
    edition: str = "2015"
    flags: list = field(default_factory=list)
    args: list = field(default_factory=list)
    env: dict = field(default_factory=dict)        # for the program
    rustc_env: dict = field(default_factory=dict)  # for the compiler


def directives(text):
    for match in re.finditer(r"^\s*//@\s*(.*?)\s*$", text, re.M):
        line = match.group(1)
        name = re.match(r"[\w-]*", line).group(0)
        rest = line[len(name):].lstrip()
        yield name, rest[1:].strip() if rest.startswith(":") else ""


def select(ui):
    """(tests, {reason: number skipped}), in a fixed order."""
    tests, skipped = [], {}
    for path in sorted(ui.rglob("*.rs")):
        text = path.read_bytes().decode("utf-8", "replace")
        found = list(directives(text))
        if not any(name == "run-pass" for name, _ in found):
            continue
        test = Test(path, str(path.relative_to(ui)))
        reason = None
        for name, value in found:
            if name in BEYOND or name in IGNORE:
                reason = name
            elif name.startswith("only-") and name not in ONLY:
                reason = name
            elif name == "needs-target-has-atomic":
                if not set(re.split(r"[\s,]+", value)) <= ATOMIC_WIDTHS:
                    reason = f"{name} {value}"
            elif name.startswith("needs-") and name.removeprefix("needs-") not in HAVE:
                reason = name
            elif name == "edition":
                test.edition = re.split(r"\W", value)[0]
            elif name == "compile-flags":
                test.flags += value.split()
            elif name == "run-flags":
                test.args += value.split()
            elif name in ("exec-env", "rustc-env"):
                key, _, text_value = value.partition("=")
                (test.env if name == "exec-env" else test.rustc_env)[key] = text_value
        if "-Cpanic=unwind" in test.flags or "panic=unwind" in test.flags or any(f.startswith("--target") for f in test.flags):
            reason = "compile-flags for another target"
        if reason:
            skipped[reason] = skipped.get(reason, 0) + 1
        else:
            tests.append(test)
    return tests, skipped
