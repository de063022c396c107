"""Layer normalization, a later layer, written as in Keras 2; `_Scaled` is what group normalization shares with it."""

from __future__ import annotations

from .. import backend as K
from .. import constraints, initializations, regularizers
from ..engine.layer import InputSpec, Layer
from ..errors import ArgumentError, ShapeError
from ..utils.custom_objects import config_of
from .arguments import found, number

__all__ = ["LayerNormalization"]

_KINDS = {"initializer": initializations.get, "regularizer": regularizers.get, "constraint": constraints.get}
_NAMES = [f"{part}_{kind}" for kind in _KINDS for part in ("beta", "gamma")]


class _Scaled(Layer):
    """A layer that multiplies by weights `gamma` and adds weights `beta`, of the sizes of some axes.

    Args:
        given: the constructor's arguments by name: `center`, `scale`, `epsilon`, and those of the two weights.
    """

    supports_masking = True

    def __init__(self, given: dict, **kwargs):
        self.epsilon = number("epsilon", given["epsilon"], least=0)
        self.center, self.scale = bool(given["center"]), bool(given["scale"])
        for name in _NAMES:
            setattr(self, name, found(_KINDS[name.partition("_")[2]], name, given[name]))
        super().__init__(**kwargs)

    def _add_weights(self, input_shape, axes: list[int]) -> None:
        sizes = tuple(input_shape[axis] for axis in axes)
        self.input_spec = [InputSpec(ndim=len(input_shape), axes=dict(zip(axes, sizes, strict=True)))]
        self.gamma = self._weight("gamma", sizes) if self.scale else None
        self.beta = self._weight("beta", sizes) if self.center else None

    def _axes(self, input_shape) -> list[int]:
        """The axes in rising order, counted from the front."""
        rank, given = len(input_shape), self.axis if isinstance(self.axis, list) else [self.axis]
        axes = sorted({axis % rank for axis in given if isinstance(axis, int) and -rank <= axis < rank})
        if len(axes) != len(given) or not axes or axes[0] == 0:
            raise ArgumentError(
                f"axis {self.axis!r} is no features axis of {tuple(input_shape)}.",
                f"Use -1{', or several such as [1, 2]' if self.takes_axes else ''}.",
                arguments=("axis",),
            )
        unknown = [axis for axis in axes if input_shape[axis] is None]
        if unknown:
            raise ShapeError(
                f"needs to know axis {unknown[0]} of its input, got {tuple(input_shape)}.",
                "Give the sizes in Input(shape=...).",
                arguments=("axis",),
            )
        return axes

    def _weight(self, name: str, sizes: tuple):
        chosen = {kind: getattr(self, f"{name}_{kind}") for kind in _KINDS}
        return self.add_weight(sizes, name=f"{self.name}_{name}", **chosen)

    def _scaled(self, x, axes: list[int]):
        """`x` times gamma, plus beta, along the axes."""
        sizes = [size if axis in axes else 1 for axis, size in enumerate(K.int_shape(x))]
        x = x if self.gamma is None else x * K.reshape(self.gamma, sizes)
        return x if self.beta is None else x + K.reshape(self.beta, sizes)

    def get_output_shape_for(self, input_shape):
        return input_shape

    def get_config(self) -> dict:
        config = {name: getattr(self, name) for name in ("axis", "epsilon", "center", "scale")}
        return {**super().get_config(), **config, **{name: config_of(getattr(self, name)) for name in _NAMES}}


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

    takes_axes = True  # several in its axis, which other layers refuse in later configs

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
