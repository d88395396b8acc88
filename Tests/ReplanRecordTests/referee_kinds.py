"""Reads a model of any kind with PyPI's safetensors; prints metadata, shapes and values as JSON."""
import json
import sys

from safetensors import safe_open

with safe_open(sys.argv[1], framework="numpy") as file:
    tensors = {name: file.get_tensor(name) for name in file.keys()}
    result = {
        "metadata": file.metadata(),
        "shapes": {name: list(tensor.shape) for name, tensor in tensors.items()},
        "values": {name: [float(v) for v in tensor.ravel()] for name, tensor in tensors.items()},
    }
    json.dump(result, sys.stdout)
