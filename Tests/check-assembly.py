#!/usr/bin/env python3
"""Checks the machine code of the dense kernels: what a benchmark on one machine cannot show.

Compiles ReplanNumerics and ReplanCore to assembly for a bare 64-bit ARM, for x86-64-v3 and for
x86-64-v4, and looks at the dense loops of the networks' functions: the innermost ones whose only
arithmetic on numbers is to multiply and add (the activations' loops divide and compare).

* only vector instructions multiply and add there (`fmla v.4s`, `vfmadd… ymm/zmm`),
* a whole tile of sums stays in registers: nothing in the loop touches the stack or stores,
* no loop calls anything, and nothing anywhere refers to libm's `fmaf`.

Usage: check-assembly.py [--keep FOLDER] [TARGET…]   (targets: aarch64 v3 v4; default all
that this machine's Swift compiles)
Exit code 0 if all hold, 1 if one does not, 70 if a compilation failed.
"""

import argparse
import pathlib
import platform
import re
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent
FEATURES = ["ExistentialAny", "InternalImportsByDefault", "MemberImportVisibility"]
EMBEDDED = ["-enable-experimental-feature", "Embedded", "-no-allocations"]
BARE_ARM = ["-target", "aarch64-none-none-elf"] + EMBEDDED

# Name, compiler options, multiply-adds of a tile in each loop iteration.
TARGETS = {
    "aarch64": (BARE_ARM, 24),
    "v3": (["-Xcc", "-march=x86-64-v3"], 12),
    "v4": (["-Xcc", "-march=x86-64-v4", "-DREPLAN_WIDE_TILE"], 4),
}

# Functions that hold dense kernels: a part of the mangled name, and the least number of dense loops.
# Forward there are hidden layers and the head; for the Jacobian a pass forward and one back, transposed.
FUNCTIONS = {
    "Ensemble.forward": ("8EnsembleV7forward6member", 2),
    "Ensemble.linearizeOutputs": ("8EnsembleV16linearizeOutputs", 2),
}

OTHER_ARITHMETIC = re.compile(
    r"^(v(add|sub|mul|div|max|min|cmp)\w*ps|f(add|sub|mul|div|max|min|cm))"
)
MULTIPLY_ADD = re.compile(r"^(v?fn?m(add|sub)\w*|fml[as])\b")
VECTOR = re.compile(r"[yz]mm\d+|\bv\d+\.4s")
CALL = re.compile(r"^(call\w*|bl|blr)\b")
BRANCH = re.compile(r"^(j\w+|b(\.\w+)?|cbn?z|tbn?z)\s+(?:.*,\s*)?(\.L\w+)$")
STORE = re.compile(r"^(v?mov\w*\s+[%\w]+,\s*[-\w]*\(|st[rpu]\w*|st1)")
STACK = re.compile(r"\(%rsp|\[sp\b")
FRAME = {"%rbp": (re.compile(r"movq\s+%rsp, %rbp"), re.compile(r"\(%rbp")),
         "x29": (re.compile(r"(mov|add)\s+x29, sp"), re.compile(r"\[x29\b"))}


def compile_core(options, folder):
    """The assembly of ReplanCore."""
    common = ["swiftc", "-O", "-wmo", "-parse-as-library", "-swift-version", "6"] + options
    for feature in FEATURES:
        common += ["-enable-upcoming-feature", feature]

    def sources(module):
        return [str(p) for p in sorted((ROOT / "Sources" / module).rglob("*.swift"))]

    numerics = common + ["-module-name", "ReplanNumerics", "-emit-module", "-emit-module-path",
                         str(folder / "ReplanNumerics.swiftmodule")]
    assembly = folder / "ReplanCore.s"
    core = common + ["-module-name", "ReplanCore", "-I", str(folder), "-emit-assembly", "-o",
                     str(assembly)]
    for command, module in [(numerics, "ReplanNumerics"), (core, "ReplanCore")]:
        result = subprocess.run(command + sources(module), capture_output=True, text=True)
        if result.returncode != 0:
            print(result.stderr, file=sys.stderr)
            print(f"{module} does not compile for this target", file=sys.stderr)
            sys.exit(70)
    return assembly.read_text().splitlines()


