"""One real-time iteration of acados (SQP_RTI with HPIPM) on the cart-pole, in closed loop."""

import serve  # first: it sets the number of threads

import os
import sys
from pathlib import Path

import casadi
import numpy as np
from acados_template import AcadosModel, AcadosOcp, AcadosOcpSolver

CART_MASS, POLE_MASS, POLE_LENGTH, GRAVITY = 1.0, 0.1, 0.8, 9.81
FORCE, PERIOD = 80.0, 0.02
HANGING = np.array([0.0, np.pi, 0.0, 0.0])


def rates(angle, speed, spin, force, sine, cosine):
    """Time derivatives of position, angle, speed and spin."""
    mass = CART_MASS + POLE_MASS - POLE_MASS * cosine**2
    swing = POLE_MASS * POLE_LENGTH * sine * spin**2
    return (
        speed,
        spin,
        (-swing + POLE_MASS * GRAVITY * cosine * sine + force) / mass,
        (-swing * cosine + force * cosine + (CART_MASS + POLE_MASS) * GRAVITY * sine)
        / (POLE_LENGTH * mass),
    )


def cart_pole(name):
    x, angle, speed, spin, force = (casadi.SX.sym(n) for n in ("x", "angle", "v", "w", "force"))
    model = AcadosModel()
    model.name = name
    model.x = casadi.vertcat(x, angle, speed, spin)
    model.u = force
    sine, cosine = casadi.sin(angle), casadi.cos(angle)
    model.f_expl_expr = casadi.vertcat(*rates(angle, speed, spin, force, sine, cosine))
    model.cost_y_expr = casadi.vertcat(model.x, model.u)
    model.cost_y_expr_e = model.x
    return model


def solver(nodes, condensing):
    ocp = AcadosOcp()
    ocp.model = cart_pole(f"cart_pole_{nodes}_{condensing.lower()}")
    ocp.code_export_directory = f"{ocp.model.name}_code"
    options = ocp.solver_options
    ocp.dims.N = nodes
    options.tf = nodes * PERIOD
    of_state, of_action = 2 * np.diag([1e3, 1e3, 1e-2, 1e-2]), 2 * np.diag([1e-2])
    ocp.cost.cost_type = ocp.cost.cost_type_e = "NONLINEAR_LS"
    ocp.cost.W = np.block([[of_state, np.zeros((4, 1))], [np.zeros((1, 4)), of_action]])
    ocp.cost.W_e = of_state
    ocp.cost.yref, ocp.cost.yref_e = np.zeros(5), np.zeros(4)
    ocp.constraints.lbu, ocp.constraints.ubu = np.array([-FORCE]), np.array([FORCE])
    ocp.constraints.idxbu = np.array([0])
    ocp.constraints.x0 = HANGING
    options.qp_solver = f"{condensing}_CONDENSING_HPIPM"
    options.hessian_approx = "GAUSS_NEWTON"
    options.integrator_type = "ERK"
    options.sim_method_num_stages, options.sim_method_num_steps = 4, 1
    options.nlp_solver_type = "SQP_RTI"
    options.ext_fun_compile_flags = "-O3 -march=native"
    return AcadosOcpSolver(ocp, json_file=f"{ocp.model.name}.json", verbose=False)


def simulate(state, force):
    """One step of the classical Runge-Kutta method."""

    def rate(state):
        _, angle, speed, spin = state
        return np.array(rates(angle, speed, spin, force, np.sin(angle), np.cos(angle)))

    a = rate(state)
    b = rate(state + PERIOD / 2 * a)
    c = rate(state + PERIOD / 2 * b)
    d = rate(state + PERIOD * c)
    return state + PERIOD / 6 * (a + 2 * b + 2 * c + d)


class ClosedLoop:
    """A run of 200 ticks from hanging, again and again."""

    def __init__(self, nodes, condensing):
        self.nodes, self.condensing = nodes, condensing
        self.solver = solver(nodes, condensing)
        self.ticks = 0

    def restart(self):
        self.solver.reset()
        self.state = HANGING
        for node in range(self.nodes + 1):
            self.solver.set(node, "x", HANGING)

    def tick(self):
        """Seconds that the solver measured itself, without Python's part of the call."""
        if self.ticks % 200 == 0:
            self.restart()
        self.ticks += 1
        for bound in ("lbx", "ubx"):
            self.solver.set(0, bound, self.state)
        self.solver.solve()
        self.state = simulate(self.state, float(self.solver.get(0, "u")[0]))
        return float(np.ravel(self.solver.get_stats("time_tot"))[0])


def iteration(nodes):
    """The faster of partial and full condensing."""
    loops = [ClosedLoop(nodes, condensing) for condensing in ("PARTIAL", "FULL")]
    medians = [np.median([loop.tick() for _ in range(400)]) for loop in loops]
    best = loops[int(np.argmin(medians))]
    return best.tick, f"acados SQP_RTI, HPIPM with {best.condensing.lower()} condensing"


if __name__ == "__main__":
    folder = Path(sys.prefix) / "generated"
    folder.mkdir(exist_ok=True)
    os.chdir(folder)
    serve.serve({
        "ilqr-physics-20": lambda: iteration(20),
        "ilqr-physics-50": lambda: iteration(50),
    })
