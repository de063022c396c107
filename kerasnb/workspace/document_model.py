"""The real model behind a document: built when asked for, kept while only freezing changes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol

from ..engine.handover import hand_over
from ..report.freezing import freeze_each_layer
from ..views import view_of

__all__ = ["Document", "DocumentModel"]


class Document(Protocol):
    """What a model can be edited by: graphs of layers, which are values; the Builder's document is one."""

    name: str
    revision: int
    good: Any  # the last graph that makes a whole model; None before the first

    @property
    def graph(self) -> Any:
        """The present one, whole or not."""

    @property
    def obstacle(self) -> Exception | None:
        """Why the present graph makes no whole model."""

    @property
    def undo_label(self) -> str | None:
        """What the last step was."""

    @property
    def redo_label(self) -> str | None:
        """What was taken back last."""

    def to_model(self) -> Any:
        """A new model of `good`."""

    @property
    def flags(self) -> Mapping[str, bool]:
        """Whether each layer learns, those inside others by their paths where the document knows them."""

    def set_flags(self, flags: Mapping[str, bool]) -> None:
        """Freeze layers (False), or let them learn again, in one step."""

    def rename_model(self, name: str) -> None:
        """Give the model another name."""

    def follow(self, model: Any, note: str) -> None:
        """Take in what was done to the model elsewhere, as one step."""

    def on_change(self, listener: Any) -> None:
        """Call `listener()` after every change."""


class DocumentModel:
    """Holds the model of a document's last good state.

    Args:
        document: what the model follows.
        model: the model that the document was opened from.
    """

    def __init__(self, document: Document, model: Any = None):
        self.document, self.model = document, model
        self._made_of = document.good if model is not None else None
        self._seen, self._whole = document.graph, self._whole_now()
        self.former: dict[str, str] = {}  # name on the canvas -> in the model that is there, where they differ

    @property
    def is_outdated(self) -> bool:
        """Whether the canvas shows another whole model than the one that is there."""
        good = self.document.good
        if good is None or good is self._made_of:
            return False
        return self._made_of is None or good.unfrozen != self._made_of.unfrozen

    @property
    def is_behind(self) -> bool:
        """Whether the document was edited and nobody has taken note."""
        return self._seen is not self.document.graph

    def build(self) -> Any:
        """Make the model anew, with what still fits of the former one."""
        made = self.document.to_model()
        if self.model is not None:
            hand_over(self.model, made, self.former)
        self.model, self.former = made, {}
        self._made_of = self.document.good
        self.follow_flags()
        return made

    def follow_canvas(self) -> str:
        """Take note of one edit of the document; returns what it changed: `layers`, `freezing`, or the `document`."""
        graph, before = self.document.graph, self._seen
        renamed = graph.renamed_since(before)
        if renamed is not None and self._is_a_rename(*renamed):
            new, old = renamed
            self.former[new] = self.former.pop(old, old)
        self._seen = graph
        is_frozen = False
        if not self.is_outdated:  # else another model takes its place, and this object stays as it is
            self._made_of = self.document.good
            is_frozen = self.follow_flags()
        whole, self._whole = self._whole, self._whole_now()
        return "layers" if self._whole != whole else "freezing" if is_frozen else "document"

    def _is_a_rename(self, new: str, old: str) -> bool:
        """Whether the last step was to rename that layer, or to take that back: one put in its place looks the same."""
        steps = [self.document.undo_label or "", self.document.redo_label or ""]
        ends = tuple(f" to {name}" for name in (new, old))
        return any(step.startswith("rename ") and step.endswith(ends) for step in steps)

    def _whole_now(self) -> Any:
        return None if self.document.good is None else self.document.good.unfrozen

    def follow_flags(self) -> bool:
        """Freeze and unfreeze the layers of the model as the canvas says, and compile again if any were."""
        if self.model is None:
            return False
        self._free_the_whole()
        flags = self.document.flags
        wanted: dict[Any, bool] = {}
        for path, layer in self.layers_by_path().items():
            # one that is in two models is frozen where it is in either
            wanted[layer] = flags.get(path, layer.trainable) and wanted.get(layer, True)
        moved = [layer for layer, learns in wanted.items() if learns != layer.trainable]
        set_flags(self.model, moved)
        return bool(moved)

    def layers_by_path(self) -> dict[str, Any]:
        """The layers of the model that is there and those inside them, by their paths on the canvas."""
        return layers_by_path(self.model, self.former)

    def _free_the_whole(self) -> None:
        """Freeze each layer in place of the whole model: a document knows layers only."""
        if not self.model.trainable and any(spec.trainable and not spec.is_input for spec in self.document.graph):
            freeze_each_layer(self.model)

    def take(self, note: str, flags: Mapping[str, bool] | None = None) -> None:
        """Take in what a cell did to the model, as one step of the document: only `flags` of layers, or anything."""
        if flags is None:
            self.document.follow(self.model, note)
            self.former = {}
        else:
            self.document.set_flags({name: flag for name, flag in flags.items() if name in self.document.flags})
        self._seen, self._made_of, self._whole = self.document.graph, self.document.good, self._whole_now()


def layers_by_path(model: Any, former: Mapping[str, str] | None = None) -> dict[str, Any]:
    """The layers of a model and those inside them, by paths of names: `backbone/conv_1`.

    Args:
        former: name on the canvas -> name in the model, where they differ.
    """
    names = {old: new for new, old in (former or {}).items()}
    view = view_of(model)
    found = {names.get(layer.name, layer.name): layer for layer in view.layers}
    for part in view.parts():
        outer, mark, inner = part.path.partition("/")
        found[f"{names.get(outer, outer)}{mark}{inner}"] = part.layer
    return found


def set_flags(model: Any, layers: list) -> None:
    """Turn `trainable` of these layers, and compile again where the model is compiled: wholly, or not at all."""
    if not layers:
        return
    view = view_of(model)
    view.turn(layers)
    try:
        if view.is_compiled:
            view.recompile()  # which keeps the optimizer's state
    except BaseException:
        view.turn(layers)
        raise
