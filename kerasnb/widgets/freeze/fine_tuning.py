"""Fine-tuning in three actions: cut the head, put a new one, freeze the rest; all widgets of the model follow."""

from __future__ import annotations

from typing import Any

import numpy as np

from ...errors import ArgumentError
from ...report.advice.heads import suited_head
from ...report.advice.present_head import is_cut
from ...workspace import Subject, subject_of
from ..builder.document.document import Document
from ..builder.document.edits import change
from .heads import head_of, with_head, without_head

__all__ = ["cut_head", "fine_tune", "freeze_rest", "put_head"]


def fine_tune(
    model: Any, units: int | None = None, activation: str | None = None, y: Any = None, at: str | None = None
) -> Any:
    """The model with a new head, all else frozen: ready to be compiled and trained on other targets.

    The other layers keep their weights. It is one step of the model's document: Undo in its Builder takes it back. The
    object that was given stays as it is; all widgets of it show the new one.

    >>> net = fine_tune(vgg, y=y_train)                                # doctest: +SKIP
    >>> net = fine_tune(vgg, units=5, activation="softmax", at="fc1")  # doctest: +SKIP

    Args:
        model: a model, any widget of it, or its `Subject`.
        units: of the new head; counted from `y` when left out.
        activation: `softmax`, `sigmoid` or `linear`; what suits `y` when left out, and without `y` softmax.
        y: targets that the head is for.
        at: the layer at which the head begins; the last one with weights when left out.

    Raises:
        DataError: the head does not fit the targets; nothing was changed.
        ArgumentError: there is no one head to cut, or nothing says how many units.
        BusyError: the model is training.
    """
    subject = subject_of(model, "fine_tune")
    head = suited_head(units, activation, y)

    def act() -> None:
        document = subject.document
        former = document.graph
        cut = head_of(document, subject.model, at)
        graph, name = with_head(without_head(former, cut), head, former, _axes(y))
        rest = [name for name in _weighted(document) if name not in cut]
        for frozen in rest:
            graph = change(graph, frozen, trainable=False)
        document.restore(graph, f"fine-tune with {name}")

    _opened(subject).edit(act)
    return subject.model


def cut_head(model: Any, at: str | None = None) -> list[str]:
    """Take the head away; returns the names of its layers. See `fine_tune`."""
    subject = _opened(subject_of(model, "cut_head"))

    def act() -> list[str]:
        document = subject.document
        head = head_of(document, subject.model, at)
        document.restore(without_head(document.graph, head), f"cut {', '.join(head)}")
        return head

    head = subject.edit(act)
    _ = subject.model  # made now: a new layer of a former name must not be handed over its weights
    return head


def put_head(model: Any, units: int | None = None, activation: str | None = None, y: Any = None) -> str:
    """Put a new head where the former one was cut; returns its layer's name. See `fine_tune`."""
    subject = _opened(subject_of(model, "put_head"))
    head = suited_head(units, activation, y)

    def act() -> str:
        document = subject.document
        if not is_cut(subject.model):
            raise ArgumentError(
                f'model "{subject.title}" still ends with its head: "{document.graph.ends[-1]}".',
                "Cut the head first: cut_head(model).",
            )
        graph, name = with_head(document.graph, head, document.graph, _axes(y))
        document.restore(graph, f"add {name}")
        return name

    return subject.edit(act)


def freeze_rest(model: Any, at: str | None = None) -> list[str]:
    """Freeze every layer before the head; returns the layers that learn. See `fine_tune`."""
    subject = _opened(subject_of(model, "freeze_rest"))

    def act() -> list[str]:
        document = subject.document
        head = head_of(document, subject.model, at)
        document.set_flags({name: name in head for name in _weighted(document)})
        return [name for name in _weighted(document) if name in head]

    return subject.edit(act)


def _opened(subject: Subject) -> Subject:
    subject.open(Document.from_model)
    return subject


def _axes(y: Any) -> int:
    return 0 if y is None else np.ndim(y) - 1


def _weighted(document: Document) -> list[str]:
    """The layers that have weights."""
    return [name for name, result in document.results.items() if result.params]
