"""Which trainings several machines do not suit."""

from __future__ import annotations

from typing import Any

from .. import backend as K
from ..errors import ArgumentError, StatefulError
from .asked import place_asked

__all__ = ["check_parts"]


def check_parts(count: int, where: str, batch_size: int, model: Any) -> None:
    """Refuse a training whose batches cannot be cut into equal parts.

    Args:
        count: how many machines there are.
        where: as they were asked for.

    Raises:
        ArgumentError: the batch size is no multiple of the number of machines.
        StatefulError: the model knows only one size of batches.
    """
    if batch_size % count:
        more = -(-batch_size // count) * count
        raise ArgumentError(
            f"fit: a batch of {batch_size} cannot be cut into {count} equal parts, one for each machine.",
            f"Give batch_size={more}, or machines={_fewer(where, _divisor(batch_size, count))!r}.",
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


def _fewer(where: str, count: int) -> str:
    place = place_asked(where)
    if place.address:
        return f"{place.address}/{count}"
    return f"{'ray' if place.by_ray else 'local'}:{count}"
