"""What is compared with what, and the bars."""

from dataclasses import dataclass

CEM = "CEM, 5 × 200 × 25, 5 particles"
# By name of the work: what it is, and its least share of the multiply-add peak.
WORK = {
    "cem-2x64": (f"{CEM} with noise, 5 members 6-64-64-8", 0.45),
    "cem-2x64-noiseless": (f"{CEM} without noise, 5 members 6-64-64-8", None),
    "cem-3x200": (f"{CEM} with noise, 5 members 6-200-200-200-8", 0.75),
    "mppi": ("MPPI, 1000 × 25, one network 6-64-64-8", None),
    "ilqr-physics-20": ("iLQR iteration, cart-pole physics, 20 nodes", None),
    "ilqr-physics-50": ("iLQR iteration, cart-pole physics, 50 nodes", None),
    "ilqr-ensemble-50": ("iLQR iteration, mean of 5 members 6-64-64-8, 50 nodes", None),
    "ilqr-members-50": ("iLQR iteration, 5 members at once, 50 nodes", None),
    "lqr": ("LQR tick", None),
}
# Bars without a peer: microseconds of a tick, bytes of the arena.
MOST_US = {"lqr": 5}
MOST_ARENA_BYTES = {"cem-2x64": 2 << 20}


@dataclass(frozen=True)
class Comparison:
    """Our time over a peer's on `work`; at most `bar`, if there is one."""

    work: str
    peer: str
    environment: str
    script: str
    bar: float | None = None
    # Takes minutes to prepare, so only on demand.
    is_slow: bool = False

    @property
    def name(self):
        return f"{self.work} / {self.peer}"


def _comparisons():
    jax, torch = ("jax", "peer_jax.py"), ("torch", "peer_torch.py")
    mbrl, onnx = ("torch", "peer_mbrl.py"), ("onnxruntime", "peer_onnxruntime.py")
    acados = ("acados", "peer_acados.py")
    crocoddyl = ("crocoddyl", "peer_crocoddyl.py")
    for work, bar in (("cem-2x64", 0.45), ("cem-3x200", 0.75)):
        yield Comparison(work, "jax.jit", *jax, bar)
        yield Comparison(work, "onnxruntime", *onnx)
        yield Comparison(work, "mbrl-lib", *mbrl)
        yield Comparison(work, "torch.compile", *torch, is_slow=True)
    yield Comparison("mppi", "jax-mppi", *jax, 0.6)
    yield Comparison("mppi", "pytorch-mppi", *torch)
    for work in ("ilqr-physics-20", "ilqr-physics-50"):
        yield Comparison(work, "acados", *acados, 1)
        yield Comparison(work, "crocoddyl", *crocoddyl)
    yield Comparison("ilqr-ensemble-50", "crocoddyl", *crocoddyl, 5)
    yield Comparison("ilqr-members-50", "crocoddyl", *crocoddyl)
    yield Comparison("lqr", "TinyMPC", "tinympc", "peer_tinympc.py")


COMPARISONS = list(_comparisons())
