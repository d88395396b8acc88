"""Trains an ensemble in JAX, a whole epoch compiled: one JSON object a line in, one out.

Asked for {"data": CSV, "judge": CSV, "steps", "batch", "members", "hidden", "rate", "clock"}, it answers
{"seconds": of the training after compilation, "loss": on the record to judge on}. Optimiser, schedule,
initial weights, bootstrap, normalisation and likelihood are ours, but that the log-variances are limited softly, by limits
that are learned, as mbrl-lib does.
"""

import json
import os
import sys
import time

os.environ["XLA_FLAGS"] = "--xla_cpu_multi_thread_eigen=false intra_op_parallelism_threads=1"
os.environ["JAX_PLATFORMS"] = "cpu"

from functools import partial

import jax
import jax.numpy as jnp
import numpy as np

import record


def initial(random, members, hidden, inputs, outputs):
    widths = [inputs, *hidden, 2 * outputs]
    layers = []
    for place, (rows, columns) in enumerate(zip(widths, widths[1:])):
        gain = 0.1 if place == len(hidden) else 2**0.5
        weight = gain * random.normal(size=(members, rows, columns)) / rows**0.5
        layers.append([jnp.asarray(weight, jnp.float32), jnp.zeros((members, 1, columns))])
    return {"layers": layers, "high": jnp.full(outputs, 0.5), "low": jnp.full(outputs, -10.0)}


def head(parameters, x):
    *hidden, last = parameters["layers"]
    for weight, bias in hidden:
        x = jax.nn.silu(jnp.einsum("eni,eio->eno", x, weight) + bias)
    y = jnp.einsum("eni,eio->eno", x, last[0]) + last[1]
    mean, log_variance = jnp.split(y, 2, -1)
    log_variance = parameters["high"] - jax.nn.softplus(parameters["high"] - log_variance)
    return mean, parameters["low"] + jax.nn.softplus(log_variance - parameters["low"])


def loss(parameters, x, y):
    mean, log_variance = head(parameters, x)
    likelihood = ((mean - y) ** 2 * jnp.exp(-log_variance) + log_variance).mean((1, 2)).sum()
    return likelihood + 0.01 * (parameters["high"].sum() - parameters["low"].sum())


@partial(jax.jit, static_argnums=(4, 5))
def epoch(state, key, x, y, batch, steps, total, rate, bags):
    """Whole passes over each member's bag, in a new order each."""
    count = x.shape[0] // batch
    keys = jax.random.split(key, bags.shape[0])
    order = jax.vmap(jax.random.permutation)(keys, bags)[:, : count * batch]
    order = order.reshape(bags.shape[0], count, batch).transpose(1, 0, 2)[:steps]

    def step(state, rows):
        parameters, first_moment, second_moment, t = state
        gradient = jax.grad(loss)(parameters, x[rows], y[rows])
        t = t + 1
        size = rate * (0.02 + 0.98 * 0.5 * (1 + jnp.cos(jnp.pi * (t - 1) / total)))
        first_moment = jax.tree.map(lambda m, g: 0.9 * m + 0.1 * g, first_moment, gradient)
        second_moment = jax.tree.map(
            lambda v, g: 0.99 * v + 0.01 * g * g, second_moment, gradient)
        parameters = jax.tree.map(
            lambda p, m, v: p - size * (m / (1 - 0.9**t)) / (jnp.sqrt(v / (1 - 0.99**t)) + 1e-7),
            parameters, first_moment, second_moment)
        return (parameters, first_moment, second_moment, t), None

    return jax.lax.scan(step, state, order)[0]


def train(task):
    x, y, normal = record.normalised(task["data"])
    random = np.random.default_rng(task["seed"])
    bags = jnp.asarray(random.integers(0, len(x), (task["members"], len(x))))
    clock = time.process_time if task["clock"] == "cpu" else time.perf_counter
    seconds = 0.0
    # The first run compiles, the second counts.
    for _ in range(2):
        parameters = initial(
            np.random.default_rng(task["seed"]), task["members"], task["hidden"], x.shape[1],
            y.shape[1])
        zeros = jax.tree.map(jnp.zeros_like, parameters)
        state = (parameters, zeros, zeros, jnp.float32(0))
        key, left = jax.random.PRNGKey(task["seed"]), task["steps"]
        x, y = jnp.asarray(x, jnp.float32), jnp.asarray(y, jnp.float32)
        start = clock()
        while left > 0:
            steps = min(left, len(x) // task["batch"])
            key, draw = jax.random.split(key)
            state = epoch(
                state, draw, x, y, task["batch"], steps, task["steps"], task["rate"], bags)
            left -= steps
        jax.block_until_ready(state)
        seconds = clock() - start
    judged, wanted, _ = record.normalised(task["judge"], normal)
    mean, log_variance = head(state[0], jnp.asarray(judged, jnp.float32)[None].repeat(
        task["members"], 0))
    return {"seconds": seconds, "loss": record.mixture(
        np.asarray(mean), np.asarray(log_variance), wanted)}


for line in sys.stdin:
    print(json.dumps(train(json.loads(line))), flush=True)
