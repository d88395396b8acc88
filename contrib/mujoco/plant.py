#!/usr/bin/env python3
"""Any MuJoCo model as a plant: it speaks the dialect of hil/replan.xml on a pseudo-terminal.

Usage: plant.py MODEL.xml --link PATH [--rate HZ] [--seed N] [--vary SHARE] [--noise K]
Observations are the position and the velocity of each joint, in the model's order; a hinge's angle is
wrapped into (-π, π]. Actions are the actuators' controls. A reset to rest is the keyframe `rest`; a random one
draws hinges anywhere, slides within half a metre, and small speeds. With --vary each mass, length of a capsule,
friction and damping is drawn anew by the seed, up to that share larger or smaller. It runs streaming or in
lockstep, as it is told, and ends with its standard input.
"""

import argparse
import contextlib
import importlib.util
import io
import math
import os
import pty
import select
import shutil
import sys
import tempfile
import time
import tty
from pathlib import Path

import mujoco
import numpy as np
import pymavlink
from pymavlink.generator import mavgen

DIALECT = Path(__file__).resolve().parents[2] / "hil" / "replan.xml"
ACTION_TIMEOUT = 0.2
ARMED, WATCHDOG = 1, 2
STREAMING, LOCKSTEP, RESET = 1, 2, 4
# Deviation of the sensors' noise, of positions and of velocities.
NOISE = {"slide": (0.001, 0.01), "hinge": (0.002, 0.03)}


def codec():
    """The dialect's codec, generated beside the definitions that it includes."""
    with tempfile.TemporaryDirectory() as folder:
        shipped = Path(pymavlink.__file__).parent / "dialects" / "v20"
        for name in ("common.xml", "standard.xml", "minimal.xml"):
            shutil.copy(shipped / name, folder)
        output = str(Path(folder) / "replan_codec.py")
        options = mavgen.Opts(output, wire_protocol="2.0", language="Python", validate=False)
        with contextlib.redirect_stdout(io.StringIO()):
            mavgen.mavgen(options, [shutil.copy(DIALECT, folder)])
        spec = importlib.util.spec_from_file_location("replan_codec", output)
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        return module


class Physics:
    """The model, its sensors and its resets."""

    def __init__(self, path, seed, share, noise):
        self.model = mujoco.MjModel.from_xml_path(str(path))
        self.random = np.random.default_rng(seed)
        self.noise = noise
        if share:
            self.vary(share)
        self.data = mujoco.MjData(self.model)
        kinds = {mujoco.mjtJoint.mjJNT_HINGE: "hinge", mujoco.mjtJoint.mjJNT_SLIDE: "slide"}
        try:
            self.joints = [kinds[mujoco.mjtJoint(kind)] for kind in self.model.jnt_type]
        except KeyError:
            sys.exit(f"{path}: joints that are neither hinge nor slide cannot be observed")
        self.rest = mujoco.mj_name2id(self.model, mujoco.mjtObj.mjOBJ_KEY, "rest")
        self.reset(None)

    @property
    def name(self):
        return self.model.names[: self.model.names.index(b"\0")].decode() or "mujoco"

    def vary(self, share):
        model = self.model
        draw = lambda shape: self.random.uniform(1 - share, 1 + share, shape)
        factor = draw(model.nbody)
        model.body_mass *= factor
        model.body_inertia *= factor[:, None]
        # The length of a swinging part moves its centre, and its inertia by the square.
        length = draw(model.nbody)
        model.body_ipos *= length[:, None]
        model.body_inertia *= (length**2)[:, None]
        model.dof_damping *= draw(model.nv)
        model.dof_frictionloss *= draw(model.nv)
        mujoco.mj_setConst(model, mujoco.MjData(model))

    def reset(self, seed):
        """To rest, or to a state drawn by the seed."""
        if self.rest >= 0:
            mujoco.mj_resetDataKeyframe(self.model, self.data, self.rest)
        else:
            mujoco.mj_resetData(self.model, self.data)
        if seed is not None:
            random = np.random.default_rng(seed or None)
            for i, kind in enumerate(self.joints):
                reach = math.pi if kind == "hinge" else 0.5
                self.data.qpos[i] = random.uniform(-reach, reach)
                self.data.qvel[i] = random.uniform(-1, 1) * (1 if kind == "hinge" else 0.5)
        self.data.ctrl[:] = 0

    def observe(self):
        values = []
        for i, kind in enumerate(self.joints):
            position, velocity = NOISE[kind]
            value = self.data.qpos[i] + self.noise * self.random.normal(0, position)
            values.append(math.remainder(value, 2 * math.pi) if kind == "hinge" else value)
            values.append(self.data.qvel[i] + self.noise * self.random.normal(0, velocity))
        return values

    def act(self, values):
        low, high = self.model.actuator_ctrlrange.T
        self.data.ctrl[:] = np.clip(values, low, high)

    def advance(self, seconds):
        for _ in range(max(1, round(seconds / self.model.opt.timestep))):
            mujoco.mj_step(self.model, self.data)


