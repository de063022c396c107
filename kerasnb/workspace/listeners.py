"""Who is told of changes, as long as it lives."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar
from weakref import WeakMethod

__all__ = ["Change", "Listeners"]


@dataclass(frozen=True)
class Change:
    """What happened to a model.

    Args:
        what: `layers` (another model object, or other layers in it), `freezing`, `compile`, `weights` (their values, as
            after a fit), `name`, `document` (on the canvas only: it does not fit together), `backend`.
        note: in words, such as "add dense_3".
        version: of the subject, after it.
    """

    what: str
    note: str
    version: int


Heard = TypeVar("Heard")


class Listeners(Generic[Heard]):
    """Bound methods that are called with each change, held weakly: whoever is let go hears no more."""

    def __init__(self) -> None:
        self._methods: list[WeakMethod] = []

    def add(self, method: Callable[[Heard], None], first: bool = False) -> None:
        """Call it from now on, at the end or `first`."""
        self._methods.insert(0 if first else len(self._methods), WeakMethod(method))

    def tell(self, change: Heard) -> None:
        """Call each; one that raises keeps nobody from hearing of it.

        Raises:
            Exception: what the first of them raised, after all have been told.
        """
        errors = []
        self._methods = [method for method in self._methods if method() is not None]
        for method in list(self._methods):
            listener = method()
            if listener is not None:
                try:
                    listener(change)
                except Exception as error:  # noqa: BLE001  raised again below
                    errors.append(error)
        if errors:
            raise errors[0]
