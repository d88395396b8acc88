"""What all peers share: a loop that answers each request with the durations of that many ticks.

A request is one line of JSON on standard input, {"work": NAME, "repeat": N, "clock": "wall"|"cpu"};
the answer is one line on standard output, {"us": [...], "note": TEXT}. Between requests a peer
waits for input and takes no time from the others.

The number of threads is set to one before any numerical library is loaded: import this first.
"""

import json
import os
import sys
import time

for _library in ("OMP", "MKL", "OPENBLAS"):
    os.environ[f"{_library}_NUM_THREADS"] = "1"

HIDDEN = {"cem-2x64": (64, 64), "cem-3x200": (200, 200, 200), "mppi": (64, 64)}
MEMBERS, CANDIDATES, HORIZON, ITERATIONS, ELITES = 5, 200, 25, 5, 20
# The cart-pole of the networks' reward: distance of the pole's tip from where it is upright.
POLE = 0.6
START = [0.0, 0.1, 0.0, 0.0]


def layer_widths(work):
    """Widths from the inputs (sine and cosine of the angle) to means and log-variances."""
    return [6, *HIDDEN[work], 8]


_clock = time.perf_counter


def seconds():
    """The clock of the present request."""
    return _clock()


def durations(tick, repeat, clock):
    """Microseconds of each tick; a tick that measures itself returns its own seconds."""
    global _clock
    _clock = time.process_time if clock == "cpu" else time.perf_counter
    result = []
    for _ in range(repeat):
        start = seconds()
        own = tick()
        passed = seconds() - start
        result.append(1e6 * (own if isinstance(own, float) else passed))
    return result


def serve(works):
    """Answers until the input ends. `works`: by name a function that prepares the work and returns
    a function without arguments that does one tick, and a note on how it is done."""
    # Some libraries print from C at every solve: what is not an answer goes nowhere.
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    ready = {}
    for line in sys.stdin:
        request = json.loads(line)
        name = request["work"]
        if name not in ready:
            ready[name] = works[name]()
            for _ in range(3):
                ready[name][0]()
        tick, note = ready[name]
        us = durations(tick, request["repeat"], request["clock"])
        print(json.dumps({"us": us, "note": note}), file=answers, flush=True)
