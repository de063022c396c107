"""What was done to a model since it was last trained."""

from __future__ import annotations

from typing import Any

from ..views import class_of, view_of

__all__ = ["FitMark"]


class FitMark:
    """Notes of the changes since the last fit; none where they were all taken back."""

    def __init__(self) -> None:
        self._notes: list[str] = []
        self._weights = ""
        self._as_fitted: Any = None

    def set(self, model: Any, edited: Any) -> None:
        """The model was trained as it is now."""
        self._notes, self._weights, self._as_fitted = [], "", _shape(model, edited)

    def add(self, note: str) -> None:
        """Something was changed."""
        self._notes.append(note)

    def set_weights(self, note: str) -> None:
        """The weights were changed past any fit, which nothing takes back."""
        self._weights = note

    def text(self, model: Any, edited: Any) -> str:
        """The changes in a row, "" before the first fit and where the model is as it was fitted."""
        if self._as_fitted is None:
            return ""
        notes = self._notes if self._notes and _shape(model, edited) != self._as_fitted else []
        return ", ".join([*notes, *filter(None, [self._weights])])


def _shape(model: Any, edited: Any) -> Any:
    """What makes two states of a model the same one: the document's graph, or names and flags."""
    if edited is not None:
        return edited.document.good
    return [(part.path, class_of(part.layer), part.layer.trainable) for part in view_of(model).parts()]
