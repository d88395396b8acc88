"""Reads an exported episode with Python's csv and with numpy, and compares the two bit by bit.

Prints one JSON object: of each column its values, numbers by their bits in hexadecimal.
"""
import csv
import json
import sys

import numpy as np

with open(sys.argv[1], newline="") as stream:
    rows = list(csv.DictReader(stream, strict=True))
archive = np.load(sys.argv[2], allow_pickle=False)
names = list(rows[0])
assert sorted(names) == sorted(archive.files)
columns = {}
for name in names:
    array = archive[name]
    cells = [row[name] for row in rows]
    assert array.shape == (len(rows),)
    if array.dtype.kind == "U":
        assert array.tolist() == cells
        columns[name] = cells
        continue
    assert array.dtype in (np.dtype("<f4"), np.dtype("<f8")), array.dtype
    # NumPy's own conversion would round twice on the way to 32 bits.
    parsed = np.array([float(cell) if cell else np.nan for cell in cells]).astype(array.dtype)
    bits = {4: "<u4", 8: "<u8"}[array.itemsize]
    same = (parsed.view(bits) == array.view(bits)) | (np.isnan(parsed) & np.isnan(array))
    assert same.all(), (name, cells, array)
    width = 2 * array.itemsize
    columns[name] = [
        "nan" if np.isnan(value) else "%0*x" % (width, pattern)
        for value, pattern in zip(array, array.view(bits))
    ]
json.dump(columns, sys.stdout)
