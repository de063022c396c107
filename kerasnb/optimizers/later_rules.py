"""Optimizers that came with Keras 2.9 and later, each by its paper's formula, with Keras 3's usual settings."""

from __future__ import annotations

import re

import numpy as np

from .. import backend as K
from .base import Optimizer
from .rules import Adam

__all__ = ["AdamW", "Lion", "Ftrl", "Adafactor", "Lamb", "Muon"]


class AdamW(Adam):
    """Adam whose weight decay is no part of the gradient.

    Source: Loshchilov and Hutter 2019, arXiv:1711.05101, algorithm 2.

    Args:
        lr, beta_1, beta_2, epsilon, decay, amsgrad: as of Adam.
        weight_decay: share of each weight, times the learning rate, that a step takes off it.
    """

    weight_decay = 0.004

    def __init__(self, lr=0.001, weight_decay=0.004, beta_1=0.9, beta_2=0.999, epsilon=1e-7, decay=0.0, **kwargs):
        super().__init__(lr, beta_1, beta_2, epsilon, decay, weight_decay=weight_decay, **kwargs)


class Lion(Optimizer):
    """Steps of one size, by the sign of a mean of the gradients.

    Source: Chen et al. 2023, arXiv:2302.06675, algorithm 2.

    Args:
        lr: learning rate: how far each step moves each weight.
        beta_1: share of the mean in what gives the sign, 0 to 1.
        beta_2: share of the mean that is kept, 0 to 1.
    """

    def __init__(self, lr=0.001, beta_1=0.9, beta_2=0.99, **kwargs):
        super().__init__(**kwargs)
        self._settings(iterations=0.0, lr=lr, beta_1=beta_1, beta_2=beta_2)

    def get_updates(self, params, constraints, loss):
        grads = self.get_gradients(loss, params)
        (means,) = self._slots(params, 1)
        self.weights = [self.iterations, *means]
        self.updates, rate = self._counted(), self._decayed_rate()
        for param, grad, mean in zip(params, grads, means, strict=True):
            # the step looks at a shorter memory (beta_1) than is kept (beta_2), by its sign: all have one length
            direction = K.sign(self.beta_1 * mean + (1.0 - self.beta_1) * grad)
            self._remember([mean], [self.beta_2 * mean + (1.0 - self.beta_2) * grad])
            self._write(param, self._decayed(param) - rate * direction, constraints)
        return self.updates

    def get_config(self):
        return {**self._values("lr", "beta_1", "beta_2"), **super().get_config()}


class Ftrl(Optimizer):
    """Follow the regularized leader: weights as the least of a sum of all gradients so far and of penalties.

    Source: McMahan et al. 2013, "Ad click prediction: a view from the trenches", algorithm 1.

    Args:
        lr: learning rate.
        learning_rate_power: at which power of the summed squares rates fall, 0 or less.
        initial_accumulator_value: where the sums of squares begin.
        l1_regularization_strength, l2_regularization_strength: penalties, 0 or more; the first makes weights exactly 0.
        l2_shrinkage_regularization_strength: a penalty that is part of the gradient only.
        beta: the paper's beta.
    """

    def __init__(
        self,
        lr=0.001,
        learning_rate_power=-0.5,
        initial_accumulator_value=0.1,
        l1_regularization_strength=0.0,
        l2_regularization_strength=0.0,
        l2_shrinkage_regularization_strength=0.0,
        beta=0.0,
        **kwargs,
    ):
        super().__init__(**kwargs)
        self._settings(iterations=0.0, lr=lr)
        self.learning_rate_power, self.initial_accumulator_value = learning_rate_power, initial_accumulator_value
        self.l1_regularization_strength = l1_regularization_strength
        self.l2_regularization_strength = l2_regularization_strength
        self.l2_shrinkage_regularization_strength = l2_shrinkage_regularization_strength
        self.beta = beta

    def get_updates(self, params, constraints, loss):
        grads = self.get_gradients(loss, params)
        sums, linears = self._slots(params, 2, (self.initial_accumulator_value, 0.0))
        self.weights = [self.iterations, *sums, *linears]
        self.updates, rate = self._counted(), self._decayed_rate()
        power, l1 = -self.learning_rate_power, self.l1_regularization_strength
        # the paper's beta stands beside sqrt(n) in (beta + sqrt(n)) / lr + l2, so it can be a part of l2
        l2 = self.l2_regularization_strength + self.beta / (2.0 * rate)
        for param, grad, total, linear in zip(params, grads, sums, linears, strict=True):
            weight = self._decayed(param)
            shrunk = grad + 2.0 * self.l2_shrinkage_regularization_strength * weight
            new_total = total + K.square(grad)
            new_linear = linear + shrunk - (K.pow(new_total, power) - K.pow(total, power)) / rate * weight
            self._remember([total, linear], [new_total, new_linear])
            # 0 where |z| <= l1, so weights become exactly 0; else -(z - sign(z) l1) / (n^power / lr + 2 l2)
            least = (K.clip(new_linear, -l1, l1) - new_linear) / (K.pow(new_total, power) / rate + 2.0 * l2)
            self._write(param, least, constraints)
        return self.updates

    def get_config(self):
        names = (
            "learning_rate_power",
            "initial_accumulator_value",
            "l1_regularization_strength",
            "l2_regularization_strength",
            "l2_shrinkage_regularization_strength",
            "beta",
        )
        return {**self._values("lr"), **{name: getattr(self, name) for name in names}, **super().get_config()}


