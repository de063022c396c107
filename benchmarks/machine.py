"""The machine, the versions and the date, in one line above each table."""

import datetime
import functools
import os
import platform
import subprocess
from importlib.metadata import version
from pathlib import Path

from benchmarks.contestants import PEERS

OURS = ("kerasnb", "numpy", "tensorflow-cpu", "pytensor", "jax")
THEIRS = ("keras", "tensorflow-cpu", "jax", "torch", "livelossplot")


@functools.cache
def describe_machine() -> str:
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    place = f"{datetime.date.today().isoformat()}; {processor()}, {cores} cores; Python {platform.python_version()}"
    return f"{place}; {own_versions()}; beside {peer_versions()}."


def processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        return platform.processor() or platform.machine()
    names = [line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.machine()


def own_versions() -> str:
    return ", ".join(f"{name} {version(name)}" for name in OURS)


def peer_versions() -> str:
    if not PEERS.exists():
        return "no peers installed"
    code = f"from importlib.metadata import version; print(', '.join(f'{{n}} {{version(n)}}' for n in {THEIRS}))"
    done = subprocess.run([PEERS, "-c", code], capture_output=True, text=True)
    return done.stdout.strip() or "no peers installed"
