"""Optimizers: how gradients change weights."""
from __future__ import annotations

import inspect

import numpy as np

from . import backend as K
from .errors import ArgumentError, WeightsError
from .later_names import OPTIMIZER
from .spellings import accepts
from .utils.generic_utils import get_from_module

__all__ = [
    "Optimizer",
    "SGD",
    "RMSprop",
    "Adagrad",
    "Adadelta",
    "Adam",
    "Adamax",
    "Nadam",
    "sgd",
    "rmsprop",
    "adagrad",
    "adadelta",
    "adam",
    "adamax",
    "nadam",
    "clip_norm",
    "optimizer_from_config",
    "get",
]


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
    """

    def __init_subclass__(cls, **kwargs):
        super().__init_subclass__(**kwargs)
        if "__init__" in cls.__dict__ and not set(OPTIMIZER) & set(inspect.signature(cls.__init__).parameters):
            cls.__init__ = accepts(OPTIMIZER)(cls.__init__)

    def __init__(self, **kwargs):
        for name, value in kwargs.items():
            if name not in ("clipnorm", "clipvalue"):
                raise TypeError(
                    f"{type(self).__name__} has no argument {name!r}; every optimizer takes clipnorm and clipvalue"
                )
            if value is not None and value < 0:
                raise ArgumentError(f"{type(self).__name__}: {name} must be 0 or more, got {value}.", arguments=(name,))
        self.__dict__.update(kwargs)
        self.updates: list = []
        self.weights: list = []
        self._state: dict = {}

    @property
    def learning_rate(self):
        """The later name of `lr`."""
        return self.lr

    @learning_rate.setter
    def learning_rate(self, value) -> None:
        if isinstance(value, K.Variable):
            self.lr = value
        else:
            K.set_value(self.lr, value)

    def get_updates(self, params, constraints, loss) -> list:
        """Pairs (variable, new value) of one step.

        Args:
            params: the weights to change.
            constraints: weight -> function applied to its new value.
            loss: the scalar to make smaller.
        """
        raise NotImplementedError

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
        return {name: getattr(self, name) for name in ("clipnorm", "clipvalue") if hasattr(self, name)}

    @classmethod
    def from_config(cls, config: dict) -> Optimizer:
        return cls(**config)

    # ---- for subclasses

    def _settings(self, **values) -> None:
        """Keep each setting as a variable, so that K.set_value changes it while training."""
        for name, value in values.items():
            setattr(self, name, K.variable(value, name=name))

    def _values(self, *names: str) -> dict:
        return {name: float(K.get_value(getattr(self, name))) for name in names}

    def _decayed_rate(self):
        """`lr / (1 + decay * iterations)`, iterations as they were before this step."""
        if self.initial_decay > 0:
            return self.lr * (1.0 / (1.0 + self.decay * self.iterations))
        return self.lr

    def _slots(self, params, count: int) -> list[list]:
        """`count` groups of state, a variable for each weight; those a weight has already are kept."""
        for param in params:
            if len(self._state.get(param, ())) != count:
                self._state[param] = [K.zeros(K.int_shape(param)) for _ in range(count)]
        return [[self._state[param][place] for param in params] for place in range(count)]

    def forget(self) -> None:
        """Drop the state of all weights, as a compile does; the next step starts from zeros."""
        self._state = {}

    def _write(self, param, value, constraints) -> None:
        constraint = constraints.get(param) if constraints else None
        self.updates.append(K.update(param, constraint(value) if constraint else value))

    def _remember(self, slots, values) -> None:
        self.updates.extend(K.update(slot, value) for slot, value in zip(slots, values, strict=True))


class SGD(Optimizer):
    """Stochastic gradient descent: `v = momentum * v - lr * g; w = w + v`.

    With `nesterov`, `w = w + momentum * v - lr * g`.

    Args:
        lr: learning rate.
        momentum: share of the last step that is kept, 0 to 1.
        decay: lowers the rate to `lr / (1 + decay * iterations)`.
        nesterov: look ahead by the momentum. Source: Sutskever et al. 2013, ICML.
    """

    def __init__(self, lr=0.01, momentum=0.0, decay=0.0, nesterov=False, **kwargs):
        super().__init__(**kwargs)
        self.iterations = K.variable(0.0, name="iterations")
        self._settings(lr=lr, momentum=momentum, decay=decay)
        self.nesterov = nesterov
        self.initial_decay = decay

    def get_updates(self, params, constraints, loss):
        grads = self.get_gradients(loss, params)
        rate = self._decayed_rate()
        self.updates = [K.update_add(self.iterations, 1)] if self.initial_decay > 0 else []
        (moments,) = self._slots(params, 1)
        self.weights = [self.iterations, *moments]
        for param, grad, moment in zip(params, grads, moments, strict=True):
            velocity = self.momentum * moment - rate * grad
            self.updates.append(K.update(moment, velocity))
            self._write(
                param, param + (self.momentum * velocity - rate * grad if self.nesterov else velocity), constraints
            )
        return self.updates

    def get_config(self):
        return {**self._values("lr", "momentum", "decay"), "nesterov": self.nesterov, **super().get_config()}


class RMSprop(Optimizer):
    """Gradients divided by a running mean of their size.

    `a = rho * a + (1 - rho) * g^2; w = w - lr * g / (sqrt(a) + epsilon)`

    Source: Tieleman and Hinton 2012, Coursera, lecture 6.5.

    Args:
        lr: learning rate.
        rho: share of the running mean that is kept, 0 to 1.
        epsilon: keeps the division finite.
        decay: lowers the rate to `lr / (1 + decay * iterations)`.
    """

    def __init__(self, lr=0.001, rho=0.9, epsilon=1e-8, decay=0.0, **kwargs):
        super().__init__(**kwargs)
        self._settings(lr=lr, rho=rho, decay=decay, iterations=0.0)
        self.epsilon = epsilon
        self.initial_decay = decay

    def get_updates(self, params, constraints, loss):
        grads = self.get_gradients(loss, params)
        (means,) = self._slots(params, 1)
        self.weights = list(means)
        rate = self._decayed_rate()
        self.updates = [K.update_add(self.iterations, 1)] if self.initial_decay > 0 else []
        for param, grad, mean in zip(params, grads, means, strict=True):
            new_mean = self.rho * mean + (1.0 - self.rho) * K.square(grad)
            self.updates.append(K.update(mean, new_mean))
            self._write(param, param - rate * grad / (K.sqrt(new_mean) + self.epsilon), constraints)
        return self.updates

    def get_config(self):
        return {**self._values("lr", "rho", "decay"), "epsilon": self.epsilon, **super().get_config()}


class Adagrad(Optimizer):
    """Gradients divided by the root of the sum of all their squares so far.

    Source: Duchi et al. 2011, JMLR 12.

    Args:
        lr: learning rate.
        epsilon: keeps the division finite.
        decay: lowers the rate to `lr / (1 + decay * iterations)`.
    """

    def __init__(self, lr=0.01, epsilon=1e-8, decay=0.0, **kwargs):
        super().__init__(**kwargs)
        self._settings(lr=lr, decay=decay, iterations=0.0)
        self.epsilon = epsilon
        self.initial_decay = decay

    def get_updates(self, params, constraints, loss):
        grads = self.get_gradients(loss, params)
        (sums,) = self._slots(params, 1)
        self.weights = list(sums)
        rate = self._decayed_rate()
        self.updates = [K.update_add(self.iterations, 1)] if self.initial_decay > 0 else []
        for param, grad, total in zip(params, grads, sums, strict=True):
            new_total = total + K.square(grad)
            self.updates.append(K.update(total, new_total))
            self._write(param, param - rate * grad / (K.sqrt(new_total) + self.epsilon), constraints)
        return self.updates

    def get_config(self):
        return {**self._values("lr", "decay"), "epsilon": self.epsilon, **super().get_config()}


class Adadelta(Optimizer):
    """Steps as large as the running mean of earlier steps, over that of the gradients.

    Source: Zeiler 2012, arXiv:1212.5701, algorithm 1.

    Args:
        lr: learning rate; leave it at 1.
        rho: share of the running means that is kept, 0 to 1.
        epsilon: keeps the division finite.
        decay: lowers the rate to `lr / (1 + decay * iterations)`.
    """

    def __init__(self, lr=1.0, rho=0.95, epsilon=1e-8, decay=0.0, **kwargs):
        super().__init__(**kwargs)
        self._settings(lr=lr, decay=decay, iterations=0.0)
        self.rho, self.epsilon, self.initial_decay = rho, epsilon, decay

    def get_updates(self, params, constraints, loss):
        grads = self.get_gradients(loss, params)
        means, deltas = self._slots(params, 2)
        self.weights = means + deltas
        rate = self._decayed_rate()
        self.updates = [K.update_add(self.iterations, 1)] if self.initial_decay > 0 else []
        for param, grad, mean, delta in zip(params, grads, means, deltas, strict=True):
            new_mean = self.rho * mean + (1.0 - self.rho) * K.square(grad)
            step = grad * K.sqrt(delta + self.epsilon) / K.sqrt(new_mean + self.epsilon)
            self._remember([mean, delta], [new_mean, self.rho * delta + (1.0 - self.rho) * K.square(step)])
            self._write(param, param - rate * step, constraints)
        return self.updates

    def get_config(self):
        return {**self._values("lr", "decay"), "rho": self.rho, "epsilon": self.epsilon, **super().get_config()}


class Adam(Optimizer):
    """Running means of the gradients and of their squares, both corrected for their start at zero.

    Source: Kingma and Ba 2015, arXiv:1412.6980, section 2 (the form with one corrected rate).

    Args:
        lr: learning rate.
        beta_1: share of the mean that is kept, 0 to 1.
        beta_2: share of the mean of squares that is kept, 0 to 1.
        epsilon: keeps the division finite.
        decay: lowers the rate to `lr / (1 + decay * iterations)`.
    """

    def __init__(self, lr=0.001, beta_1=0.9, beta_2=0.999, epsilon=1e-8, decay=0.0, **kwargs):
        super().__init__(**kwargs)
        self._settings(iterations=0.0, lr=lr, beta_1=beta_1, beta_2=beta_2, decay=decay)
        self.epsilon, self.initial_decay = epsilon, decay

    def get_updates(self, params, constraints, loss):
        grads = self.get_gradients(loss, params)
        self.updates = [K.update_add(self.iterations, 1)]
        step = self.iterations + 1.0
        rate = self._decayed_rate() * K.sqrt(1.0 - K.pow(self.beta_2, step)) / (1.0 - K.pow(self.beta_1, step))
        means, squares = self._slots(params, 2)
        self.weights = [self.iterations, *means, *squares]
        for param, grad, mean, square in zip(params, grads, means, squares, strict=True):
            new_mean = self.beta_1 * mean + (1.0 - self.beta_1) * grad
            new_square = self.beta_2 * square + (1.0 - self.beta_2) * K.square(grad)
            self._remember([mean, square], [new_mean, new_square])
            self._write(param, param - rate * new_mean / (K.sqrt(new_square) + self.epsilon), constraints)
        return self.updates

    def get_config(self):
        return {**self._values("lr", "beta_1", "beta_2", "decay"), "epsilon": self.epsilon, **super().get_config()}


class Adamax(Optimizer):
    """Adam with the largest gradient so far in place of the mean of squares.

    Source: Kingma and Ba 2015, arXiv:1412.6980, section 7.

    Args:
        lr: learning rate.
        beta_1: share of the mean that is kept, 0 to 1.
        beta_2: share of the largest gradient that is kept, 0 to 1.
        epsilon: keeps the division finite.
        decay: lowers the rate to `lr / (1 + decay * iterations)`.
    """

    def __init__(self, lr=0.002, beta_1=0.9, beta_2=0.999, epsilon=1e-8, decay=0.0, **kwargs):
        super().__init__(**kwargs)
        self._settings(iterations=0.0, lr=lr, beta_1=beta_1, beta_2=beta_2, decay=decay)
        self.epsilon, self.initial_decay = epsilon, decay

    def get_updates(self, params, constraints, loss):
        grads = self.get_gradients(loss, params)
        self.updates = [K.update_add(self.iterations, 1)]
        rate = self._decayed_rate() / (1.0 - K.pow(self.beta_1, self.iterations + 1.0))
        means, largest = self._slots(params, 2)
        self.weights = [self.iterations, *means, *largest]
        for param, grad, mean, top in zip(params, grads, means, largest, strict=True):
            new_mean = self.beta_1 * mean + (1.0 - self.beta_1) * grad
            new_top = K.maximum(self.beta_2 * top, K.abs(grad))
            self._remember([mean, top], [new_mean, new_top])
            self._write(param, param - rate * new_mean / (new_top + self.epsilon), constraints)
        return self.updates

    def get_config(self):
        return {**self._values("lr", "beta_1", "beta_2", "decay"), "epsilon": self.epsilon, **super().get_config()}


class Nadam(Optimizer):
    """Adam with Nesterov momentum.

    Source: Dozat 2016, ICLR workshop, algorithm 2; the momentum's schedule from section 3.

    Args:
        lr: learning rate.
        beta_1: share of the mean that is kept, 0 to 1.
        beta_2: share of the mean of squares that is kept, 0 to 1.
        epsilon: keeps the division finite.
        schedule_decay: how fast the momentum's warm-up ends.
    """

    def __init__(self, lr=0.002, beta_1=0.9, beta_2=0.999, epsilon=1e-8, schedule_decay=0.004, **kwargs):
        super().__init__(**kwargs)
        self._settings(iterations=0.0, m_schedule=1.0, lr=lr, beta_1=beta_1, beta_2=beta_2)
        self.epsilon, self.schedule_decay = epsilon, schedule_decay

    def _momentum(self, step):
        return self.beta_1 * (1.0 - 0.5 * K.pow(0.96, step * self.schedule_decay))

    def get_updates(self, params, constraints, loss):
        grads = self.get_gradients(loss, params)
        step = self.iterations + 1.0
        now, following = self._momentum(step), self._momentum(step + 1.0)
        schedule = self.m_schedule * now
        self.updates = [K.update_add(self.iterations, 1), K.update(self.m_schedule, schedule)]
        means, squares = self._slots(params, 2)
        self.weights = [self.iterations, *means, *squares]
        for param, grad, mean, square in zip(params, grads, means, squares, strict=True):
            new_mean = self.beta_1 * mean + (1.0 - self.beta_1) * grad
            new_square = self.beta_2 * square + (1.0 - self.beta_2) * K.square(grad)
            self._remember([mean, square], [new_mean, new_square])
            ahead = (1.0 - now) * grad / (1.0 - schedule) + following * new_mean / (1.0 - schedule * following)
            size = K.sqrt(new_square / (1.0 - K.pow(self.beta_2, step))) + self.epsilon
            self._write(param, param - self.lr * ahead / size, constraints)
        return self.updates

    def get_config(self):
        return {
            **self._values("lr", "beta_1", "beta_2"),
            "epsilon": self.epsilon,
            "schedule_decay": self.schedule_decay,
            **super().get_config(),
        }


sgd, rmsprop, adagrad, adadelta, adam, adamax, nadam = SGD, RMSprop, Adagrad, Adadelta, Adam, Adamax, Nadam


def optimizer_from_config(config: dict, custom_objects: dict | None = None) -> Optimizer:
    """The optimizer that `{"class_name": ..., "config": ...}` describes."""
    known = {cls.__name__.lower(): cls for cls in (SGD, RMSprop, Adagrad, Adadelta, Adam, Adamax, Nadam)}
    known |= {name.lower(): cls for name, cls in (custom_objects or {}).items()}
    cls = known.get(str(config["class_name"]).lower())
    if cls is None:
        get_from_module(config["class_name"], known, "optimizer")
    return cls.from_config(config["config"])


def get(identifier, kwargs=None) -> Optimizer:
    """The optimizer of this name with its defaults, or the optimizer itself.

    Raises:
        UnknownNameError: there is none.
    """
    if isinstance(identifier, Optimizer):
        return identifier
    if isinstance(identifier, dict):
        return optimizer_from_config(identifier)
    if isinstance(identifier, type):
        return identifier()
    found = get_from_module(identifier.lower() if isinstance(identifier, str) else identifier, globals(), "optimizer",
                            instantiate=True, kwargs=kwargs)
    if not isinstance(found, Optimizer) and not hasattr(found, "get_updates"):
        raise ArgumentError(
            f"{identifier!r} is no optimizer.",
            'Pass a name such as "adam", or kerasnb.optimizers.Adam().',
            arguments=("optimizer",),
        )
    return found


