"""The later merging layers, one class for each mode of Merge."""

from __future__ import annotations

from .. import backend as K
from ..engine.layer import Layer
from ..engine.merge import Merge, listed, merge
from ..errors import ShapeError
from ..utils.damage import reads_config

__all__ = [
    "Merge",
    "merge",
    "Add",
    "Multiply",
    "Average",
    "Maximum",
    "Minimum",
    "Subtract",
    "Concatenate",
    "Dot",
    "add",
    "multiply",
    "average",
    "maximum",
    "minimum",
    "subtract",
    "concatenate",
    "dot",
]


class _OneMode(Merge):
    """A merging layer of one mode, which can be called more than once."""

    one_mode: str
    is_single_use = False
    spelt_later = True
    broadcasts = True

    def __init__(self, trainable=True, **kwargs):
        super().__init__(mode=self.one_mode, **kwargs)
        self.trainable = trainable

    def call(self, inputs, mask=None):
        if not self.broadcasts or not isinstance(inputs, list):
            return super().call(inputs, mask)
        even = _of_one_rank(inputs)
        for sizes in zip(*(K.int_shape(one) for one in even), strict=True):
            if len({size for size in sizes if size not in (None, 1)}) > 1:
                raise ShapeError(
                    f"needs inputs of one shape, or with sizes of 1 to repeat, got {listed(inputs)}.",
                    "Bring them to one shape first, such as by Dense, or use Concatenate.",
                )
        return super().call(even, mask)

    def _check(self, inputs):
        if not self.broadcasts:
            super()._check(inputs)

    def compute_mask(self, inputs, mask=None):
        are_lists = isinstance(inputs, list) and isinstance(mask, list | None)
        if not are_lists or (mask is not None and len(mask) != len(inputs)):
            raise ShapeError(
                f"needs a list of inputs and a list with a mask, or None, for each, got {inputs!r} and {mask!r}."
            ).named(type(self).__name__, self.name)
        return super().compute_mask(inputs, mask)

    def get_config(self) -> dict:
        return Layer.get_config(self)

    @reads_config
    def from_config(cls, config, custom_objects=None):
        return cls(**config)


class _Merge(Layer):
    """A merging layer of a program's own, in the way of Keras 2: it defines `_merge_function(inputs)`."""

    supports_masking = True
    spelt_later = True

    def _merge_function(self, inputs):
        raise NotImplementedError(f"{type(self).__name__} needs _merge_function(inputs), which gives its output.")

    def call(self, inputs, mask=None):
        return self._merge_function(_of_one_rank(inputs))

    def compute_mask(self, inputs, mask=None):
        masks = [one for one in mask or [] if one is not None]
        return K.all(K.stack(masks), axis=0) if masks else None


def _of_one_rank(inputs):
    """The inputs with axes of 1 after the batch axis, so that all have as many."""
    if not isinstance(inputs, list):
        return inputs
    most = max(len(K.int_shape(one)) for one in inputs)
    for _ in range(most):
        inputs = [K.expand_dims(one, 1) if len(K.int_shape(one)) < most else one for one in inputs]
    return inputs


class Add(_OneMode):
    """The sum of its inputs.

    Shape: two or more inputs of one shape -> that shape; sizes of 1 are repeated.
    """

    one_mode = "sum"


class Multiply(_OneMode):
    """The product of its inputs, value by value.

    Shape: two or more inputs of one shape -> that shape; sizes of 1 are repeated.
    """

    one_mode = "mul"


class Average(_OneMode):
    """The mean of its inputs, value by value.

    Shape: two or more inputs of one shape -> that shape; sizes of 1 are repeated.
    """

    one_mode = "ave"


class Maximum(_OneMode):
    """The largest of its inputs, value by value.

    Shape: two or more inputs of one shape -> that shape; sizes of 1 are repeated.
    """

    one_mode = "max"


class Minimum(_OneMode):
    """The smallest of its inputs, value by value.

    Shape: two or more inputs of one shape -> that shape; sizes of 1 are repeated.
    """

    one_mode = "max"

    def _max(self, inputs):
        return -super()._max([-one for one in inputs])


class Subtract(_OneMode):
    """The first input minus the second.

    Shape: two inputs of one shape -> that shape.
    """

    one_mode = "sum"

    def _sum(self, inputs):
        if len(inputs) != 2:
            raise ShapeError(f"needs two inputs, got {len(inputs)}.")
        return inputs[0] - inputs[1]


class Concatenate(_OneMode):
    """Its inputs one after the other along an axis.

    Shape: `(..., n_i, ...)` each -> `(..., sum of n_i, ...)`.

    Args:
        axis: the axis.
    """

    one_mode = "concat"
    broadcasts = False

    def __init__(self, axis=-1, **kwargs):
        super().__init__(concat_axis=axis, **kwargs)

    def get_config(self) -> dict:
        return {**super().get_config(), "axis": self.concat_axis}


class Dot(_OneMode):
    """Products of the vectors of two inputs, sample by sample.

    Shape: `(batch, n)` twice -> `(batch, 1)`; `(batch, a, n)` and `(batch, b, n)` -> `(batch, a, b)`.

    Args:
        axes: the axis (or the two axes) summed over.
        normalize: whether to divide by the vectors' lengths, which gives their cosine.
    """

    one_mode = "dot"
    broadcasts = False

    def __init__(self, axes, normalize=False, **kwargs):
        super().__init__(dot_axes=axes, **kwargs)
        self.normalize = normalize

    def _dot(self, inputs):
        return self._cos(inputs) if self.normalize else super()._dot(inputs)

    def get_config(self) -> dict:
        return {**super().get_config(), "axes": self.dot_axes, "normalize": self.normalize}


def add(inputs, **kwargs):
    """The sum of tensors."""
    return Add(**kwargs)(inputs)


def multiply(inputs, **kwargs):
    """The product of tensors, value by value."""
    return Multiply(**kwargs)(inputs)


def average(inputs, **kwargs):
    """The mean of tensors, value by value."""
    return Average(**kwargs)(inputs)


def maximum(inputs, **kwargs):
    """The largest of tensors, value by value."""
    return Maximum(**kwargs)(inputs)


def minimum(inputs, **kwargs):
    """The smallest of tensors, value by value."""
    return Minimum(**kwargs)(inputs)


def subtract(inputs, **kwargs):
    """The first of two tensors minus the second."""
    return Subtract(**kwargs)(inputs)


def concatenate(inputs, axis=-1, **kwargs):
    """Tensors one after the other along an axis."""
    return Concatenate(axis=axis, **kwargs)(inputs)


def dot(inputs, axes, normalize=False, **kwargs):
    """Products of the vectors of two tensors, sample by sample."""
    return Dot(axes, normalize=normalize, **kwargs)(inputs)
