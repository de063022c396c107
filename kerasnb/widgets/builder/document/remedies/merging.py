"""Inputs of a merging layer that do not go together: of one size, of as many features, or one after the other."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ..graph import Graph
from .case import Candidate, Case, Part, inserted
from .picture_order import order_of

__all__ = ["same_sizes", "scaled", "one_rank", "concatenated", "same_features", "same_vectors", "trimmed"]

_FEATURES = ("output_dim", "nb_filter")


def same_sizes(case: Case) -> Iterator[list[Candidate]]:
    """`border_mode='same'` in the layers that made an input smaller; also as many features, where they differ too."""
    if not case.joins:
        return
    shrinking = dict.fromkeys(part for source in case.sources for part in _shrinking(case, source))
    convolutions = [part for part in shrinking if "Pooling" not in part.class_name]
    group = [_bordered(case, parts) for parts in (convolutions, list(shrinking)) if parts]
    yield group + [_as_many_features(case, *candidate) for candidate in group]


def _shrinking(case: Case, source: str) -> Iterator[Part]:
    for spec in case.above(source):
        part = case.parts(spec.name)[-1]
        if "border_mode" in part.fields and part.value("border_mode") != "same" and _has_shrunk(case, spec.name, part):
            yield part


def _has_shrunk(case: Case, name: str, part: Part) -> bool:
    is_first = "dim_ordering" in part.fields and order_of(part) == "th"
    before, now = case.sizes_of(case.graph.inputs_of(name)[0]), case.sizes_of(name)
    return before[1:] != now[1:] if is_first else before[:-1] != now[:-1]


def _bordered(case: Case, parts: list[Part]) -> Candidate:
    graph = case.graph
    for part in parts:
        graph = Case(graph, case.name, case.results).changed(part, border_mode="same")
    return f"border_mode='same' in {' and '.join(part.name for part in parts)}", graph


def _as_many_features(case: Case, label: str, graph: Graph) -> Candidate:
    for more, changed in next(same_features(Case(graph, case.name, case.results)), []):
        return f"{label}, {more}", changed
    return label, graph


def scaled(case: Case) -> Iterator[list[Candidate]]:
    """The larger inputs pooled to the smallest, or the smaller ones repeated to the largest."""
    axes = _spatial_axes(case)
    if axes:
        yield _resized(case, axes, "MaxPooling", min, lambda own, other: (own // other, own % other))
        yield _resized(case, axes, "UpSampling", max, lambda own, other: (other // own, other % own))


def _spatial_axes(case: Case) -> slice | None:
    """The axes of rows and columns, or of time, where all inputs have the same ones and all sizes are known."""
    ranks = {len(sizes) for sizes in case.sizes}
    is_known = len(case.sizes) > 1 and not any(None in sizes for sizes in case.sizes)
    if not case.joins or not is_known or len(ranks) != 1 or not {2, 3, 4} & ranks:
        return None
    ordered = [part for source in case.sources for spec in case.above(source) for part in case.parts(spec.name)]
    orders = {order_of(part) for part in ordered if "dim_ordering" in part.fields}
    # sequences have no order of axes: their features are last in any case
    return slice(1, None) if orders == {"th"} and ranks != {2} else slice(0, -1)


def _resized(case: Case, axes: slice, word: str, pick: Any, ratio: Any) -> list[Candidate]:
    wanted = pick(sizes[axes] for sizes in case.sizes)
    graph, label = case.graph, ""
    for source, sizes in zip(case.sources, case.sizes, strict=True):
        ratios = [ratio(own, other) for own, other in zip(sizes[axes], wanted, strict=True)]
        if sizes[axes] == wanted:
            continue
        # pooling and repeating go by whole factors
        if any(rest or not whole for whole, rest in ratios):
            return []
        factors = tuple(whole for whole, _ in ratios)
        class_name, arguments = f"{word}{len(factors)}D", _factors(word, factors, axes)
        label = label or case.insert(class_name, source, **arguments)[0]
        graph = inserted(graph, class_name, arguments, source, case.name)
    return [(label, graph)] if label else []


def _factors(word: str, factors: tuple, axes: slice) -> dict[str, Any]:
    if len(factors) == 1:
        return {"pool_length" if word == "MaxPooling" else "length": factors[0]}
    order = {"dim_ordering": "th"} if axes.start == 1 else {}
    return {"pool_size" if word == "MaxPooling" else "size": factors, **order}


def trimmed(case: Case) -> Iterator[list[Candidate]]:
    """The borders of the larger inputs cut off."""
    axes = _spatial_axes(case)
    if not axes:
        return
    wanted = tuple(map(min, *(sizes[axes] for sizes in case.sizes)))
    graph, label = case.graph, ""
    for source, sizes in zip(case.sources, case.sizes, strict=True):
        excess = [own - other for own, other in zip(sizes[axes], wanted, strict=True)]
        if any(excess):
            cut = tuple((more // 2, more - more // 2) for more in excess)
            arguments: dict[str, Any] = {"cropping": cut if len(cut) > 1 else cut[0]}
            arguments |= {"dim_ordering": "th"} if axes.start == 1 else {}
            label = label or case.insert(f"Cropping{len(cut)}D", source, **arguments)[0]
            graph = inserted(graph, f"Cropping{len(cut)}D", arguments, source, case.name)
    if label:
        yield [(label, graph)]


def one_rank(case: Case) -> Iterator[list[Candidate]]:
    """Vectors repeated for each time step, or pictures and sequences made into vectors."""
    ranks = [len(sizes) for sizes in case.sizes]
    if not case.joins or len(set(ranks)) < 2:
        return
    longer = [sizes for sizes in case.sizes if len(sizes) == max(ranks)]
    if max(ranks) == 2 and longer[0][0] is not None:
        yield [_on_each(case, 1, "RepeatVector", {"n": longer[0][0]})]
    yield [_on_each(case, max(ranks), "Flatten", {})]
    if min(ranks) == 1:
        yield [_on_each(case, max(ranks), f"GlobalAveragePooling{max(ranks) - 1}D", {})]


def _on_each(case: Case, rank: int, class_name: str, arguments: dict) -> Candidate:
    """The same layer after each source of that rank."""
    chosen = [source for source, sizes in zip(case.sources, case.sizes, strict=True) if len(sizes) == rank]
    graph = case.graph
    for source in chosen:
        graph = inserted(graph, class_name, arguments, source, case.name)
    return case.insert(class_name, chosen[0], **arguments)[0], graph


def concatenated(case: Case) -> Iterator[list[Candidate]]:
    """One input after the other."""
    if case.class_name == "Merge":
        part = case.parts(case.name)[0]
        extra = [{}, *({"concat_axis": axis} for axis in (1, 2, 3))]
        yield [case.set(part, mode="concat", **more) for more in extra]
    elif case.joins and case.class_name != "Concatenate":
        yield [case.replace("Concatenate")]


def same_vectors(case: Case) -> Iterator[list[Candidate]]:
    """Vectors of one length, where their product is asked: one after the other would mean something else."""
    if case.class_name == "Dot" or case.spec.arguments.get("mode") in ("dot", "cos"):
        yield from same_features(case)


def same_features(case: Case) -> Iterator[list[Candidate]]:
    """As many features in each input as in one of them."""
    if case.joins and all(case.sizes):
        widths = dict.fromkeys(sizes[-1] for sizes in case.sizes)
        yield [candidate for width in widths if (candidate := _of_width(case, width))]


def _of_width(case: Case, width: int) -> Candidate | None:
    graph, words = case.graph, []
    for source, sizes in zip(case.sources, case.sizes, strict=True):
        part = case.parts(source)[-1]
        name = next((name for name in _FEATURES if name in part.fields), None)
        if sizes[-1] == width:
            continue
        if name is None:
            return None
        words.append(f"{name}={width} in {source}")
        graph = Case(graph, case.name, case.results).changed(part, **{name: width})
    return (" and ".join(words), graph) if words else None
