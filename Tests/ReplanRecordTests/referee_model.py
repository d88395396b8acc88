"""Reads a model with PyPI's safetensors; prints metadata, shapes and bits as one JSON object."""
import json
import sys

import numpy as np
from safetensors import safe_open

with safe_open(sys.argv[1], framework="numpy") as file:
    tensors = {}
    for name in file.keys():
        tensor = file.get_tensor(name)
        assert tensor.dtype == np.float32
        tensors[name] = {
            "shape": list(tensor.shape),
            "bits": [int(b) for b in tensor.ravel().view(np.uint32)],
        }
    json.dump({"metadata": file.metadata(), "tensors": tensors}, sys.stdout)
