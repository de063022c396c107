"""A function of the user's run over the slices of tensors: kept each (map_fn) or joined into one (foldl, foldr)."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable, Sequence

from ...errors import ShapeError
from ..graph.tensor import as_tensor
from ..runtime import chosen
from .control import scan
from .shaping import reverse, stack

__all__ = ["map_fn", "foldl", "foldr"]

_WRITTEN_OUT = 64  # slices of the backend's own tensors at most


def map_fn(fn, elems, name=None):
    """`fn` of every slice of `elems` along the first axis.

    Shape: `(n, ...)` -> `(n, shape of what fn gives)`; a list where `fn` gives a list.

    Args:
        fn: from one slice to a tensor. With several `elems` it takes their slices as one list, or separately
            where it has that many parameters.
        elems: a tensor or array, or a list of them.
        name: accepted for Keras 1's sake.
    """
    several = isinstance(elems, list | tuple)
    sequences = [_with_slices(one, "map_fn") for one in (elems if several else [elems])]

    def of(slices):
        return fn(*slices) if _takes_apart(fn, slices) else fn(list(slices) if several else slices[0])

    if any(map(chosen.is_native, sequences)):
        return _map_natives(of, sequences)
    gives_list = False

    def step(slices, states):
        nonlocal gives_list
        result = of(slices)
        gives_list = isinstance(result, list | tuple)
        return [as_tensor(one) for one in (result if gives_list else [result])], []

    collected, _ = scan(step, sequences, [])
    return list(collected) if gives_list else collected[0]


def _map_natives(function: Callable, sequences: Sequence):
    """The slices of the backend's own tensors written out, or looped over where it knows how, as its code may be."""
    steps = _native_steps(sequences[0])
    if steps is None or steps > _WRITTEN_OUT:
        return chosen.active().map_natives(function, sequences)
    results = [function([one[place] for one in sequences]) for place in range(steps)]
    if isinstance(results[0], list | tuple):
        return [stack(list(one)) for one in zip(*results, strict=True)]
    return stack(results)


def _native_steps(x) -> int | None:
    return chosen.active().static_shape(x)[0]


def _takes_apart(fn: Callable, slices) -> bool:
    """Whether the function has a parameter for each slice, rather than one for the list of them."""
    if len(slices) < 2:
        return False
    try:
        parameters = inspect.signature(fn).parameters.values()
    except (TypeError, ValueError):
        return False
    needed = [one for one in parameters if one.default is one.empty and one.kind in (0, 1)]
    return len(needed) == len(slices)


def foldl(fn, elems, initializer=None, name=None):
    """The slices of `elems` joined from the first to the last: `acc = fn(acc, slice)`.

    Shape: `(n, ...)` -> shape of `initializer`, or of a slice.

    Args:
        fn: from what was joined so far and the next slice to a tensor of the same shape.
        elems: a tensor or array.
        initializer: what to begin with; by default the first slice.
        name: accepted for Keras 1's sake.
    """
    elems = _with_slices(elems, "foldl")
    if chosen.is_native(elems):
        return _fold_native(fn, elems, initializer)
    start, rest = (elems[0], elems[1:]) if initializer is None else (as_tensor(initializer), elems)
    if rest.shape[0] == 0:
        return start
    _, (last,) = scan(lambda slices, states: ([], [as_tensor(fn(states[0], slices[0]))]), [rest], [start])
    return last


def _fold_native(fn, elems, initializer):
    steps = _native_steps(elems)
    if steps is None:
        raise ShapeError(
            f"foldl needs a known first axis beside {chosen.backend()}'s own code.", "Write the code with K functions."
        )
    slices = [elems[place] for place in range(steps)]
    return functools.reduce(fn, slices) if initializer is None else functools.reduce(fn, slices, initializer)


def foldr(fn, elems, initializer=None, name=None):
    """The slices of `elems` joined from the last to the first, as `foldl` does from the first.

    Shape: `(n, ...)` -> shape of `initializer`, or of a slice.
    """
    return foldl(fn, reverse(_with_slices(elems, "foldr"), 0), initializer)


def _with_slices(elems, who: str):
    elems = elems if chosen.is_native(elems) else as_tensor(elems)
    if not elems.ndim:
        raise ShapeError(f"{who} needs a tensor with a first axis to go along, got a scalar.")
    return elems
