"""Functions that read the variables of a Keras model and write none, compiled."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable
from typing import Any

from .running import Runner

__all__ = ["Stateless"]

_values = threading.local()


class Stateless:
    """Compiles for one model.

    Args:
        library: Keras itself. Keras 2 has no such scope: what a call for training moved is put back.
        variables: gives the model's variables.
    """

    def __init__(self, library: Any, runner: Runner, variables: Callable[[], list[Any]]):
        self._library, self._runner, self._variables = library, runner, variables

    def scope(self, *others: tuple[Any, Any]) -> Any:
        """Inside, what is called writes to no variable, and in a compiled function each has its value of now.

        Args:
            others: pairs (variable, value) that hold instead.
        """
        if not hasattr(self._library, "StatelessScope"):
            return contextlib.nullcontext()
        values = getattr(_values, "now", None)
        known = [] if values is None else list(zip(self._variables(), values, strict=True))
        return self._library.StatelessScope(state_mapping=[*known, *others])  # the last of a variable counts

    def compiled(self, compute: Callable, is_eager: bool = False) -> Callable:
        """The function of tensors; JAX would hold values of variables as constants, so it is given them each time."""

        def with_values(values: Any, *given: Any) -> Any:
            before, _values.now = getattr(_values, "now", None), values
            try:
                return compute(*given)
            finally:
                _values.now = before

        run = with_values if is_eager else self._runner.compiled(with_values)
        if not hasattr(self._library, "StatelessScope"):
            return lambda *given: self._put_back(lambda: run(None, *given))
        if not self._runner.holds_values:
            return lambda *given: run(None, *given)
        return lambda *given: run([variable.value for variable in self._variables()], *given)

    def _put_back(self, run: Callable[[], Any]) -> Any:
        """Run, and give variables that are not trained their values again."""
        kept = [(variable, variable.numpy()) for variable in self._variables() if not variable.trainable]
        try:
            return run()
        finally:
            for variable, value in kept:
                variable.assign(value)
