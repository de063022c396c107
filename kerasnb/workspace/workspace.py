"""Which subject is meant: by the name of a variable, or by the model object itself."""

from __future__ import annotations

import weakref
from typing import Any
from weakref import WeakKeyDictionary, WeakSet

from ..errors import ArgumentError
from ..views import has_view, view_of
from .subject import Subject

__all__ = ["Workspace", "here", "subject_of"]


class Workspace:
    """The subjects of one kernel: those that have a name, and all that anybody holds, by their models.

    A model that was handed over stands for its subject even after an edit has put another object in its place; a model
    that the subject made itself stands for itself from then on.
    """

    def __init__(self) -> None:
        self.named: dict[str, Subject] = {}
        self._by_model: WeakKeyDictionary[Any, weakref.ref[Subject]] = WeakKeyDictionary()
        self._made: WeakSet[Any] = WeakSet()
        self._subjects: WeakSet[Subject] = WeakSet()

    def of(self, thing: Any, who: str = "subject_of") -> Subject:
        """The subject of a model or of a widget, or the subject itself; a new one for a model that has none.

        Args:
            who: asks, for the error.

        Raises:
            ArgumentError: it is none of these.
        """
        if isinstance(thing, Subject):
            return thing
        held = getattr(thing, "subject", None)
        if isinstance(held, Subject):
            return held
        if not has_view(thing):
            raise ArgumentError(
                f"{who} needs a model, got {type(thing).__name__}.",
                f"Give one of kerasnb or of Keras: {who}(model, ...).",
            )
        model = view_of(thing).model
        return self.known(model) or self._new(model)

    def known(self, model: Any) -> Subject | None:
        """The subject of a model, if anybody holds one."""
        found = self._by_model.get(model)
        return found() if found is not None else None

    def begun(self, document: Any) -> Subject:
        """The subject of a new document, which may have no model yet."""
        subject = Subject(document=document, on_model=self._on_model)
        self._subjects.add(subject)
        return subject

    def shown(self, model: Any) -> Subject:
        """The subject of a model that can be shown and edited but not run, as some of its layers are stand-ins."""
        subject = Subject(on_model=self._on_model, shown=model)
        self._subjects.add(subject)
        return subject

    def name(self, name: str, subject: Subject) -> None:
        """Keep a subject under the name of a variable, until `forget`."""
        self.named[name] = subject
        subject.name = name

    def forget(self, name: str) -> None:
        """Let go of a name; the subject lives on where anybody holds it."""
        self.named.pop(name, None)

    def look(self) -> None:
        """Let every subject take in what a cell did; called when a cell is over."""
        for subject in list(self._subjects):
            subject.look()

    def _new(self, model: Any) -> Subject:
        subject = Subject(model, on_model=self._on_model)
        self._subjects.add(subject)
        self._by_model[model] = weakref.ref(subject)
        return subject

    def _on_model(self, subject: Subject, old: Any, new: Any) -> None:
        if old is not None and old in self._made:
            self._by_model.pop(old, None)
        self._made.add(new)
        self._by_model[new] = weakref.ref(subject)


here = Workspace()


def subject_of(thing: Any, who: str = "subject_of") -> Subject:
    """The subject of a model or of a widget in this kernel; see `Workspace.of`."""
    return here.of(thing, who)
