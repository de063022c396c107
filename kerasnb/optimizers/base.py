"""`Optimizer`: what all optimizers share."""

from __future__ import annotations

from typing import Any

import numpy as np

from .. import backend as K
from ..backend.native import with_native
from ..errors import ArgumentError, WeightsError
from ..utils.damage import reads_config
from .later import accepts_either_order, accepts_later_arguments, check_number, without_neutral

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
    """

    _CLIPPING = ("clipnorm", "clipvalue", "local_clipnorm")

    def __init_subclass__(cls, **kwargs):
        super().__init_subclass__(**kwargs)
        if "__init__" in cls.__dict__:
            cls.__init__ = accepts_later_arguments(cls.__init__)
        if "get_updates" in cls.__dict__:
            cls.get_updates = accepts_either_order(cls.get_updates)

    def __init__(self, *, clipnorm=None, clipvalue=None, local_clipnorm=None, **kwargs):
        kwargs = without_neutral(type(self).__name__, kwargs)
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

    def __setattr__(self, name: str, value: Any) -> None:
        """A number given to a setting becomes the value of its variable, so that it counts from the next step."""
        held = self.__dict__.get(name)
        if isinstance(held, K.Variable) and isinstance(value, int | float | np.number):
            K.set_value(held, value)
        else:
            super().__setattr__(name, value)

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
        """The gradients, clipped as asked; a weight that the loss does not depend on gets zeros."""
        reached = K.depends_on(loss, params)
        wanted = [param for param, is_used in zip(params, reached, strict=True) if is_used]
        found = iter(K.gradients(loss, wanted) if wanted else [])
        grads = [
            next(found) if is_used else K.zeros_like(param) for param, is_used in zip(params, reached, strict=True)
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

    def get_config(self) -> dict:
        return {name: getattr(self, name) for name in self._CLIPPING if hasattr(self, name)}

    @reads_config
    def from_config(cls, config: dict) -> Optimizer:
        return cls(**config)

    def __reduce__(self):
        variables = {name: one for name, one in vars(self).items() if isinstance(one, K.Variable)}
        return _again, (type(self), self.get_config(), {name: K.get_value(one) for name, one in variables.items()})

    # ---- for subclasses

    def _settings(self, **values) -> None:
        """Keep each setting as a variable, so that K.set_value changes it while training."""
        for name, value in values.items():
            check_number(type(self).__name__, name, value)
            setattr(self, name, K.variable(value, name=name))

    def _values(self, *names: str) -> dict:
        return {name: float(K.get_value(getattr(self, name))) for name in names}

    def _decayed_rate(self):
        """`lr / (1 + decay * iterations)`, iterations as they were before this step."""
        if self.initial_decay > 0:
            return self.lr * (1.0 / (1.0 + self.decay * self.iterations))
        return self.lr

    def _slots(self, params, count: int, start: float = 0.0) -> list[list]:
        """`count` groups of state, a variable for each weight; those a weight has already are kept."""
        for param in params:
            if len(self._state.get(param, ())) != count:
                self._state[param] = [_filled(K.int_shape(param), start) for _ in range(count)]
        return [[self._state[param][place] for param in params] for place in range(count)]

    def forget(self) -> None:
        """Drop the state of all weights, as a compile does; the next step starts from zeros."""
        self._state = {}

    def _write(self, param, value, constraints) -> None:
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
