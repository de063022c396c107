"""Small helpers that Keras 1 and 2 keep in `generic_utils`, and layers written for them import from there."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from ..errors import ArgumentError, unknown_name

__all__ = [
    "has_arg",
    "to_list",
    "unpack_singleton",
    "is_all_none",
    "make_tuple",
    "slice_arrays",
    "transpose_shape",
    "check_for_unexpected_keys",
]

_BY_NAME = (inspect.Parameter.POSITIONAL_OR_KEYWORD, inspect.Parameter.KEYWORD_ONLY)
_ORDERS = ("channels_first", "channels_last")


def make_tuple(*args: Any) -> tuple:
    """The arguments as a tuple."""
    return args


def has_arg(fn: Callable, name: str, accept_all: bool = False) -> bool:
    """Whether a function takes an argument of this name.

    Args:
        accept_all: what to say of a function that takes any name, by `**kwargs`.
    """
    parameters = inspect.signature(fn).parameters
    if name in parameters:
        return parameters[name].kind in _BY_NAME
    return accept_all and any(one.kind is one.VAR_KEYWORD for one in parameters.values())


def to_list(x: Any, allow_tuple: bool = False) -> list:
    """A list as it is, anything else as a list of one.

    Args:
        allow_tuple: turn a tuple into a list of its items.
    """
    if isinstance(x, list):
        return x
    return list(x) if allow_tuple and isinstance(x, tuple) else [x]


def unpack_singleton(x: Any) -> Any:
    """The item of a list or tuple of one; anything else as it is."""
    return x[0] if len(x) == 1 else x


def is_all_none(iterable_or_element: Any) -> bool:
    """Whether this is None, or a list or tuple of nothing else."""
    return all(one is None for one in to_list(iterable_or_element, allow_tuple=True))


def slice_arrays(arrays: Any, start: Any = None, stop: int | None = None) -> Any:
    """The samples from `start` to `stop`, or those with the numbers `start`, of an array or of each in a list."""
    if isinstance(arrays, list):
        return [None if array is None else _sliced(array, start, stop) for array in arrays]
    return [None] if arrays is None else _sliced(arrays, start, stop)


def _sliced(array: Any, start: Any, stop: int | None) -> Any:
    if hasattr(start, "__len__"):
        return array[start.tolist() if hasattr(start, "tolist") else start]
    return array[start:stop]


def transpose_shape(shape: Sequence, target_format: str, spatial_axes: Iterable[int]) -> tuple:
    """A shape with its features, now last, where the target format has them.

    Args:
        target_format: 'channels_first' or 'channels_last'.
        spatial_axes: the axes of `shape` that are rows, cols and so on.
    """
    if target_format not in _ORDERS:
        raise unknown_name("target_format", target_format, _ORDERS)
    if target_format == "channels_last":
        return tuple(shape)
    spatial = tuple(spatial_axes)
    first = shape[: spatial[0]]
    return (*first, shape[-1], *(shape[axis] for axis in spatial))


def check_for_unexpected_keys(name: str, input_dict: Mapping, expected_values: Iterable) -> None:
    """Refuse a dictionary with other keys than the expected ones.

    Raises:
        ArgumentError: it has some.
    """
    unexpected = sorted(map(str, set(input_dict) - set(expected_values)))
    if unexpected:
        raise ArgumentError(f"{name} has unexpected keys: {unexpected}.", f"It takes {list(expected_values)}.")
