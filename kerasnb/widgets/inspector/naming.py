"""Layers and data by the names under which the notebook knows them."""

from __future__ import annotations

import sys
from typing import Any

from ...report.cards import layer_card
from ...report.numbers import shape_text
from ...views import Placed, view_of

__all__ = ["layer_row", "layers_looked_at", "variable_name"]


def layers_looked_at(model: Any) -> dict[str, Placed]:
    """What can be looked at, by path: layers, those inside models, each call of a shared one."""
    view = view_of(model)
    return {placed.path: placed for placed in view.placed_calls(view.viewable)}


def layer_row(placed: Placed) -> dict[str, Any]:
    """One layer for the picker."""
    card = layer_card(placed.layer)
    return {
        "name": placed.path,
        "depth": placed.depth,
        "inside": placed.inside,
        "class_name": card.class_name,
        "family": card.family,
        "phrase": card.phrase,
        "input_shape": shape_text(card.input_shape),
        "output_shape": shape_text(card.output_shape),
        "frozen": not placed.trains and bool(card.params),
    }


def variable_name(value: Any, otherwise: str) -> str:
    """The name of the notebook's variable that holds the value, or the other one where there is none."""
    namespace = vars(sys.modules["__main__"])
    held_by = (name for name, each in list(namespace.items()) if each is value and not name.startswith("_"))
    return next(held_by, otherwise)
