"""In PyTorch: the cross-entropy method with compiled rollouts, and MPPI by pytorch-mppi."""

import serve  # first: it sets the number of threads

import importlib.metadata
import os

# Workers that compile would take time from the measured core.
os.environ["TORCHINDUCTOR_COMPILE_THREADS"] = "1"

import torch
import torch.nn.functional as F
from pytorch_mppi import MPPI

torch.set_num_threads(1)
torch.set_grad_enabled(False)
STATE = torch.tensor(serve.START)


def weights(work, members):
    generator = torch.Generator().manual_seed(0)
    widths = serve.layer_widths(work)
    layers = []
    for i, (rows, columns) in enumerate(zip(widths, widths[1:])):
        spread = 0.05 if i == len(widths) - 2 else 0.5
        weight = torch.randn(members, rows, columns, generator=generator) * spread / rows**0.5
        layers.append((weight, torch.zeros(members, 1, columns)))
    return layers


def network(layers, state, action):
    x, angle, speed, spin = state.unbind(-1)
    y = torch.stack([torch.sin(angle), torch.cos(angle), x, speed, spin, action.expand_as(x)], -1)
    for weight, bias in layers[:-1]:
        y = F.silu(torch.baddbmm(bias, y, weight))
    weight, bias = layers[-1]
    return torch.baddbmm(bias, y, weight)


def reward(state, action):
    right = state[..., 0] - serve.POLE * torch.sin(state[..., 1])
    up = -serve.POLE * torch.cos(state[..., 1]) - serve.POLE
    return torch.exp(-(right**2 + up**2) / serve.POLE**2) - 0.01 * action**2


def rollout(layers, plans, normals):
    state = STATE.expand(serve.MEMBERS, serve.CANDIDATES, 4)
    total = torch.zeros(serve.MEMBERS, serve.CANDIDATES)
    for t in range(serve.HORIZON):
        output = network(layers, state, plans[:, t])
        change, log_variance = output[..., :4], output[..., 4:]
        log_variance = 0.5 - F.softplus(0.5 - log_variance)
        log_variance = -10 + F.softplus(log_variance + 10)
        state = state + change + torch.exp(0.5 * log_variance) * normals[t]
        total = total + reward(state, plans[:, t])
    return total.mean(0)


def cem(work):
    layers = weights(work, serve.MEMBERS)
    compiled = torch.compile(rollout, dynamic=False)

    def tick():
        mean = torch.zeros(serve.HORIZON)
        variance = torch.full_like(mean, 0.25)
        for _ in range(serve.ITERATIONS):
            nearest = torch.minimum(((mean + 1) / 2) ** 2, ((1 - mean) / 2) ** 2)
            deviation = torch.minimum(nearest, variance).sqrt()
            noise = torch.empty(serve.CANDIDATES, serve.HORIZON)
            torch.nn.init.trunc_normal_(noise, 0, 1, -2, 2)
            plans = mean + noise * deviation
            normals = torch.randn(serve.HORIZON, serve.MEMBERS, serve.CANDIDATES, 4)
            best = plans[compiled(layers, plans, normals).topk(serve.ELITES).indices]
            mean = 0.1 * mean + 0.9 * best.mean(0)
            variance = 0.1 * variance + 0.9 * best.var(0)

    return tick, f"torch {torch.__version__}, torch.compile of a whole rollout"


def path_integral():
    layers = [(weight[0], bias[0, 0]) for weight, bias in weights("mppi", 1)]

    def dynamics(state, action):
        x, angle, speed, spin = state.unbind(-1)
        parts = [torch.sin(angle), torch.cos(angle), x, speed, spin, action[:, 0]]
        y = torch.stack(parts, -1)
        for weight, bias in layers[:-1]:
            y = F.silu(torch.addmm(bias, y, weight))
        weight, bias = layers[-1]
        return state + torch.addmm(bias, y, weight)[:, :4]

    planner = MPPI(
        dynamics, lambda state, action: -reward(state, action[:, 0]), 4, torch.tensor([[0.25]]),
        num_samples=1000, horizon=serve.HORIZON, lambda_=0.1, u_min=torch.tensor([-1.0]),
        u_max=torch.tensor([1.0]),
    )
    version = importlib.metadata.version("pytorch_mppi")
    return lambda: planner.command(STATE), f"pytorch-mppi {version}, torch {torch.__version__}"


if __name__ == "__main__":
    serve.serve({
        "cem-2x64": lambda: cem("cem-2x64"),
        "cem-3x200": lambda: cem("cem-3x200"),
        "mppi": path_integral,
    })