class Adafactor(Optimizer):
    """Adam's division with the squares of a matrix kept as sums of its rows and columns only.

    Source: Shazeer and Stern 2018, arXiv:1804.04235, algorithms 4 and 5.

    Args:
        lr: the largest learning rate; it is a share of each weight's own size.
        beta_2_decay: the squares' mean forgets `1 - step ^ beta_2_decay` less with each step.
        epsilon_1: keeps the division finite.
        epsilon_2: the least size of a weight that counts.
        clip_threshold: the largest root mean square of a step, as a multiple of the rate.
        relative_step: let the rate fall as `1 / sqrt(step)`.
    """

    # the axis of a weight over which each thing that is kept of it is a mean: rows, columns, squares
    mean_axes = (-1, -2, None)

    def __init__(
        self,
        lr=0.001,
        beta_2_decay=-0.8,
        epsilon_1=1e-30,
        epsilon_2=1e-3,
        clip_threshold=1.0,
        relative_step=True,
        **kwargs,
    ):
        super().__init__(**kwargs)
        self._settings(iterations=0.0, lr=lr)
        self.beta_2_decay, self.epsilon_1, self.epsilon_2 = beta_2_decay, epsilon_1, epsilon_2
        self.clip_threshold, self.relative_step = clip_threshold, relative_step

    def get_updates(self, params, constraints, loss):
        grads = self.get_gradients(loss, params)
        self.updates, step = self._counted(), self.iterations + 1.0
        # the same bound once more below: with a schedule the rate itself is not bound
        share = K.minimum(self._decayed_rate(), 1.0 / K.sqrt(step))
        kept = 1.0 - K.pow(step, self.beta_2_decay)
        state = [self._factored(param) for param in params]
        self.weights = [self.iterations, *(slot for slots in zip(*state, strict=True) for slot in slots)]
        for param, grad, (rows, columns, squares) in zip(params, grads, state, strict=True):
            square = K.square(grad) + self.epsilon_1
            weight = self._decayed(param)
            if K.ndim(param) >= 2:
                new_rows = kept * rows + (1.0 - kept) * K.mean(square, axis=-1)
                new_columns = kept * columns + (1.0 - kept) * K.mean(square, axis=-2)
                # R C / mean(R): of all matrices of rank one that with the same sums of rows and columns
                in_rows = new_rows / K.mean(new_rows, axis=-1, keepdims=True)
                new_squares = K.expand_dims(in_rows, -1) * K.expand_dims(new_columns, -2)
                self._remember([rows, columns], [new_rows, new_columns])
            else:
                new_squares = kept * squares + (1.0 - kept) * square
            self._remember([squares], [new_squares])
            direction = grad / K.sqrt(new_squares)
            # algorithm 5: update clipping, d / max(1, RMS(d) / threshold)
            bound = direction / K.maximum(_root_mean_square(direction) / self.clip_threshold, 1.0)
            size = K.maximum(_root_mean_square(weight), self.epsilon_2) * share
            self._write(param, weight - size * bound, constraints)
        return self.updates

    def _factored(self, param) -> list:
        """Means of rows, of columns, and squares; a vector has no use for the first two."""
        shape = K.int_shape(param)
        sides = (shape[:-1], (*shape[:-2], shape[-1])) if len(shape) >= 2 else ((), ())
        if len(self._state.get(param, ())) != 3:
            self._state[param] = [K.zeros(one) for one in (*sides, shape)]
        return self._state[param]

    def get_config(self):
        names = ("beta_2_decay", "epsilon_1", "epsilon_2", "clip_threshold", "relative_step")
        return {**self._values("lr"), **{name: getattr(self, name) for name in names}, **super().get_config()}


