"""The cross-entropy method and MPPI in JAX, each tick compiled whole."""

import serve  # first: it sets the number of threads

import os
import time

os.environ["XLA_FLAGS"] = "--xla_cpu_multi_thread_eigen=false intra_op_parallelism_threads=1"
os.environ["JAX_PLATFORMS"] = "cpu"

from functools import partial

import jax
import jax.numpy as jnp
import numpy as np
from jax_mppi import mppi

STATE = jnp.array(serve.START)


def weights(work, members):
    random = np.random.default_rng(0)
    widths = serve.layer_widths(work)
    layers = []
    for i, (rows, columns) in enumerate(zip(widths, widths[1:])):
        spread = 0.05 if i == len(widths) - 2 else 0.5
        weight = random.normal(size=(members, rows, columns)) * spread / rows**0.5
        layers.append((jnp.asarray(weight, jnp.float32), jnp.zeros((members, 1, columns))))
    return layers


def features(state, action):
    x, angle, speed, spin = (state[..., i] for i in range(4))
    action = jnp.broadcast_to(action, x.shape)
    return jnp.stack([jnp.sin(angle), jnp.cos(angle), x, speed, spin, action], -1)


def reward(state, action):
    right = state[..., 0] - serve.POLE * jnp.sin(state[..., 1])
    up = -serve.POLE * jnp.cos(state[..., 1]) - serve.POLE
    return jnp.exp(-(right**2 + up**2) / serve.POLE**2) - 0.01 * action**2


def step(layers, state, action, normals):
    """The next states [members, candidates, 4] with sampled noise, and the rewards."""
    y = features(state, action)
    for weight, bias in layers[:-1]:
        y = jax.nn.silu(jnp.einsum("eni,eio->eno", y, weight) + bias)
    weight, bias = layers[-1]
    y = jnp.einsum("eni,eio->eno", y, weight) + bias
    change, log_variance = y[..., :4], y[..., 4:]
    log_variance = 0.5 - jax.nn.softplus(0.5 - log_variance)
    log_variance = -10 + jax.nn.softplus(log_variance + 10)
    state = state + change + jnp.exp(0.5 * log_variance) * normals
    return state, reward(state, action)


@partial(jax.jit, static_argnums=3)
def cem_tick(layers, mean, key, unroll):
    members, candidates, horizon = serve.MEMBERS, serve.CANDIDATES, serve.HORIZON

    def iterate(distribution, key):
        mean, variance = distribution
        of_actions, of_states = jax.random.split(key)
        nearest = jnp.minimum(((mean + 1) / 2) ** 2, ((1 - mean) / 2) ** 2)
        deviation = jnp.sqrt(jnp.minimum(nearest, variance))
        noise = jax.random.truncated_normal(of_actions, -2.0, 2.0, (candidates, horizon))
        plans = mean + noise * deviation
        normals = jax.random.normal(of_states, (horizon, members, candidates, 4))
        first = jnp.broadcast_to(STATE, (members, candidates, 4))
        _, rewards = jax.lax.scan(
            lambda state, now: step(layers, state, *now), first, (plans.T, normals), unroll=unroll
        )
        best = plans[jax.lax.top_k(rewards.sum(0).mean(0), serve.ELITES)[1]]
        mean = 0.1 * mean + 0.9 * best.mean(0)
        return (mean, 0.1 * variance + 0.9 * best.var(0)), None

    start = (mean, jnp.full_like(mean, 0.25))
    (mean, _), _ = jax.lax.scan(iterate, start, jax.random.split(key, serve.ITERATIONS))
    return mean


def cem(work):
    """The faster of two degrees to which the loop over the horizon is unrolled."""
    layers, mean = weights(work, serve.MEMBERS), jnp.zeros(serve.HORIZON)
    key = jax.random.PRNGKey(0)
    timed = []
    for unroll in (1, 5):
        tick = partial(lambda n: cem_tick(layers, mean, key, n).block_until_ready(), unroll)
        tick()
        start = time.process_time()
        for _ in range(5):
            tick()
        timed.append((time.process_time() - start, unroll, tick))
    _, unroll, tick = min(timed, key=lambda entry: entry[0])
    return tick, f"jax {jax.__version__}, scan unrolled {unroll} times"


def path_integral():
    layers = [(weight[0], bias[0, 0]) for weight, bias in weights("mppi", 1)]

    def dynamics(state, action):
        y = features(state, action[0])
        for weight, bias in layers[:-1]:
            y = jax.nn.silu(y @ weight + bias)
        weight, bias = layers[-1]
        return state + (y @ weight + bias)[:4]

    settings, memory = mppi.create(
        nx=4, nu=1, noise_sigma=jnp.array([[0.25]]), num_samples=1000, horizon=serve.HORIZON,
        lambda_=0.1, u_min=jnp.array([-1.0]), u_max=jnp.array([1.0]),
    )
    command = jax.jit(
        lambda memory, state: mppi.command(
            settings, memory, state, dynamics, lambda s, a: -reward(s, a[0])
        )
    )

    def tick():
        nonlocal memory
        action, memory = command(memory, STATE)
        action.block_until_ready()

    return tick, f"jax-mppi on jax {jax.__version__}"


if __name__ == "__main__":
    serve.serve({
        "cem-2x64": lambda: cem("cem-2x64"),
        "cem-3x200": lambda: cem("cem-3x200"),
        "mppi": path_integral,
    })
