"""Pictures whose features come first, given to layers that expect them last, or the other way round."""

from __future__ import annotations

from collections.abc import Iterator

from ..... import backend as K
from ..graph import Graph, LayerSpec
from .case import Candidate, Case, Part, inserted

__all__ = ["other_order", "order_of"]

_FILM = 4  # axes of frames: time, rows, columns, features
_CHANNELS = 4  # a picture of more features than that is no photograph


def other_order(case: Case) -> Iterator[list[Candidate]]:
    """All layers in the order of the data, or the data in the order of the layers."""
    for source in _pictures_above(case):
        sizes = case.sizes_of(source.name)
        is_film = _are_frames(case, source)
        wanted = _order_of_data(sizes[1:] if is_film else sizes)
        wrong = [part for part in _ordered_parts(case, source) if order_of(part) != wanted]
        if wanted is None or not wrong:
            continue
        if source.class_name == "Reshape" and 1 in case.sizes_of(source.name):
            yield [_reshaped(case, source.name)]
        yield [(f"dim_ordering='{wanted}'{_where(case, wrong)}", _set_order(case, wrong, wanted))]
        if len(case.graph.outputs_of(source.name)) == 1:
            yield [_permuted(case, source.name, wanted, is_film)]


def order_of(part: Part) -> str:
    """The order of axes that a layer works in."""
    order = part.value("dim_ordering")
    return K.image_dim_ordering() if order == "default" else order


def _pictures_above(case: Case) -> Iterator[LayerSpec]:
    """Where pictures come from: the model's inputs, and vectors that were reshaped."""
    starts = (spec for spec in case.graph if spec.is_input or spec.class_name == "Reshape")
    return (spec for spec in starts if spec.name != case.name and case.graph.reaches(spec.name, case.name))


def _are_frames(case: Case, source: LayerSpec) -> bool:
    """Whether the layers that read the pictures see one at a time, each step of a film."""
    parts = list(_ordered_parts(case, source))
    is_film = len(case.sizes_of(source.name)) == _FILM
    return is_film and bool(parts) and all(part.is_inside or part.class_name == "ConvLSTM2D" for part in parts)


def _reshaped(case: Case, name: str) -> Candidate:
    """The target in the other order; a grey picture has the same values in both."""
    sizes = case.sizes_of(name)
    turned = (*sizes[1:], 1) if sizes[0] == 1 else (1, *sizes[:-1])
    return case.set(case.parts(name)[0], target_shape=turned)


def _order_of_data(sizes: tuple) -> str | None:
    """Which axis holds the features, where the sizes tell."""
    if len(sizes) not in (3, 4) or None in sizes:
        return None
    if sizes[0] <= _CHANNELS < min(sizes[1:]):
        return "th"
    return "tf" if sizes[-1] <= _CHANNELS < min(sizes[:-1]) else None


def _ordered_parts(case: Case, source: LayerSpec) -> Iterator[Part]:
    for spec in case.graph:
        if case.graph.reaches(source.name, spec.name):
            yield from (part for part in case.parts(spec.name) if "dim_ordering" in part.fields)


def _where(case: Case, parts: list[Part]) -> str:
    names = [part.name for part in parts]
    if names == [case.name]:
        return ""
    return f" in {' and '.join(names)}" if len(names) < 3 else f" in {len(names)} layers"


def _set_order(case: Case, parts: list[Part], order: str) -> Graph:
    graph = case.graph
    value = "default" if order == K.image_dim_ordering() else order
    for part in parts:
        graph = Case(graph, case.name, case.results, case.asked).changed(part, dim_ordering=value)
    return graph


def _permuted(case: Case, source: str, data: str, is_film: bool) -> Candidate:
    rank, first = len(case.sizes_of(source)), 2 if is_film else 1
    turned = (*range(first + 1, rank + 1), first) if data == "th" else (rank, *range(first, rank))
    dims = (1, *turned) if is_film else turned
    target = case.graph.outputs_of(source)[0]
    return f"Permute({dims}) after {source}", inserted(case.graph, "Permute", {"dims": dims}, source, target)
