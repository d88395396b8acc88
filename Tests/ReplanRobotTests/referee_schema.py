"""Checks YAML files against a JSON Schema; prints one line a fault, exits 1 if there is any.

usage: referee_schema.py SCHEMA FILE...
"""

import json
import sys

import jsonschema
import yaml

with open(sys.argv[1], encoding="utf-8") as file:
    schema = json.load(file)
jsonschema.Draft202012Validator.check_schema(schema)
validator = jsonschema.Draft202012Validator(schema)
faults = 0
for path in sys.argv[2:]:
    with open(path, encoding="utf-8") as file:
        document = yaml.safe_load(file)
    for error in validator.iter_errors(document):
        print(f"{path}: {error.json_path}: {error.message[:200]}")
        faults += 1
sys.exit(1 if faults else 0)
