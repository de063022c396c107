"""What a new machine is told: which one it is, how to compute, where the others are."""

from __future__ import annotations

import os
import socket
from collections.abc import Sequence
from typing import NamedTuple

__all__ = ["LOOPBACK", "Joining", "Settings", "free_port", "own_cores", "share_of"]

LOOPBACK = "127.0.0.1"


class Settings(NamedTuple):
    """How a machine computes.

    Attributes:
        path: where Python looks for modules.
    """

    backend: str
    floatx: str
    epsilon: float
    path: tuple[str, ...] = ()


class Joining(NamedTuple):
    """All that a machine needs before it can compute.

    Attributes:
        host: where it listens itself.
        address: where number 0 listens, as host:port.
        secret: what only these machines know.
        seconds: how long a machine waits for another.
        cores: those of the processor that are its own; empty where there are too few.
    """

    rank: int
    count: int  # type: ignore[assignment]  # and not tuple's method
    settings: Settings
    host: str
    address: str
    secret: bytes
    seconds: float
    cores: list[int]


def own_cores() -> list[int]:
    """The cores on which this process may run; none where the system does not say."""
    return sorted(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else []


def share_of(cores: Sequence[int], number: int, count: int) -> list[int]:
    """Those of a computer's cores that are one machine's of several on it; none where there are too few."""
    each = len(cores) // count
    return list(cores[number * each : (number + 1) * each])


def free_port(host: str = LOOPBACK) -> int:
    """A port on which nobody listens."""
    with socket.socket() as one:
        one.bind((host, 0))
        return one.getsockname()[1]
