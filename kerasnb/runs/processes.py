"""Which process a run belongs to, and whether that still lives."""

from __future__ import annotations

import os
import socket
import sys
from pathlib import Path
from typing import Any

from ..utils.writing import is_running

__all__ = ["lives", "this_process"]


def this_process() -> dict[str, Any]:
    """Number, machine and the moment of its start, which tells it from a later process of the same number."""
    return {"pid": os.getpid(), "host": socket.gethostname(), "began": _began(os.getpid())}


def lives(process: Any) -> bool | None:
    """Whether the process that was described lives; None where nobody can say, as on another machine."""
    if not isinstance(process, dict) or not isinstance(process.get("pid"), int):
        return None
    if process.get("host") != socket.gethostname() or sys.platform == "win32":  # asking would end it there
        return None
    if not is_running(process["pid"]):
        return False
    return process.get("began") in (None, _began(process["pid"]))


def _began(pid: int) -> str | None:
    """Where Linux says it: in ticks since the machine started, and which start of the machine that was."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        return f"{Path('/proc/sys/kernel/random/boot_id').read_text().strip()}:{fields[19]}"
    except (OSError, IndexError):
        return None
