"""What a new process is told: which machine it is, how to compute, where the others are."""

from __future__ import annotations

from typing import NamedTuple

__all__ = ["Joining"]


class Joining(NamedTuple):
    """All that a machine needs before it can compute.

    Attributes:
        path: where Python looks for modules.
        address: where number 0 listens, as host:port.
        secret: what only these machines know.
        seconds: how long a machine waits for another.
        cores: those of the processor that are its own; empty where there are too few.
    """

    rank: int
    count: int
    backend: str
    floatx: str
    epsilon: float
    path: list[str]
    address: str
    secret: bytes
    seconds: float
    cores: list[int]
