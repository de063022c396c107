"""What `machines="local:2"` means."""

from __future__ import annotations

import re
from typing import Any

from .. import backend as K
from ..errors import ArgumentError, StatefulError

__all__ = ["check_parts", "processes_asked"]

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


def check_parts(where: str | None, batch_size: int, model: Any) -> None:
    """Refuse a training whose batches cannot be cut into equal parts.

    Raises:
        ArgumentError: the batch size is no multiple of the number of machines, or there is no such place.
        StatefulError: the model knows only one size of batches.
    """
    count = 1 if where is None else processes_asked(where)
    if batch_size % count:
        more = -(-batch_size // count) * count
        raise ArgumentError(
            f"fit: a batch of {batch_size} cannot be cut into {count} equal parts, one for each machine.",
            f"Give batch_size={more}, or machines={f'local:{_divisor(batch_size, count)}'!r}.",
            arguments=("batch_size",),
        )
    fixed = [shape for shape in map(K.int_shape, model.inputs) if shape[0] is not None]
    if count > 1 and fixed:
        raise StatefulError(
            f'fit: model "{model.name}" takes batches of {fixed[0][0]} only, which {count} machines cannot share.',
            "Make it without batch_input_shape and stateful=True, or leave machines out.",
        )


def _divisor(batch_size: int, most: int) -> int:
    return max(count for count in range(1, most + 1) if batch_size % count == 0)
