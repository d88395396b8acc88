"""Identifies with a peer and simulates the record to judge on: one JSON object a line in, one out.

Asked for {"method", "order", "data", "validate", "inputs", "outputs", "skip"}, it answers
{"seconds": of the fit alone, "rmse": of each output, simulated from the first samples, "skip" left out}.
"""

import json
import sys
import time
import warnings

import numpy as np
import pandas as pd
from nfoursid.nfoursid import NFourSID
from sysidentpy.basis_function import Polynomial
from sysidentpy.model_structure_selection import FROLS
from sysidentpy.parameter_estimation import LeastSquares

warnings.filterwarnings("ignore")


def n4sid(task, fitting, judging):
    """The state space; means are taken out, as it knows no offset."""
    outputs, inputs, order = task["outputs"], task["inputs"], task["order"]
    start = time.perf_counter()
    mean = fitting.mean()
    peer = NFourSID(fitting - mean, outputs, inputs, num_block_rows=task["blocks"])
    peer.subspace_identification()
    space, _ = peer.system_identification(rank=order)
    seconds = time.perf_counter() - start
    u = (judging - mean)[inputs].to_numpy()
    y = (judging - mean)[outputs].to_numpy()
    # The initial state by least squares on the first samples, which ours has as its history.
    first = max(10, 2 * order)
    free, observed, power = simulate(space, u, np.zeros(order)), [], np.eye(order)
    for _ in range(first):
        observed.append(space.c @ power)
        power = space.a @ power
    x0 = np.linalg.lstsq(np.vstack(observed), (y[:first] - free[:first]).ravel(), rcond=None)[0]
    return seconds, simulate(space, u, x0) - y


def simulate(space, u, x):
    result = []
    for row in u:
        result.append(space.c @ x + space.d @ row)
        x = space.a @ x + space.b @ row
    return np.array(result)


def polynomial(task, fitting, judging, degree):
    """FROLS with least squares: all linear terms, or of a higher degree those that it selects."""
    output, inputs, order = task["outputs"][0], task["inputs"], task["order"]
    x, y = fitting[inputs].to_numpy(), fitting[[output]].to_numpy()
    terms = 1 + order * (1 + len(inputs))
    start = time.perf_counter()
    model = FROLS(
        order_selection=degree > 1, n_info_values=20, n_terms=terms if degree == 1 else None,
        ylag=order, xlag=order if len(inputs) == 1 else [list(range(1, order + 1))] * len(inputs),
        estimator=LeastSquares(), basis_function=Polynomial(degree=degree))
    model.fit(X=x, y=y)
    seconds = time.perf_counter() - start
    y = judging[[output]].to_numpy()
    predicted = model.predict(X=judging[inputs].to_numpy(), y=y[: model.max_lag])
    return seconds, predicted - y


def answer(task):
    columns = task["inputs"] + task["outputs"]
    fitting = pd.read_csv(task["data"])[columns]
    judging = pd.read_csv(task["validate"])[columns]
    if task["method"] == "n4sid":
        seconds, errors = n4sid(task, fitting, judging)
    else:
        seconds, errors = polynomial(task, fitting, judging, 1 if task["method"] == "arx" else 2)
    rmse = np.sqrt(np.mean(errors[task["skip"] :] ** 2, axis=0))
    return {"seconds": seconds, "rmse": rmse.tolist()}


for line in sys.stdin:
    print(json.dumps(answer(json.loads(line))), flush=True)
