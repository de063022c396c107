"""A layer that gives several outputs where one is read."""

from __future__ import annotations

from collections.abc import Iterator

from .. import edits
from ..graph import LayerSpec
from ..picking import PickOutput
from .case import Candidate, Case

__all__ = ["first_output"]


def first_output(case: Case) -> Iterator[list[Candidate]]:
    """Its first output alone; the form of the new box says which."""
    pick = LayerSpec(edits.unique_name(case.graph, PickOutput.__name__), PickOutput.__name__)
    yield [("output 0 of it", edits.add(case.graph, pick, case.name))]
