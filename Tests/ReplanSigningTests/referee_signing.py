"""Referee for ReplanSigning: pymavlink's own signing.

usage: referee_signing.py DIALECT WORK sign KEY TIMESTAMP SEED N OUT    random signed frames
       referee_signing.py DIALECT WORK verify KEY NOW IN    a line for each frame of IN: 1 accepted
KEY in hexadecimal digits; IN has a frame a line, in hexadecimal digits too.
"""
import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "ReplanWireTests"))
from referee_wire import generate, write  # noqa: E402


def verify(wire, key, now, source):
    link = wire.MAVLink(None)
    link.robust_parsing = True
    link.signing.secret_key = key
    link.signing.timestamp = now
    with open(source, encoding="ascii") as file:
        for line in file:
            messages = link.parse_buffer(bytes.fromhex(line)) or []
            print(int(len(messages) == 1 and messages[0].get_type() != "BAD_DATA"))


def main(arguments):
    dialect, work, task, key = arguments[:4]
    wire = generate(dialect, work)
    if task == "sign":
        timestamp, seed, count, output = arguments[4:]
        write(wire, int(seed), int(count), output, bytes.fromhex(key), int(timestamp))
    else:
        verify(wire, bytes.fromhex(key), int(arguments[4]), arguments[5])


if __name__ == "__main__":
    main(sys.argv[1:])
