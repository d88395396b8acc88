"""Writes an episode anew with PyPI's mcap, one thing changed and every checksum right.

Usage: alter_episode.py IN OUT observation N     flips the last bit of a value of the N-th observation
       alter_episode.py IN OUT format1           leaves out what files of format 1 did not have
       alter_episode.py IN OUT nothing
"""
import struct
import sys

from mcap.reader import SeekingReader
from mcap.writer import Writer

OLD_TOPICS = ("/observation", "/action", "/tick")
OLD_KEYS = ("format", "robot", "rate_hz", "tick_s", "seed", "model_hash", "episode", "kind", "build",
            "created", "start_ns", "plant")


def flipped(payload):
    """The payload with another last bit of its first field, a channel as a 64-bit float."""
    assert payload[0] == 0x09
    value, = struct.unpack_from("<d", payload, 1)
    bits, = struct.unpack("<I", struct.pack("<f", value))
    other, = struct.unpack("<f", struct.pack("<I", bits ^ 1))
    return payload[:1] + struct.pack("<d", other) + payload[9:]


def main(source, target, what, *arguments):
    is_old = what == "format1"
    with open(source, "rb") as stream, open(target, "wb") as output:
        reader = SeekingReader(stream, validate_crcs=True)
        writer = Writer(output)
        writer.start(library="alter_episode")
        for attachment in reader.iter_attachments():
            if is_old and attachment.name != "robot.yaml":
                continue
            writer.add_attachment(
                attachment.create_time, attachment.log_time, attachment.name,
                attachment.media_type, attachment.data)
        schemas, channels, observations = {}, {}, 0
        for schema, channel, message in reader.iter_messages(log_time_order=False):
            if is_old and channel.topic not in OLD_TOPICS:
                continue
            if schema.id not in schemas:
                schemas[schema.id] = writer.register_schema(
                    schema.name, schema.encoding, schema.data)
            if channel.id not in channels:
                channels[channel.id] = writer.register_channel(
                    channel.topic, channel.message_encoding, schemas[schema.id])
            data = message.data
            if channel.topic == "/observation":
                if what == "observation" and observations == int(arguments[0]):
                    data = flipped(data)
                observations += 1
            writer.add_message(
                channels[channel.id], message.log_time, data, message.publish_time,
                message.sequence)
        for metadata in reader.iter_metadata():
            values = dict(metadata.metadata)
            if is_old and metadata.name == "replan":
                values = {key: values[key] for key in OLD_KEYS}
                values["format"] = "1"
            writer.add_metadata(metadata.name, values)
        writer.finish()


main(*sys.argv[1:])