def _root_mean_square(tensor):
    return K.sqrt(K.mean(K.square(tensor)))


class Lamb(Optimizer):
    """Adam with steps as long as the weight they change, times the learning rate.

    Source: You et al. 2020, arXiv:1904.00962, algorithm 2.

    Args:
        lr: learning rate.
        beta_1: share of the mean that is kept, 0 to 1.
        beta_2: share of the mean of squares that is kept, 0 to 1.
        epsilon: keeps the division finite.
    """

    def __init__(self, lr=0.001, beta_1=0.9, beta_2=0.999, epsilon=1e-7, **kwargs):
        super().__init__(**kwargs)
        self._settings(iterations=0.0, lr=lr, beta_1=beta_1, beta_2=beta_2)
        self.epsilon = epsilon

    def get_updates(self, params, constraints, loss):
        grads = self.get_gradients(loss, params)
        means, squares = self._slots(params, 2)
        self.weights = [self.iterations, *means, *squares]
        self.updates, rate, step = self._counted(), self._decayed_rate(), self.iterations + 1.0
        for param, grad, mean, square in zip(params, grads, means, squares, strict=True):
            new_mean = self.beta_1 * mean + (1.0 - self.beta_1) * grad
            new_square = self.beta_2 * square + (1.0 - self.beta_2) * K.square(grad)
            self._remember([mean, square], [new_mean, new_square])
            # both means corrected for their start at zero, as in Adam's algorithm 1
            size = K.sqrt(new_square / (1.0 - K.pow(self.beta_2, step))) + self.epsilon
            direction = new_mean / (1.0 - K.pow(self.beta_1, step)) / size
            weight = self._decayed(param)
            self._write(param, weight - rate * _trust(weight, direction) * direction, constraints)
        return self.updates

    def get_config(self):
        return {**self._values("lr", "beta_1", "beta_2"), "epsilon": self.epsilon, **super().get_config()}


def _trust(weight, direction):
    """How many times the direction is as long as the weight; 1 where one of them is 0."""
    lengths = [K.sqrt(K.sum(K.square(one))) for one in (weight, direction)]
    both = K.cast(K.greater(lengths[0] * lengths[1], 0.0), K.floatx())
    return both * lengths[0] / (lengths[1] + (1.0 - both)) + (1.0 - both)


