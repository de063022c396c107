"""The shortcut of a residual block, where the layers beside it made the picture smaller or gave it other features."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from .case import Candidate, Case, inserted
from .resizing import spatial_axes

__all__ = ["projected"]

_BY_VALUE = ("Add", "Multiply", "Average", "Maximum", "Minimum", "Subtract")
_MODES = ("sum", "mul", "ave", "max")


def projected(case: Case) -> Iterator[list[Candidate]]:
    """A convolution of kernel 1 with strides on the shortcut, as in ResNet."""
    axes = spatial_axes(case)
    if axes and _by_value(case) and len(case.sources) == 2:
        for source, other in (case.sources, reversed(case.sources)):
            if candidate := _brought_to(case, source, other, axes):
                yield [candidate]


def _by_value(case: Case) -> bool:
    return case.class_name in _BY_VALUE or (
        case.class_name == "Merge" and case.parts(case.name)[0].value("mode") in _MODES
    )


def _brought_to(case: Case, source: str, other: str, axes: slice) -> Candidate | None:
    """The source made as large as the other input, of which it is the shortcut, or which is smaller."""
    sizes, wanted = case.sizes_of(source), case.sizes_of(other)
    pairs = list(zip(sizes[axes], wanted[axes], strict=True))
    steps = [_step(own, size) for own, size in pairs]
    is_smaller = any(own > size for own, size in pairs)
    if 0 in steps or not (case.graph.reaches(source, other) or is_smaller):
        return None
    class_name = f"Convolution{len(steps)}D"
    arguments = _arguments(wanted[0] if axes.start else wanted[-1], tuple(steps), axes.start == 1)
    label, _ = case.insert(class_name, source, **arguments)
    return label, inserted(case.graph, class_name, arguments, source, case.name)


def _step(own: int, wanted: int) -> int:
    """The stride that makes so many places of so many; 0 where none does."""
    nearest = (own // wanted, -(-own // wanted))
    return next((step for step in nearest if step and -(-own // step) == wanted), 0)


def _arguments(features: int, steps: tuple[int, ...], features_first: bool) -> dict[str, Any]:
    if len(steps) == 1:
        stride = {"subsample_length": steps[0]} if steps[0] > 1 else {}
        return {"nb_filter": features, "filter_length": 1, **stride}
    names = ("nb_row", "nb_col") if len(steps) == 2 else ("kernel_dim1", "kernel_dim2", "kernel_dim3")
    more: dict[str, Any] = {"subsample": steps} if max(steps) > 1 else {}
    order = {"dim_ordering": "th"} if features_first else {}
    return {"nb_filter": features, **dict.fromkeys(names, 1), **more, **order}
