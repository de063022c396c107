"""Normalization by means and variances that are learned from data once, a later layer, written as in Keras 3."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from .. import backend as K
from ..engine.layer import Layer
from ..errors import ArgumentError, ShapeError

__all__ = ["Normalization"]


class Normalization(Layer):
    """Every feature minus its mean, divided by its deviation; the means and variances are given, or found by `adapt`.

    The weights are mean, variance and a count that is 0; none where they are given.

    Shape: any -> same; whole numbers become floats.

    Args:
        axis: the axis, or axes, each of whose places has a mean of its own; None for one mean of all.
        mean: a number, or one for each place; then there is a variance too.
        variance: likewise.
        invert: whether to undo it: values times deviation, plus mean.
    """

    supports_masking = True
    takes_axes = True

    def __init__(self, axis=-1, mean=None, variance=None, invert=False, **kwargs):
        axes = () if axis is None else axis if isinstance(axis, list | tuple) else (axis,)
        if not all(isinstance(one, int) and not isinstance(one, bool) for one in axes):
            raise ArgumentError(f"axis must be whole numbers, got {axis!r}.", "Write axis=-1.", arguments=("axis",))
        self.axis = tuple(axes)
        self.input_mean, self.input_variance = mean, variance
        if (mean is None) != (variance is None) or np.shape(mean) != np.shape(variance):
            raise ArgumentError(
                f"mean and variance must be given together, in one shape, got {mean!r} and {variance!r}.",
                "Leave both out, and call layer.adapt(data).",
                arguments=("mean", "variance"),
            )
        self.invert = bool(invert)
        super().__init__(**kwargs)

    # ---- weights

    def build(self, input_shape):
        sizes = self._kept_sizes(input_shape)
        if self.input_mean is None:
            name = self.name
            self.adapt_mean = self.add_weight(sizes, "zero", f"{name}_mean", trainable=False)
            self.adapt_variance = self.add_weight(sizes, "one", f"{name}_variance", trainable=False)
            self.count = self.add_weight((), _begin_count, f"{name}_count", trainable=False)
        super().build(input_shape)

    def _kept(self, rank: int) -> list[int]:
        if not all(-rank <= axis < rank for axis in self.axis):
            raise ArgumentError(f"axis {self.axis} is no axis of an input of {rank} axes.", arguments=("axis",))
        return sorted(axis % rank for axis in self.axis)

    def _kept_sizes(self, shape) -> tuple[int, ...]:
        sizes = tuple(shape[axis] for axis in self._kept(len(shape)))
        if None in sizes:
            raise ShapeError(
                f"needs to know the axes {self.axis} of its input, got {tuple(shape)}.",
                "Give the sizes in Input(shape=...), or take axis=None.",
                arguments=("axis",),
            )
        return sizes

    def adapt(self, data) -> None:
        """Take mean and variance from data.

        Args:
            data: an array of samples, or batches of them: a list of arrays, a generator, a `tf.data.Dataset`.
        """
        if self.input_mean is not None:
            raise ArgumentError("has the mean and variance that it was given.", "Leave them out to adapt it.").named(
                type(self).__name__, self.name
            )
        total = _Moments()
        for batch in _batches(data):
            if not self.built:
                self.build((None, *batch.shape[1:]) if 0 not in self._kept(batch.ndim) else batch.shape)
            if self._kept_sizes(batch.shape) != tuple(self.adapt_mean.shape):
                raise ShapeError(
                    f"was built for {tuple(self.adapt_mean.shape)} means, got data of shape {batch.shape}."
                ).named(type(self).__name__, self.name)
            kept = self._kept(batch.ndim)
            total.add(batch, tuple(axis for axis in range(batch.ndim) if axis not in kept))
        if not total.count:
            raise ArgumentError("was given no data to adapt to.", "Give an array of samples.").named(
                type(self).__name__, self.name
            )
        K.batch_set_value([(self.adapt_mean, total.mean), (self.adapt_variance, total.variance)])

    # ---- computing

    def call(self, x, mask=None):
        mean, variance = self._moments_like(x)
        deviation = K.maximum(K.sqrt(variance), K.epsilon())
        x = K.cast(x, K.floatx())
        return x * deviation + mean if self.invert else (x - mean) / deviation

    def _moments_like(self, x) -> list:
        """Mean and variance in a form that meets `x`."""
        rank = K.ndim(x)
        kept = self._kept(rank)
        if self.input_mean is None:
            sizes = [size if axis in kept else 1 for axis, size in enumerate(K.int_shape(x))]
            return [K.reshape(one, sizes) for one in (self.adapt_mean, self.adapt_variance)]
        found = []
        for given in (self.input_mean, self.input_variance):
            array, sizes = np.asarray(given, K.floatx()), [1] * rank
            for axis, size in zip(reversed(kept), reversed(array.shape), strict=False):
                sizes[axis] = size
            found.append(K.constant(array.reshape(sizes)))
        return found

    def get_output_shape_for(self, input_shape):
        return input_shape

    def get_config(self) -> dict:
        given = {"mean": self.input_mean, "variance": self.input_variance}
        given = {name: None if one is None else np.asarray(one).tolist() for name, one in given.items()}
        return {**super().get_config(), "axis": self.axis, "invert": self.invert, **given}


def _begin_count(shape, name=None):
    """Keras 3 keeps a count that nothing reads any more."""
    return K.variable(np.zeros(shape, "int32"), dtype="int32", name=name)


def _batches(data) -> Iterable[np.ndarray]:
    """The samples in one batch, or in those in which they come; of pairs with targets, the first."""
    if isinstance(data, np.ndarray) or hasattr(data, "__array__"):
        yield np.asarray(data, "float64")
        return
    for batch in data:
        yield np.asarray(batch[0] if isinstance(batch, tuple) else batch, "float64")


class _Moments:
    """Mean and variance of what was added so far.

    Source: Chan, Golub and LeVeque 1983, The American Statistician 37, equations 2.1.
    """

    def __init__(self):
        self.count, self.mean, self.variance = 0, np.zeros(()), np.zeros(())

    def add(self, batch: np.ndarray, axes: tuple[int, ...]) -> None:
        mean, variance = batch.mean(axes), batch.var(axes)
        count = int(np.prod([batch.shape[axis] for axis in axes]))
        share = count / max(self.count + count, 1)
        between = share * (1 - share) * (mean - self.mean) ** 2
        self.variance = (1 - share) * self.variance + share * variance + between
        self.mean = (1 - share) * self.mean + share * mean
        self.count += count
