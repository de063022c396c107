"""`Metric`: a figure of an epoch that is worked out of what its batches add up to."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, ClassVar

import numpy as np

from .. import backend as K
from ..backend.ops.machines import added_on_machines
from ..errors import ArgumentError
from ..utils.custom_objects import snake_case

__all__ = ["Metric", "MetricState", "Traced", "numbers"]


class MetricState:
    """What a metric keeps from batch to batch: a variable that stands for its present value in any expression.

    While a step is being recorded, `assign` and its kin change what later expressions see, and become an update of
    the step; otherwise they change the value at once.
    """

    def __init__(self, start: np.ndarray, name: str):
        self.start, self.name = start, name
        self.variable = K.variable(start, dtype=str(start.dtype), name=name)
        self.recorded: Any = None  # the value after what is recorded so far; None while nothing is recorded

    @property
    def value(self) -> Any:
        """The present value, as a tensor."""
        return self.variable if self.recorded is None else self.recorded

    @property
    def shape(self) -> tuple:
        """The size of each axis."""
        return tuple(self.start.shape)

    @property
    def dtype(self) -> str:
        """The dtype of the value that is kept."""
        return self.variable.dtype

    def assign(self, value: Any) -> MetricState:
        """Give it another value of the same shape."""
        value = value.value if isinstance(value, MetricState) else value
        if self.recorded is None:
            K.set_value(self.variable, K.eval(value) if isinstance(value, K.Tensor) else value)
        else:
            self.recorded = K.cast(value, self.dtype) if isinstance(value, K.Tensor) else K.constant(value, self.dtype)
        return self

    def assign_add(self, value: Any) -> MetricState:
        """Add to the value."""
        return self.assign(self.value + value)

    def assign_sub(self, value: Any) -> MetricState:
        """Take from the value."""
        return self.assign(self.value - value)

    def numpy(self) -> np.ndarray:
        """The value that is kept, as an array."""
        return K.get_value(self.variable)

    def reset(self) -> None:
        """Give it the value that it began with."""
        K.set_value(self.variable, self.start)

    def __array__(self, dtype=None, copy=None) -> np.ndarray:
        return np.asarray(self.numpy(), dtype)

    def __float__(self) -> float:
        return float(self.numpy())

    def __getitem__(self, place: Any) -> Any:
        return self.value[place]


def _on_value(name: str) -> Callable:
    def operate(self: MetricState, *others: Any) -> Any:
        return getattr(self.value, name)(*(one.value if isinstance(one, MetricState) else one for one in others))

    return operate


for _name in "add sub mul truediv pow".split():
    for _operator in (f"__{_name}__", f"__r{_name}__"):
        setattr(MetricState, _operator, _on_value(_operator))
for _name in "lt le gt ge neg".split():
    setattr(MetricState, f"__{_name}__", _on_value(f"__{_name}__"))


class Traced:
    """One batch's part in a metric, as tensors.

    Attributes:
        result: the figure, or several where it is a vector or a dict.
        updates: what the batch adds to the metric's states.
    """

    def __init__(self, metric: Metric, y_true: Any, y_pred: Any, sample_weight: Any):
        weights = {} if sample_weight is None else {"sample_weight": sample_weight}
        recorded: list[MetricState] = []
        metric.recorded_states = recorded
        try:
            for state in metric.states:
                metric.begin(state)
            metric.update_state(y_true, y_pred, **weights)
            for state in recorded:
                if state.recorded is not state.variable:
                    state.recorded = added_on_machines(state.recorded, state.variable)
            self.result = metric.result()
            self.updates = [
                K.update(state.variable, state.recorded) for state in recorded if state.recorded is not state.variable
            ]
        finally:
            metric.recorded_states = None
            for state in recorded:
                state.recorded = None


class Metric:
    """A figure of an epoch: each batch adds to its states, the figure is worked out of them.

    A subclass defines `update_state(y_true, y_pred, sample_weight=None)` and `result()`, with states made by
    `add_weight`. In training the states begin anew with each epoch and each validation; batches are logged with the
    figure of the epoch so far.

    Args:
        name: what it is called in logs.
    """

    usual_name: ClassVar[str] = ""

    def __init__(self, name=None, dtype=None):
        self.name = self.__name__ = name or self.usual_name or snake_case(type(self).__name__)
        self.dtype = dtype if isinstance(dtype, str) else K.floatx()
        self.states: list[MetricState] = []
        self.recorded_states: list[MetricState] | None = None

    # ---- what subclasses define

    def update_state(self, y_true, y_pred, sample_weight=None):
        """Let a batch add to the states."""
        raise NotImplementedError(f"{type(self).__name__} needs update_state(y_true, y_pred, sample_weight=None).")

    def result(self):
        """The figure, worked out of the states."""
        raise NotImplementedError(f"{type(self).__name__} needs result().")

    def get_config(self) -> dict:
        """The arguments."""
        return {"name": self.name}

    # ---- what they use

    def add_weight(self, shape=(), initializer=None, dtype=None, name=None) -> MetricState:
        """A state of this shape.

        Args:
            initializer: 'zeros' (the usual one), 'ones', a number, or a function of the shape.
        """
        if isinstance(shape, str):  # an earlier order: the name first
            shape, name = (), shape
        state = MetricState(_start(tuple(shape), initializer, dtype or self.dtype), name or "state")
        self.states.append(state)
        if self.recorded_states is not None:
            self.begin(state)
        return state

    add_variable = add_weight

    # ---- what models and programs use

    @property
    def variables(self) -> list:
        """The states, as variables."""
        return [state.variable for state in self.states]

    def begin(self, state: MetricState) -> None:
        """Record what becomes of a state from now on."""
        assert self.recorded_states is not None
        state.recorded = state.variable
        self.recorded_states.append(state)

    def trace(self, y_true: Any, y_pred: Any, sample_weight: Any = None) -> Traced:
        """What a batch adds, and the figure after it, as tensors; nothing is computed."""
        return Traced(self, y_true, y_pred, sample_weight)

    def reset_state(self) -> None:
        """Begin anew."""
        for state in self.states:
            state.reset()

    def reset_states(self) -> None:
        """The earlier name of `reset_state`."""
        self.reset_state()

    def __call__(self, y_true, y_pred, sample_weight=None):
        """Let a batch add to the states, and give the figure."""
        self.update_state(y_true, y_pred, **({} if sample_weight is None else {"sample_weight": sample_weight}))
        return self.result()

    @classmethod
    def from_config(cls, config: dict) -> Metric:
        """The metric with these arguments."""
        return cls(**config)


def _start(shape: tuple, initializer: Any, dtype: str) -> np.ndarray:
    known = {None: 0.0, "zeros": 0.0, "Zeros": 0.0, "ones": 1.0, "Ones": 1.0}
    if initializer is None or isinstance(initializer, str):
        if initializer not in known:
            raise ArgumentError(
                f"a state of a metric begins with 'zeros', 'ones' or a number, got {initializer!r}.",
                arguments=("initializer",),
            )
        return np.full(shape, known[initializer], dtype)
    value = initializer(shape) if callable(initializer) else initializer
    return np.broadcast_to(K.eval(value) if isinstance(value, K.Tensor) else value, shape).astype(dtype)


def numbers(values: Any) -> Any:
    """What a program gives to a metric, as a tensor of floats."""
    return K.cast(values, K.floatx()) if isinstance(values, K.Tensor) else K.constant(np.asarray(values, K.floatx()))


def summed(states: Sequence[MetricState], amounts: Sequence[Any]) -> None:
    """Add an amount to each state."""
    for state, amount in zip(states, amounts, strict=True):
        state.assign_add(amount)


def share(part: Any, whole: Any) -> Any:
    """One divided by the other; 0 where the whole is 0."""
    is_nothing = K.cast(K.equal(whole, 0.0), K.floatx())
    return part * (1.0 - is_nothing) / (whole + is_nothing)


def weights_for(values: Any, sample_weight: Any) -> Any:
    """The weight of each value: those of the samples, spread over the axes that they do not have."""
    if sample_weight is None:
        return K.ones_like(values)
    weights = numbers(sample_weight)
    while K.ndim(weights) < K.ndim(values):
        weights = K.expand_dims(weights)
    return weights * K.ones_like(values)


def evenly(count: int) -> tuple[float, ...]:
    """Thresholds from just below 0 to just above 1."""
    inner = [(place + 1) / (count - 1) for place in range(count - 2)]
    return (-K.epsilon(), *inner, 1.0 + K.epsilon())
