"""Convolutions.

On TensorFlow a kernel is slid as it is (cross-correlation), on Theano it is flipped first, as each has always done;
`np_utils.convert_kernel` turns one kind of weights into the other.
"""

from __future__ import annotations

from collections.abc import Sequence

from ...errors import ShapeError
from ..config import resolve_ordering
from ..runtime.chosen import backend
from . import shapes
from .registry import op

__all__ = ["conv2d", "resolve_ordering", "spatial_sizes", "shape_with"]


def flips_kernels() -> bool:
    """Whether the backend flips a convolution's kernel before it slides it, as Theano does."""
    return backend() == "theano"


def spatial_sizes(x, ordering: str) -> tuple:
    """The sizes between batch and features.

    Shape: `(batch, ..., features)`, or `(batch, features, ...)` for 'th' -> the sizes of `...`.
    """
    return tuple(x.shape[2:]) if ordering == "th" else tuple(x.shape[1:-1])


def shape_with(x, ordering: str, spatial: Sequence, features: int | None) -> tuple:
    """The shape of `x` with other spatial sizes and features.

    Shape: `x` `(batch, ...)` -> the sizes `(batch, *spatial, features)`, or `(batch, features, *spatial)` for 'th'.
    """
    return (x.shape[0], features, *spatial) if ordering == "th" else (x.shape[0], *spatial, features)


def _convolved(
    x,
    kernel,
    strides=(1, 1),
    border_mode="valid",
    dim_ordering="default",
    image_shape=None,
    filter_shape=None,
    filter_dilation=(1, 1),
):
    ordering = resolve_ordering(dim_ordering)
    if len(x.shape) != 4:
        raise ShapeError(
            f"needs input (batch, rows, cols, features), got {tuple(x.shape)}.", "Reshape it to four axes."
        )
    if ordering == "th":
        features, window, wanted = kernel.shape[0], kernel.shape[2:], kernel.shape[1]
        got = x.shape[1]
    else:
        features, window, wanted = kernel.shape[3], kernel.shape[:2], kernel.shape[2]
        got = x.shape[3]
    if None not in (got, wanted) and got != wanted:
        raise ShapeError(
            f"kernel for {wanted} features, but the input {tuple(x.shape)} has {got} (dim_ordering {ordering!r})."
        )
    sizes = spatial_sizes(x, ordering)
    check_window("kernel", window, sizes, border_mode, filter_dilation, ("nb_row", "nb_col"))
    spatial = [
        shapes.window_length(*one)
        for one in zip(sizes, window, strides, (border_mode,) * 2, filter_dilation, strict=True)
    ]
    return shape_with(x, ordering, spatial, features)


def check_window(
    what: str,
    window: Sequence[int],
    sizes: Sequence,
    border_mode: str,
    dilation: Sequence[int],
    arguments: Sequence[str],
) -> None:
    """Refuse a window that is larger than what it slides over."""
    reach = [size + (size - 1) * (spread - 1) for size, spread in zip(window, dilation, strict=True)]
    if border_mode == "valid" and any(
        size is not None and need > size for need, size in zip(reach, sizes, strict=True)
    ):
        blamed = tuple(
            name for name, need, size in zip(arguments, reach, sizes, strict=False) if size is not None and need > size
        )
        known = [size for size in sizes if size is not None]
        raise ShapeError(
            f"{what} {'x'.join(map(str, reach))} is larger than its input {'x'.join(map(str, sizes))}.",
            f'{" and ".join(arguments)} must be at most {min(known)} here, or set border_mode="same".',
            arguments=blamed if len(blamed) < len(arguments) else tuple(arguments),
        )


@op(shape=_convolved, dtype="float", inputs="x kernel", promote=True)
def conv2d(
    x,
    kernel,
    strides=(1, 1),
    border_mode="valid",
    dim_ordering="default",
    image_shape=None,
    filter_shape=None,
    filter_dilation=(1, 1),
):
    """2D convolution.

    Shape:
        'tf': `(batch, rows, cols, features)`, kernel `(rows, cols, features, filters)`
            -> `(batch, new rows, new cols, filters)`;
        'th': `(batch, features, rows, cols)`, kernel `(filters, features, rows, cols)`
            -> `(batch, filters, new rows, new cols)`.

    Args:
        strides: steps along rows and cols.
        border_mode: 'valid' (inside only), 'same' (padded so that stride 1 keeps the size) or 'full' (padded so that
            every place counts at which the kernel meets the image).
        image_shape: accepted for Keras 1's sake; shapes are known anyway.
        filter_shape: likewise.
        filter_dilation: distance between neighbouring taps of the kernel.
    """


@conv2d.tensorflow
def _(tf, x, kernel, strides, border_mode, dim_ordering, image_shape, filter_shape, filter_dilation):
    features_first = resolve_ordering(dim_ordering) == "th"
    # by features last: TensorFlow's kernels for the CPU have no other order
    if features_first:
        x, kernel = tf.transpose(x, (0, 2, 3, 1)), tf.transpose(kernel, (2, 3, 1, 0))
    x, border_mode = fully_padded(tf, x, kernel, border_mode, filter_dilation)
    y = tf.nn.conv2d(x, kernel, strides, border_mode.upper(), dilations=filter_dilation)
    # of known sizes the shape rule has refused it while the graph was built
    if None in x.shape[1:3]:
        y = _of_its_size(tf, y, x, kernel, strides, border_mode, filter_dilation)
    return tf.transpose(y, (0, 3, 1, 2)) if features_first else y


def fully_padded(tf, x, kernel, border_mode: str, dilation: Sequence[int]) -> tuple:
    """Images or volumes and a border mode that TensorFlow has.

    For 'full' as many zeros around as the kernel reaches beyond its first tap, and 'valid'. Features last.
    """
    if border_mode != "full":
        return x, border_mode
    around = [[(taps - 1) * rate] * 2 for taps, rate in zip(kernel.shape[:-2], dilation, strict=True)]
    return tf.pad(x, [[0, 0], *around, [0, 0]]), "valid"


def _of_its_size(tf, y, x, kernel, strides, border_mode, dilation):
    """The result, refused if the kernel is larger than the images, whose sizes only show when they come.

    Where nothing is left TensorFlow 2.21 with oneDNN gives out its input's memory, in the input's shape.
    """
    sizes = tf.shape(x)
    spatial = []
    for axis, (taps, step, rate) in enumerate(zip(kernel.shape[:2], strides, dilation, strict=True), start=1):
        reach = (taps - 1) * rate if border_mode == "valid" else 0
        spatial.append(tf.maximum(0, (sizes[axis] - reach + step - 1) // step))
    return tf.reshape(y, [sizes[0], *spatial, tf.shape(kernel)[3] if kernel.shape[3] is None else kernel.shape[3]])


@conv2d.theano
def _(pt, x, kernel, strides, border_mode, dim_ordering, image_shape, filter_shape, filter_dilation):
    features_first = resolve_ordering(dim_ordering) == "th"
    if features_first:
        x, kernel = pt.transpose(x, (0, 2, 3, 1)), pt.transpose(kernel, (2, 3, 1, 0))
    # which flips the kernel, as Theano always has
    y = pt.convolve(x, kernel, strides, border_mode, filter_dilation)
    return pt.transpose(y, (0, 3, 1, 2)) if features_first else y
