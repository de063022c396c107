"""Layers and data by the names under which the notebook knows them."""

from __future__ import annotations

import sys
from typing import Any

from ...report.cards import layer_card
from ...report.numbers import shape_text

__all__ = ["layer_row", "variable_name"]


def layer_row(layer: Any) -> dict[str, Any]:
    """One layer for the picker."""
    card = layer_card(layer)
    return {
        "name": card.name,
        "class_name": card.class_name,
        "family": card.family,
        "phrase": card.phrase,
        "input_shape": shape_text(card.input_shape),
        "output_shape": shape_text(card.output_shape),
        "frozen": not card.trainable and bool(card.params),
    }


def variable_name(value: Any, otherwise: str) -> str:
    """The name of the notebook's variable that holds the value, or the other one where there is none."""
    namespace = vars(sys.modules["__main__"])
    held_by = (name for name, each in list(namespace.items()) if each is value and not name.startswith("_"))
    return next(held_by, otherwise)