class Plant:
    """The protocol's side: hil/PROTOCOL.md."""

    def __init__(self, wire, physics, rate, master):
        self.wire, self.physics, self.master = wire, physics, master
        self.link = wire.MAVLink(self, srcSystem=1, srcComponent=1)
        self.link.robust_parsing = True
        self.own_rate = self.rate = rate
        self.is_armed = self.is_lockstep = False
        self.sequence = self.action = 0
        self.last = None
        self.clock = 0.0
        self.last_action = -math.inf

    def write(self, data):
        while data:
            try:
                data = data[os.write(self.master, data):]
            except BlockingIOError:
                select.select([], [self.master], [], 0.1)

    def heartbeat(self):
        self.link.send(self.wire.MAVLink_heartbeat_message(0, 8, 128 * self.is_armed, 0, 4, 3))

    def describe(self):
        self.link.send(self.wire.MAVLink_plant_description_message(
            STREAMING | LOCKSTEP | RESET, self.rate, round(1000 * ACTION_TIMEOUT),
            2 * len(self.physics.joints), self.physics.model.nu, self.physics.name.encode()))

    def sample(self):
        """Sends an observation of where the plant is now."""
        values = self.physics.observe()
        stamp = self.clock if self.is_lockstep else time.monotonic()
        flags = ARMED * self.is_armed
        if self.is_armed and not self.is_lockstep and self.is_overdue:
            flags |= WATCHDOG
        self.last = self.wire.MAVLink_observation_message(
            int(1e6 * stamp), self.sequence, self.action, math.nan, flags, len(values),
            values + [0.0] * (32 - len(values)))
        self.sequence += 1
        self.link.send(self.last)

    @property
    def is_overdue(self):
        return time.monotonic() - self.last_action > ACTION_TIMEOUT

    def step(self):
        """A period on, under the action in force; then the sample at its end."""
        if not self.is_armed or (not self.is_lockstep and self.is_overdue):
            self.physics.act(np.zeros(self.physics.model.nu))
            self.action = 0
        self.physics.advance(1 / self.rate)
        self.clock += 1 / self.rate
        self.sample()

    def obey(self, message):
        kind = message.get_type()
        if kind == "ACTION":
            self.take(message)
        elif kind == "TIMESYNC" and message.tc1 == 0:
            # Older definitions have no target; 0 means everyone.
            self.link.send(self.wire.MAVLink_timesync_message(time.monotonic_ns(), message.ts1))
        elif kind == "COMMAND_LONG":
            self.command(message)

    def take(self, message):
        values = message.values[: message.count]
        if (message.sequence == 0 or message.count != self.physics.model.nu
                or not all(map(math.isfinite, values))):
            return
        if self.is_lockstep and message.sequence == self.action and self.last is not None:
            self.link.send(self.last)
            return
        self.last_action = time.monotonic()
        if self.is_armed:
            self.physics.act(values)
            self.action = message.sequence
        if self.is_lockstep:
            self.step()

    def command(self, message):
        known = {512, 400, 31010, 31011}
        self.link.send(self.wire.MAVLink_command_ack_message(
            message.command, 0 if message.command in known else 3, 0, 0,
            message.get_srcSystem(), message.get_srcComponent()))
        if message.command == 512:
            self.describe()
        elif message.command == 400:
            self.is_armed = message.param1 == 1
            self.last_action = time.monotonic()
        elif message.command == 31010:
            self.physics.reset(int(message.param2) if message.param1 == 1 else None)
            self.sequence = self.action = 0
            if self.is_lockstep:
                self.sample()
        elif message.command == 31011:
            self.is_lockstep = message.param1 == 1
            self.rate = message.param2 or self.own_rate


def serve(plant, master):
    beat = sample = time.monotonic()
    while True:
        now = time.monotonic()
        if now >= beat:
            plant.heartbeat()
            beat += 1
        if not plant.is_lockstep and now >= sample:
            plant.step()
            # What was missed is not made up for.
            sample = max(sample + 1 / plant.rate, now)
        until = beat if plant.is_lockstep else min(beat, sample)
        readable, _, _ = select.select(
            [master, sys.stdin], [], [], max(0, until - time.monotonic()))
        if sys.stdin in readable and not os.read(0, 4096):
            return
        if master in readable:
            for message in plant.link.parse_buffer(os.read(master, 4096)) or []:
                plant.obey(message)


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("model", type=Path)
    parser.add_argument("--link", type=Path, required=True, help="becomes a link to the line")
    parser.add_argument("--rate", type=float, default=50, help="samples a second")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--vary", type=float, default=0, help="0 to below 1")
    parser.add_argument("--noise", type=float, default=1, help="factor of the sensors' noise")
    options = parser.parse_args()
    if not options.model.exists():
        sys.exit(f"{options.model}: no such file")
    physics = Physics(options.model, options.seed, options.vary, options.noise)
    master, slave = pty.openpty()
    tty.setraw(slave)
    os.set_blocking(master, False)
    plant = Plant(codec(), physics, options.rate, master)
    options.link.unlink(missing_ok=True)
    options.link.symlink_to(os.ttyname(slave))
    print("ready", flush=True)
    try:
        serve(plant, master)
    finally:
        options.link.unlink(missing_ok=True)


if __name__ == "__main__":
    main()
