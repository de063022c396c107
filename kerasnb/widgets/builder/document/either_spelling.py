"""Arguments of layers given in either spelling, as Keras 1.2 has them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ....errors import ArgumentError
from ....spelling.door import translate
from ....spelling.names import NAMES, VALUES
from .fields import fields_of
from .values import parse

__all__ = ["KERNELS", "earlier_arguments"]

# the arguments that a later kernel_size stands for
KERNELS = ("nb_row", "nb_col"), ("kernel_dim1", "kernel_dim2", "kernel_dim3")


def earlier_arguments(cls: type, values: Mapping[str, Any]) -> dict[str, Any]:
    """Arguments in either spelling, as values or as text, under Keras 1.2's names and in its words.

    >>> from kerasnb.layers import Convolution2D
    >>> earlier_arguments(Convolution2D, {"filters": "8", "kernel_size": "(3, 5)", "padding": "same"})
    {'nb_filter': '8', 'border_mode': 'same', 'nb_row': 3, 'nb_col': 5}
    """
    given: dict[str, Any] = dict(values)
    fields = {field.name for field in fields_of(cls)}
    sizes = next((names for names in KERNELS if fields.issuperset(names)), ())
    split = _each_axis(cls, sizes, given.pop("kernel_size")) if sizes and "kernel_size" in given else {}
    names = {later: name for later, name in _names(cls).items() if later not in fields}
    return {name: _earlier_value(name, value) for name, value in translate(names, given, cls.__name__).items()} | split


def _names(cls: type) -> dict[str, str]:
    return {**NAMES["Layer"], **NAMES.get(cls.__name__, {})} if cls.__module__.startswith("kerasnb.") else {}


def _earlier_value(name: str, value: Any) -> Any:
    return VALUES.get(name, {}).get(value, value) if isinstance(value, str | int) else value


def _each_axis(cls: type, sizes: tuple[str, ...], value: Any) -> dict[str, Any]:
    read = parse(value) if isinstance(value, str) else value
    each = read if isinstance(read, tuple | list) else (read,) * len(sizes)
    if len(each) != len(sizes):
        raise ArgumentError(f"kernel_size of {cls.__name__} takes {len(sizes)} numbers, got {len(each)}.")
    return dict(zip(sizes, each, strict=True))
