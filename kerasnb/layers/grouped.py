"""Convolutions in groups: each part of the filters sees its own part of the features."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from .. import backend as K
from ..errors import ShapeError

__all__ = ["check_groups", "slid_by_groups"]


def check_groups(groups: int, features: int, filters: int) -> None:
    """Refuse groups that are not all of one size.

    Raises:
        ShapeError: features or filters cannot be parted so.
    """
    for count, what in ((features, "features of its input"), (filters, "filters")):
        if count % groups:
            fitting = [one for one in range(1, count + 1) if not count % one]
            raise ShapeError(
                f"cannot put {count} {what} into {groups} groups of one size.",
                f"Set groups to one of {', '.join(map(str, fitting))}.",
                arguments=("groups",),
            )


def slid_by_groups(slide: Callable[[Any, Any], Any], x: Any, kernel: Any, groups: int, is_first: bool) -> Any:
    """`slide(x, kernel)` for each group by itself, their outputs beside each other.

    Args:
        is_first: whether features are the first axis after the batch, and filters the first of the kernel.
    """
    if groups == 1:
        return slide(x, kernel)
    width = K.int_shape(x)[1 if is_first else -1] // groups
    filters = K.int_shape(kernel)[0 if is_first else -1] // groups
    outputs = []
    for group in range(groups):
        own = slice(group * width, (group + 1) * width)
        taught = slice(group * filters, (group + 1) * filters)
        part = x[:, own] if is_first else x[..., own]
        outputs.append(slide(part, kernel[taught] if is_first else kernel[..., taught]))
    return K.concatenate(outputs, axis=1 if is_first else -1)
