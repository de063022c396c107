"""Products of tensors summed over named axes, in Einstein's notation."""

from __future__ import annotations

import functools
import string
from collections.abc import Sequence
from typing import NamedTuple

from ...errors import ArgumentError, ShapeError
from .registry import op

__all__ = ["einsum"]


class Terms(NamedTuple):
    """An equation with a letter for each axis: those of each tensor, and those of the result."""

    inputs: tuple[str, ...]
    output: str


def read_equation(equation: str, ranks: Sequence[int]) -> Terms:
    """The letters of an equation such as 'btf,fhd->bthd' or '...f,fu->...u' for tensors of so many axes."""
    left, arrow, output = equation.replace(" ", "").partition("->")
    inputs = left.split(",")
    if len(inputs) != len(ranks):
        raise _misfit(equation, f"is about {len(inputs)} tensors, got {len(ranks)}")
    # how many axes `...` stands for in each term
    counts = [rank - len(term.replace("...", "")) for term, rank in zip(inputs, ranks, strict=True)]
    for term, rank, count in zip(inputs, ranks, counts, strict=True):
        if count < 0 or (count and "..." not in term):
            raise _misfit(equation, f'"{term}" does not name the {rank} axes of its tensor')
    # `...` gets letters like the rest; of fewer axes the last ones, which is how numpy broadcasts
    free = [letter for letter in string.ascii_letters if letter not in equation][: max(counts, default=0)]
    spelt = [
        term.replace("...", "".join(free[len(free) - count :])) for term, count in zip(inputs, counts, strict=True)
    ]
    if not arrow:
        once = sorted(letter for letter in set(left) - set(".,") if left.count(letter) == 1)
        output = "..." * ("..." in left) + "".join(once)
    result = output.replace("...", "".join(free))
    for term in (*spelt, result):
        if len(set(term)) < len(term):
            raise _misfit(equation, f'"{term}" names an axis twice')
    unknown = set(result) - set("".join(spelt))
    if unknown:
        raise _misfit(equation, f"no tensor has the axis {min(unknown)!r} of the result")
    return Terms(tuple(spelt), result)


def _misfit(equation: str, why: str) -> ArgumentError:
    return ArgumentError(
        f"einsum {equation!r}: {why}.", 'Write a letter for each axis, such as "btf,fu->btu".', arguments=("equation",)
    )


def _summed(x, equation):
    terms = read_equation(equation, [len(one.shape) for one in x])
    sizes: dict[str, int | None] = {}
    for term, one in zip(terms.inputs, x, strict=True):
        for letter, size in zip(term, one.shape, strict=True):
            known = sizes.get(letter)
            if None not in (known, size) and known != size:
                listed = ", ".join(str(tuple(tensor.shape)) for tensor in x)
                raise ShapeError(f"einsum {equation!r} of {listed}: the axis {letter!r} has {known} and {size}.")
            sizes[letter] = size if known is None else known
    return tuple(sizes[letter] for letter in terms.output)


@op(shape=_summed, inputs="*x", promote=True)
def _einsum(x, equation):
    """The products of the tensors `x`, summed over every axis that the result does not name."""


@_einsum.tensorflow
def _(tf, x, equation):
    terms = read_equation(equation, [len(one.shape) for one in x])
    return tf.einsum(f"{','.join(terms.inputs)}->{terms.output}", *x)


@_einsum.theano
def _(pt, x, equation):
    terms = read_equation(equation, [one.ndim for one in x])
    # an axis is summed away as soon as neither the result nor a later tensor names it: products stay small
    wanted = [set(terms.output).union(*terms.inputs[place + 1 :]) for place in range(len(x))]
    product = functools.reduce(
        lambda so_far, place: _product(pt, *so_far, x[place], terms.inputs[place], wanted[place]),
        range(1, len(x)),
        _without(pt, x[0], terms.inputs[0], wanted[0]),
    )
    return _in_order(pt, *product, terms.output)


def _without(pt, x, letters: str, wanted: set[str]) -> tuple:
    """`x` summed over the axes that nobody wants, and the letters of the others."""
    over = [axis for axis, letter in enumerate(letters) if letter not in wanted]
    return (pt.sum(x, axis=over) if over else x), "".join(letter for letter in letters if letter in wanted)


def _in_order(pt, x, letters: str, order: str):
    pattern = [letters.index(letter) for letter in order]
    return x if pattern == sorted(pattern) else pt.transpose(x, pattern)


def _product(pt, x, x_letters: str, y, y_letters: str, wanted: set[str]) -> tuple:
    """Both summed over what they share and nobody wants, as products of matrices; and the letters of the result."""
    x, x_letters = _without(pt, x, x_letters, wanted | set(y_letters))
    y, y_letters = _without(pt, y, y_letters, wanted | set(x_letters))
    both = [letter for letter in x_letters if letter in y_letters]
    batch, summed = ["".join(one for one in both if (one in wanted) == is_kept) for is_kept in (True, False)]
    left = "".join(letter for letter in x_letters if letter not in both)
    right = "".join(letter for letter in y_letters if letter not in both)
    sizes = _sizes(y, y_letters) | _sizes(x, x_letters)

    def grouped(tensor, letters, *groups):
        ordered = _in_order(pt, tensor, letters, "".join(groups))
        return pt.reshape(ordered, [_count(sizes, group) for group in groups], ndim=len(groups))

    # each product of two as one of matrices, (batch, left, summed) by (batch, summed, right), which BLAS does fast
    if batch:
        rows, cols = grouped(x, x_letters, batch, left, summed), grouped(y, y_letters, batch, summed, right)
        made = pt.matmul(rows, cols)
    else:
        made = pt.dot(grouped(x, x_letters, left, summed), grouped(y, y_letters, summed, right))
    letters = batch + left + right
    return pt.reshape(made, [sizes[letter] for letter in letters], ndim=len(letters)), letters


def _sizes(x, letters: str) -> dict:
    """The size of each axis, as a number where it is known."""
    known = zip(letters, x.type.shape, range(x.ndim), strict=True)
    return {letter: x.shape[axis] if size is None else size for letter, size, axis in known}


def _count(sizes: dict, letters: str):
    return functools.reduce(lambda count, letter: count * sizes[letter], letters, 1)


def einsum(equation, *x):
    """The products of tensors, summed over every axis that the result does not name.

    Shape: as the equation says: 'btf,fu->btu' takes `(batch, time, features)` and `(features, units)`; `...` stands
        for the axes that have no letter.

    Args:
        equation: the letters of each tensor's axes, `->`, those of the result.
        x: the tensors, whose sizes must agree where they share a letter.

    Raises:
        ArgumentError: the equation does not fit, or names an axis of a tensor twice.
    """
    return _einsum(list(x[0]) if len(x) == 1 and isinstance(x[0], list | tuple) else list(x), equation)
