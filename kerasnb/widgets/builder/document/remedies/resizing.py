"""Pictures or sequences of unequal sizes brought to one, where they are joined: pooled, repeated, cut or padded."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from .case import Candidate, Case
from .picture_order import order_of

__all__ = ["pooled", "repeated", "trimmed", "padded", "spatial_axes"]


def pooled(case: Case) -> Iterator[list[Candidate]]:
    """The larger inputs pooled to the smallest."""
    if axes := spatial_axes(case):
        yield [
            *_resized(case, axes, "MaxPooling", min, _pooled),
            *_resized(case, axes, "MaxPooling", min, _pooled_with_border, border_mode="same"),
        ]


def repeated(case: Case) -> Iterator[list[Candidate]]:
    """The smaller inputs repeated to the largest."""
    if axes := spatial_axes(case):
        yield _resized(case, axes, "UpSampling", max, lambda own, other: 0 if other % own else other // own)


def _pooled(own: int, wanted: int) -> int:
    """The pool that makes so many places of so many, as a pool beside it does; 0 where none does."""
    factor = own // wanted
    return factor if own // factor == wanted else 0


def _pooled_with_border(own: int, wanted: int) -> int:
    factor = -(-own // wanted)
    return factor if -(-own // factor) == wanted else 0


def spatial_axes(case: Case) -> slice | None:
    """The axes of rows and columns, or of time, where all inputs have the same ones and all sizes are known."""
    ranks = {len(sizes) for sizes in case.sizes}
    is_known = len(case.sizes) > 1 and not any(None in sizes for sizes in case.sizes)
    if not case.joins or not is_known or len(ranks) != 1 or not {2, 3, 4} & ranks:
        return None
    ordered = [part for source in case.sources for spec in case.above(source) for part in case.parts(spec.name)]
    orders = {order_of(part) for part in ordered if "dim_ordering" in part.fields}
    # sequences have no order of axes: their features are last in any case
    return slice(1, None) if orders == {"th"} and ranks != {2} else slice(0, -1)


def _resized(case: Case, axes: slice, word: str, pick: Any, factor: Any, **more: Any) -> list[Candidate]:
    wanted = pick(sizes[axes] for sizes in case.sizes)
    layers = []
    for source, sizes in zip(case.sources, case.sizes, strict=True):
        if sizes[axes] == wanted:
            continue
        if any(pick(pair) != pair[1] for pair in zip(sizes[axes], wanted, strict=True)):
            return []
        factors = tuple(factor(own, other) for own, other in zip(sizes[axes], wanted, strict=True))
        if 0 in factors:
            return []
        layers.append((source, f"{word}{len(factors)}D", {**_factors(word, factors, axes), **more}))
    return [case.insert_each(layers)] if layers else []


def _factors(word: str, factors: tuple, axes: slice) -> dict[str, Any]:
    if len(factors) == 1:
        return {"pool_length" if word == "MaxPooling" else "length": factors[0]}
    order = {"dim_ordering": "th"} if axes.start == 1 else {}
    return {"pool_size" if word == "MaxPooling" else "size": factors, **order}


def trimmed(case: Case) -> Iterator[list[Candidate]]:
    """The borders of the larger inputs cut off."""
    if axes := spatial_axes(case):
        yield _bordered_to(case, axes, min, "Cropping", "cropping")


def padded(case: Case) -> Iterator[list[Candidate]]:
    """Zeros around the smaller inputs, where little is missing, as behind a pool of an odd size."""
    axes = spatial_axes(case)
    if axes and all(2 * min(along) > max(along) for along in zip(*(sizes[axes] for sizes in case.sizes), strict=True)):
        yield _bordered_to(case, axes, max, "ZeroPadding", "padding")


def _bordered_to(case: Case, axes: slice, pick: Any, word: str, argument: str) -> list[Candidate]:
    """A layer after each input that is not of the size wanted, half of it on either side."""
    wanted = tuple(map(pick, *(sizes[axes] for sizes in case.sizes)))
    layers = []
    for source, sizes in zip(case.sources, case.sizes, strict=True):
        apart = [abs(own - other) for own, other in zip(sizes[axes], wanted, strict=True)]
        if any(apart):
            sides = tuple((more // 2, more - more // 2) for more in apart)
            arguments: dict[str, Any] = {argument: sides if len(sides) > 1 else sides[0]}
            arguments |= {"dim_ordering": "th"} if axes.start == 1 else {}
            layers.append((source, f"{word}{len(sides)}D", arguments))
    return [case.insert_each(layers)] if layers else []
