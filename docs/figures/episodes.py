"""Reads a workspace's episodes with PyPI's mcap and its protobuf decoder."""

from dataclasses import dataclass
from pathlib import Path

import yaml
from mcap.reader import make_reader
from mcap_protobuf.decoder import DecoderFactory


@dataclass
class Episode:
    index: int
    kind: str
    seconds: float
    total_return: float
    succeeded: bool
    # Seconds since the episode's first sample.
    time: list
    # Values by channel name, one for each sample.
    observation: dict
    # The action in force from each sample on, by channel name.
    action: dict


def read_workspace(folder):
    """The robot's description and the episodes in order."""
    folder = Path(folder)
    robot = yaml.safe_load((folder / "robot.yaml").read_text())
    paths = sorted((folder / "episodes").glob("*.mcap"))
    return robot, [read_episode(path, robot) for path in paths]


def read_episode(path, robot):
    observations, actions = [], []
    with path.open("rb") as file:
        reader = make_reader(file, decoder_factories=[DecoderFactory()])
        metadata = {record.name: dict(record.metadata) for record in reader.iter_metadata()}
        for _, channel, _, message in reader.iter_decoded_messages():
            if channel.topic == "/observation":
                observations.append(message)
            elif channel.topic == "/action":
                actions.append(message)
    outcome = metadata["outcome"]
    start = observations[0].plant_time_us
    return Episode(
        index=int(metadata["replan"]["episode"]), kind=metadata["replan"]["kind"],
        seconds=float(outcome["seconds"]), total_return=float(outcome["return"]),
        succeeded=outcome["success"] == "true",
        time=[(message.plant_time_us - start) * 1e-6 for message in observations],
        observation=columns(robot["observation"], observations),
        action=columns(robot["action"], actions))


def columns(channels, messages):
    names = [channel["name"] for channel in channels]
    return {name: [getattr(message, name) for message in messages] for name in names}
