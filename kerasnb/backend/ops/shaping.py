"""Ops that arrange values anew without changing them."""

from __future__ import annotations

from collections.abc import Sequence

from ...errors import ShapeError
from ..config import resolve_ordering
from . import shapes
from .known_sizes import in_parts, is_computed, known_size
from .registry import op

__all__ = [
    "reshape",
    "permute_dimensions",
    "concatenate",
    "stack",
    "expand_dims",
    "squeeze",
    "flatten",
    "batch_flatten",
    "repeat",
    "repeat_elements",
    "reverse",
    "temporal_padding",
    "asymmetric_temporal_padding",
    "spatial_2d_padding",
    "asymmetric_spatial_2d_padding",
    "spatial_3d_padding",
    "resize_images",
    "resize_volumes",
    "pad",
    "shape",
    "stop_gradient",
]


@op(shape=lambda x: (len(x.shape),), dtype="int32")
def shape(x):
    """The sizes of `x` as a tensor of whole numbers, known when a function runs.

    Shape: `x` of n axes -> `(n,)`.
    """


shape.gives_sparse = lambda inputs: False


@shape.tensorflow
def _(tf, x):
    return tf.cast(x.dense_shape, "int32") if isinstance(x, tf.SparseTensor) else tf.shape(x)


@shape.theano
def _(pt, x):
    return pt.cast(pt.stack([x.shape[axis] for axis in range(x.ndim)]), "int32")


def _reshaped(x, sizes, template):
    return shapes.reshaped(x, template)


@op(shape=_reshaped, inputs="x *sizes")
def _reshape(x, sizes, template):
    """`x` with the sizes of `template`; each None in it is taken from `sizes` in turn."""


def _filled(sizes, template):
    rest = iter(sizes or [])
    return [next(rest) if size is None else size for size in template]


@_reshape.tensorflow
def _(tf, x, sizes, template):
    return tf.reshape(
        x, [tf.cast(size, "int32") if not isinstance(size, int) else size for size in _filled(sizes, template)]
    )


@_reshape.theano
def _(pt, x, sizes, template):
    return pt.reshape(x, _filled(sizes, template), ndim=len(template))


def reshape(x, shape):
    """`x` with another shape and the same values in the same order.

    Shape: `x` any -> `shape`.

    Args:
        shape: whole numbers, one of them -1 perhaps (worked out), or symbolic sizes such as `K.shape(y)[0]`.
    """
    shape = (shape,) if isinstance(shape, int) else in_parts(shape)
    shape = [-1 if size is None else known_size(size) for size in shape]
    sizes = [size for size in shape if is_computed(size)]
    template = tuple(None if is_computed(size) else int(size) for size in shape)
    return _reshape(x, sizes or None, template)


@op(shape=lambda x, pattern: tuple(x.shape[axis] for axis in _pattern(x, pattern)))
def permute_dimensions(x, pattern):
    """The axes in another order.

    Shape: `x` of n axes -> its sizes in the order of `pattern`, a permutation of 0 to n - 1.
    """


def _pattern(x, pattern) -> tuple[int, ...]:
    if sorted(pattern) != list(range(len(x.shape))):
        raise ShapeError(
            f"pattern {tuple(pattern)} is no order of the {len(x.shape)} axes of {tuple(x.shape)}.",
            f"Use each of {tuple(range(len(x.shape)))} once.",
        )
    return tuple(pattern)


@permute_dimensions.tensorflow
def _(tf, x, pattern):
    return tf.transpose(x, pattern)


@permute_dimensions.theano
def _(pt, x, pattern):
    return pt.transpose(x, tuple(pattern))


def _joined(tensors, axis=-1):
    rank = len(tensors[0].shape)
    place = shapes.normalized_axis(axis, rank, tensors[0])
    listed = ", ".join(str(tuple(tensor.shape)) for tensor in tensors)
    if any(len(tensor.shape) != rank for tensor in tensors):
        raise ShapeError(
            f"concatenate needs inputs of the same number of axes, got {listed}.", arguments=("concat_axis",)
        )
    sizes = []
    for at in range(rank):
        known = {tensor.shape[at] for tensor in tensors} - {None}
        if at == place:
            sizes.append(
                None
                if any(tensor.shape[at] is None for tensor in tensors)
                else sum(tensor.shape[at] for tensor in tensors)
            )
        elif len(known) > 1:
            raise ShapeError(
                f"concatenate along axis {axis} needs inputs that agree on every other axis, got {listed}.",
                arguments=("concat_axis",),
            )
        else:
            sizes.append(known.pop() if known else None)
    return tuple(sizes)


@op(shape=_joined, inputs="*tensors", promote=True)
def concatenate(tensors, axis=-1):
    """The tensors one after the other along one axis.

    Shape: `(..., n_i, ...)` each -> `(..., sum of n_i, ...)`; sparse if all are.
    """


