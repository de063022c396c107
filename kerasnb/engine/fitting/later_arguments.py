"""How fit, evaluate, predict and their generator kin take the arguments of later releases."""

from __future__ import annotations

import functools
import inspect
import math
import sys
from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np

from ...caller import warn_user
from ...errors import ArgumentError
from ...spelling.door import earlier_signature, note_later, translate
from ...spelling.names import COUNTS, FIT, FOR_GENERATORS, GENERATOR, ONLY_IN_FIT
from ..feeding.datasets import are_batches, is_dataset, length_of
from ..feeding.sources import Ordered, is_iterator, is_sequence
from ..statistics import is_spelt_later

__all__ = [
    "Batches",
    "ValidationBatches",
    "WholePass",
    "accepts_batch_counts",
    "accepts_generators",
    "whole_length",
]


_VALIDATION_COUNT = 6  # the place of nb_val_samples in fit_generator, behind the generator's


class Batches(int):
    """A number of batches, where Keras 1.2 counts samples."""


class WholePass(Batches):
    """As many batches as a pass over a data set has, which only its end will tell."""


class ValidationBatches(NamedTuple):
    """Batches for the validation of a fit on arrays, and how many of them to use."""

    data: Any
    steps: Batches


def whole_length(data: Any) -> Batches | None:
    """How many batches a pass has; None where it has no end."""
    length = length_of(data)
    if length is None:
        return WholePass(sys.maxsize)
    return None if math.isinf(length) else Batches(length)


def accepts_batch_counts(function: Callable) -> Callable:
    """A decorator for fit_generator and its like: later releases count batches, by other names.

    The signature stays Keras 1.2's; keyword-only parameters, which came later, are not shown in it.
    """
    signature = inspect.signature(function)
    count = list(signature.parameters)[2]

    @functools.wraps(function)
    def spelt(self, *args, **kwargs):
        if any(name in kwargs for name in GENERATOR):
            note_later((self,))
        args, kwargs = _counted(args, _without_show_accuracy(kwargs), count, _counts_batches(self, kwargs))
        if "nb_epoch" in signature.parameters and len(args) < 3 and isinstance(_count(args, kwargs, count), Batches):
            kwargs.setdefault("nb_epoch", 1)
        return function(self, *args, **kwargs)

    vars(spelt)["__signature__"] = earlier_signature(function)
    return spelt


def _counts_batches(model: Any, kwargs: dict) -> bool:
    """Whether a count without a name is of batches: by the names in this call, else by the spelling of the program."""
    if any(name in kwargs for name in GENERATOR):
        return True
    return is_spelt_later(model) and not any(name in kwargs for name in GENERATOR.values())


def _count(args: tuple, kwargs: dict, count: str) -> Any:
    return args[1] if len(args) > 1 else kwargs.get(count)


def _counted(args: tuple, kwargs: dict, count: str, is_later: bool) -> tuple[tuple, dict]:
    """The arguments by Keras 1.2's names, later counts marked as batches.

    Args:
        is_later: whether the program is spelt as Keras 2 and later do, so that a count without a name is of batches.
    """
    kwargs = {name: value for name, value in kwargs.items() if not (name in COUNTS and value is None)}
    kwargs |= {name: _batches(name, kwargs[name]) for name in COUNTS if name in kwargs}
    kwargs = _only(translate(GENERATOR, kwargs), ("validation_freq", "validation_batch_size"))
    if is_later and len(args) > 1 and args[1] is not None:
        args = (args[0], _batches(count, args[1]), *args[2:])
    if is_later and len(args) > _VALIDATION_COUNT and args[_VALIDATION_COUNT] is not None:
        by_place = list(args)
        by_place[_VALIDATION_COUNT] = _batches("nb_val_samples", by_place[_VALIDATION_COUNT])
        args = tuple(by_place)
    generator: Any = args[0] if args else kwargs.get("generator")
    if _knows_its_length(generator) and _count(args, kwargs, count) is None:
        length = whole_length(generator)
        if length is None:
            raise _endless(generator, count)
        if len(args) > 1:
            args = (generator, length, *args[2:])
        else:
            kwargs[count] = length
    validation: Any = kwargs.get("validation_data")
    if is_sequence(validation) or (is_later and _knows_its_length(validation)):
        kwargs.setdefault("nb_val_samples", whole_length(validation))
    return _shuffled(args, kwargs, count)


def _knows_its_length(batches: Any) -> bool:
    """Whether its own length is meant, as of a data set, a Sequence and of later iterators over pictures."""
    return is_sequence(batches) or is_dataset(batches) or (is_iterator(batches) and hasattr(batches, "__len__"))


def _endless(data: Any, count: str) -> ArgumentError:
    name = next(later for later, earlier in COUNTS.items() if earlier == count)
    return ArgumentError(
        f"{type(data).__name__} has no end, so {name} is needed: how many batches to take.",
        f"For example {name}=100.",
        arguments=(name,),
    )


