"""Blocks that repeat as the canvas draws them: one box, or brackets beside their layers."""

from __future__ import annotations

from typing import Any

from ....report.graph_layout import HEIGHT, Layout
from ....report.numbers import count, shape_text
from ..document.document import Document
from .figures import counts_beside, layers_text
from .grouping import Group

__all__ = ["block_state"]


def block_state(document: Document, layout: Layout, group: Group) -> dict[str, Any]:
    """What is drawn of one group; `brackets` are the upper and lower ends of each of its blocks."""
    names, results = group.repeat.names, document.results
    title, last = str(group.repeat), results[group.repeat.names[-1]].output
    params = sum(results[name].params for name in names)
    frozen = bool(params) and not any(document.graph[name].trainable for name in names if results[name].params)
    layers = layers_text(len(names))
    shape = shape_text(last.shape) if last else "?"
    places = [layout.positions[group.box]] if group.is_folded else [layout.positions[name] for name in names]
    return {
        "box": group.box,
        "names": names,
        "title": title,
        "folded": group.is_folded,
        "x": min(x for x, _ in places),
        "y": min(y for _, y in places),
        "brackets": [] if group.is_folded else [_reach(layout, block) for block in group.repeat.blocks],
        "layers": layers,
        "shape": shape,
        "counts": counts_beside(params, shape),
        "frozen": frozen,
        "label": f"{title}, {layers}, output {shape}, {count(params)} parameters{', frozen' if frozen else ''}",
    }


def _reach(layout: Layout, names: tuple[str, ...]) -> list[int]:
    rows = [layout.positions[name][1] for name in names]
    return [min(rows), max(rows) + HEIGHT]
