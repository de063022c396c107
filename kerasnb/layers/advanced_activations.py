"""Activations with arguments or weights of their own."""

from __future__ import annotations

import numpy as np

from .. import activations, constraints, initializations, regularizers
from .. import backend as K
from ..carried import carry
from ..engine.layer import InputSpec, Layer
from ..errors import ArgumentError, ShapeError
from ..utils.custom_objects import config_of
from .arguments import found, number

__all__ = ["LeakyReLU", "PReLU", "ELU", "ParametricSoftplus", "ThresholdedReLU", "SReLU", "ReLU", "Softmax"]


class LeakyReLU(Layer):
    """`x` above zero, `alpha * x` below.

    Shape: any -> same.
    Source: Maas et al. 2013, ICML, section 3.

    Args:
        alpha: slope below zero.
    """

    supports_masking = True

    def __init__(self, alpha=0.3, **kwargs):
        self.alpha = number("alpha", alpha)
        super().__init__(**kwargs)

    def call(self, x, mask=None):
        return K.relu(x, alpha=self.alpha)

    def get_config(self) -> dict:
        return {**super().get_config(), "alpha": self.alpha}


class ELU(Layer):
    """`x` above zero, `alpha * (exp(x) - 1)` below.

    Shape: any -> same.
    Source: Clevert et al. 2015, arXiv:1511.07289, section 3.

    Args:
        alpha: where it ends far below zero, as a positive number.
    """

    supports_masking = True

    def __init__(self, alpha=1.0, **kwargs):
        self.alpha = number("alpha", alpha)
        super().__init__(**kwargs)

    def call(self, x, mask=None):
        return K.elu(x, self.alpha)

    def get_config(self) -> dict:
        return {**super().get_config(), "alpha": self.alpha}


class ThresholdedReLU(Layer):
    """`x` above `theta`, 0 below.

    Shape: any -> same.
    Source: Konda et al. 2014, arXiv:1402.3337, section 2.

    Args:
        theta: the threshold.
    """

    supports_masking = True

    def __init__(self, theta=1.0, **kwargs):
        self.theta = number("theta", theta)
        super().__init__(**kwargs)

    def call(self, x, mask=None):
        return x * K.cast(K.greater(x, self.theta), K.dtype(x))

    def get_config(self) -> dict:
        return {**super().get_config(), "theta": self.theta}


class _Parametric(Layer):
    """An activation with weights for each place of a sample.

    Args:
        shared_axes: axes along which the weights are shared, counted from 1; [1, 2] for images in 'tf' order.
    """

    supports_masking = True

    def _set_shared_axes(self, shared_axes) -> None:
        axes = [shared_axes] if isinstance(shared_axes, int) else shared_axes
        self.shared_axes = None if axes is None else list(axes)

    def _shape_of_weights(self, input_shape) -> tuple:
        sizes = list(input_shape[1:])
        for axis in self.shared_axes or []:
            if not 1 <= axis <= len(sizes):
                raise ArgumentError(
                    f"shared axis {axis} is outside 1 to {len(sizes)} of {tuple(input_shape)}.",
                    arguments=("shared_axes",),
                )
            sizes[axis - 1] = 1
        if None in sizes:
            raise ShapeError(
                f"needs every size of its input but the batch, got {tuple(input_shape)}.",
                "Give the sizes, or share the weights along that axis: shared_axes=[...].",
                arguments=("shared_axes",),
            )
        shape = {axis: size for axis, size in enumerate(input_shape) if axis and axis not in (self.shared_axes or [])}
        self.input_spec = [InputSpec(shape=tuple(shape.get(axis) for axis in range(len(input_shape))))]
        return tuple(sizes)

    def get_config(self) -> dict:
        return {**super().get_config(), "shared_axes": self.shared_axes}


class PReLU(_Parametric):
    """`x` above zero, `alpha * x` below, where alpha is learned for each place.

    Shape: any -> same.
    Source: He et al. 2015, arXiv:1502.01852, equation 1.

    Args:
        init: initialization of the slopes.
        weights: initial `[alphas]` as arrays.
    """

    def __init__(self, init="zero", weights=None, shared_axes=None, **kwargs):
        self.init = found(initializations.get, "init", init)
        # later arguments
        regularizer, constraint = kwargs.pop("alpha_regularizer", None), kwargs.pop("alpha_constraint", None)
        self.alpha_regularizer = found(regularizers.get, "alpha_regularizer", regularizer)
        self.alpha_constraint = found(constraints.get, "alpha_constraint", constraint)
        self.initial_weights = weights
        self._set_shared_axes(shared_axes)
        super().__init__(**kwargs)

    def build(self, input_shape):
        self.alphas = self.add_weight(
            self._shape_of_weights(input_shape),
            initializer=self.init,
            name=f"{self.name}_alphas",
            regularizer=self.alpha_regularizer,
            constraint=self.alpha_constraint,
        )
        super().build(input_shape)

    def call(self, x, mask=None):
        return K.relu(x) - self.alphas * K.relu(-x)

    def get_config(self) -> dict:
        later = {name: config_of(getattr(self, name)) for name in ("alpha_regularizer", "alpha_constraint")}
        later = {name: value for name, value in later.items() if value is not None}
        return {**super().get_config(), "init": config_of(self.init), **later}