concatenate.gives_sparse = lambda inputs: all(tensor.is_sparse for tensor in inputs)


@concatenate.tensorflow
def _(tf, tensors, axis=-1):
    if all(isinstance(tensor, tf.SparseTensor) for tensor in tensors):
        return tf.sparse.concat(axis % len(tensors[0].shape), tensors)
    dense = [tf.sparse.to_dense(one) if isinstance(one, tf.SparseTensor) else one for one in tensors]
    return tf.concat(dense, axis)


@concatenate.theano
def _(pt, tensors, axis=-1):
    return pt.concatenate(tensors, axis=axis)


@op(shape=lambda x: (len(x), *shapes.broadcast(*x)), inputs="*x", promote=True)
def stack(x):
    """The tensors as slices of one tensor with a new first axis.

    Shape: n tensors of the same shape -> `(n, ...)`.
    """


@stack.tensorflow
def _(tf, x):
    return tf.stack(x)


@stack.theano
def _(pt, x):
    return pt.stack(x)


@op(shape=lambda x, dim=-1: _with_axis(x, dim))
def expand_dims(x, dim=-1):
    """`x` with a new axis of size 1 at place `dim`.

    Shape: `(a, b)` -> `(a, b, 1)` for `dim` -1.
    """


def _with_axis(x, dim):
    at = shapes.normalized_axis(dim, len(x.shape) + 1, x)
    return (*x.shape[:at], 1, *x.shape[at:])


@expand_dims.tensorflow
def _(tf, x, dim=-1):
    return tf.expand_dims(x, dim)


@expand_dims.theano
def _(pt, x, dim=-1):
    return pt.expand_dims(x, dim)


def _squeezed(x, axis):
    size = x.shape[shapes.normalized_axis(axis, len(x.shape), x)]
    if size not in (1, None):
        raise ShapeError(f"squeeze takes away an axis of size 1; axis {axis} of {tuple(x.shape)} has {size}.")
    return shapes.without_axis(x, axis)


@op(shape=_squeezed)
def squeeze(x, axis):
    """`x` without one axis of size 1.

    Shape: `(a, 1, b)` -> `(a, b)` for `axis` 1.
    """


@squeeze.tensorflow
def _(tf, x, axis):
    return tf.squeeze(x, [axis])


@squeeze.theano
def _(pt, x, axis):
    # PyTensor takes an axis away only when it knows that it has size 1
    return pt.squeeze(pt.specify_broadcastable(x, axis % x.ndim), axis=axis)


def flatten(x):
    """All values in one row.

    Shape: any -> `(n,)`.
    """
    return reshape(x, (-1,))


def batch_flatten(x):
    """All values of each sample in one row.

    Shape: `(batch, ...)` -> `(batch, n)`.
    """
    # -1 stands for one size: it goes to the batch where the rest is known, so that its shape stays known
    rest = shapes.known_product(x.shape[1:])
    if not rest:
        return reshape(x, (shape(x)[0], -1 if rest is None else 0))
    return reshape(x, (-1, rest))


def repeat(x, n):
    """Each sample n times along a new time axis.

    Shape: `(batch, features)` -> `(batch, n, features)`.
    """
    if len(x.shape) != 2:
        raise ShapeError(f"repeat needs (batch, features), got {tuple(x.shape)}.")
    return repeat_elements(expand_dims(x, 1), n, 1)


def _times(x, rep, axis):
    at = shapes.normalized_axis(axis, len(x.shape), x)
    return tuple(size * rep if index == at and size is not None else size for index, size in enumerate(x.shape))


@op(shape=_times)
def repeat_elements(x, rep, axis):
    """Each slice `rep` times in a row along one axis.

    Shape: `(..., n, ...)` -> `(..., rep * n, ...)`.
    """


@repeat_elements.tensorflow
def _(tf, x, rep, axis):
    return tf.repeat(x, rep, axis)


@repeat_elements.theano
def _(pt, x, rep, axis):
    at = axis % x.ndim
    spread = pt.expand_dims(x, at + 1)
    copies = pt.concatenate([spread] * rep, axis=at + 1)
    sizes = [x.shape[index] * (rep if index == at else 1) for index in range(x.ndim)]
    return pt.reshape(copies, sizes, ndim=x.ndim)


@op(shape=shapes.like_first)
def reverse(x, axes):
    """The slices in reversed order along each of the axes.

    Shape: `x` any -> same.
    """


@reverse.tensorflow
def _(tf, x, axes):
    return tf.reverse(x, [axes] if isinstance(axes, int) else list(axes))


@reverse.theano
def _(pt, x, axes):
    chosen = {axis % x.ndim for axis in ([axes] if isinstance(axes, int) else axes)}
    return x[tuple(slice(None, None, -1) if axis in chosen else slice(None) for axis in range(x.ndim))]


