"""The optimizers of Keras 1.2, each by its paper's formula."""

from __future__ import annotations

import numpy as np

from .. import backend as K
from .base import Optimizer

__all__ = ["SGD", "RMSprop", "Adagrad", "Adadelta", "Adam", "Adamax", "Nadam"]


def _root(square, epsilon, under_root: bool):
    """What a gradient is divided by: Keras 1.2 adds epsilon to the root, Keras 3 under it."""
    return K.sqrt(square + epsilon) if under_root else K.sqrt(square) + epsilon


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
        self.updates = self._counted(always=False)
        (moments,) = self._slots(params, 1)
        self.weights = [self.iterations, *moments]
        for param, grad, moment in zip(params, grads, moments, strict=True):
            # the rate is in the velocity, as in Keras: after a change of it the momentum still goes on with the old one
            velocity = self.momentum * moment - rate * grad
            self.updates.append(K.update(moment, velocity))
            step = self.momentum * velocity - rate * grad if self.nesterov else velocity
            self._write(param, self._decayed(param) + step, constraints)
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
        epsilon_under_root: divide by `sqrt(a + epsilon)`, as Keras 3 does.
        momentum: later: share of the last step that is kept, 0 to 1.
        centered: later: divide by the spread around a running mean of the gradients, `sqrt(a - mean^2 + epsilon)`.
            Source: Graves 2013, arXiv:1308.0850, equations 38 to 45.
    """

    def __init__(
        self,
        lr=0.001,
        rho=0.9,
        epsilon=1e-8,
        decay=0.0,
        *,
        epsilon_under_root=False,
        momentum=0.0,
        centered=False,
        **kwargs,
    ):
        super().__init__(**kwargs)
        self._settings(lr=lr, rho=rho, decay=decay, iterations=0.0)
        self.epsilon, self.epsilon_under_root = epsilon, epsilon_under_root
        self.momentum, self.centered = momentum, centered
        self.initial_decay = decay

    def get_updates(self, params, constraints, loss):
        grads = self.get_gradients(loss, params)
        means, *others = groups = self._slots(params, 1 + bool(self.momentum) + bool(self.centered))
        self.weights = [slot for group in groups for slot in group]
        rate = self._decayed_rate()
        self.updates = self._counted(always=False)
        for place, (param, grad, mean) in enumerate(zip(params, grads, means, strict=True)):
            new_mean = self.rho * mean + (1.0 - self.rho) * K.square(grad)
            self.updates.append(K.update(mean, new_mean))
            spread = new_mean
            if self.centered:
                center = others[-1][place]
                new_center = self.rho * center + (1.0 - self.rho) * grad
                self.updates.append(K.update(center, new_center))
                spread = new_mean - K.square(new_center)
            step = rate * grad / _root(spread, self.epsilon, self.epsilon_under_root or self.centered)
            if self.momentum:
                moment = others[0][place]
                step = self.momentum * moment + step
                self.updates.append(K.update(moment, step))
            self._write(param, self._decayed(param) - step, constraints)
        return self.updates

    def get_config(self):
        names = ("epsilon_under_root", "momentum", "centered")
        later = {name: getattr(self, name) for name in names if getattr(self, name)}
        return {**self._values("lr", "rho", "decay"), "epsilon": self.epsilon, **later, **super().get_config()}


class Adagrad(Optimizer):
    """Gradients divided by the root of the sum of all their squares so far.

    Source: Duchi et al. 2011, JMLR 12.

    Args:
        lr: learning rate.
        epsilon: keeps the division finite.
        decay: lowers the rate to `lr / (1 + decay * iterations)`.
        initial_accumulator_value: where the sums begin.
        epsilon_under_root: divide by `sqrt(a + epsilon)`, as Keras 3 does.
    """

    def __init__(
        self, lr=0.01, epsilon=1e-8, decay=0.0, *, initial_accumulator_value=0.0, epsilon_under_root=False, **kwargs
    ):
        super().__init__(**kwargs)
        self._settings(lr=lr, decay=decay, iterations=0.0)
        self.epsilon, self.epsilon_under_root = epsilon, epsilon_under_root
        self.initial_accumulator_value = initial_accumulator_value
        self.initial_decay = decay

    def get_updates(self, params, constraints, loss):
        grads = self.get_gradients(loss, params)
        (sums,) = self._slots(params, 1, self.initial_accumulator_value)
        self.weights = list(sums)
        rate = self._decayed_rate()
        self.updates = self._counted(always=False)
        for param, grad, total in zip(params, grads, sums, strict=True):
            new_total = total + K.square(grad)
            self.updates.append(K.update(total, new_total))
            size = _root(new_total, self.epsilon, self.epsilon_under_root)
            self._write(param, self._decayed(param) - rate * grad / size, constraints)
        return self.updates

    def get_config(self):
        later = {
            name: getattr(self, name)
            for name in ("initial_accumulator_value", "epsilon_under_root")
            if getattr(self, name)
        }
        return {**self._values("lr", "decay"), "epsilon": self.epsilon, **later, **super().get_config()}


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
        self.updates = self._counted(always=False)
        for param, grad, mean, delta in zip(params, grads, means, deltas, strict=True):
            new_mean = self.rho * mean + (1.0 - self.rho) * K.square(grad)
            # RMS[dx] / RMS[g] . g: the unit of the steps so far, which a gradient lacks, so no rate has to be chosen
            step = grad * K.sqrt(delta + self.epsilon) / K.sqrt(new_mean + self.epsilon)
            self._remember([mean, delta], [new_mean, self.rho * delta + (1.0 - self.rho) * K.square(step)])
            self._write(param, self._decayed(param) - rate * step, constraints)
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
        amsgrad: later: divide by the largest mean of squares so far. Source: Reddi et al. 2018, arXiv:1904.09237.
    """

    def __init__(self, lr=0.001, beta_1=0.9, beta_2=0.999, epsilon=1e-8, decay=0.0, *, amsgrad=False, **kwargs):
        super().__init__(**kwargs)
        self._settings(iterations=0.0, lr=lr, beta_1=beta_1, beta_2=beta_2, decay=decay)
        self.epsilon, self.initial_decay, self.amsgrad = epsilon, decay, amsgrad

    def get_updates(self, params, constraints, loss):
        grads = self.get_gradients(loss, params)
        self.updates = self._counted()
        step = self.iterations + 1.0
        # alpha_t = alpha sqrt(1 - beta_2^t) / (1 - beta_1^t): both corrections in one factor, so epsilon is that of the
        # paper's faster form, not of its algorithm 1
        rate = self._decayed_rate() * K.sqrt(1.0 - K.pow(self.beta_2, step)) / (1.0 - K.pow(self.beta_1, step))
        means, squares, *largest = groups = self._slots(params, 3 if self.amsgrad else 2)
        self.weights = [self.iterations, *(slot for group in groups for slot in group)]
        for place, (param, grad, mean, square) in enumerate(zip(params, grads, means, squares, strict=True)):
            new_mean = self.beta_1 * mean + (1.0 - self.beta_1) * grad
            new_square = self.beta_2 * square + (1.0 - self.beta_2) * K.square(grad)
            self._remember([mean, square], [new_mean, new_square])
            if self.amsgrad:
                new_square = K.maximum(largest[0][place], new_square)
                self._remember([largest[0][place]], [new_square])
            step = rate * new_mean / (K.sqrt(new_square) + self.epsilon)
            self._write(param, self._decayed(param) - step, constraints)
        return self.updates

    def get_config(self):
        later = {"amsgrad": True} if self.amsgrad else {}
        values = self._values("lr", "beta_1", "beta_2", "decay")
        return {**values, "epsilon": self.epsilon, **later, **super().get_config()}


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
        self.updates = self._counted()
        rate = self._decayed_rate() / (1.0 - K.pow(self.beta_1, self.iterations + 1.0))
        means, largest = self._slots(params, 2)
        self.weights = [self.iterations, *means, *largest]
        for param, grad, mean, top in zip(params, grads, means, largest, strict=True):
            new_mean = self.beta_1 * mean + (1.0 - self.beta_1) * grad
            # u_t = max(beta_2 u_{t-1}, |g_t|), which needs no correction: its start at zero is never the largest
            new_top = K.maximum(self.beta_2 * top, K.abs(grad))
            self._remember([mean, top], [new_mean, new_top])
            self._write(param, self._decayed(param) - rate * new_mean / (new_top + self.epsilon), constraints)
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

    def scheduled(self, steps: float) -> float:
        """The product of the momentum's schedule after so many steps; once it is 0 it stays so."""
        beta = float(K.get_value(self.beta_1))
        passed = np.arange(1, min(steps, 100_000) + 1)
        return float(np.prod(beta * (1.0 - 0.5 * 0.96 ** (passed * self.schedule_decay))))

    def _momentum(self, step):
        return self.beta_1 * (1.0 - 0.5 * K.pow(0.96, step * self.schedule_decay))

    def get_updates(self, params, constraints, loss):
        grads = self.get_gradients(loss, params)
        step = self.iterations + 1.0
        rate = self._decayed_rate()
        now, following = self._momentum(step), self._momentum(step + 1.0)
        # the product of all mu_i so far, which takes the place of beta_1^t where the momentum warms up
        schedule = self.m_schedule * now
        self.updates = [*self._counted(), K.update(self.m_schedule, schedule)]
        means, squares = self._slots(params, 2)
        self.weights = [self.iterations, *means, *squares]
        for param, grad, mean, square in zip(params, grads, means, squares, strict=True):
            new_mean = self.beta_1 * mean + (1.0 - self.beta_1) * grad
            new_square = self.beta_2 * square + (1.0 - self.beta_2) * K.square(grad)
            self._remember([mean, square], [new_mean, new_square])
            # the gradient under the momentum of now, the mean under that of the next step: here Nesterov looks ahead
            ahead = (1.0 - now) * grad / (1.0 - schedule) + following * new_mean / (1.0 - schedule * following)
            size = K.sqrt(new_square / (1.0 - K.pow(self.beta_2, step))) + self.epsilon
            self._write(param, self._decayed(param) - rate * ahead / size, constraints)
        return self.updates

    def get_config(self):
        return {
            **self._values("lr", "beta_1", "beta_2"),
            "epsilon": self.epsilon,
            "schedule_decay": self.schedule_decay,
            **super().get_config(),
        }
