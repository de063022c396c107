"""Layer normalization, a later layer, written as in Keras 2; `_Scaled` is what group normalization shares with it."""

from __future__ import annotations

from .. import backend as K
from .arguments import number
from .named_weights import _NamedWeights
from .over_axes import _OverAxes

__all__ = ["LayerNormalization"]


class _Scaled(_OverAxes, _NamedWeights):
    """A layer that multiplies by weights `gamma` and adds weights `beta`, of the sizes of some axes.

    Args:
        given: the constructor's arguments by name: `center`, `scale`, `epsilon`, and those of the two weights.
    """

    supports_masking = True
    parts = ("beta", "gamma")

    def __init__(self, given: dict, **kwargs):
        self.epsilon = number("epsilon", given["epsilon"], least=0)
        self.center, self.scale = bool(given["center"]), bool(given["scale"])
        super().__init__(given, **kwargs)

    def _add_weights(self, input_shape, axes: list[int]) -> None:
        sizes = self._sizes_of(input_shape, axes)
        self.gamma = self._weight("gamma", sizes) if self.scale else None
        self.beta = self._weight("beta", sizes) if self.center else None

    def _scaled(self, x, axes: list[int]):
        """`x` times gamma, plus beta, along the axes."""
        x = x if self.gamma is None else x * self._along(axes, self.gamma, x)
        return x if self.beta is None else x + self._along(axes, self.beta, x)

    def get_config(self) -> dict:
        config = {name: getattr(self, name) for name in ("axis", "epsilon", "center", "scale")}
        return {**super().get_config(), **config, **self._config_of_parts()}


def normalized(x, axes: list[int], epsilon: float):
    """`x` with mean 0 and variance 1 over the axes."""
    centred = x - K.mean(x, axis=axes, keepdims=True)
    return centred / K.sqrt(K.mean(K.square(centred), axis=axes, keepdims=True) + epsilon)


class LayerNormalization(_Scaled):
    """Each sample shifted and scaled to mean 0 and deviation 1 over its features, then by `beta` and `gamma`.

    The weights are gamma and beta, of the sizes of the axes.

    Shape: any -> same.
    Source: Ba, Kiros and Hinton 2016, arXiv:1607.06450, equation 4.

    Args:
        axis: the axis, or axes, over which is normalized.
        epsilon: small number added to the variance.
        center: whether there is a beta.
        scale: whether there is a gamma.
        beta_initializer: initialization of the shift; likewise for gamma, and so the regularizers and constraints.
    """

    takes_axes = True

    def __init__(
        self,
        axis=-1,
        epsilon=1e-3,
        center=True,
        scale=True,
        beta_initializer="zeros",
        gamma_initializer="ones",
        beta_regularizer=None,
        gamma_regularizer=None,
        beta_constraint=None,
        gamma_constraint=None,
        **kwargs,
    ):
        self.axis = list(axis) if isinstance(axis, list | tuple) else axis
        super().__init__(locals(), **kwargs)

    def build(self, input_shape):
        self._add_weights(input_shape, self._axes(input_shape))
        super().build(input_shape)

    def call(self, x, mask=None):
        axes = self._axes(K.int_shape(x))
        return self._scaled(normalized(x, axes, self.epsilon), axes)
