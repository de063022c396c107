"""Sessions, as programs for TensorFlow 1 use them: `K.get_session().run(tensors, feed_dict={placeholder: array})`."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Mapping
from typing import Any

from ..caller import warn_user
from .functions import Function
from .graph.phase import clear_learning_phase
from .graph.tensor import Tensor
from .ops.state import Update, reset_uids
from .runtime import chosen

__all__ = ["Session", "clear_session", "get_session", "set_session", "manual_variable_initialization"]


class Graph:
    """Stands for TensorFlow 1's graph of a session: there is one graph, which is always the default."""

    @contextlib.contextmanager
    def as_default(self) -> Iterator[Graph]:
        """The graph itself for a `with`: there is one only."""
        yield self

    def finalize(self) -> None:
        """Nothing to do: functions hold what they need."""


class Session:
    """Computes tensors of K. It holds nothing: variables have their values by themselves, on either backend."""

    graph = Graph()

    def run(self, fetches: Any, feed_dict: Mapping[Tensor, Any] | None = None) -> Any:
        """The value of a tensor, or of each in a list or tuple, given those of the placeholders that they need.

        A pair (variable, new value), as `K.update` gives, is written, and its value is the new one.
        """
        if isinstance(fetches, Update) or not isinstance(fetches, list | tuple):
            return self.run([fetches], feed_dict)[0]
        tensors = [one for one in fetches if isinstance(one, Tensor)]
        updates = [one for one in fetches if isinstance(one, Update)]
        step = Function(list(feed_dict or ()), tensors, updates, name="session.run")
        values = iter(step(list((feed_dict or {}).values())))
        return type(fetches)(
            next(values) if isinstance(one, Tensor) else one[0].get_value() if isinstance(one, Update) else None
            for one in fetches
        )

    def close(self) -> None:
        """Nothing to let go of."""

    def as_default(self) -> Session:
        """The session itself: there is one only."""
        return self

    def __enter__(self) -> Session:
        return self

    def __exit__(self, *error: Any) -> None:
        return None


_session: Any = None


def get_session() -> Any:
    """The session: the one that was set, else one of ours."""
    global _session
    if _session is None:
        _session = Session()
    return _session


def set_session(session: Any) -> None:
    """Remember `session` for `get_session`; kerasnb itself needs none, and does not use its options."""
    global _session
    if not isinstance(session, Session):
        warn_user(f"kerasnb computes without a session: the options of {type(session).__name__} have no effect.")
    _session = session


def clear_session() -> None:
    """Forget the fixed learning phase, the session and what was compiled, and count names from 1 again."""
    global _session
    reset_uids()
    clear_learning_phase()
    _session = None
    chosen.forget_programs()


def manual_variable_initialization(value: bool) -> None:
    """Accepted for Keras 1's sake: variables always have their first values by themselves."""