class Muon(Optimizer):
    """Steps of matrices made orthogonal by a few Newton-Schulz iterations; AdamW for everything else.

    Source: Jordan et al. 2024, "Muon: an optimizer for hidden layers"; its scale by Liu et al. 2025, arXiv:2502.16982.

    Args:
        lr: learning rate.
        adam_beta_1, adam_beta_2, adam_weight_decay, epsilon: AdamW's, for what is no matrix.
        weight_decay: of the matrices.
        exclude_layers: patterns (`re`) of weights' names that AdamW shall train.
        exclude_embeddings: let AdamW train embeddings.
        muon_a, muon_b, muon_c: factors of the iteration.
        adam_lr_ratio: AdamW's rate as a multiple of `lr`.
        momentum: share of the sum of gradients that is kept, 0 to 1.
        ns_steps: how many iterations.
        nesterov: look ahead by the momentum.
        rms_rate: steps of a matrix (n, m) are `sqrt(max(n, m)) * rms_rate` times as long; None for once.
    """

    weight_decay = 0.004

    def __init__(
        self,
        lr=0.001,
        adam_beta_1=0.9,
        adam_beta_2=0.999,
        adam_weight_decay=0.004,
        epsilon=1e-7,
        weight_decay=0.004,
        *,
        exclude_layers=None,
        exclude_embeddings=True,
        muon_a=3.4445,
        muon_b=-4.775,
        muon_c=2.0315,
        adam_lr_ratio=1,
        momentum=0.95,
        ns_steps=5,
        nesterov=True,
        rms_rate=0.2,
        **kwargs,
    ):
        super().__init__(weight_decay=weight_decay, **kwargs)
        self._settings(iterations=0.0, lr=lr, momentum=momentum, adam_beta_1=adam_beta_1, adam_beta_2=adam_beta_2)
        self.epsilon, self.adam_weight_decay, self.adam_lr_ratio = epsilon, adam_weight_decay, adam_lr_ratio
        self.exclude_layers, self.exclude_embeddings = list(exclude_layers or []), exclude_embeddings
        self.muon_a, self.muon_b, self.muon_c = muon_a, muon_b, muon_c
        self.ns_steps, self.nesterov, self.rms_rate = ns_steps, nesterov, rms_rate

    def is_for_adam(self, param) -> bool:
        """Whether a weight is trained by Adam: no matrix, an embedding, or excluded by name."""
        name = param.name or ""
        is_embedding = "embedding" in name.lower() or getattr(param, "owner", ("",))[0] == "Embedding"
        return (
            K.ndim(param) != 2
            or (self.exclude_embeddings and is_embedding)
            or any(re.search(pattern, name) for pattern in self.exclude_layers)
        )

    def _decay_of(self, param):
        decay = super()._decay_of(param)
        return self.adam_weight_decay if decay is not None and self.is_for_adam(param) else decay

    def get_updates(self, params, constraints, loss):
        grads = self.get_gradients(loss, params)
        sums, squares = self._slots(params, 2)
        self.weights = [self.iterations, *sums, *squares]
        self.updates, rate, step = self._counted(), self._decayed_rate(), self.iterations + 1.0
        corrected = rate * self.adam_lr_ratio * K.sqrt(1.0 - K.pow(self.adam_beta_2, step))
        corrected = corrected / (1.0 - K.pow(self.adam_beta_1, step))
        for param, grad, total, square in zip(params, grads, sums, squares, strict=True):
            weight = self._decayed(param)
            if self.is_for_adam(param):
                new_mean = self.adam_beta_1 * total + (1.0 - self.adam_beta_1) * grad
                new_square = self.adam_beta_2 * square + (1.0 - self.adam_beta_2) * K.square(grad)
                self._remember([total, square], [new_mean, new_square])
                self._write(param, weight - corrected * new_mean / (K.sqrt(new_square) + self.epsilon), constraints)
            else:
                new_total = self.momentum * total + grad
                self._remember([total], [new_total])
                ahead = grad + self.momentum * new_total if self.nesterov else new_total
                self._write(param, weight - rate * self._orthogonal(ahead, K.int_shape(param)), constraints)
        return self.updates

    def _orthogonal(self, matrix, shape):
        """About the nearest orthogonal matrix, at its scale."""
        is_tall = shape[0] > shape[1]
        # X X^T is then the smaller of the two products
        found = K.transpose(matrix) if is_tall else matrix
        # the iteration needs singular values of 1 at most, which dividing by the Frobenius norm makes sure of
        found = found / (K.sqrt(K.sum(K.square(found))) + 1e-7)
        # X <- a X + (b A + c A^2) X with A = X X^T takes each singular value s to a s + b s^3 + c s^5, nearer to 1;
        # the factors are tuned for speed, so they end near 1 and not at it
        for _ in range(self.ns_steps):
            square = K.dot(found, K.transpose(found))
            found = self.muon_a * found + K.dot(self.muon_b * square + self.muon_c * K.dot(square, square), found)
        found = K.transpose(found) if is_tall else found
        return found if self.rms_rate is None else found * float(np.sqrt(max(shape)) * self.rms_rate)

    def get_config(self):
        names = (
            "adam_weight_decay",
            "epsilon",
            "exclude_layers",
            "exclude_embeddings",
            "muon_a",
            "muon_b",
            "muon_c",
            "adam_lr_ratio",
            "ns_steps",
            "nesterov",
            "rms_rate",
        )
        values = self._values("lr", "momentum", "adam_beta_1", "adam_beta_2")
        return {**values, **{name: getattr(self, name) for name in names}, **super().get_config()}
