"""Which layers of a Builder are selected, and what is told of several."""

from __future__ import annotations

from typing import Any

import traitlets

from ....errors import unknown_name
from ....report.numbers import count
from ...base.following import Following
from ..document.document import Document
from ..document.graph import LayerSpec
from .figures import layers_text
from .grouping import Grouping

__all__ = ["Selecting", "told_of"]


class Selecting(Following):
    """A widget that shows a document, with a selection that both sides may set."""

    document: Document
    _grouping: Grouping

    selection = traitlets.List(
        traitlets.Unicode(), help="Names of the selected layers; the form shows the last one."
    ).tag(sync=True)
    selected = traitlets.Unicode(help="The last of the selected layers, empty for none; set, it is the only one.")
    several = traitlets.Dict(help="What is told of a selection of several layers.").tag(sync=True)

    @traitlets.validate("selection")
    def _check_selection(self, proposal: Any) -> list[str]:
        for name in proposal["value"]:
            self._check(name)
        return list(dict.fromkeys(proposal["value"]))

    @traitlets.validate("selected")
    def _check_selected(self, proposal: Any) -> str:
        if proposal["value"]:
            self._check(proposal["value"])
        return proposal["value"]

    def _check(self, name: str) -> None:
        if name not in self.document.graph:
            raise unknown_name("layer", name, self.document.graph.names)

    @traitlets.observe("selection")
    def _on_selection(self, _: Any) -> None:
        self.selected = self.selection[-1] if self.selection else ""
        self.tell_selection()

    @traitlets.observe("selected")
    def _on_selected(self, _: Any) -> None:
        if self.selection[-1:] != [self.selected]:
            self.selection = [self.selected] if self.selected else []

    def tell_selection(self) -> None:
        """Say anew what several selected layers are together."""
        names = self.selection
        if len(names) < 2:
            self.several = {}
            return
        told = told_of(self.document, names)
        for group in self._grouping.groups(self.document):
            if set(group.repeat.names) == set(names):
                told |= {
                    "title": str(group.repeat),
                    "detail": f"{told['title']}, {told['detail']}",
                    "folded": group.is_folded,
                }
        self.several = told

    def reselect(self, before: list[str], takes_new: bool) -> None:
        """Keep the selection on layers that are there.

        Args:
            before: the names of all layers before an edit, in the order of the data.
            takes_new: whether layers that the edit made are selected.
        """
        names = [spec.name for spec in self.document.graph.ordered]
        new = [name for name in names if name not in before]
        if takes_new and new:
            self.selection = new
        elif len(names) == len(before):  # renamed at most
            now = {name: name if name in names else names[before.index(name)] for name in self.selection}
            self.selection = list(now.values())
        elif self.selection:
            left = [name for name in self.selection if name in names]
            self.selection = left or _near(self.selected, before, names)


def _near(name: str, before: list[str], names: list[str]) -> list[str]:
    """The layer that is left nearest before one that is gone."""
    above = [other for other in before[: before.index(name)] if other in names]
    return above[-1:] or names[:1]


def told_of(document: Document, names: list[str]) -> dict[str, Any]:
    """Several layers in words: how many there are, their parameters, whether all are frozen."""
    specs = {spec.layer_name: spec for spec in map(document.graph.__getitem__, names)}.values()
    freezable = [spec for spec in specs if _params(document, spec)]
    total = sum(_params(document, spec) for spec in freezable)
    frozen = sum(_params(document, spec) for spec in freezable if not spec.trainable)
    beside = f", {count(frozen)} of them frozen" if frozen else ""
    return {
        "title": layers_text(len(names)),
        "detail": f"{count(total)} parameters{beside}" if total else "no parameters",
        "can_freeze": bool(freezable),
        "frozen": bool(freezable) and not any(spec.trainable for spec in freezable),
    }


def _params(document: Document, spec: LayerSpec) -> int:
    return document.results[spec.layer_name].params
