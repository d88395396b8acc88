"""Reads a workspace with PyPI's mcap and its protobuf decoder, and with safetensors.

Prints one JSON object: of each episode its channels, counts, sequences and a digest of what was
observed and done; of each model its tensors and metadata keys. A file that they refuse is an error.
"""
import hashlib
import json
import os
import struct
import sys

from mcap.reader import NonSeekingReader, SeekingReader
from mcap_protobuf.decoder import DecoderFactory
from safetensors import safe_open


def finished(path):
    with open(path, "rb") as stream:
        stream.seek(-8, os.SEEK_END)
        return stream.read() == b"\x89MCAP0\r\n"


def counter(message, name):
    return getattr(message, "_" + name, None) or getattr(message, name)


def episode(path):
    is_finished = finished(path)
    # Without a footer there is no index: what was cut off is read from the front.
    kind = SeekingReader if is_finished else NonSeekingReader
    topics, fields, digest = {}, {}, hashlib.sha256()
    last_time = 0
    times = {"/observation": {}, "/action": {}}
    with open(path, "rb") as stream:
        reader = kind(stream, decoder_factories=[DecoderFactory()])
        try:
            for _, channel, message, decoded in reader.iter_decoded_messages():
                last_time = max(last_time, message.log_time)
                times.setdefault(channel.topic, {})[message.log_time] = decoded
                topics.setdefault(channel.topic, []).append(decoded)
                fields[channel.topic] = [f.name for f in decoded.DESCRIPTOR.fields]
                if channel.topic != "/tick":
                    for field in decoded.DESCRIPTOR.fields:
                        digest.update(struct.pack("<d", getattr(decoded, field.name)))
        except (struct.error, EOFError, AssertionError) as error:
            if is_finished:
                raise
            print("cut off: %r" % error, file=sys.stderr)
        except Exception as error:
            if is_finished or type(error).__name__ != "EndOfFile":
                raise
    observations = topics.get("/observation", [])
    return {
        "file": path, "finished": is_finished, "fields": fields, "digest": digest.hexdigest(),
        "last_time": last_time / 1e9,
        "counts": {topic: len(messages) for topic, messages in topics.items()},
        "sequence": [int(counter(o, "sequence")) for o in observations],
        "action_sequence": [int(o.action_sequence) for o in observations],
        # Of a tick: the action sent in it, and that in force when its sample was taken.
        "lags": [int(counter(action, "sequence")) - int(times["/observation"][at].action_sequence)
                 for at, action in times["/action"].items()
                 if at in times["/observation"] and times["/observation"][at].action_sequence],
        "flags": [int(o.flags) for o in observations],
    }


def model(path):
    with safe_open(path, framework="numpy") as file:
        shapes = {name: list(file.get_tensor(name).shape) for name in file.keys()}
        return {"file": path, "tensors": shapes, "metadata": file.metadata()}


def files(folder, name, suffix):
    folder = os.path.join(folder, name)
    return [os.path.join(folder, n) for n in sorted(os.listdir(folder)) if n.endswith(suffix)]


json.dump({
    "episodes": [episode(path) for path in files(sys.argv[1], "episodes", ".mcap")],
    "models": [model(path) for path in files(sys.argv[1], "models", ".safetensors")],
}, sys.stdout)
