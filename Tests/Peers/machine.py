"""What the figures were taken on."""

import os
import platform
import subprocess


def first_line(*command):
    try:
        output = subprocess.run(command, capture_output=True, text=True).stdout
    except OSError:
        return "not found"
    return output.splitlines()[0].strip() if output else "unknown"


def processor():
    """The processor's name, family and model, and its widest vectors."""
    fields = {}
    with open("/proc/cpuinfo") as info:
        for line in info:
            key, _, value = line.partition(":")
            fields.setdefault(key.strip(), value.strip())
    name = fields.get("model name", platform.machine())
    if "cpu family" in fields:
        name += f" (family {fields['cpu family']}, model {fields['model']})"
    flags = fields.get("flags", fields.get("Features", "")).split()
    widest = next((f for f in ("avx512f", "avx2", "asimd") if f in flags), "none known")
    return name, widest


def describe():
    name, widest = processor()
    return {
        "processor": name,
        "vectors": widest,
        "cores": os.cpu_count(),
        "kernel": f"{platform.system()} {platform.release()} {platform.machine()}",
        "swift": first_line("swift", "--version"),
        "c_compiler": first_line("gcc", "--version"),
    }
