"""What a document leaves in the notebook: its layers as a drawing and as text."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from ....report.graph_layout import Layout
from ....report.graph_svg import DrawnLayer, graph_svg
from ....report.numbers import count, shape_text
from ....views import family_of
from ...base.snapshot import Picture
from ..document.document import Document
from ..document.registry import class_of

__all__ = ["drawn_layers", "picture_of"]


def picture_of(document: Document, layout: Layout, title: str, data: Mapping[str, Any]) -> Callable[[], Picture]:
    """A function that draws the document as it is at this moment, whenever it is called.

    Args:
        data: what the notebook is to hold beside the picture, by MIME type.
    """
    layers = drawn_layers(document)
    return lambda: Picture(_text(layers, title), svg=graph_svg(layers, layout, title), data=data)


def _text(layers: list[DrawnLayer], title: str) -> str:
    rows = [(layer.name, layer.class_name, shape_text(layer.shape), count(layer.params)) for layer in layers]
    name, kind, shape, params = (max(len(row[column]) for row in rows) for column in range(4))
    lines = [f"  {row[0]:<{name}}  {row[1]:<{kind}}  {row[2]:<{shape}}  {row[3]:>{params}}" for row in rows]
    marks = ["  frozen" * layer.is_frozen + f"  {layer.trouble}" * bool(layer.trouble) for layer in layers]
    return "\n".join([title, *(line + mark for line, mark in zip(lines, marks, strict=True))])


def drawn_layers(document: Document) -> list[DrawnLayer]:
    """One card per layer, in the order of the data."""
    cards = []
    for spec in document.graph.ordered:
        result = document.results[spec.name]
        shape = result.output.shape if result.output else None
        frozen = not spec.trainable and result.params > 0
        cards.append(
            DrawnLayer(
                *(spec.name, spec.class_name, family_of(class_of(spec)), shape, result.params, frozen),
                is_grey=spec.live is not None,
                trouble=f"waiting for {result.waits_for}"
                if result.waits_for
                else "no output shape" * bool(result.error),
                is_broken=result.error is not None,
            )
        )
    return cards
