"""The cross-entropy method of mbrl-lib (PETS): its own agent, optimiser and ensemble."""

import serve  # first: it sets the number of threads

import gymnasium
import mbrl.env.pets_cartpole
import mbrl.models
import numpy as np
import omegaconf
import torch
from mbrl.planning import create_trajectory_optim_agent_for_model

torch.set_num_threads(1)


class Spaces:
    observation_space = gymnasium.spaces.Box(-np.inf, np.inf, (4,), np.float32)
    action_space = gymnasium.spaces.Box(-1, 1, (1,), np.float32)


def reward(action, state):
    right = state[:, 0] - serve.POLE * torch.sin(state[:, 1])
    up = -serve.POLE * torch.cos(state[:, 1]) - serve.POLE
    tip = torch.exp(-(right**2 + up**2) / serve.POLE**2)
    return (tip - 0.01 * (action**2).sum(1)).view(-1, 1)


def never(action, state):
    return torch.zeros(state.shape[0], 1, dtype=torch.bool)


def model(hidden):
    torch.manual_seed(0)
    np.random.seed(0)
    network = mbrl.models.GaussianMLP(
        6, 4, "cpu", num_layers=len(hidden), ensemble_size=serve.MEMBERS, hid_size=hidden[0],
        propagation_method="fixed_model", learn_logvar_bounds=True,
        activation_fn_cfg={"_target_": "torch.nn.SiLU"},
    )
    with torch.no_grad():
        network.mean_and_logvar.weight.mul_(0.1)
    dynamics = mbrl.models.OneDTransitionRewardModel(
        network, target_is_delta=True, normalize=True, learned_rewards=False,
        obs_process_fn=mbrl.env.pets_cartpole.CartPoleEnv.preprocess_fn,
        num_elites=serve.MEMBERS,
    )
    generator = torch.Generator()
    generator.manual_seed(0)
    return mbrl.models.ModelEnv(Spaces(), dynamics, never, reward, generator=generator)


def agent(work):
    optimizer = {
        "_target_": "mbrl.planning.CEMOptimizer", "num_iterations": serve.ITERATIONS,
        "elite_ratio": serve.ELITES / serve.CANDIDATES, "population_size": serve.CANDIDATES,
        "alpha": 0.1, "lower_bound": "???", "upper_bound": "???", "return_mean_elites": True,
        "device": "cpu", "clipped_normal": False,
    }
    settings = omegaconf.OmegaConf.create({
        "_target_": "mbrl.planning.TrajectoryOptimizerAgent", "_recursive_": False,
        "action_lb": "???", "action_ub": "???", "planning_horizon": serve.HORIZON,
        "replan_freq": 1, "verbose": False, "optimizer_cfg": optimizer,
    })
    planner = create_trajectory_optim_agent_for_model(
        model(serve.HIDDEN[work]), settings, num_particles=serve.MEMBERS
    )
    state = np.array(serve.START)
    return lambda: planner.act(state), f"mbrl-lib {mbrl.__version__}, torch {torch.__version__}"


if __name__ == "__main__":
    serve.serve({name: lambda name=name: agent(name) for name in ("cem-2x64", "cem-3x200")})
