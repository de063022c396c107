"""What `machines="local:2"` means."""

from __future__ import annotations

import re

from ..errors import ArgumentError

__all__ = ["processes_asked"]

_MOST = 64


def processes_asked(where: str) -> int:
    """How many processes of this machine are meant.

    Raises:
        ArgumentError: it names no such place.
    """
    found = re.fullmatch(r"local:(\d+)", where) if isinstance(where, str) else None
    if found and 1 <= int(found[1]) <= _MOST:
        return int(found[1])
    if isinstance(where, str) and where.startswith("ray"):
        raise ArgumentError(
            f"machines={where!r}: other machines cannot be used yet, only processes of this one.",
            'Write machines="local:2".',
            arguments=("machines",),
        )
    raise ArgumentError(
        f'machines must be "local:n" with n from 1 to {_MOST}, got {where!r}.',
        'Write machines="local:2", or leave it out to train in this process.',
        arguments=("machines",),
    )
