"""The one door where K's functions take arguments as later Keras spells them; their signatures stay Keras 1.2's.

Crossentropies by place take (output, target), as in Keras 1.2, and turn (target, output) round where `order` can tell.
"""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable
from typing import Any

from ....errors import ArgumentError
from . import meanings
from .order import CROSSENTROPIES, output_first

__all__ = ["accept_later_spellings"]

_IMAGE = {"data_format": "dim_ordering"}
_WINDOW = _IMAGE | {"padding": "border_mode"}
_DILATED = _WINDOW | {"dilation_rate": "filter_dilation"}

# function -> {later argument: Keras 1.2's}
NAMES: dict[str, dict[str, str]] = {
    "conv1d": {"padding": "border_mode", "strides": "stride"},
    "conv2d": _DILATED,
    "conv3d": _DILATED,
    "deconv2d": _WINDOW,
    "atrous_conv2d": _WINDOW,
    "separable_conv2d": _WINDOW,
    "pool2d": _WINDOW,
    "pool3d": _WINDOW,
    "spatial_2d_padding": _IMAGE,
    "spatial_3d_padding": _IMAGE,
    "resize_images": _IMAGE | {"x": "X"},
    "resize_volumes": _IMAGE | {"x": "X"},
    "expand_dims": {"axis": "dim"},
    "one_hot": {"num_classes": "nb_classes"},
    "random_normal": {"stddev": "std"},
    "random_uniform": {"minval": "low", "maxval": "high"},
}


def accept_later_spellings(namespace: dict[str, Any]) -> None:
    """Let the functions in a module's namespace take later argument names, and arguments that came later."""
    for name in NAMES.keys() | set(meanings.__all__):
        namespace[name] = _spelt(namespace[name], NAMES.get(name, {}), getattr(meanings, name, None))
    for name in CROSSENTROPIES:
        namespace[name] = output_first(namespace[name])


def _spelt(function: Callable, names: dict[str, str], later: Callable | None) -> Callable:
    signature = inspect.signature(function)
    known, most = set(signature.parameters), len(signature.parameters)
    least = sum(parameter.default is parameter.empty for parameter in signature.parameters.values())

    @functools.wraps(function)
    def spelt(*args, **kwargs):
        if kwargs and any(name in kwargs for name in names):
            given, kwargs = kwargs, _translated(function.__name__, names, kwargs)
        else:
            given = kwargs
        fits = least <= len(args) + len(kwargs) and len(args) <= most and known.issuperset(kwargs)
        if later is not None and not fits:
            return later(*args, **given)
        return function(*args, **kwargs)

    return spelt


def _translated(who: str, names: dict[str, str], kwargs: dict[str, Any]) -> dict[str, Any]:
    for later, earlier in names.items():
        if later in kwargs and earlier in kwargs:
            problem = f"K.{who}: {later} and {earlier} are two spellings of one argument."
            raise ArgumentError(problem, f"Keep {earlier}.")
    return {names.get(name, name): value for name, value in kwargs.items()}