def _batches(name: str, value: Any) -> Batches:
    try:
        return Batches(value)
    except (TypeError, ValueError):
        raise ArgumentError(f"{name} must be a number of batches, got {value!r}.", arguments=(name,)) from None


def _shuffled(args: tuple, kwargs: dict, count: str) -> tuple[tuple, dict]:
    """The batches of a Sequence come in a new order each epoch of a training, unless `shuffle` says no."""
    if count != COUNTS["steps_per_epoch"]:
        return args, kwargs
    shuffle = kwargs.pop("shuffle", True)
    if args and is_sequence(args[0]):
        return (Ordered(args[0], shuffle), *args[1:]), kwargs
    if is_sequence(kwargs.get("generator")):
        kwargs["generator"] = Ordered(kwargs["generator"], shuffle)
    return args, kwargs


def accepts_generators(by_generator: str) -> Callable:
    """A decorator for fit, evaluate and predict: later releases give them generators too.

    Args:
        by_generator: the method for those.
    """

    def decorate(function: Callable) -> Callable:
        known = inspect.signature(function).parameters

        @functools.wraps(function)
        def spelt(self, *args, **kwargs):
            x = args[0] if args else kwargs.get("x")
            if are_batches(x):
                return getattr(self, by_generator)(**_for_generator(args, kwargs, known))
            args, kwargs = _validated_by_batches(args, _without_show_accuracy(kwargs), known)
            if not kwargs.keys() <= known.keys():
                note_later((self,))
                kwargs = translate(FIT, {name: kwargs[name] for name in kwargs if name not in FOR_GENERATORS})
                kwargs = _only(kwargs, [name for name in ONLY_IN_FIT if name not in known])
            if kwargs.get("batch_size", 0) is None:
                del kwargs["batch_size"]
            return function(self, *args, **kwargs)

        return spelt

    return decorate


def _for_generator(args: tuple, kwargs: dict, known: Any) -> dict:
    """The arguments of fit as fit_generator takes them; what has no meaning there has to be left at its default."""
    given = dict(zip(list(known)[1:], args, strict=False)) | kwargs
    data = given["generator"] = given.pop("x")
    for name in ("y", "batch_size", "validation_split", "sample_weight", "validation_batch_size", "machines"):
        value = given.pop(name, None)
        if value is not None and value is not False and not (np.isscalar(value) and value == 0):
            kind = f"the data set {type(data).__name__}" if is_dataset(data) else "a generator"
            raise ArgumentError(
                f"{name} has no meaning for {kind}, which gives batches.", _INSTEAD[name], arguments=(name,)
            )
    for name in FOR_GENERATORS:  # what Keras 3's PyDataset says itself
        if hasattr(data, name) and hasattr(data, "num_batches"):
            given.setdefault(name, getattr(data, name))
    epochs = [given.pop(name) for name in ("nb_epoch", "epochs") if name in given]
    return given | ({"epochs": epochs[0]} if epochs else {})


_IN_TUPLES = "Let it give tuples (x, y) or (x, y, sample_weight)."
_OF_THAT_SIZE = "Make batches of that size where they are made: dataset.batch(32), DataLoader(data, batch_size=32)."
_INSTEAD = {
    "y": _IN_TUPLES,
    "sample_weight": _IN_TUPLES,
    "batch_size": _OF_THAT_SIZE,
    "validation_batch_size": _OF_THAT_SIZE,
    "validation_split": "Give validation_data: arrays, or batches too.",
    "machines": "Give arrays, of which each machine takes its part of every batch.",
}


def _validated_by_batches(args: tuple, kwargs: dict, known: Any) -> tuple[tuple, dict]:
    """The arguments of fit on arrays; batches for its validation come with the number of them to use."""
    given = dict(zip(list(known)[1:], args, strict=False)) | kwargs
    if not are_batches(given.get("validation_data")):
        return args, kwargs
    data, count = given["validation_data"], given.pop("validation_steps", None)
    count = whole_length(data) if count is None else _batches("validation_steps", count)
    if count is None:
        raise _endless(data, "nb_val_samples")
    return (), given | {"validation_data": ValidationBatches(data, count)}


def _without_show_accuracy(kwargs: dict) -> dict:
    """The arguments without one of Keras 0.3's that Keras 1.2 warns of."""
    if "show_accuracy" in kwargs:
        warn_user(
            'The "show_accuracy" argument is deprecated, instead you should pass the "accuracy" metric to the model at '
            'compile time: `model.compile(optimizer, loss, metrics=["accuracy"])`',
        )
    return {name: value for name, value in kwargs.items() if name != "show_accuracy"}


def _only(kwargs: dict, names: Any) -> dict:
    """Without those later arguments, which may only say what Keras 1.2 does anyway."""
    for name in names:
        if name in kwargs and kwargs.pop(name) not in ONLY_IN_FIT[name]:
            raise ArgumentError(
                f"{name} did not exist in Keras 1.2 and can only be {ONLY_IN_FIT[name][0]!r} here.",
                "Leave it out.",
                arguments=(name,),
            )
    return kwargs
