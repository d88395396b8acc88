"""Learns and runs the cart-pole swing-up with an actuator that lags by 0 to 3 samples, in lockstep.

For each lag, as many seeds as asked: `learn`, two episodes of `run`, `refit`, `promote`, and an episode that
is judged. Prints the median return of each lag and how far it lies below that without lag. Fails where
a swing-up is not learned, or where a median is more than a tenth worse (from ten seeds on; of fewer
the median says little).
"""
import argparse
import json
import pathlib
import statistics
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent
TOLERANCE = 0.10


def events(program, command, robot, *options):
    run = subprocess.run([program, command, robot, "--json", *options], capture_output=True, text=True)
    found = [json.loads(line) for line in run.stdout.splitlines()]
    if not found or found[-1]["event"] == "error":
        sys.exit(f"{command} failed: {run.stdout}{run.stderr}")
    return found


def judged(program, lag, seed, folder):
    """The return of one seed, and whether it was learned and done again."""
    text = (ROOT / "robots/cart-pole.yaml").read_text()
    assert text.count("\nlatency: 0") == 1
    robot = folder / "robot.yaml"
    robot.write_text(text.replace("\nlatency: 0", f"\nlatency: {lag}"))
    workspace = folder / f"{lag}-{seed}"
    common = ["--seed", str(seed), "--workspace", str(workspace)]
    plant = [*common, "--lockstep", "--actuation-delay", str(lag)]
    learned = events(program, "learn", robot, *plant)[-1]["success"]
    events(program, "run", robot, *plant, "--duration", "4", "--episodes", "2")
    events(program, "refit", robot, *common)
    # What is judged is what more data make of the model, whatever a promotion would say of it.
    events(program, "promote", workspace, "--force")
    last = events(program, "run", robot, *plant, "--duration", "4")
    episode = [event for event in last if event["event"] == "episode"][-1]
    return episode["return"], learned, episode["success"]


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--program", default=str(ROOT / ".build/release/replan"))
    parser.add_argument("--seeds", type=int, default=10)
    arguments = parser.parse_args()
    reference = None
    failures = []
    print("lag  learned  again  median return  below lag 0")
    for lag in range(4):
        with tempfile.TemporaryDirectory() as folder:
            results = [
                judged(arguments.program, lag, seed, pathlib.Path(folder))
                for seed in range(1, arguments.seeds + 1)
            ]
        median = statistics.median(result[0] for result in results)
        reference = median if reference is None else reference
        below = median / reference - 1
        learned = sum(result[1] for result in results)
        print(
            f"{lag:3}  {learned:7}  {sum(r[2] for r in results):5}  {median:13.1f}  {below:+11.1%}",
            flush=True)
        if learned < arguments.seeds:
            failures.append(f"lag {lag}: {arguments.seeds - learned} swing-ups were not learned")
        if arguments.seeds >= 10 and below > TOLERANCE:
            failures.append(f"lag {lag}: the return is {below:.1%} below that without lag")
    for failure in failures:
        print(failure, file=sys.stderr)
    sys.exit(1 if failures else 0)


if __name__ == "__main__":
    main()
