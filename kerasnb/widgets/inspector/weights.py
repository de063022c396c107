"""The weights of one layer, drawn: kernels as tiles, matrices as one picture, vectors as bars."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from ...errors import ArgumentError, unknown_name
from ...report.cards import WeightCard, weight_cards
from ...report.numbers import shape_text
from ...report.pieces import between_pieces
from ...report.presentation import Presentation
from .tiles import drawing, histogram_view, statistics_rows

__all__ = ["MOST_TILES", "first_weight", "weight_page", "weight_views"]

MOST_TILES = 256  # at a time: 512 by 512 kernels would be ten megabytes


def weight_views(layer: Any, ordering: str) -> Iterator[dict[str, Any]]:
    """One drawing with figures for each weight, which is read when it is asked for."""
    untrained = "not trained" if layer.trainable else "frozen"
    for card in weight_cards(layer):
        between_pieces()
        yield {"of": layer.name} | _one(card, ordering, "" if card.trainable else untrained)


def weight_page(layer: Any, ordering: str, name: str, first: int) -> dict[str, Any]:
    """The drawing of one weight, from tile `first` on.

    Raises:
        ArgumentError: the layer has no such weight, or the weight no such tile.
    """
    known = [str(weight.name) for weight in layer.weights]
    if name not in known:
        raise unknown_name(f'weight of "{layer.name}" is called', name, known)
    card = next(card for card in weight_cards(layer) if card.name == name)
    return _drawn(card, ordering, first)


def first_weight(layer: Any, ordering: str) -> tuple[Presentation, str]:
    """The first weight of a layer as it is drawn, up to `MOST_TILES` kernels of it, and its name.

    Raises:
        ArgumentError: the layer has none.
    """
    card = next(weight_cards(layer), None)
    if card is None:
        raise ArgumentError(f'"{layer.name}" has no weights to draw.', "Choose another layer.")
    values = np.asarray(card.values, dtype="float32")
    tiles = _tiles_of(values, ordering)
    if tiles is None:
        return _arranged(values)[0], card.name
    return Presentation("maps", tiles.reshape(-1, *tiles.shape[2:])[:MOST_TILES]), card.name


def _one(card: WeightCard, ordering: str, note: str) -> dict[str, Any]:
    return {
        "name": card.name,
        "shape": shape_text(card.shape),
        "note": note,
        "statistics": statistics_rows(card.statistics),
        "histogram": histogram_view(card.histogram),
        "drawing": _drawn(card, ordering, 0),
    }


def _drawn(card: WeightCard, ordering: str, first: int) -> dict[str, Any]:
    values = np.asarray(card.values, dtype="float32")
    tiles, total = _tiles_of(values, ordering), 0
    if tiles is None:
        shown, labels = _arranged(values)
    else:
        stack = tiles.shape[1]
        total = len(tiles) * stack
        if not 0 <= first < total:
            raise ArgumentError(f'"{card.name}" has kernels 0 to {total - 1}, got {first}.')
        places = np.arange(first, min(first + MOST_TILES, total))
        shown = Presentation("maps", tiles[places // stack, places % stack])
        labels = [f"{at // stack}" if stack == 1 else f"{at % stack}→{at // stack}" for at in places]
    low, high = card.statistics.minimum, card.statistics.maximum
    span = None if low is None or high is None or tiles is None else (low, high)
    view = drawing(shown, card.name, labels, one="Kernel", span=span, first=first if tiles is not None else 0)
    return view | {"stretched": values.ndim == 2, "first": first if total else 0, "total": total or view["size"][0]}


def _tiles_of(values: np.ndarray, ordering: str) -> np.ndarray | None:
    """Kernels of two axes as (filter, channel, rows, cols); None where there are none."""
    if values.ndim != 4:
        return None
    return values if ordering == "th" else values.transpose(3, 2, 0, 1)


def _arranged(values: np.ndarray) -> tuple[Presentation, list[str] | None]:
    if values.ndim == 2:
        inputs, units = values.shape
        return Presentation("maps", values[np.newaxis]), [f"{inputs} inputs down, {units} units across"]
    return Presentation("bars" if values.size > 4 else "numbers", values.ravel()[:4096]), None