def functions(lines):
    """Bodies of the functions by name: instructions and local labels."""
    bodies, name = {}, None
    for line in lines:
        text = re.sub(r"\s+(//|##? ).*", "", line).strip()
        symbol = re.match(r'^"?(\$[es][^":]+)"?:$', text)
        if symbol:
            name = symbol[1]
            bodies[name] = []
        elif text.startswith(".Lfunc_end") or text.startswith(".cfi_endproc"):
            name = None
        elif name and (not text.startswith(".") or re.match(r"^\.L\w+:$", text)) and text:
            bodies[name].append(re.sub(r"\s+", " ", text))
    return bodies


def innermost_loops(body):
    """Instructions of each loop without another one inside."""
    labels = {text[:-1]: i for i, text in enumerate(body) if text.endswith(":")}
    ranges = set()
    for i, text in enumerate(body):
        branch = BRANCH.match(text)
        if branch and labels.get(branch[3], i) < i:
            ranges.add((labels[branch[3]], i))
    for first, last in sorted(ranges):
        if not any((a, b) != (first, last) and first <= a and b <= last for a, b in ranges):
            yield [text for text in body[first : last + 1] if not text.endswith(":")]


def faults(loop, body, tile):
    """What is wrong with a multiply-add loop."""
    text = "\n".join(body)
    stack = [STACK] + [use for made, use in FRAME.values() if made.search(text)]
    sums = [i for i in loop if MULTIPLY_ADD.match(i)]
    if len(sums) % tile != 0:
        yield f"{len(sums)} multiply-adds are no multiple of a tile's {tile}"
    for instruction in loop:
        if MULTIPLY_ADD.match(instruction) and not VECTOR.search(instruction):
            yield f"not on vectors: {instruction}"
        if CALL.match(instruction):
            yield f"a call: {instruction}"
        if STORE.match(instruction) or any(use.search(instruction) for use in stack):
            yield f"memory traffic: {instruction}"


def check(name, folder):
    options, tile = TARGETS[name]
    folder.mkdir(parents=True, exist_ok=True)
    lines = compile_core(options, folder)
    bodies = functions(lines)
    wrong = [line.strip() for line in lines if re.search(r"\bfmaf?\b(@PLT)?\s*$", line)
             and not line.lstrip().startswith(".")]
    good = not wrong
    tell(f"{name}: refers to libm: ", wrong)
    for function, (part, least) in FUNCTIONS.items():
        loops, largest, messages = 0, 0, {}
        for symbol, body in bodies.items():
            if part not in symbol:
                continue
            for loop in innermost_loops(body):
                count = sum(1 for i in loop if MULTIPLY_ADD.match(i))
                if count < tile or any(OTHER_ARITHMETIC.match(i) for i in loop):
                    continue
                loops += 1
                largest = max(largest, count)
                messages.update(dict.fromkeys(faults(loop, body, tile)))
        good = good and not messages
        tell(f"{name}: {function}: ", messages)
        if loops < least:
            good = False
            print(f"{name}: {function}: {loops} dense loops, at least {least} are expected")
        else:
            print(f"{name}: {function}: {loops} dense loops, up to {largest} multiply-adds each")
    print(f"{name}: {'ok' if good else 'FAILED'}")
    return good


def tell(start, messages):
    """Prints the first few messages and how many there are more."""
    for message in list(messages)[:5]:
        print(start + message)
    if len(messages) > 5:
        print(f"{start}and {len(messages) - 5} more")


def own_targets():
    """Bare ARM from everywhere; x86-64 where the standard library for it is."""
    return list(TARGETS) if platform.machine() == "x86_64" else ["aarch64"]


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--keep", type=pathlib.Path, help="leave the assembly in this folder")
    parser.add_argument("targets", nargs="*", metavar="TARGET", help=" ".join(TARGETS))
    arguments = parser.parse_args()
    unknown = [name for name in arguments.targets if name not in TARGETS]
    if unknown:
        parser.error(f"no target {unknown[0]}; there are {' '.join(TARGETS)}")
    with tempfile.TemporaryDirectory() as temporary:
        folder = arguments.keep or pathlib.Path(temporary)
        names = arguments.targets or own_targets()
        results = [check(name, folder / name) for name in names]
    sys.exit(0 if all(results) else 1)


if __name__ == "__main__":
    main()
