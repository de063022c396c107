"""Learning rates that follow the count of steps, as later Keras has them."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from .. import backend as K
from ..errors import ArgumentError, unknown_name
from ..utils.custom_objects import get_custom_objects

__all__ = [
    "LearningRateSchedule",
    "ExponentialDecay",
    "InverseTimeDecay",
    "PiecewiseConstantDecay",
    "PolynomialDecay",
    "CosineDecay",
    "CosineDecayRestarts",
    "serialize",
    "deserialize",
]


class LearningRateSchedule:
    """A learning rate that depends on the number of steps made; a subclass defines `__call__(step)` and `get_config()`.

    Give it to an optimizer as its learning rate. `optimizer.lr` then shows the rate of the next step.
    """

    def __call__(self, step: Any) -> Any:
        """The rate after so many steps: a number for a number, a tensor for a tensor."""
        raise NotImplementedError(f"{type(self).__name__} needs __call__(step).")

    def at(self, step: float) -> float:
        """The rate after so many steps, as a number."""
        rate = self(step)
        return float(K.eval(rate) if isinstance(rate, K.Tensor) else rate)

    def get_config(self) -> dict:
        """The arguments."""
        raise NotImplementedError(f"{type(self).__name__} needs get_config().")

    @classmethod
    def from_config(cls, config: dict) -> LearningRateSchedule:
        """The schedule with these arguments."""
        return cls(**config)


class _OfArguments(LearningRateSchedule):
    """A schedule whose configuration is its arguments."""

    def _keep(self, name: str | None, **arguments: Any) -> None:
        self.name = name or type(self).__name__
        self.__dict__.update(arguments)
        self._names = tuple(arguments)

    def _keep_positive(self, **numbers: float) -> None:
        for name, value in numbers.items():
            if not value > 0:
                raise ArgumentError(f"{type(self).__name__}: {name} must be above 0, got {value}.", arguments=(name,))

    def get_config(self):
        return {name: getattr(self, name) for name in self._names} | {"name": self.name}


class ExponentialDecay(_OfArguments):
    """`initial_learning_rate * decay_rate ^ (step / decay_steps)`.

    Args:
        initial_learning_rate: the rate of the first step.
        decay_steps: after so many steps it was multiplied by `decay_rate` once.
        decay_rate: that factor.
        staircase: multiply at once after each `decay_steps`, not bit by bit.
    """

    def __init__(self, initial_learning_rate, decay_steps, decay_rate, staircase=False, name=None):
        self._keep_positive(decay_steps=decay_steps)
        self._keep(
            name,
            initial_learning_rate=initial_learning_rate,
            decay_steps=decay_steps,
            decay_rate=decay_rate,
            staircase=staircase,
        )

    def _passed(self, step):
        passed = step / self.decay_steps
        return _floor(passed) if self.staircase else passed

    def __call__(self, step):
        return self.initial_learning_rate * _power(self.decay_rate, self._passed(step))


class InverseTimeDecay(ExponentialDecay):
    """`initial_learning_rate / (1 + decay_rate * step / decay_steps)`.

    Args:
        initial_learning_rate: the rate of the first step.
        decay_steps, decay_rate: after so many steps the divisor grew by `decay_rate`.
        staircase: grow at once after each `decay_steps`, not bit by bit.
    """

    def __call__(self, step):
        return self.initial_learning_rate / (1.0 + self.decay_rate * self._passed(step))


class PiecewiseConstantDecay(_OfArguments):
    """One rate up to and with each boundary, and a last one after them.

    Args:
        boundaries: numbers of steps, growing.
        values: the rates, one more than boundaries.

    Raises:
        ArgumentError: another number of values, or boundaries that do not grow.
    """

    def __init__(self, boundaries: Sequence[float], values: Sequence[float], name=None):
        boundaries, values = list(boundaries), list(values)
        if len(values) != len(boundaries) + 1:
            raise ArgumentError(
                f"PiecewiseConstantDecay: {len(boundaries)} boundaries need {len(boundaries) + 1} values, "
                f"got {len(values)}.",
                arguments=("values",),
            )
        if sorted(set(boundaries)) != boundaries:
            raise ArgumentError(
                f"PiecewiseConstantDecay: boundaries must grow, got {boundaries}.", arguments=("boundaries",)
            )
        self._keep(name or "PiecewiseConstant", boundaries=boundaries, values=values)

    def __call__(self, step):
        rate = self.values[-1]
        for boundary, value in zip(reversed(self.boundaries), reversed(self.values[:-1]), strict=True):
            rate = _where(step, boundary, value, rate)
        return rate


class PolynomialDecay(_OfArguments):
    """`(initial - end) * (1 - step / decay_steps) ^ power + end`, and `end` after `decay_steps`.

    Args:
        initial_learning_rate: the rate of the first step.
        decay_steps: when the end is reached.
        end_learning_rate: the rate from then on.
        power: 1 for a line.
        cycle: begin anew at the initial rate each time, with twice, three times ... as many steps.
    """

    def __init__(self, initial_learning_rate, decay_steps, end_learning_rate=0.0001, power=1.0, cycle=False, name=None):
        self._keep_positive(decay_steps=decay_steps)
        self._keep(
            name,
            initial_learning_rate=initial_learning_rate,
            decay_steps=decay_steps,
            end_learning_rate=end_learning_rate,
            power=power,
            cycle=cycle,
        )

    def __call__(self, step):
        if self.cycle:
            rounds = -_floor(-step / self.decay_steps)
            part = step / (self.decay_steps * _where(step, 0.0, 1.0, rounds))
        else:
            part = _least(step, self.decay_steps) / self.decay_steps
        span = self.initial_learning_rate - self.end_learning_rate
        return span * _power(1.0 - part, self.power) + self.end_learning_rate


class CosineDecay(_OfArguments):
    """Half a cosine from the initial rate to `alpha` times it; before it, if asked for, a line up to `warmup_target`.

    Source: Loshchilov and Hutter 2017, arXiv:1608.03983, equation 5.

    Args:
        initial_learning_rate: the rate of the first step.
        decay_steps: how many steps the cosine takes.
        alpha: what is left at its end, as a share of where it began.
        warmup_target: where the line before it ends; None for no line.
        warmup_steps: how many steps the line takes.
    """

    def __init__(self, initial_learning_rate, decay_steps, alpha=0.0, name=None, warmup_target=None, warmup_steps=0):
        self._keep_positive(decay_steps=decay_steps)
        self._keep(
            name,
            initial_learning_rate=initial_learning_rate,
            decay_steps=decay_steps,
            alpha=alpha,
            warmup_target=warmup_target,
            warmup_steps=warmup_steps,
        )

    def _cosine(self, step, rate):
        part = _least(step, self.decay_steps) / self.decay_steps
        return rate * ((1.0 - self.alpha) * 0.5 * (1.0 + _cos(math.pi * part)) + self.alpha)

    def __call__(self, step):
        if self.warmup_target is None:
            return self._cosine(step, self.initial_learning_rate)
        after = self._cosine(_most(step - self.warmup_steps, 0.0), self.warmup_target)
        if not self.warmup_steps:
            return after
        rise = (self.warmup_target - self.initial_learning_rate) * step / self.warmup_steps
        # a whole number of steps below the end of the line
        return _where(step, self.warmup_steps - 0.5, self.initial_learning_rate + rise, after)


class CosineDecayRestarts(_OfArguments):
    """Half a cosine from the initial rate, again and again, each time over more steps.

    Source: Loshchilov and Hutter 2017, arXiv:1608.03983 (SGDR).

    Args:
        initial_learning_rate: the rate of the first step.
        first_decay_steps: how many steps the first cosine takes.
        t_mul: how many times as many steps each next one takes, 1 or more.
        m_mul: each next one begins at so many times the rate.
        alpha: what is left at the ends, as a share of the initial rate.
    """

    def __init__(self, initial_learning_rate, first_decay_steps, t_mul=2.0, m_mul=1.0, alpha=0.0, name=None):
        self._keep_positive(first_decay_steps=first_decay_steps)
        if not t_mul >= 1:
            raise ArgumentError(f"CosineDecayRestarts: t_mul must be 1 or more, got {t_mul}.", arguments=("t_mul",))
        self._keep(
            name or "SGDRDecay",
            initial_learning_rate=initial_learning_rate,
            first_decay_steps=first_decay_steps,
            t_mul=t_mul,
            m_mul=m_mul,
            alpha=alpha,
        )

    def __call__(self, step):
        done = step / self.first_decay_steps
        if self.t_mul == 1:
            number = _floor(done)
            part = done - number
        else:
            # the rounds before took 1 + t_mul + t_mul^2 ... times the first one's steps; the small number keeps a step
            # that begins a round from falling into the one before by rounding
            number = _floor(_log(1.0 - done * (1.0 - self.t_mul)) / math.log(self.t_mul) + 1e-6)
            size = _power(self.t_mul, number)
            part = _most((done - (1.0 - size) / (1.0 - self.t_mul)) / size, 0.0)
        height = 0.5 * _power(self.m_mul, number) * (1.0 + _cos(math.pi * part))
        return self.initial_learning_rate * ((1.0 - self.alpha) * height + self.alpha)


def _either(of_tensor: Callable, of_number: Callable) -> Callable:
    """A function of numbers that takes tensors too."""
    return lambda *given: (of_tensor if any(isinstance(one, K.Tensor) for one in given) else of_number)(*given)


_floor = _either(lambda x: K.floor_divide(x, K.ones_like(x)), np.floor)
_power = _either(lambda x, y: K.exp(y * math.log(x)) if isinstance(y, K.Tensor) else K.pow(x, y), np.power)
_least = _either(K.minimum, np.minimum)
_most = _either(K.maximum, np.maximum)
_cos = _either(K.cos, np.cos)
_log = _either(K.log, np.log)


def _where(step: Any, boundary: float, up_to: Any, after: Any) -> Any:
    """The first rate up to and with the boundary, the second one after it."""
    if not isinstance(step, K.Tensor):
        return up_to if step <= boundary else after
    below = K.cast(K.lesser_equal(step, boundary), K.floatx())
    return below * up_to + (1.0 - below) * after


_CLASSES = {one.__name__: one for one in (
    ExponentialDecay, InverseTimeDecay, PiecewiseConstantDecay, PolynomialDecay, CosineDecay, CosineDecayRestarts
)}  # fmt: skip


def serialize(schedule: LearningRateSchedule) -> dict:
    """Class and arguments of a schedule, as `deserialize` takes them."""
    return {"class_name": type(schedule).__name__, "config": schedule.get_config()}


def deserialize(config: dict, custom_objects: dict | None = None) -> LearningRateSchedule:
    """The schedule that `{"class_name": ..., "config": ...}` describes, later Keras's too.

    Raises:
        UnknownNameError: there is none of this name.
    """
    name = str(config.get("class_name", "")).rsplit(">", 1)[-1]
    known = _CLASSES | get_custom_objects() | (custom_objects or {})
    if name not in known:
        raise unknown_name(
            "learning rate schedule", name, _CLASSES, f'One of your own: name it in custom_objects={{"{name}": ...}}.'
        )
    return known[name].from_config(dict(config.get("config") or {}))


def as_schedule(value: Any) -> LearningRateSchedule | None:
    """The schedule that an argument is or describes; None for a number.

    An object of Keras 3 or tf.keras is known by its class's name; its library is not imported for it.
    """
    if isinstance(value, LearningRateSchedule):
        return value
    if isinstance(value, dict) and "class_name" in value:
        return deserialize(value)
    library = type(value).__module__.split(".")[0]
    if library in ("keras", "tf_keras", "tensorflow") and type(value).__name__ in _CLASSES:
        return deserialize({"class_name": type(value).__name__, "config": value.get_config()})
    return None
