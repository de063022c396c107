"""The kinds of values that the commands take: how each is read from text, and what completion offers for it."""

from __future__ import annotations

import argparse
import re
from collections.abc import Sequence
from typing import Any

from IPython.core.error import UsageError

from ..errors import ArgumentError
from ..machines.asked import place_asked

__all__ = [
    "add",
    "add_batch_size",
    "add_losses",
    "class_weights",
    "fraction",
    "input_shape",
    "machines",
    "positive",
    "sample_index",
    "weight",
    "whole",
]


def add(parser: argparse.ArgumentParser, *names: str, offers: str = "", **arguments: Any) -> None:
    """Add an argument whose values completion takes from `offers`: models, layers, arrays, backends, optimizers ..."""
    parser.add_argument(*names, **arguments).offers = offers


def add_batch_size(parser: argparse.ArgumentParser) -> None:
    """How many samples a step takes, as fit does."""
    add(parser, "--batch-size", type=whole, default=32, metavar="N", help="samples per update (default: 32)")


def add_losses(parser: argparse.ArgumentParser) -> None:
    """The loss, or one for each output."""
    add(
        parser,
        "--loss",
        nargs="+",
        metavar="NAME",
        offers="losses",
        help="for several outputs a=mse b=mae (default: as compiled, else what suits the targets)",
    )


def whole(text: str) -> int:
    """A whole number from 1."""
    return _number(text, int, lambda value: value >= 1, "a whole number from 1")


def sample_index(text: str) -> int:
    """A whole number from 0."""
    return _number(text, int, lambda value: value >= 0, "a whole number from 0")


def positive(text: str) -> float:
    """A number above 0."""
    return _number(text, float, lambda value: 0 < value < float("inf"), "a number above 0")


def fraction(text: str) -> float:
    """A number from 0 up to, not including, 1."""
    return _number(text, float, lambda value: 0 <= value < 1, "a fraction from 0 up to 1")


def weight(text: str) -> float:
    """A number from 0.

    Raises:
        UsageError: it is none.
    """
    try:
        return _number(text, float, lambda value: 0 <= value < float("inf"), "a number from 0")
    except argparse.ArgumentTypeError as error:
        raise UsageError(f"a weight {error}") from None


def machines(text: str) -> str:
    """Where to train, as fit takes it: local:2."""
    try:
        place_asked(text)
    except ArgumentError as error:
        raise argparse.ArgumentTypeError(error.message) from None
    return text


def class_weights(words: Sequence[str]) -> dict[int, float]:
    """`["0=1", "1=5"]` as `{0: 1.0, 1: 5.0}`.

    Raises:
        UsageError: a word is not of that form.
    """
    pairs = [word.partition("=") for word in words]
    for name, mark, _ in pairs:
        if not (name.isdigit() and mark):
            raise UsageError(f"--class-weight needs a number for each class, as 0=1 1=5; got {' '.join(words)}")
    return {int(name): weight(value) for name, _, value in pairs}


def input_shape(text: str) -> tuple[int | None, ...] | str:
    """`8,8,1` as a shape (`None` for a size not known), or the name of an array, as it is."""
    inside = text.strip("()[] ")
    if inside.isidentifier() and inside != "None":
        return inside
    sizes = [size for size in re.split(r"[, ]+", inside) if size]
    if not sizes or not all(size == "None" or (size.isdigit() and int(size) > 0) for size in sizes):
        raise argparse.ArgumentTypeError(f"needs the shape of one sample, as 8,8,1, or an array's name; got {text!r}")
    return tuple(None if size == "None" else int(size) for size in sizes)


def _number(text: str, read: Any, fits: Any, needed: str) -> Any:
    try:
        value = read(text)
    except ValueError:
        value = None
    if value is None or not fits(value):
        raise argparse.ArgumentTypeError(f"needs {needed}, got {text!r}")
    return value
