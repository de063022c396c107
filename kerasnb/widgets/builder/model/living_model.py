"""The real model behind a document: built when asked for, kept while only freezing changes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from ...base.model_events import announce, listen
from ..document.document import Document
from ..document.graph import Graph
from .building import keep_weights

__all__ = ["LivingModel"]


class LivingModel:
    """Holds the model of a document's last good state.

    Args:
        document: what the model follows.
        model: the model that the document was opened from.
        on_frozen: called when another widget froze layers and the document has followed.
    """

    def __init__(self, document: Document, model: Any, on_frozen: Callable[[], None]):
        self._document = document
        self._on_frozen = on_frozen
        self._model: Any = None
        self._graph: Graph | None = None  # what `_model` was made of
        if model is not None:
            self._adopt(model, document.good)

    def get(self) -> Any:
        """The model as it last fitted together; None before the first time."""
        good = self._document.good
        if good is not None and good is not self._graph and not self.follow_freezing():
            self._adopt(self._document.to_model(), good)
        return self._model

    def follow_freezing(self) -> bool:
        """Freeze and unfreeze the layers of the model as the document says, if nothing else has changed."""
        good = self._document.good
        if good is None or self._graph is None or good is self._graph or _unfrozen(good) != _unfrozen(self._graph):
            return False
        self._graph = good
        for layer in self._model.layers:
            if layer.name in good and not good[layer.name].is_input:
                layer.trainable = good[layer.name].trainable
        if self._model.is_compiled:
            self._model.recompile()  # which keeps the optimizer's state
        announce(self._model, "freezing")
        return True

    def rename(self, name: str) -> None:
        """Give the model that is there another name."""
        if self._model is not None:
            self._model.name = name

    @property
    def is_training(self) -> bool:
        """Whether the model that is there trains at this moment."""
        return self._model is not None and self._model.control.is_running

    def _adopt(self, model: Any, graph: Graph | None) -> None:
        """Take this model, with the former one's weights where layers did not change."""
        if self._model is not None:
            keep_weights(self._model, model)
        self._model, self._graph = model, graph
        listen(model, self._on_model_event)

    def _on_model_event(self, what: str) -> None:
        document = self._document
        frozen = {layer.name: not layer.trainable for layer in self._model.layers if layer.weights}
        changed = [spec for spec in document.graph if frozen.get(spec.name, not spec.trainable) == spec.trainable]
        if what == "freezing" and changed:
            for spec in changed:
                document.set_trainable(spec.name, not spec.trainable)
            self._graph = document.good
            self._on_frozen()


def _unfrozen(graph: Graph) -> Graph:
    return replace(graph, layers=tuple(spec.changed(trainable=True) for spec in graph))
