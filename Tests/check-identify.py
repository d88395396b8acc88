"""Identifies the simulated cart-pole's parameters from three seconds of it and swings it up with them.

For each seed another plant is drawn: `collect`, `identify --kind physics`, and one episode of `run`
with that model, in lockstep. Prints what became of each; fails where fewer than nine in ten succeed at
the first attempt, or an excitation lasted longer than three seconds.
"""
import argparse
import json
import pathlib
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent
ROBOT = ROOT / "robots/cart-pole.yaml"


def events(program, *arguments):
    run = subprocess.run([program, *map(str, arguments), "--json"], capture_output=True, text=True)
    found = [json.loads(line) for line in run.stdout.splitlines()]
    if not found or found[-1]["event"] == "error" or run.returncode not in (0, 1):
        sys.exit(f"{arguments[0]} failed: {run.stdout}{run.stderr}")
    return found


def attempt(program, seed, seconds, folder):
    """Seconds of excitation, and whether the first episode succeeded."""
    workspace = folder / str(seed)
    model = folder / f"{seed}.safetensors"
    plant = ["--lockstep", "--seed", seed, "--workspace", workspace]
    collected = events(
        program, "collect", ROBOT, *plant, "--duration", seconds, "--excitation", "multisine")
    spent = sum(event["seconds"] for event in collected if event["event"] == "episode")
    events(
        program, "identify", "--robot", ROBOT, "--kind", "physics", "--data", workspace,
        "--out", model)
    run = events(program, "run", ROBOT, *plant, "--model", model)
    return spent, next(event for event in run if event["event"] == "episode")["success"]


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--program", default=str(ROOT / ".build/release/replan"))
    parser.add_argument("--seeds", type=int, default=10)
    parser.add_argument("--seconds", type=float, default=3)
    arguments = parser.parse_args()
    successes = 0
    with tempfile.TemporaryDirectory() as folder:
        for seed in range(1, arguments.seeds + 1):
            spent, success = attempt(
                arguments.program, seed, arguments.seconds, pathlib.Path(folder))
            successes += success
            print(f"seed {seed:3}  {spent:.2f} s  {'swung up' if success else 'FAILED'}", flush=True)
            if spent > 3:
                sys.exit(f"the excitation lasted {spent} s")
    print(f"{successes} of {arguments.seeds} at the first attempt")
    sys.exit(0 if successes >= 0.9 * arguments.seeds else 1)


if __name__ == "__main__":
    main()
