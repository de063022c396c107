"""Sequences where one vector is needed, one vector where sequences are needed, and masks where none can be used."""

from __future__ import annotations

from collections.abc import Iterator

from .case import Candidate, Case, Part

__all__ = ["sequence_flags", "flags_of_all", "no_mask"]


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
        graph = Case(graph, case.name, case.results).changed(part, return_sequences=value)
    return f"return_sequences={value} in {' and '.join(part.name for part in parts)}", graph


def _recurrent_above(case: Case, source: str) -> Part | None:
    for spec in case.above(source):
        for part in case.parts(spec.name):
            if "return_sequences" in part.fields:
                return part
        if spec.class_name in ("Flatten", "Reshape", "RepeatVector"):
            return None  # somebody has turned its output into something else on purpose
    return None


def no_mask(case: Case) -> Iterator[list[Candidate]]:
    """No mask from the layer that makes it."""
    for source in case.sources:
        for spec in case.above(source):
            if spec.class_name == "Masking":
                yield [case.remove(spec.name)]
            elif spec.arguments.get("mask_zero"):
                yield [case.set(case.parts(spec.name)[0], mask_zero=False)]
