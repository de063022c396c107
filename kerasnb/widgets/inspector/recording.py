"""Histograms of weights and outputs over epochs: taken while a model trains, and drawn."""

from __future__ import annotations

import time
from collections.abc import Iterable
from typing import Any

import numpy as np

from ...report.activations import is_input, layer_output
from ...report.epochs import EpochHistograms, Spread
from ...report.presentation import Presentation
from .tiles import drawing

__all__ = ["SAMPLES", "Recording"]

SAMPLES = 16  # whose outputs are looked at
MOST_TIME = 0.05  # fraction of the training


class Recording:
    """What was taken since it was made; epochs count from 1, over all fits."""

    def __init__(self) -> None:
        self.epoch = 0
        self._histograms = EpochHistograms()
        self._take_next = 0.0

    def take(self, model: Any, layers: Iterable[Any], chosen: Any, x: list[np.ndarray]) -> bool:
        """Look at the weights, and at the output of the chosen layer, unless that would slow the training down.

        Args:
            layers: whose weights are looked at, those of `chosen` first.
            x: some samples, `SAMPLES` at most.

        Returns:
            Whether it was done.
        """
        self.epoch += 1
        began = time.perf_counter()
        if began < self._take_next or not self._histograms.wants(self.epoch):
            return False
        weights = dict.fromkeys(weight for layer in (chosen, *layers) for weight in layer.weights)
        for weight in weights:
            self._histograms.take(self.epoch, weight, weight.peek())
        if not is_input(chosen):
            self._histograms.take(self.epoch, chosen, layer_output(model, chosen, x))
        cost = time.perf_counter() - began
        self._take_next = began + cost + cost / MOST_TIME
        return True

    def views(self, layer: Any) -> list[dict[str, Any]]:
        """One drawing for each weight of a layer, and for its output, of which histograms were taken."""
        named = [(str(weight.name), self._histograms.spread(weight)) for weight in layer.weights]
        named += [("outputs", self._histograms.spread(layer))]
        return [_view(name, spread) for name, spread in named if spread is not None]

    def picture(self, layer: Any) -> Presentation | None:
        """The first of them, arranged for a picture."""
        spreads = [self._histograms.spread(each) for each in (*layer.weights, layer)]
        return next((Presentation("strip", spread.shares) for spread in spreads if spread is not None), None)


def _view(name: str, spread: Spread) -> dict[str, Any]:
    return drawing(Presentation("strip", spread.shares), name) | {
        "name": name,
        "epochs": [spread.epochs[0], spread.epochs[-1]],
        "ends": [f"{spread.high:.3g}", f"{spread.low:.3g}"],
        "caption": f"{len(spread.epochs)} epochs, light = many values",
    }
