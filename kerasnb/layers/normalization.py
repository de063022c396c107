"""Batch normalization."""

from __future__ import annotations

from .. import backend as K
from .. import constraints, initializations, regularizers
from ..backend.graph.phase import Held, tests_only
from ..backend.ops.control import in_train_phase_unless
from ..backend.ops.machines import mean_over_machines
from ..backend.ops.nn import normalize_features
from ..carried import carry
from ..engine.layer import InputSpec, Layer
from ..errors import ArgumentError, ShapeError
from ..utils.custom_objects import config_of
from .arguments import found, fraction, number, one_axis, one_of

__all__ = ["BatchNormalization"]


class BatchNormalization(Layer):
    """Each feature shifted and scaled to mean 0 and deviation 1 over the batch, then by `beta` and `gamma`.

    While testing, mode 0 uses running averages of mean and variance kept while training. The weights are gamma, beta,
    running_mean and running_std, which (as in Keras 1) holds the variance.

    Shape: any -> same.
    Source: Ioffe and Szegedy 2015, arXiv:1502.03167, algorithms 1 and 2.

    Args:
        epsilon: small number added to the variance.
        mode: 0 normalizes each feature over the batch; 1 each sample over its features; 2 each feature, by the
            batch's own mean and variance while testing too.
        axis: the features axis, for modes 0 and 2; 1 for images in 'th' order.
        momentum: share of the old running average kept at each batch, 0 to 1.
        weights: initial `[gamma, beta, running_mean, running_std]` as arrays.
        beta_init: initialization of the shift.
        gamma_init: initialization of the scale.
        gamma_regularizer: penalty on the scale.
        beta_regularizer: penalty on the shift.
        averages_when_frozen: whether it takes the running averages while its model trains, too, where it is frozen, as
            in tf.keras and Keras 3, whose files say so; Keras 1 and 2 take the batch's own mean and variance.
        leaves_masked_out: whether steps that are masked have no part in the batch's mean and variance, as in tf.keras
            since 2.12 and Keras 3, whose files say so; earlier they count like any other.
    """

    supports_masking = True

    def __init__(
        self,
        epsilon=1e-3,
        mode=0,
        axis=-1,
        momentum=0.99,
        weights=None,
        beta_init="zero",
        gamma_init="one",
        gamma_regularizer=None,
        beta_regularizer=None,
        **kwargs,
    ):
        self.epsilon = number("epsilon", epsilon, least=0)
        self.mode = one_of("mode", mode, (0, 1, 2))
        self.axis = one_axis("axis", axis)
        self.momentum = fraction("momentum", momentum)
        self.initial_weights = weights
        self.beta_init = found(initializations.get, "beta_init", beta_init)
        self.gamma_init = found(initializations.get, "gamma_init", gamma_init)
        self.gamma_regularizer = found(regularizers.get, "gamma_regularizer", gamma_regularizer)
        self.beta_regularizer = found(regularizers.get, "beta_regularizer", beta_regularizer)
        self.averages_when_frozen = bool(kwargs.pop("averages_when_frozen", False))
        self.leaves_masked_out = bool(kwargs.pop("leaves_masked_out", False))
        # later Keras can leave out either, and knows the rest
        self.center, self.scale = bool(kwargs.pop("center", True)), bool(kwargs.pop("scale", True))
        self._later = {
            name: found(get, name, kwargs.pop(name, None) or usual) for name, (get, usual) in _LATER_ARGUMENTS.items()
        }
        super().__init__(**kwargs)
        self.uses_learning_phase = mode == 0

    def build(self, input_shape):
        shape = (self._features(input_shape),)
        self.held = Held()  # not before: copies of a layer that is not built yet are shallow
        self.input_spec = [InputSpec(shape=(None,) * len(input_shape))]
        self.gamma = (
            self.add_weight(
                shape,
                initializer=self.gamma_init,
                regularizer=self.gamma_regularizer,
                name=f"{self.name}_gamma",
                constraint=self._later["gamma_constraint"],
            )
            if self.scale
            else None
        )
        self.beta = (
            self.add_weight(
                shape,
                initializer=self.beta_init,
                regularizer=self.beta_regularizer,
                name=f"{self.name}_beta",
                constraint=self._later["beta_constraint"],
            )
            if self.center
            else None
        )
        mean_init, variance_init = self._later["moving_mean_initializer"], self._later["moving_variance_initializer"]
        self.running_mean = self.add_weight(
            shape, initializer=mean_init, name=f"{self.name}_running_mean", trainable=False
        )
        self.running_std = self.add_weight(
            shape, initializer=variance_init, name=f"{self.name}_running_std", trainable=False
        )
        super().build(input_shape)

    def _features(self, input_shape) -> int:
        axis = -1 if self.mode == 1 else self.axis
        if not -len(input_shape) <= axis < len(input_shape) or axis % len(input_shape) == 0:
            raise ArgumentError(
                f"axis {axis} is no features axis of {tuple(input_shape)}.",
                "Use -1, or 1 for images in 'th' order.",
                arguments=("axis",),
            )
        if input_shape[axis] is None:
            raise ShapeError(
                f"needs to know axis {axis} of its input, got {tuple(input_shape)}.",
                "Give the sizes in Input(shape=...).",
                arguments=("axis",),
            )
        return input_shape[axis]

    def get_output_shape_for(self, input_shape):
        return input_shape

    def call(self, x, mask=None):
        if self.mode == 1:
            return self._by_sample(x)
        rank = len(K.int_shape(x))
        features = self.axis % rank
        beta = K.zeros_like(self.running_mean) if self.beta is None else self.beta
        gamma = K.ones_like(self.running_mean) if self.gamma is None else self.gamma
        if self.leaves_masked_out and mask is not None:
            normalized, mean, var = _normalized_by_kept(x, mask, gamma, beta, features, self.epsilon)
        else:
            normalized, mean, var = normalize_features(x, gamma, beta, features, self.epsilon)
        if self.mode == 2:
            return normalized
        if not tests_only():
            self.add_update(
                [
                    K.moving_average_update(self.running_mean, mean, self.momentum),
                    K.moving_average_update(self.running_std, var, self.momentum),
                ],
                x,
            )
        kept = self.running_mean, self.running_std, beta, gamma
        by_averages = K.batch_normalization(x, *kept, axis=features, epsilon=self.epsilon)
        return in_train_phase_unless(self.held, normalized, by_averages)

    def _by_sample(self, x):
        mean = K.mean(x, axis=-1, keepdims=True)
        deviation = K.sqrt(K.var(x, axis=-1, keepdims=True) + self.epsilon)
        x = (x - mean) / (deviation + self.epsilon)  # epsilon twice, as in Keras 1.2
        x = x if self.gamma is None else self.gamma * x
        return x if self.beta is None else x + self.beta

    def get_config(self) -> dict:
        config = {"epsilon": self.epsilon, "mode": self.mode, "axis": self.axis, "momentum": self.momentum}
        for name in ("beta_init", "gamma_init", "gamma_regularizer", "beta_regularizer"):
            config[name] = config_of(getattr(self, name))
        later = {name: False for name in ("center", "scale") if not getattr(self, name)}
        for name, (get, usual) in _LATER_ARGUMENTS.items():
            if self._later[name] is not get(usual):
                later[name] = config_of(self._later[name])
        for name in ("averages_when_frozen", "leaves_masked_out"):
            if getattr(self, name):
                later[name] = True
        return {**super().get_config(), **config, **later}


