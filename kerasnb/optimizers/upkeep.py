"""What every optimizer can do around its steps: keep running means of weights, gather gradients of several batches."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

from .. import backend as K

__all__ = ["keeps_up"]


def keeps_up(get_updates: Callable) -> Callable:
    """Let an optimizer's own `get_updates` come with what `use_ema` and `gradient_accumulation_steps` ask for."""

    @functools.wraps(get_updates)
    def with_upkeep(self: Any, *args: Any, **kwargs: Any) -> list:
        if self.is_stepping:  # a subclass that calls the method of its base
            return get_updates(self, *args, **kwargs)
        self.is_stepping, self.sums, self._rate_of_step = True, [], None
        try:
            updates = list(get_updates(self, *args, **kwargs))
        finally:
            self.is_stepping, self._rate_of_step = False, None
        if self.use_ema:
            updates = _with_count(self, updates)
        if self.gradient_accumulation_steps:
            updates = _only_when_gathered(self, updates, kwargs.get("constraints") or {})
        if self.use_ema:
            updates = _with_averages(self, updates, kwargs["params"])
        self.weights = [*self.weights, *(slot for slot, _ in self.sums)]
        self.updates = updates
        return updates

    return with_upkeep


def _with_count(optimizer: Any, updates: list) -> list:
    """The updates, and one that counts the steps if there is none."""
    if not isinstance(getattr(optimizer, "iterations", None), K.Variable):
        optimizer.iterations = K.variable(0.0, name="iterations")
    if any(one[0] is optimizer.iterations for one in updates):
        return updates
    return [*updates, K.update_add(optimizer.iterations, 1)]


def _with_averages(optimizer: Any, updates: list, params: list) -> list:
    """The updates, and those of the running means of the weights; the means begin with the first step's weights.

    As in Keras 3 each batch counts once in the means, also one whose gradient only waits for the next step.
    """
    kept = K.cast(K.not_equal(optimizer.iterations, 0), K.floatx()) * optimizer.ema_momentum
    every, wanted = optimizer.ema_overwrite_frequency, set(params)
    found = []
    for variable, value in updates:
        if variable in wanted:
            average = optimizer.averages.setdefault(variable, K.zeros(K.int_shape(variable)))
            mean = kept * average + (1.0 - kept) * value
            found.append(K.update(average, mean))
            if every:
                value = K.switch(K.equal((optimizer.iterations + 1.0) % float(every), 0.0), mean, value)
        found.append(K.update(variable, value))
    optimizer.weights = [*optimizer.weights, *(optimizer.averages[param] for param in params)]
    return found


def _only_when_gathered(optimizer: Any, updates: list, constraints: dict) -> list:
    """The updates, made with each so many-th batch; between them the gradients are summed.

    As in Keras 3 constraints hold after each batch: weights that were given may not keep them before the first step.
    """
    every = float(optimizer.gradient_accumulation_steps)
    is_due = K.equal((optimizer.gathered_batches + 1.0) % every, 0.0)

    def waiting(variable: Any) -> Any:
        return constraints[variable](variable) if variable in constraints else variable

    return [
        *(K.update(variable, K.switch(is_due, value, waiting(variable))) for variable, value in updates),
        *(K.update(slot, K.switch(is_due, K.zeros_like(slot), total)) for slot, total in optimizer.sums),
        K.update(optimizer.gathered_batches, (optimizer.gathered_batches + 1.0) % every),
    ]
