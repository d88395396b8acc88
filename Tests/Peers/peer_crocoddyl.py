"""Box-FDDP of crocoddyl on the cart-pole, one iteration."""

import serve  # first: it sets the number of threads

import crocoddyl
import numpy as np
import pinocchio

CART_MASS, POLE_MASS, POLE_LENGTH, FORCE, PERIOD = 1.0, 0.1, 0.8, 80.0, 0.02
HANGING = np.array([0.0, np.pi, 0.0, 0.0])


def plant():
    model = pinocchio.Model()
    here = pinocchio.SE3.Identity()
    cart = model.addJoint(0, pinocchio.JointModelPX(), here, "cart")
    model.appendBodyToJoint(
        cart, pinocchio.Inertia(CART_MASS, np.zeros(3), np.zeros((3, 3))), here
    )
    pole = model.addJoint(cart, pinocchio.JointModelRY(), here, "pole")
    tip = np.array([0, 0, POLE_LENGTH])
    model.appendBodyToJoint(pole, pinocchio.Inertia(POLE_MASS, tip, 1e-9 * np.eye(3)), here)
    return crocoddyl.StateMultibody(model)


def problem(nodes):
    """The pole's own torque exists for the library's sake and is bounded to nothing."""
    state = plant()
    actuation = crocoddyl.ActuationModelFull(state)
    weights = crocoddyl.ActivationModelWeightedQuad(np.array([1e3, 1e3, 1e-2, 1e-2]))

    def costs(with_action):
        total = crocoddyl.CostModelSum(state, actuation.nu)
        of_state = crocoddyl.ResidualModelState(state, np.zeros(4), actuation.nu)
        total.addCost("state", crocoddyl.CostModelResidual(state, weights, of_state), 2.0)
        if with_action:
            of_action = crocoddyl.ResidualModelControl(state, actuation.nu)
            total.addCost("action", crocoddyl.CostModelResidual(state, of_action), 2e-2)
        return crocoddyl.DifferentialActionModelFreeFwdDynamics(state, actuation, total)

    running = crocoddyl.IntegratedActionModelEuler(costs(True), PERIOD)
    running.u_lb = np.array([-FORCE, -1e-9])
    running.u_ub = np.array([FORCE, 1e-9])
    terminal = crocoddyl.IntegratedActionModelEuler(costs(False), 0.0)
    shooting = crocoddyl.ShootingProblem(HANGING, [running] * nodes, terminal)
    shooting.nthreads = 1
    return shooting, actuation.nu


def iteration(nodes):
    """Seconds of a solve over its iterations; a solve starts from a straight line to the target."""
    shooting, action_count = problem(nodes)
    states = [HANGING * (1 - k / nodes) for k in range(nodes + 1)]
    actions = [np.zeros(action_count)] * nodes

    def tick():
        solver = crocoddyl.SolverBoxFDDP(shooting)
        solver.th_stop = 1e-6
        start = serve.seconds()
        solver.solve(states, actions, 100, False, 1e-9)
        return (serve.seconds() - start) / (solver.iter + 1)

    return tick, f"crocoddyl {crocoddyl.__version__}, time of a solve over its iterations"


if __name__ == "__main__":
    serve.serve({
        "ilqr-physics-20": lambda: iteration(20),
        "ilqr-physics-50": lambda: iteration(50),
        "ilqr-ensemble-50": lambda: iteration(50),
        "ilqr-members-50": lambda: iteration(50),
    })
