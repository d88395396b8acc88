"""A solve of TinyMPC on the cart-pole's linearisation, with bounds on the force."""

import serve  # first: it sets the number of threads

import importlib.metadata

import numpy as np
import scipy.linalg
import tinympc

CART_MASS, POLE_MASS, POLE_LENGTH, GRAVITY, PERIOD = 1.0, 0.1, 0.8, 9.81, 0.02
NODES = 10


def linearised():
    """Upright: the next state under state and action, sampled exactly."""
    rate = np.zeros((5, 5))
    rate[0, 2] = rate[1, 3] = 1
    rate[2, 1] = POLE_MASS * GRAVITY / CART_MASS
    rate[3, 1] = (CART_MASS + POLE_MASS) * GRAVITY / (POLE_LENGTH * CART_MASS)
    rate[2, 4], rate[3, 4] = 1 / CART_MASS, 1 / (POLE_LENGTH * CART_MASS)
    step = scipy.linalg.expm(rate * PERIOD)
    return step[:4, :4], step[:4, 4:]


def solve():
    dynamics, effect = linearised()
    solver = tinympc.TinyMPC()
    solver.setup(
        dynamics, effect, np.diag([10.0, 10.0, 0.1, 0.1]), np.diag([0.1]), NODES, rho=1.0,
        max_iter=100, abs_pri_tol=1e-3, abs_dua_tol=1e-3, verbose=False,
    )
    free = np.full(4, 1e17)
    solver.set_bound_constraints(-free, free, np.array([-5.0]), np.array([5.0]))
    state = np.array([0.5, 0.1, 0.0, 0.0])
    ticks = 0

    def tick():
        """A hundred ticks from a start where the bound is active, again and again."""
        nonlocal state, ticks
        if ticks % 100 == 0:
            state = np.array([0.5, 0.1, 0.0, 0.0])
        ticks += 1
        solver.set_x0(state)
        start = serve.seconds()
        solver._solver.solve()
        passed = serve.seconds() - start
        action = solver._solver.solution.u[0, 0]
        state = dynamics @ state + effect.ravel() * action
        return passed

    version = importlib.metadata.version("tinympc")
    return tick, f"tinympc {version}, {NODES} nodes, the solver's C++ call"


if __name__ == "__main__":
    serve.serve({"lqr": solve})
