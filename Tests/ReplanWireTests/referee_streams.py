"""Referee for FrameParser: what pymavlink finds in the very streams.

usage: referee_streams.py DIALECT WORK STREAMS FOUND
STREAMS: for each stream its length in two bytes and itself. FOUND: for each stream the number of
frames that were found in it, then place and length of each; all in two bytes, little-endian.

Prints counts as JSON, and fails with the first frame that pymavlink would not have accepted.
Where pymavlink fails with a frame it goes on behind that frame's supposed end; ReplanWire goes on at
the byte behind its magic. So pymavlink misses frames that lie inside failed ones, and those that a
stream's failed last frame claims. A frame that is found here only must lie so, and must be accepted
by pymavlink by itself.
"""
import json
import os
import struct
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from referee_wire import NAMES, generate  # noqa: E402


def spans(wire, stream, known):
    """What pymavlink makes of each byte: accepted frames, and what it passed over."""
    link = wire.MAVLink(None)
    link.robust_parsing = True
    accepted, passed, start = set(), [], 0
    for message in link.parse_buffer(stream) or []:
        is_bad = message.get_type() == "BAD_DATA"
        data = message.data if is_bad else message.get_msgbuf()
        end = start + len(data)
        if not is_bad and data[0] == 0xFD and message.get_msgId() in known:
            accepted.add((start, len(data)))
        else:
            passed.append((start, end))
        start = end
    if start < len(stream):
        passed.append((start, len(stream)))
    return accepted, passed


def overlaps(frame, others):
    start, end = frame[0], frame[0] + frame[1]
    return any(start < last and first < end for first, last in others)


def is_accepted_alone(wire, frame):
    try:
        return wire.MAVLink(None).decode(bytearray(frame)).get_type() != "BAD_DATA"
    except wire.MAVError:
        return False


def compare(wire, streams, found):
    known = {m.id for m in wire.mavlink_map.values() if m.msgname in NAMES}
    counts = dict.fromkeys(["streams", "bytes", "ours", "theirs", "both", "insideFailed",
                            "coveredByOurs"], 0)
    while head := streams.read(2):
        stream = streams.read(struct.unpack("<H", head)[0])
        number, = struct.unpack("<H", found.read(2))
        ours = {struct.unpack("<HH", found.read(4)) for _ in range(number)}
        theirs, passed = spans(wire, stream, known)
        for start, length in ours - theirs:
            if not is_accepted_alone(wire, stream[start:start + length]):
                sys.exit("pymavlink rejects %s of %s" % ((start, length), stream.hex()))
            if not overlaps((start, length), passed):
                sys.exit("pymavlink sees no frame at %s of %s" % ((start, length), stream.hex()))
        spans_of_ours = [(start, start + length) for start, length in ours]
        for frame in theirs - ours:
            if not overlaps(frame, spans_of_ours):
                sys.exit("ours misses %s of %s" % (frame, stream.hex()))
        counts["streams"] += 1
        counts["bytes"] += len(stream)
        counts["ours"] += len(ours)
        counts["theirs"] += len(theirs)
        counts["both"] += len(ours & theirs)
        counts["insideFailed"] += len(ours - theirs)
        counts["coveredByOurs"] += len(theirs - ours)
    return counts


def main(arguments):
    dialect, work, streams, found = arguments
    wire = generate(dialect, work)
    with open(streams, "rb") as streams, open(found, "rb") as found:
        print(json.dumps(compare(wire, streams, found)))


if __name__ == "__main__":
    main(sys.argv[1:])
