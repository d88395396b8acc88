"""Referee for ReplanWire: pymavlink with the codec it generates from hil/replan.xml.

usage: referee_wire.py DIALECT WORK seeds
       referee_wire.py DIALECT WORK read IN OUT      frames in, frames packed again and fields out
       referee_wire.py DIALECT WORK write SEED N OUT [sign]    random frames and their fields out
Fields go to OUT.txt, one message a line: integers in decimal, floats as their bits, text as hex.
"""
import contextlib
import importlib.util
import io
import os
import random
import shutil
import struct
import sys

from pymavlink.generator import mavgen

NAMES = ["HEARTBEAT", "TIMESYNC", "COMMAND_LONG", "COMMAND_ACK", "STATUSTEXT", "PLANT_DESCRIPTION",
         "OBSERVATION", "ACTION"]
# MAVLink's TIMESYNC has two extensions that the common.xml shipped in pymavlink 2.4.50 lacks.
TS1 = '<field type="int64_t" name="ts1" units="ns">'
EXTENSIONS = """
      <extensions/>
      <field type="uint8_t" name="target_system">Target system id.</field>
      <field type="uint8_t" name="target_component">Target component id.</field>
    </message>"""


def generate(dialect, work):
    """Generates the codec beside copies of the definitions that the dialect includes."""
    os.makedirs(work, exist_ok=True)
    import pymavlink
    shipped = os.path.join(os.path.dirname(pymavlink.__file__), "dialects", "v20")
    for name in ("common.xml", "standard.xml", "minimal.xml"):
        text = open(os.path.join(shipped, name), encoding="utf-8").read()
        start = text.find(TS1)
        if start >= 0:
            end = text.index("</message>", start)
            if "<extensions/>" not in text[start:end]:
                text = text[:end].rstrip() + EXTENSIONS + text[end + len("</message>"):]
        with open(os.path.join(work, name), "w", encoding="utf-8") as file:
            file.write(text)
    xml = shutil.copy(dialect, work)
    output = os.path.join(work, "generated_replan.py")
    options = mavgen.Opts(output, wire_protocol="2.0", language="Python", validate=True)
    log = io.StringIO()
    with contextlib.redirect_stdout(log):
        if not mavgen.mavgen(options, [xml]):
            sys.exit("mavgen refuses the dialect:\n" + log.getvalue())
    spec = importlib.util.spec_from_file_location("generated_replan", output)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def render(message):
    out = [str(message.get_msgId()), str(message.get_seq()), str(message.get_srcSystem()),
           str(message.get_srcComponent())]
    for name, kind in zip(message.fieldnames, message.fieldtypes):
        value = getattr(message, name)
        if kind == "char":
            raw = value if isinstance(value, bytes) else value.encode("ascii")
            out.append(raw.rstrip(b"\0").hex() or "-")
        elif kind == "float":
            values = value if isinstance(value, (list, tuple)) else [value]
            out += [str(struct.unpack("<I", struct.pack("<f", v))[0]) for v in values]
        else:
            out.append(str(value))
    return " ".join(out)


def read(wire, source, output):
    link = wire.MAVLink(None)
    with open(source, "rb") as file:
        messages = link.parse_buffer(file.read()) or []
    with open(output, "wb") as packed, open(output + ".txt", "w", encoding="ascii") as text:
        for message in messages:
            if message.get_type() == "BAD_DATA":
                sys.exit("pymavlink refuses a frame: %s" % message.reason)
            text.write(render(message) + "\n")
            link.seq = message.get_seq()
            link.srcSystem = message.get_srcSystem()
            link.srcComponent = message.get_srcComponent()
            packed.write(message.pack(link))


def random_float(rng):
    kind = rng.randrange(8)
    if kind < 3:
        return 0.0
    if kind == 3:
        return rng.choice([float("nan"), float("inf"), float("-inf"), -0.0, 1e-42])
    return struct.unpack("<f", struct.pack("<f", rng.gauss(0, 100)))[0]


def random_value(rng, kind, count):
    if kind == "char":
        return bytes(rng.choice(b"abcXYZ 019.") for _ in range(rng.randint(0, count)))
    if kind == "float":
        values = [random_float(rng) for _ in range(max(count, 1))]
        return values if count else values[0]
    bits = int(kind.rstrip("_t").lstrip("uint").split("_")[0])
    if rng.random() < 0.3:
        return 0
    value = rng.getrandbits(bits)
    return value - (1 << (bits - 1)) if kind.startswith("int") else value


def write(wire, seed, count, output, key=None, timestamp=1):
    rng = random.Random(seed)
    link = wire.MAVLink(None)
    if key:
        link.signing.secret_key = key
        link.signing.sign_outgoing = True
        link.signing.link_id = 3
        link.signing.timestamp = timestamp
    kinds = {m.msgname: m for m in wire.mavlink_map.values()}
    with open(output, "wb") as packed, open(output + ".txt", "w", encoding="ascii") as text:
        for _ in range(count):
            kind = kinds[rng.choice(NAMES)]
            fields = {name: random_value(rng, kind.fieldtypes[i],
                                         kind.array_lengths[kind.ordered_fieldnames.index(name)])
                      for i, name in enumerate(kind.fieldnames)}
            message = kind(**fields)
            link.seq, link.srcSystem, link.srcComponent = (rng.getrandbits(8) for _ in range(3))
            packed.write(message.pack(link))
            text.write(render(message) + "\n")


def main(arguments):
    dialect, work, task = arguments[:3]
    wire = generate(dialect, work)
    if task == "seeds":
        for name in NAMES:
            message = next(m for m in wire.mavlink_map.values() if m.msgname == name)
            print(message.id, message.crc_extra, message.unpacker.size)
    elif task == "read":
        read(wire, arguments[3], arguments[4])
    else:
        write(wire, int(arguments[3]), int(arguments[4]), arguments[5],
              bytes(range(32)) if "sign" in arguments else None)


if __name__ == "__main__":
    main(sys.argv[1:])
