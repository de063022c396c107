"""Group normalization, a later layer, written as in Keras 3."""

from __future__ import annotations

from .. import backend as K
from ..errors import ShapeError
from .arguments import one_axis, whole
from .layer_normalization import _Scaled, normalized

__all__ = ["GroupNormalization"]


class GroupNormalization(_Scaled):
    """Each group of features of each sample shifted and scaled to mean 0 and deviation 1, then by `beta` and `gamma`.

    The mean is over all axes but the batch's, and over the features of the group. The weights are gamma and beta,
    of `(features,)`.

    Shape: any -> same.
    Source: Wu and He 2018, arXiv:1803.08494, equations 1 and 7.

    Args:
        groups: how many groups the features are in; -1 makes each feature one (instance normalization).
        axis: the axis of the features.
        epsilon: small number added to the variance.
        center: whether there is a beta.
        scale: whether there is a gamma.
        beta_initializer: initialization of the shift; likewise for gamma, and so the regularizers and constraints.

    Raises:
        ShapeError: the features cannot be put into so many groups of one size.
    """

    takes_axes = False

    def __init__(
        self,
        groups=32,
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
        self.groups = -1 if groups == -1 else whole("groups", groups)
        self.axis = one_axis("axis", axis)
        super().__init__(locals(), **kwargs)

    def build(self, input_shape):
        axes = self._axes(input_shape)
        self._groups_of(input_shape[axes[0]])
        self._add_weights(input_shape, axes)
        super().build(input_shape)

    def _groups_of(self, features: int) -> int:
        groups = features if self.groups == -1 else self.groups
        if features % groups:
            fitting = [count for count in range(1, features + 1) if features % count == 0]
            raise ShapeError(
                f"cannot put {features} features into {groups} groups of one size.",
                f"Set groups to one of {', '.join(map(str, fitting))}.",
                arguments=("groups",),
            )
        return groups

    def call(self, x, mask=None):
        (axis,) = self._axes(K.int_shape(x))
        known, sizes = K.int_shape(x), K.shape(x)
        groups = self._groups_of(known[axis])
        sizes = [sizes[place] if size is None else size for place, size in enumerate(known)]
        apart = [*sizes[:axis], groups, known[axis] // groups, *sizes[axis + 1 :]]
        over = [place for place in range(1, len(apart)) if place != axis]
        together = K.reshape(normalized(K.reshape(x, apart), over, self.epsilon), sizes)
        return self._scaled(together, [axis])

    def get_config(self) -> dict:
        return {**super().get_config(), "groups": self.groups}
