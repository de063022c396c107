"""Checks at the door of the panels: is it a model with layers, does fit know the arguments."""

from __future__ import annotations

import inspect
from typing import Any

from ...errors import ArgumentError, unknown_name
from ...views import as_kerasnb, as_shown, is_foreign
from ...workspace import Subject, here, subject_of

__all__ = ["check_fit_arguments", "opened", "whole_model"]


def whole_model(who: str, thing: Any) -> Subject:
    """The subject of a model, a Builder or another widget; refused where it has no layers yet, and what is no model."""
    subject = subject_of(thing, who)
    if subject.model is None:
        why = subject.document.obstacle if subject.document is not None else "Add layers to it."
        raise ArgumentError(f'{who}: "{subject.title}" is no whole model yet.', f"{why}")
    if not subject.view.layers:
        raise ArgumentError(f'{who}: model "{subject.title}" has no layers yet.', "Add some: model.add(...).")
    return subject


def opened(thing: Any) -> Subject:
    """The subject that a Builder opens, of a model of Keras that of a copy; refused what is no model."""
    try:
        subject = subject_of(thing, "Builder")
    except ArgumentError as error:
        advice = "For a new one write Builder(input_shape=(8, 8, 1))."
        raise ArgumentError(f"a Builder opens a model, got {thing!r}.", advice) from error
    if subject.model is not None and is_foreign(subject.model):
        return _of_keras(subject.model)
    return subject


def _of_keras(model: Any) -> Subject:
    """A copy as kerasnb's own; where it does not have some layer, what can be shown of the model."""
    try:
        return subject_of(as_kerasnb(model))
    except ArgumentError:
        return here.shown(as_shown(model))


# what settles the panel itself, or has no meaning in it
_SETTLED = ("self", "verbose", "generator")
_COUNTS_OF_BATCHES = ("steps_per_epoch", "validation_steps")


def check_fit_arguments(model: Any, arguments: dict[str, Any], takes_batches: bool = False) -> None:
    """Refuse names that `fit` (or `fit_generator`, for batches) does not know, and callbacks that are no list."""
    method = model.fit_generator if takes_batches and not is_foreign(model) else model.fit
    known = [name for name in inspect.signature(method).parameters if name not in _SETTLED]
    known += _COUNTS_OF_BATCHES if takes_batches else ()
    for name in arguments:
        if name not in known:
            raise unknown_name("argument of fit is called", name, known)
    callbacks = arguments.get("callbacks") or []
    if not isinstance(callbacks, (list, tuple)):
        raise ArgumentError(f"callbacks needs a list, got {type(callbacks).__name__}.", "Write callbacks=[...].")
