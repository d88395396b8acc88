"""Writes an MCAP file anew with PyPI's mcap: schemas and channels in the chunks, no checksum of the data.

Usage: rewrite_episode.py IN OUT [plain]    plain: without chunks and checksums
"""
import sys

from mcap.reader import SeekingReader
from mcap.writer import CompressionType, Writer

source, target, *options = sys.argv[1:]
with open(source, "rb") as stream, open(target, "wb") as output:
    reader = SeekingReader(stream, validate_crcs=True)
    plain = options == ["plain"]
    writer = Writer(
        output, chunk_size=4096, use_chunking=not plain, enable_crcs=not plain,
        compression=CompressionType.NONE)
    writer.start()
    schemas, channels = {}, {}
    for schema, channel, message in reader.iter_messages(log_time_order=False):
        if schema.id not in schemas:
            schemas[schema.id] = writer.register_schema(schema.name, schema.encoding, schema.data)
        if channel.id not in channels:
            channels[channel.id] = writer.register_channel(
                channel.topic, channel.message_encoding, schemas[schema.id])
        writer.add_message(
            channels[channel.id], message.log_time, message.data, message.publish_time,
            message.sequence)
    for attachment in reader.iter_attachments():
        writer.add_attachment(
            attachment.create_time, attachment.log_time, attachment.name, attachment.media_type,
            attachment.data)
    for metadata in reader.iter_metadata():
        writer.add_metadata(metadata.name, metadata.metadata)
    writer.finish()
