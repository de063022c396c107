"""`model.layers`: a list that changes the model when a program edits it."""

from __future__ import annotations

import functools
from collections.abc import Sequence
from typing import Any

__all__ = ["LayerList"]


class LayerList(list):
    """The layers of a model. An edit goes through the model's `edit_layers`, which takes it or refuses it in words.

    Slices and copies are ordinary lists.
    """

    def __init__(self, model: Any, layers: Sequence = ()):
        super().__init__(layers)
        self._model = model

    def hold(self, layers: Sequence) -> None:
        """List other layers, which the model has by now."""
        super().__setitem__(slice(None), layers)

    def __reduce__(self):
        return list, (list(self),)


def _through_the_model(name: str) -> Any:
    method = getattr(list, name)

    @functools.wraps(method)
    def edit(self, *args, **kwargs):
        layers = list(self)
        result = method(layers, *args, **kwargs)
        self._model.edit_layers(layers)
        return self if result is layers else result

    return edit


for _name in (
    "append",
    "clear",
    "extend",
    "insert",
    "pop",
    "remove",
    "reverse",
    "sort",
    "__setitem__",
    "__delitem__",
    "__iadd__",
    "__imul__",
):
    setattr(LayerList, _name, _through_the_model(_name))