@op(
    shape=lambda x, paddings: tuple(
        None if size is None else size + sum(pads) for size, pads in zip(x.shape, paddings, strict=True)
    )
)
def pad(x, paddings):
    """`x` with zeros put before and after it along each axis.

    Shape: size n -> `before + n + after` for each axis.

    Args:
        paddings: a pair (before, after) for each axis.
    """


@pad.tensorflow
def _(tf, x, paddings):
    return tf.pad(x, paddings)


@pad.theano
def _(pt, x, paddings):
    for axis, (before, after) in enumerate(paddings):
        if before or after:
            # not pt.zeros: to learn its shape, PyTensor would simplify all of the graph below, seconds in a deep model
            one = x[(*(slice(None),) * axis, slice(0, 1))] if x.type.shape[axis] else pt.sum(x, axis, keepdims=True)
            edge = pt.zeros_like(one, dtype=x.dtype)
            x = pt.concatenate([*[edge] * before, x, *[edge] * after], axis=axis)
    return x


def _spatial_pad(x, pairs: Sequence, dim_ordering: str):
    inner = [tuple(pair) for pair in pairs]
    around = [(0, 0), (0, 0), *inner] if resolve_ordering(dim_ordering) == "th" else [(0, 0), *inner, (0, 0)]
    if len(around) != len(x.shape):
        raise ShapeError(f"padding of {len(inner)} axes needs an input of {len(around)} axes, got {tuple(x.shape)}.")
    return pad(x, tuple(around))


def temporal_padding(x, padding=1):
    """Zeros before and after the time axis; a pair gives both counts.

    Shape: `(batch, time, features)` -> `(batch, time + 2 * padding, features)`.
    """
    before, after = (padding, padding) if isinstance(padding, int) else padding
    return pad(x, ((0, 0), (before, after), (0, 0)))


def asymmetric_temporal_padding(x, left_pad=1, right_pad=1):
    """`left_pad` zeros before the time axis and `right_pad` after it.

    Shape: `(batch, time, features)` -> `(batch, time + left_pad + right_pad, features)`.
    """
    return temporal_padding(x, (left_pad, right_pad))


def spatial_2d_padding(x, padding=(1, 1), dim_ordering="default"):
    """Zeros around rows and columns.

    Shape: `(batch, rows, cols, features)` -> `(batch, rows + 2 * padding[0], cols + 2 * padding[1], features)`;
        features first for 'th'.
    """
    pairs = [(one, one) if isinstance(one, int) else one for one in padding]
    return _spatial_pad(x, pairs, dim_ordering)


def asymmetric_spatial_2d_padding(x, top_pad=1, bottom_pad=1, left_pad=1, right_pad=1, dim_ordering="default"):
    """Zeros above, below, left and right of an image.

    Shape: `(batch, rows, cols, features)` -> `(batch, top + rows + bottom, left + cols + right, features)`.
    """
    return _spatial_pad(x, [(top_pad, bottom_pad), (left_pad, right_pad)], dim_ordering)


def spatial_3d_padding(x, padding=(1, 1, 1), dim_ordering="default"):
    """Zeros around the three axes of a volume.

    Shape: each spatial size n -> `n + 2 * padding`.
    """
    return _spatial_pad(x, [(one, one) if isinstance(one, int) else one for one in padding], dim_ordering)


def _resize(x, factors: Sequence[int], dim_ordering: str):
    first = 2 if resolve_ordering(dim_ordering) == "th" else 1
    for offset, factor in enumerate(factors):
        x = repeat_elements(x, factor, first + offset)
    return x


def resize_images(X, height_factor, width_factor, dim_ordering):
    """Each pixel repeated along rows and columns.

    Shape: rows, cols -> `rows * height_factor, cols * width_factor`.
    """
    return _resize(X, (height_factor, width_factor), dim_ordering)


def resize_volumes(X, depth_factor, height_factor, width_factor, dim_ordering):
    """Each voxel repeated along the three spatial axes.

    Shape: each spatial size times its factor.
    """
    return _resize(X, (depth_factor, height_factor, width_factor), dim_ordering)


@op(shape=shapes.like_first)
def _stop_gradient(x):
    """`x`, taken as a constant by K.gradients."""


@_stop_gradient.tensorflow
def _(tf, x):
    return tf.stop_gradient(x)


@_stop_gradient.theano
def _(pt, x):
    return pt.stop_gradient(x)


def stop_gradient(variables):
    """The same values, through which no gradient flows.

    Shape: any -> same; a list gives a list.
    """
    if isinstance(variables, list | tuple):
        return [_stop_gradient(variable) for variable in variables]
    return _stop_gradient(variables)