def _normalized_by_kept(x, mask, gamma, beta, features: int, epsilon: float) -> tuple:
    """`x` normalized by the mean and variance of the steps that the mask keeps, and these two."""
    rank = len(K.int_shape(x))
    while K.ndim(mask) < rank:
        mask = K.expand_dims(mask, -1)
    counts = K.cast(mask, K.floatx()) * K.ones_like(x)
    others = [axis for axis in range(rank) if axis != features]
    share = mean_over_machines(K.mean(counts, axis=others, keepdims=True)) + K.epsilon()

    def mean_of_kept(values):
        kept = K.switch(K.greater(counts, 0.0), values, K.zeros_like(x))
        return mean_over_machines(K.mean(kept, axis=others, keepdims=True)) / share

    mean = mean_of_kept(x)
    var = mean_of_kept(K.square(x - mean))
    stretched = [K.reshape(one, [-1 if axis == features else 1 for axis in range(rank)]) for one in (beta, gamma)]
    normalized = K.batch_normalization(x, mean, var, *stretched, epsilon=epsilon)
    return normalized, *(K.stop_gradient(K.reshape(one, (-1,))) for one in (mean, var))


# later argument -> how to find what it names, and what it is unless given
_LATER_ARGUMENTS = {
    "beta_constraint": (constraints.get, None),
    "gamma_constraint": (constraints.get, None),
    "moving_mean_initializer": (initializations.get, "zero"),
    "moving_variance_initializer": (initializations.get, "one"),
}


carry(__name__)