class ParametricSoftplus(_Parametric):
    """`alpha * log(1 + exp(beta * x))`, where alpha and beta are learned for each place.

    Shape: any -> same.
    Source: McFarland et al. 2013, PLOS Computational Biology 9(7).

    Args:
        alpha_init: first value of every alpha.
        beta_init: first value of every beta.
        weights: initial `[alphas, betas]` as arrays.
    """

    def __init__(self, alpha_init=0.2, beta_init=5.0, weights=None, shared_axes=None, **kwargs):
        self.alpha_init = alpha_init
        self.beta_init = beta_init
        self.initial_weights = weights
        self._set_shared_axes(shared_axes)
        super().__init__(**kwargs)

    def build(self, input_shape):
        shape = self._shape_of_weights(input_shape)
        self.alphas = self.add_weight(shape, initializer=_constant(self.alpha_init), name=f"{self.name}_alphas")
        self.betas = self.add_weight(shape, initializer=_constant(self.beta_init), name=f"{self.name}_betas")
        super().build(input_shape)

    def call(self, x, mask=None):
        return K.softplus(self.betas * x) * self.alphas

    def get_config(self) -> dict:
        return {**super().get_config(), "alpha_init": self.alpha_init, "beta_init": self.beta_init}


def _constant(value):
    return lambda shape, name=None: K.Variable(lambda: np.full(shape, value), shape, K.floatx(), name)


class SReLU(_Parametric):
    """Three straight pieces, learned for each place.

    The slope is `a_left` below `t_left`, 1 between, `a_right` above `t_right`, where
    `t_right` is `t_left` plus the absolute value of its weight.

    Shape: any -> same.
    Source: Jin et al. 2015, arXiv:1512.07030, equation 1.

    Args:
        t_left_init: initialization of where the left piece ends.
        a_left_init: initialization of the left slope.
        t_right_init: initialization of how far from there the right piece begins.
        a_right_init: initialization of the right slope.
    """

    weight_names = ("t_left", "a_left", "t_right", "a_right")

    def __init__(
        self,
        t_left_init="zero",
        a_left_init="glorot_uniform",
        t_right_init="glorot_uniform",
        a_right_init="one",
        shared_axes=None,
        **kwargs,
    ):
        given = (t_left_init, a_left_init, t_right_init, a_right_init)
        for name, init in zip(self.weight_names, given, strict=True):
            found(initializations.get, f"{name}_init", init)
            setattr(self, f"{name}_init", init)
        self._set_shared_axes(shared_axes)
        super().__init__(**kwargs)

    def build(self, input_shape):
        shape = self._shape_of_weights(input_shape)
        for name in self.weight_names:
            setattr(
                self,
                name,
                self.add_weight(shape, initializer=getattr(self, f"{name}_init"), name=f"{self.name}_{name}"),
            )
        self.t_right_actual = self.t_left + K.abs(self.t_right)
        super().build(input_shape)

    def call(self, x, mask=None):
        left = self.t_left + self.a_left * (x - self.t_left)
        right = self.t_right_actual + self.a_right * (x - self.t_right_actual)
        above_left = K.switch(K.greater(x, self.t_left), x, left)
        return K.switch(K.greater_equal(x, self.t_right_actual), right, above_left)

    def get_config(self) -> dict:
        inits = {f"{name}_init": config_of(getattr(self, f"{name}_init")) for name in self.weight_names}
        return {**super().get_config(), **inits}


class ReLU(Layer):
    """`x` from `threshold` on, at most `max_value`; `negative_slope * (x - threshold)` below. A later layer.

    Shape: any -> same.
    Source: Nair and Hinton 2010, ICML.

    Args:
        max_value: the largest output; None for no limit.
        negative_slope: slope below the threshold.
        threshold: where the upper piece begins.
    """

    supports_masking = True

    def __init__(self, max_value=None, negative_slope=0.0, threshold=0.0, **kwargs):
        self.max_value = None if max_value is None else number("max_value", max_value, least=0)
        self.negative_slope = number("negative_slope", negative_slope, least=0)
        self.threshold = number("threshold", threshold)
        super().__init__(**kwargs)

    def call(self, x, mask=None):
        return activations.relu(x, self.negative_slope, self.max_value, threshold=self.threshold)

    def get_config(self) -> dict:
        own = {name: getattr(self, name) for name in ("max_value", "negative_slope", "threshold")}
        return {**super().get_config(), **own}


class Softmax(Layer):
    """`exp(x)` divided by its sum along an axis. A later layer.

    Shape: any -> same.

    Args:
        axis: the axis.
    """

    supports_masking = True

    def __init__(self, axis=-1, **kwargs):
        self.axis = axis
        super().__init__(**kwargs)

    def call(self, x, mask=None):
        powers = K.exp(x - K.max(x, axis=self.axis, keepdims=True))
        return powers / K.sum(powers, axis=self.axis, keepdims=True)

    def get_config(self) -> dict:
        return {**super().get_config(), "axis": self.axis}


carry(__name__)
