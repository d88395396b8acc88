"""A plant on a pseudo-terminal that speaks hil/replan.xml by pymavlink, with a vice.

usage: scripted_plant.py DIALECT WORK LINK VICE
It behaves as a cart-pole's firmware would, streaming at the rate asked for and standing still,
until its vice shows:
  none          does no wrong
  mute          opens the line and never says anything
  version       its heartbeat names another version of the protocol
  rate          samples at another rate than it was asked for
  deny          denies to set clock and rate
  unusable      no observation of it is finite
  nan           after 30 armed samples, one of its values is not a number any more
  fault         after 30 armed samples it reports a fault
  disarm        after 30 armed samples it is disarmed
  silence       after 30 armed samples it says nothing any more
  slow-reset    its reset never ends
The vice `listen` is that of the other side: prints whether the plant at LINK says it is armed.
It prints `ready` once, then what it is told to do: `armed`, `disarmed`, `reset`.
"""
import contextlib
import importlib.util
import io
import os
import pty
import select
import shutil
import sys
import time
import tty

from pymavlink.generator import mavgen

OBSERVATIONS, ACTIONS, AFTER = 4, 1, 30


def codec(dialect, work):
    """Generates the codec beside copies of the definitions that the dialect includes."""
    import pymavlink
    os.makedirs(work, exist_ok=True)
    shipped = os.path.join(os.path.dirname(pymavlink.__file__), "dialects", "v20")
    for name in ("common.xml", "standard.xml", "minimal.xml"):
        shutil.copy(os.path.join(shipped, name), work)
    output = os.path.join(work, "plant_codec.py")
    options = mavgen.Opts(output, wire_protocol="2.0", language="Python", validate=False)
    with contextlib.redirect_stdout(io.StringIO()):
        mavgen.mavgen(options, [shutil.copy(dialect, work)])
    spec = importlib.util.spec_from_file_location("plant_codec", output)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


class Plant:
    def __init__(self, wire, vice, master):
        self.wire, self.vice, self.master = wire, vice, master
        self.link = wire.MAVLink(self, srcSystem=1, srcComponent=1)
        self.link.robust_parsing = True
        self.armed = self.resetting = False
        self.rate, self.sequence, self.action, self.armed_samples = 50.0, 0, 0, 0

    def write(self, data):
        with contextlib.suppress(BlockingIOError):
            os.write(self.master, data)

    @property
    def shows(self):
        return self.armed_samples > AFTER

    @property
    def is_silent(self):
        return self.vice == "mute" or (self.vice == "silence" and self.shows)

    def heartbeat(self):
        if not self.is_silent:
            self.link.send(self.wire.MAVLink_heartbeat_message(
                0, 8, 128 if self.armed else 0, 0, 4, 4 if self.vice == "version" else 3))

    def sample(self):
        if self.armed:
            self.armed_samples += 1
        if self.shows and self.vice == "disarm":
            self.armed = False
        if self.is_silent:
            return
        flags = (1 if self.armed else 0) | (4 if self.resetting else 0)
        flags |= 8 if self.shows and self.vice == "fault" else 0
        values = [0.0, 0.0, 3.14, 0.0] + [0.0] * 28
        if self.vice == "unusable" or (self.shows and self.vice == "nan"):
            values[2] = float("nan")
        self.link.send(self.wire.MAVLink_observation_message(
            int(time.monotonic() * 1e6), self.sequence, self.action, float("nan"), flags,
            OBSERVATIONS, values))
        self.sequence += 1

    def describe(self):
        rate = self.rate * (2 if self.vice == "rate" else 1)
        self.link.send(self.wire.MAVLink_plant_description_message(
            5, rate, 200, OBSERVATIONS, ACTIONS, b"scripted"))

    def obey(self, message):
        kind = message.get_type()
        if kind == "ACTION":
            self.action = message.sequence if self.armed else 0
        if kind != "COMMAND_LONG" or self.is_silent:
            return
        result = 2 if message.command == 31011 and self.vice == "deny" else 0
        self.link.send(self.wire.MAVLink_command_ack_message(message.command, result, 0, 0, 255, 190))
        if message.command == 512:
            self.describe()
        elif message.command == 400:
            self.armed = message.param1 == 1
            print("armed" if self.armed else "disarmed", flush=True)
        elif message.command == 31010:
            self.sequence, self.action = 0, 0
            self.resetting = self.vice == "slow-reset"
            print("reset", flush=True)
        elif message.command == 31011 and result == 0:
            self.rate = message.param2 or 50.0


def listen(wire, path):
    """Waits for a plant's heartbeat, and says what it tells."""
    link = wire.MAVLink(None)
    link.robust_parsing = True
    line = os.open(path, os.O_RDWR | os.O_NOCTTY)
    tty.setraw(line)
    while True:
        for message in link.parse_buffer(os.read(line, 4096)) or []:
            if message.get_type() == "HEARTBEAT" and message.type == 0:
                print("armed" if message.base_mode & 128 else "disarmed")
                return


def main(dialect, work, path, vice):
    if vice == "listen":
        listen(codec(dialect, work), path)
        return
    master, slave = pty.openpty()
    tty.setraw(slave)
    os.set_blocking(master, False)
    plant = Plant(codec(dialect, work), vice, master)
    os.symlink(os.ttyname(slave), path)
    print("ready", flush=True)
    next_heartbeat = next_sample = time.monotonic()
    while True:
        now = time.monotonic()
        if now >= next_heartbeat:
            plant.heartbeat()
            next_heartbeat += 1
        if now >= next_sample:
            plant.sample()
            next_sample = max(next_sample + 1 / plant.rate, now)
        wait = max(0, min(next_heartbeat, next_sample) - time.monotonic())
        readable, _, _ = select.select([master, sys.stdin], [], [], wait)
        if sys.stdin in readable and not os.read(0, 16):
            return
        if master in readable:
            for message in plant.link.parse_buffer(os.read(master, 4096)) or []:
                plant.obey(message)


main(*sys.argv[1:])
