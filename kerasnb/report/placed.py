"""The layers of a model with those inside its models, each where it stands."""

from __future__ import annotations

from typing import Any

from ..views import Placed, view_of

__all__ = ["Placed", "expression_of", "placed_layers"]


def placed_layers(model: Any, layers: list | None = None) -> list[Placed]:
    """The model's layers (or these of them), what stands in a layer right after it."""
    return view_of(model).placed(layers)


def expression_of(model: Any, path: str, name: str = "model") -> str:
    """Code that gives the layer of a path: `model.get_layer('backbone').get_layer('conv_1')`."""
    return view_of(model).expression(path, name)
