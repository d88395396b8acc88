"""Reads an episode with PyPI's mcap and its protobuf decoder, by index and by scanning.

Prints one JSON object: the messages of each topic as [log_time, {field: bits}] with the bits of
each field in hexadecimal, and what the summary says. Exits with an error where a checksum, an
index entry or a count is wrong.
"""
import json
import struct
import sys
import zlib

from mcap.reader import NonSeekingReader, SeekingReader
from mcap.records import (
    Attachment, AttachmentIndex, Channel, Chunk, ChunkIndex, Footer, Message, MessageIndex, Metadata,
    MetadataIndex, Schema, SummaryOffset)
from mcap.stream_reader import StreamReader, breakup_chunk
from mcap_protobuf.decoder import DecoderFactory


def bits(value):
    return struct.pack(">d", value).hex() if isinstance(value, float) else "%016x" % value


def messages(reader):
    topics = {}
    for _, channel, message, decoded in reader.iter_decoded_messages():
        values = {f.name: v for f, v in decoded.ListFields()}
        counter = "sequence" if channel.topic in ("/observation", "/action") else "tick"
        assert message.sequence == values.get("_" + counter, values.get(counter))
        fields = {name: bits(value) for name, value in values.items()}
        topics.setdefault(channel.topic, []).append([message.log_time, fields])
    return topics


def text(data):
    """The robot file as it is, a model by its size."""
    try:
        return data.decode()
    except UnicodeDecodeError:
        return "%d bytes" % len(data)


def published(path):
    """Publish times of the actions."""
    with open(path, "rb") as stream:
        messages = NonSeekingReader(stream).iter_messages(topics=["/action"])
        return [message.publish_time for _, _, message in messages]


def check_checksums(path):
    data = open(path, "rb").read()
    with open(path, "rb") as stream:
        records = list(StreamReader(stream, validate_crcs=True).records)
    footer = records[-1]
    assert isinstance(footer, Footer)
    assert zlib.crc32(data[footer.summary_start:-12]) == footer.summary_crc
    return records


def check_message_indexes(path, summary):
    """Every index entry leads to a message with its time, and every message has one."""
    spans = []
    with open(path, "rb") as stream:
        records = list(StreamReader(stream, emit_chunks=True).records)
    indexed = 0
    for position, record in enumerate(records):
        if not isinstance(record, Chunk):
            continue
        inner = breakup_chunk(record, validate_crc=True)
        times = [m.log_time for m in inner if isinstance(m, Message)]
        assert (min(times), max(times)) == (record.message_start_time, record.message_end_time)
        spans.append(record.message_end_time - record.message_start_time)
        content = record.data
        if record.compression == "zstd":
            import zstandard
            content = zstandard.decompress(content, record.uncompressed_size)
        found = 0
        for index in records[position + 1:]:
            if not isinstance(index, MessageIndex):
                break
            for time, offset in index.records:
                opcode, _, channel, _, log_time = struct.unpack_from("<BQHIQ", content, offset)
                assert (opcode, channel, log_time) == (5, index.channel_id, time)
                found += 1
        assert found == len(times)
        indexed += found
    with open(path, "rb") as stream:
        for entry in summary.chunk_indexes:
            stream.seek(entry.chunk_start_offset)
            assert stream.read(1)[0] == 6
            for channel, offset in entry.message_index_offsets.items():
                stream.seek(offset)
                opcode, _, found = struct.unpack("<BQH", stream.read(11))
                assert (opcode, found) == (7, channel)
    assert indexed == summary.statistics.message_count
    return spans


def check_offsets(path):
    """Every summary offset leads to its group, every index entry to its record."""
    data = open(path, "rb").read()

    def record(at):
        opcode, length = struct.unpack_from("<BQ", data, at)
        return opcode, 9 + length

    with open(path, "rb") as stream:
        records = list(StreamReader(stream, emit_chunks=True).records)
    footer = records[-1]
    groups = [r for r in records if isinstance(r, SummaryOffset)]
    at = footer.summary_start
    for group in groups:
        assert group.group_start == at, (group, at)
        while at < group.group_start + group.group_length:
            opcode, length = record(at)
            assert opcode == group.group_opcode
            at += length
        assert at == group.group_start + group.group_length
    assert at == footer.summary_offset_start
    indexes = [(r, 9) for r in records if isinstance(r, AttachmentIndex)]
    indexes += [(r, 12) for r in records if isinstance(r, MetadataIndex)]
    for index, opcode in indexes:
        assert record(index.offset) == (opcode, index.length)
    for index in (r for r in records if isinstance(r, ChunkIndex)):
        assert record(index.chunk_start_offset) == (6, index.chunk_length)
        at = end = index.chunk_start_offset + index.chunk_length
        while record(at)[0] == 7:
            assert index.message_index_offsets[struct.unpack_from("<H", data, at + 9)[0]] == at
            at += record(at)[1]
        assert at - end == index.message_index_length


def main(path):
    records = check_checksums(path)
    check_offsets(path)
    with open(path, "rb") as stream:
        reader = SeekingReader(stream, validate_crcs=True, decoder_factories=[DecoderFactory()])
        by_index = messages(reader)
        summary = reader.get_summary()
        attachments = {a.name: text(a.data) for a in reader.iter_attachments()}
        metadata = {m.name: m.metadata for m in reader.iter_metadata()}
    with open(path, "rb") as stream:
        scanner = NonSeekingReader(stream, validate_crcs=True, decoder_factories=[DecoderFactory()])
        by_scan = messages(scanner)
    assert attachments == {r.name: text(r.data) for r in records if isinstance(r, Attachment)}
    assert metadata == {r.name: r.metadata for r in records if isinstance(r, Metadata)}
    statistics = summary.statistics
    counts = {summary.channels[i].topic: n for i, n in statistics.channel_message_counts.items()}
    assert counts == {topic: len(list_) for topic, list_ in by_scan.items()}
    assert statistics.schema_count == len({r.id for r in records if isinstance(r, Schema)})
    assert statistics.channel_count == len({r.id for r in records if isinstance(r, Channel)})
    assert statistics.attachment_count == len(attachments)
    assert statistics.metadata_count == len(metadata)
    assert statistics.chunk_count == len(summary.chunk_indexes)
    spans = check_message_indexes(path, summary)
    json.dump(
        {
            "index": by_index, "scan": by_scan, "attachments": attachments, "metadata": metadata,
            "schemas": sorted(s.name for s in summary.schemas.values()), "spans": spans,
            "published": published(path),
            "compression": sorted({c.compression for c in summary.chunk_indexes}),
        },
        sys.stdout)


main(sys.argv[1])
