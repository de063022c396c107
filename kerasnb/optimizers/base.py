"""`Optimizer`: what all optimizers share."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

import numpy as np

from .. import backend as K
from ..backend.native import with_native
from ..backend.ops.machines import mean_gradients
from ..errors import ArgumentError, WeightsError
from ..utils.damage import reads_config
from ..utils.numbers import check_whole
from .later import accepts_either_order, accepts_later_arguments, check_number, without_neutral
from .schedules import LearningRateSchedule, as_schedule, serialize
from .upkeep import keeps_up

__all__ = ["Optimizer", "clip_norm"]


def clip_norm(g, c, n):
    """The gradient `g` scaled by `c / n` when the norm `n` of all gradients is `c` or more.

    Source: Pascanu et al. 2013, arXiv:1211.5063, algorithm 1.
    """
    return g if c <= 0 else K.switch(K.greater_equal(n, c), g * c / n, g)


class Optimizer:
    """The base of all optimizers.

    Args:
        clipnorm: largest Euclidean norm of all gradients together; larger ones are scaled down.
        clipvalue: largest absolute value of any single gradient; larger ones are cut.
        local_clipnorm: largest Euclidean norm of each weight's gradient by itself, which is `clipnorm` in Keras 3.
        weight_decay: share of each weight, times the learning rate, that a step takes off it besides what the gradient
            says. Source: Loshchilov and Hutter 2019, arXiv:1711.05101.
        use_ema: keep a running mean of each weight; at the end of `fit` the weights become these means.
        ema_momentum: share of the running mean that is kept, 0 to 1.
        ema_overwrite_frequency: after so many steps the weights become their means while training goes on.
        gradient_accumulation_steps: a step is made of the mean gradient of so many batches; between them nothing moves.

    Attributes:
        schedule: what the learning rate follows; None where it is a number.
    """

    _CLIPPING = ("clipnorm", "clipvalue", "local_clipnorm")
    _UPKEEP = ("weight_decay", "use_ema", "ema_momentum", "ema_overwrite_frequency", "gradient_accumulation_steps")
    # the usual values, also of a subclass that does not call this constructor
    weight_decay: float | None = None
    use_ema = False
    ema_momentum = 0.99
    ema_overwrite_frequency: int | None = None
    gradient_accumulation_steps: int | None = None
    initial_decay = 0.0
    schedule: LearningRateSchedule | None = None
    is_stepping = False
    _rate_of_step: Any = None

    def __init_subclass__(cls, **kwargs):
        super().__init_subclass__(**kwargs)
        if "__init__" in cls.__dict__:
            cls.__init__ = accepts_later_arguments(cls.__init__)
        if "get_updates" in cls.__dict__:
            cls.get_updates = accepts_either_order(keeps_up(cls.get_updates))

    def __init__(self, *, clipnorm=None, clipvalue=None, local_clipnorm=None, **kwargs):
        kwargs = without_neutral(type(self).__name__, kwargs)
        self._take_upkeep({name: kwargs.pop(name) for name in self._UPKEEP if name in kwargs})
        kwargs |= {"clipnorm": clipnorm, "clipvalue": clipvalue, "local_clipnorm": local_clipnorm}
        for name, value in kwargs.items():
            if name not in self._CLIPPING:
                raise TypeError(
                    f"{type(self).__name__} has no argument {name!r}; every optimizer takes clipnorm and clipvalue"
                )
            if value is not None and value < 0:
                raise ArgumentError(f"{type(self).__name__}: {name} must be 0 or more, got {value}.", arguments=(name,))
        self.__dict__.update({name: value for name, value in kwargs.items() if value is not None})
        self.updates: list = []
        self.weights: list = []
        self._state: dict = {}
        self.averages: dict = {}  # weight -> its running mean, with use_ema
        self.gathered: dict = {}  # weight -> the sum of gradients since the last step
        if self.gradient_accumulation_steps:
            self.gathered_batches = K.variable(0.0, name="gathered_batches")
        self.sums: list = []  # what becomes of the sums with the step that is being made

    def _take_upkeep(self, given: dict) -> None:
        who = type(self).__name__
        for name, value in given.items():
            if value is not None or name == "weight_decay":
                setattr(self, name, value)
        for name in ("ema_overwrite_frequency", "gradient_accumulation_steps"):
            if getattr(self, name) is not None:
                setattr(self, name, check_whole(f"{who}: {name}", getattr(self, name), 1))
        if not 0 <= self.ema_momentum <= 1:
            raise ArgumentError(
                f"{who}: ema_momentum must be from 0 to 1, got {self.ema_momentum}.", arguments=("ema_momentum",)
            )
        if self.weight_decay is not None and not self.weight_decay >= 0:
            raise ArgumentError(
                f"{who}: weight_decay must be 0 or more, got {self.weight_decay}.", arguments=("weight_decay",)
            )
        self._undecayed: tuple[set, list[str]] = (set(), [])

    def exclude_from_weight_decay(self, var_list=None, var_names=None) -> None:
        """Leave weights out of `weight_decay`; call it before compile.

        Args:
            var_list: weights.
            var_names: patterns (`re`) of names, such as "bias" or "_b$".
        """
        variables, patterns = self._undecayed
        variables.update(var_list or ())
        patterns.extend(var_names or ())

    def __setattr__(self, name: str, value: Any) -> None:
        """A number given to a setting becomes the value of its variable, so that it counts from the next step."""
        held = self.__dict__.get(name)
        if isinstance(held, K.Variable) and isinstance(value, int | float | np.number):
            if name == "lr":
                self.refuse_rate(type(self).__name__)
            K.set_value(held, value)
        else:
            super().__setattr__(name, value)

    def refuse_rate(self, who: str) -> None:
        """Refuse another learning rate where a schedule says what it is.

        Args:
            who: what would set it, for the message.

        Raises:
            ArgumentError: there is a schedule.
        """
        if self.schedule is not None:
            raise ArgumentError(
                f"{who}: the learning rate follows {type(self.schedule).__name__} and cannot be set.",
                "Compile with a number as the learning rate.",
                arguments=("lr",),
            )

    @property
    def learning_rate(self):
        """The later name of `lr`."""
        return self.lr

    @learning_rate.setter
    def learning_rate(self, value) -> None:
        self.lr = value

    def get_updates(self, params, constraints, loss) -> list:
        """Pairs (variable, new value) of one step.

        Args:
            params: the weights to change.
            constraints: weight -> function applied to its new value.
            loss: the scalar to make smaller.
        """
        raise NotImplementedError

    get_updates = accepts_either_order(get_updates)

    def get_gradients(self, loss, params) -> list:
        """The gradients, clipped as asked; a weight that the loss does not depend on gets zeros.

        With `gradient_accumulation_steps` the mean of those since the last step and of this batch.
        """
        reached = K.depends_on(loss, params)
        wanted = [param for param, is_used in zip(params, reached, strict=True) if is_used]
        found = iter(K.gradients(loss, wanted) if wanted else [])
        grads = [
            next(found) if is_used else K.zeros_like(param) for param, is_used in zip(params, reached, strict=True)
        ]
        grads = mean_gradients(grads)  # before they are clipped: the norm is that of the whole batch's
        if self.gradient_accumulation_steps:
            grads = [
                self._gathered_with(param, grad) / float(self.gradient_accumulation_steps)
                for param, grad in zip(params, grads, strict=True)
            ]
        if getattr(self, "clipnorm", None):
            norm = K.sqrt(sum(K.sum(K.square(grad)) for grad in grads))
            grads = [clip_norm(grad, self.clipnorm, norm) for grad in grads]
        if getattr(self, "local_clipnorm", None):
            grads = [clip_norm(grad, self.local_clipnorm, K.sqrt(K.sum(K.square(grad)))) for grad in grads]
        if getattr(self, "clipvalue", None):
            grads = [K.clip(grad, -self.clipvalue, self.clipvalue) for grad in grads]
        return grads

    def get_weights(self) -> list[np.ndarray]:
        """The optimizer's own state as arrays."""
        return K.batch_get_value(self.weights)

    def set_weights(self, weights) -> None:
        """Give the optimizer another state, in the order and shapes of `get_weights()`.

        Raises:
            WeightsError: another number of arrays, or another shape; nothing was changed.
        """
        shapes = [tuple(weight.shape) for weight in self.weights]
        if [np.shape(weight) for weight in weights] != shapes:
            raise WeightsError(
                f"{type(self).__name__} has a state of shapes {shapes}, got {[np.shape(one) for one in weights]}.",
                "Use get_weights() of an optimizer of the same model.",
            )
        K.batch_set_value(zip(self.weights, weights, strict=True))
        self.follow_schedule()

    def follow_schedule(self) -> None:
        """Show the schedule's rate of the next step, after `iterations` was set."""
        if self.schedule is not None:
            K.set_value(self.lr, self.schedule.at(self._batches(float(K.get_value(self.iterations)))))

    def finalize_variable_values(self, var_list) -> None:
        """Give weights the running means that `use_ema` kept of them, as `fit` does at its end."""
        known = [weight for weight in var_list if weight in self.averages]
        means = K.batch_get_value([self.averages[weight] for weight in known])
        K.batch_set_value(zip(known, means, strict=True))

    def get_config(self) -> dict:
        """The arguments that would make it again, as plain values; without its state."""
        kept = {name: getattr(self, name) for name in self._CLIPPING if hasattr(self, name)}
        own = {name: getattr(self, name) for name in self._UPKEEP}
        return kept | {name: value for name, value in own.items() if value != getattr(type(self), name)}

    @reads_config
    def from_config(cls, config: dict) -> Optimizer:
        """An optimizer as `get_config` described one; without state."""
        return cls(**config)

    def __reduce__(self):
        variables = {name: one for name, one in vars(self).items() if isinstance(one, K.Variable)}
        return _again, (type(self), self.get_config(), {name: K.get_value(one) for name, one in variables.items()})

    # ---- for subclasses

    def _settings(self, **values) -> None:
        """Keep each setting as a variable, so that K.set_value changes it while training."""
        for name, value in values.items():
            if name == "lr" and (schedule := as_schedule(value)) is not None:
                self.schedule, value = schedule, schedule.at(0)
            check_number(type(self).__name__, name, value)
            setattr(self, name, K.variable(value, name=name))

    def _values(self, *names: str) -> dict:
        values = {name: float(K.get_value(getattr(self, name))) for name in names}
        return values if self.schedule is None else values | {"lr": serialize(self.schedule)}

    def _decayed_rate(self):
        """`lr / (1 + decay * iterations)`, iterations as they were before this step; or what the schedule says."""
        if not self.is_stepping:
            return self._recorded_rate()
        if self._rate_of_step is None:  # once a step: `_decayed` asks again for every weight
            self._rate_of_step = self._recorded_rate()
        return self._rate_of_step

    def _recorded_rate(self):
        rate = self.lr if self.schedule is None else self.schedule(self._batches(self.iterations))
        if self.initial_decay > 0:
            return rate * (1.0 / (1.0 + self.decay * self.iterations))
        return rate

    def _batches(self, steps):
        """The batches before the one that such a step is made with, which schedules count, as in Keras 3."""
        every = self.gradient_accumulation_steps or 1
        return steps * float(every) + (every - 1.0) if every > 1 else steps

    def _counted(self, always: bool = True) -> list:
        """What counts the step, and shows the rate of the next one where a schedule says it.

        Args:
            always: False where nothing but the rate depends on the count.
        """
        if self.schedule is not None:
            following = self.schedule(self._batches(self.iterations + 1.0))
            return [K.update_add(self.iterations, 1), K.update(self.lr, following)]
        return [K.update_add(self.iterations, 1)] if always or self.initial_decay > 0 else []

    def _slots(self, params, count: int, start: float | Sequence[float] = 0.0) -> list[list]:
        """`count` groups of state, a variable for each weight; those a weight has already are kept.

        Args:
            start: what they begin with, one number for all groups or one for each.
        """
        starts = list(start) if isinstance(start, Sequence) else [start] * count
        for param in params:
            if len(self._state.get(param, ())) != count:
                self._state[param] = [_filled(K.int_shape(param), one) for one in starts]
        return [[self._state[param][place] for param in params] for place in range(count)]

    def _gathered_with(self, param, grad):
        slot = self.gathered.setdefault(param, K.zeros(K.int_shape(param)))
        self.sums.append((slot, slot + grad))
        return slot + grad

    def _besides(self) -> list[dict]:
        """What is kept for each weight besides the rule's own state."""
        asked = ((self.averages, self.use_ema), (self.gathered, self.gradient_accumulation_steps))
        return [kept for kept, is_asked in asked if is_asked]

    def kept(self) -> dict[Any, list]:
        """Weight -> all variables that are kept for it."""
        besides = self._besides()
        return {
            weight: [*slots, *(kept[weight] for kept in besides if weight in kept)]
            for weight, slots in self._state.items()
        }

    def keep(self, kept: dict[Any, list]) -> None:
        """Take over variables for some weights, as `kept` gives them."""
        besides = self._besides()
        for weight, variables in kept.items():
            own = len(variables) - len(besides)
            self._state[weight] = variables[:own]
            for group, variable in zip(besides, variables[own:], strict=True):
                group[weight] = variable

    def forget(self) -> None:
        """Drop the state of all weights, as a compile does; the next step starts from zeros."""
        for kept in (self._state, self.averages, self.gathered):
            kept.clear()

    def _decay_of(self, param) -> float | None:
        """The weight decay of a weight; None for one that is left out."""
        variables, patterns = self._undecayed
        left_out = param in variables or any(re.search(pattern, param.name or "") for pattern in patterns)
        return None if left_out else self.weight_decay

    def _decayed(self, param):
        """The weight as `weight_decay` leaves it, before the step."""
        decay = self._decay_of(param)
        return param - param * (decay * self._decayed_rate()) if decay else param

    def _write(self, param, value, constraints) -> None:
        """The new value of a weight under its constraint; `value` begins at `self._decayed(param)`."""
        constraint = constraints.get(param) if constraints else None
        self.updates.append(K.update(param, with_native(constraint, value) if constraint else value))

    def _remember(self, slots, values) -> None:
        self.updates.extend(K.update(slot, value) for slot, value in zip(slots, values, strict=True))


def _filled(shape, value: float):
    """A variable that takes memory only once it is needed."""
    return K.Variable(lambda: np.full(shape, value, K.floatx()), shape, K.floatx()) if value else K.zeros(shape)


def _again(cls: type[Optimizer], config: dict, values: dict[str, Any]) -> Optimizer:
    """The optimizer that a copy or pickle describes; a model's copy gives it the state of the weights."""
    made = cls.from_config(config)
    for name, value in values.items():
        K.set_value(getattr(made, name), value)
    return made
