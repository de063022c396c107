"""The weights of one layer, drawn: kernels as tiles, matrices as one picture, vectors as bars."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from ...report.cards import WeightCard, weight_cards
from ...report.numbers import shape_text
from ...report.pieces import between_pieces
from ...report.presentation import Presentation
from .tiles import drawing, histogram_view, statistics_rows

__all__ = ["weight_views"]

MOST_TILES = 256


def weight_views(layer: Any, ordering: str) -> Iterator[dict[str, Any]]:
    """One drawing with figures for each weight, which is read when it is asked for."""
    untrained = "not trained" if layer.trainable else "frozen"
    for card in weight_cards(layer):
        between_pieces()
        yield {"of": layer.name} | _one(card, ordering, "" if card.trainable else untrained)


def _one(card: WeightCard, ordering: str, note: str) -> dict[str, Any]:
    shown, labels = _arranged(card.values, ordering)
    return {
        "name": card.name,
        "shape": shape_text(card.shape),
        "note": note,
        "statistics": statistics_rows(card.statistics),
        "histogram": histogram_view(card.histogram),
        "drawing": drawing(shown, card.name, labels, one="Kernel") | {"stretched": card.values.ndim == 2},
    }


def _arranged(values: np.ndarray, ordering: str) -> tuple[Presentation, list[str] | None]:
    values = np.asarray(values, dtype="float32")
    if values.ndim == 4:
        return _kernels(values if ordering == "th" else values.transpose(3, 2, 0, 1))
    if values.ndim == 2:
        inputs, units = values.shape
        return Presentation("maps", values[np.newaxis]), [f"{inputs} inputs down, {units} units across"]
    return Presentation("bars" if values.size > 4 else "numbers", values.ravel()[:4096]), None


def _kernels(values: np.ndarray) -> tuple[Presentation, list[str]]:
    filters, stack = values.shape[:2]
    tiles = values.reshape(filters * stack, *values.shape[2:])
    labels = [f"{at // stack}" if stack == 1 else f"{at % stack}→{at // stack}" for at in range(len(tiles))]
    note = f"the first {MOST_TILES} of {len(tiles)}" if len(tiles) > MOST_TILES else ""
    return Presentation("maps", tiles[:MOST_TILES], note), labels[:MOST_TILES]
