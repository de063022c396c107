"""Inputs of a merging layer that do not go together: of one size, of as many features, or one after the other."""

from __future__ import annotations

import math
from collections.abc import Iterator

from ..graph import Graph
from .case import Candidate, Case, Part, inserted
from .picture_order import order_of

__all__ = ["as_places", "same_sizes", "one_rank", "concatenated", "same_features", "same_vectors"]

_FEATURES = ("output_dim", "nb_filter")


def same_sizes(case: Case) -> Iterator[list[Candidate]]:
    """`border_mode='same'` in the layers that made an input smaller; also as many features, where they differ too."""
    if not case.joins or "Attention" in case.class_name:  # which takes sequences of any lengths
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
        graph = Case(graph, case.name, case.results, case.asked).changed(part, border_mode="same")
    return f"border_mode='same' in {' and '.join(part.name for part in parts)}", graph


def _as_many_features(case: Case, label: str, graph: Graph) -> Candidate:
    for more, changed in next(same_features(Case(graph, case.name, case.results, case.asked)), []):
        return f"{label}, {more}", changed
    return label, graph


def one_rank(case: Case) -> Iterator[list[Candidate]]:
    """Vectors repeated for each time step, or pictures and sequences made into vectors."""
    ranks = [len(sizes) for sizes in case.sizes]
    if not case.joins or len(set(ranks)) < 2:
        return
    longer = [sizes for sizes in case.sizes if len(sizes) == max(ranks)]
    if max(ranks) == 2 and longer[0][0] is not None:
        yield [_on_each(case, 1, "RepeatVector", {"n": longer[0][0]})]
    if min(ranks) == 1:
        yield [_on_each(case, max(ranks), "Flatten", {})]
        yield [_on_each(case, max(ranks), f"GlobalAveragePooling{max(ranks) - 1}D", {})]
    else:
        yield [_as_vectors(case, dict.fromkeys(ranks, "Flatten"))]
        yield [_as_vectors(case, {rank: f"GlobalAveragePooling{rank - 1}D" for rank in ranks})]


def _on_each(case: Case, rank: int, class_name: str, arguments: dict) -> Candidate:
    """The same layer after each source of that rank."""
    chosen = [source for source, sizes in zip(case.sources, case.sizes, strict=True) if len(sizes) == rank]
    graph = case.graph
    for source in chosen:
        graph = inserted(graph, class_name, arguments, source, case.name)
    return case.insert(class_name, chosen[0], **arguments)[0], graph


def _as_vectors(case: Case, classes: dict[int, str]) -> Candidate:
    """A layer after each source, chosen by its rank."""
    sources = zip(case.sources, case.sizes, strict=True)
    return case.insert_each([(source, classes[len(sizes)], {}) for source, sizes in sources])


def concatenated(case: Case) -> Iterator[list[Candidate]]:
    """One input after the other."""
    if case.class_name == "Merge":
        part = case.parts(case.name)[0]
        extra = [{}, *({"concat_axis": axis} for axis in (1, 2, 3))]
        yield [case.set(part, mode="concat", **more) for more in extra]
    elif case.joins and case.class_name != "Concatenate" and not _looks_at_places(case):
        yield [case.replace("Concatenate")]


def _looks_at_places(case: Case) -> bool:
    return "Attention" in case.class_name and any(len(sizes) > 1 for sizes in case.sizes)


def as_places(case: Case) -> Iterator[list[Candidate]]:
    """Pictures as sequences of their places, where an attention looks at them; also as many features."""
    if "Attention" not in case.class_name or any(None in sizes for sizes in case.sizes):
        return
    pictures = [(source, sizes) for source, sizes in zip(case.sources, case.sizes, strict=True) if len(sizes) > 2]
    if pictures:
        layers = [(name, "Reshape", {"target_shape": (math.prod(sizes[:-1]), sizes[-1])}) for name, sizes in pictures]
        label, graph = case.insert_each(layers)
        alike = next(same_features(case), [])
        changed = [(f"{label}, {more}", Case(other, case.name, case.results)) for more, other in alike]
        yield [(label, graph), *((words, other.insert_each(layers)[1]) for words, other in changed)]


def same_vectors(case: Case) -> Iterator[list[Candidate]]:
    """Vectors of one length, where a product or difference is asked: one after the other would mean something else."""
    if case.class_name in ("Dot", "Multiply", "Subtract") or case.spec.arguments.get("mode") in ("dot", "cos", "mul"):
        yield from same_features(case)


def same_features(case: Case) -> Iterator[list[Candidate]]:
    """As many features in each input as in one of them."""
    if case.joins and all(case.sizes):
        widths = dict.fromkeys(sizes[-1] for sizes in case.sizes)
        yield [candidate for width in widths if (candidate := _of_width(case, width))]


def _of_width(case: Case, width: int) -> Candidate | None:
    graph, words = case.graph, []
    for source, sizes in zip(case.sources, case.sizes, strict=True):
        if sizes[-1] == width:
            continue
        part, name = _maker_of_features(case, source)
        if part is None or part.value(name) * width % sizes[-1]:
            return None
        units = part.value(name) * width // sizes[-1]
        words.append(f"{name}={units} in {part.name}")
        graph = Case(graph, case.name, case.results, case.asked).changed(part, **{name: units})
    return (" and ".join(words), graph) if words else None


def _maker_of_features(case: Case, source: str) -> tuple[Part | None, str]:
    """The layer that settled how many features the source gives, with its argument for that."""
    for spec in case.above(source):
        part = case.parts(spec.name)[-1]
        for name in _FEATURES:
            if name in part.fields:
                return part, name
    return None, ""
