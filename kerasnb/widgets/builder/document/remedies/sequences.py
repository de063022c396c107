"""Sequences where a vector is needed, vectors where sequences or films are, and masks where none can be used."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from .. import edits
from .case import Candidate, Case, Part

__all__ = ["sequence_flags", "flags_of_all", "without_pictures", "no_mask"]

_FLAGS = ("return_sequences", "go_backwards", "stateful")


def sequence_flags(case: Case) -> Iterator[list[Candidate]]:
    """The recurrent layer before it, also the one inside a wrapper, giving each step or only the last."""
    above = [part for source in case.sources if (part := _recurrent_above(case, source))]
    for part in sorted(above, key=lambda part: part.value("return_sequences")):
        yield [case.set(part, return_sequences=not part.value("return_sequences"))]


def flags_of_all(case: Case) -> Iterator[list[Candidate]]:
    """The recurrent layers before each input alike."""
    above = dict.fromkeys(part for source in case.sources if (part := _recurrent_above(case, source)))
    if len(above) > 1:
        yield [_in_all(case, list(above), value) for value in (True, False)]


def _in_all(case: Case, parts: list[Part], value: bool) -> Candidate:
    """Every recurrent layer alike, where what joins them needs sequences, or vectors."""
    graph = case.graph
    for part in parts:
        graph = Case(graph, case.name, case.results, case.asked).changed(part, return_sequences=value)
    return f"return_sequences={value} in {' and '.join(part.name for part in parts)}", graph


def _recurrent_above(case: Case, source: str) -> Part | None:
    for spec in case.above(source):
        for part in case.parts(spec.name):
            if "return_sequences" in part.fields:
                return part
        if spec.class_name in ("Flatten", "Reshape", "RepeatVector"):
            return None  # somebody has turned its output into something else on purpose
    return None


def without_pictures(case: Case) -> Iterator[list[Candidate]]:
    """A recurrent convolution as what it is without pictures: an LSTM of sequences, Dense of one vector."""
    if case.class_name != "ConvLSTM2D" or len(case.sizes[0]) > 2:
        return
    own, is_sequence = case.parts(case.name)[0], len(case.sizes[0]) == 2
    arguments: dict[str, Any] = {name: True for name in _FLAGS if is_sequence and own.value(name)}
    label, graph = case.replace("LSTM" if is_sequence else "Dense", output_dim=own.value("nb_filter"), **arguments)
    behind = [target for source, target in graph.connections if source == case.name]
    if "return_sequences" not in arguments and [graph[name].class_name for name in behind] == ["Flatten"]:
        # it has nothing to join any more
        label, graph = f"{label}, without {behind[0]}", edits.remove(graph, behind[0])
    yield [(label, graph)]


def no_mask(case: Case) -> Iterator[list[Candidate]]:
    """No mask from the layer that makes it."""
    for source in case.sources:
        for spec in case.above(source):
            if spec.class_name == "Masking":
                yield [case.remove(spec.name)]
            elif spec.arguments.get("mask_zero"):
                yield [case.set(case.parts(spec.name)[0], mask_zero=False)]
