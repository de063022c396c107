"""What `machines="local:2"` and its kin mean."""

from __future__ import annotations

import re
from typing import NamedTuple

from ..errors import ArgumentError

__all__ = ["Place", "place_asked"]

_MOST = 64


class Place(NamedTuple):
    """Where to compute.

    Attributes:
        where: as it was asked for.
        count: how many machines; None for one on each computer, which are counted there.
        by_ray: whether Ray finds them; else they are processes of this computer.
        address: where Ray's client server listens, as ray://host:port; None for the Ray of this computer.
    """

    where: str
    count: int | None  # type: ignore[assignment]  # tuples have a method of this name
    by_ray: bool = False
    address: str | None = None


def place_asked(where: str) -> Place:
    """The place that is meant.

    Raises:
        ArgumentError: it names no such place.
    """
    found = isinstance(where, str) and re.fullmatch(
        r"(?P<kind>local|ray):(?P<count>\d+)|(?P<address>ray://[^/\s]+:\d+)(/(?P<of_these>\d+))?", where
    )
    if found:
        number = found["count"] or found["of_these"]
        if number is None or 1 <= int(number) <= _MOST:
            by_ray = found["kind"] != "local"
            return Place(where, None if number is None else int(number), by_ray, found["address"])
    raise ArgumentError(
        f'machines must be "local:n" or "ray:n" with n from 1 to {_MOST}, or "ray://host:port", got {where!r}.',
        'Write machines="local:2", or leave it out to train in this process.',
        arguments=("machines",),
    )
