"""Locally connected layers: like convolutions, but with other weights at every place."""

from __future__ import annotations

import itertools

from .. import backend as K
from ..backend.ops import shapes
from ..carried import carry
from ..engine.layer import InputSpec
from ..errors import ArgumentError, ShapeError
from .arguments import ordering, whole, whole_numbers
from .kernel_layer import _KernelLayer

__all__ = ["LocallyConnected1D", "LocallyConnected2D"]


def _valid_only(border_mode: str) -> str:
    if border_mode != "valid":
        raise ArgumentError(
            f"border_mode must be 'valid', got {border_mode!r}.",
            "Put ZeroPadding before it.",
            arguments=("border_mode",),
        )
    return border_mode


def _check_known(input_shape) -> None:
    if None in input_shape[1:]:
        raise ShapeError(
            f"needs every size of its input but the batch, got {tuple(input_shape)}.",
            "Give the sizes in Input(shape=...) or input_shape=.",
        )


def _places(length: int, window: int, stride: int, argument: str) -> int:
    if window > length:
        raise ShapeError(
            f"window of {window} is larger than its input of {length}.",
            f"{argument} must be at most {length} here.",
            arguments=(argument,),
        )
    return shapes.window_length(length, window, stride, "valid")


class LocallyConnected1D(_KernelLayer):
    """Small windows slid along time, with other weights at every place.

    Shape: `(batch, time, features)` -> `(batch, new time, nb_filter)`; `W` is
    `(new time, filter_length * features, nb_filter)`.

    Args:
        nb_filter: number of filters, the features of the output.
        filter_length: time steps of the window.
        border_mode: only 'valid'.
        subsample_length: steps along time.
        input_dim: number of input features, for the first layer of a Sequential.
        input_length: number of time steps, likewise.
    """

    def __init__(
        self,
        nb_filter,
        filter_length,
        init="glorot_uniform",
        activation=None,
        weights=None,
        border_mode="valid",
        subsample_length=1,
        W_regularizer=None,
        b_regularizer=None,
        activity_regularizer=None,
        W_constraint=None,
        b_constraint=None,
        bias=True,
        input_dim=None,
        input_length=None,
        **kwargs,
    ):
        self.nb_filter = whole("nb_filter", nb_filter)
        (self.filter_length,) = whole_numbers("filter_length", filter_length, 1)
        self.border_mode = _valid_only(border_mode)
        (self.subsample_length,) = whole_numbers("subsample_length", subsample_length, 1)
        self.input_dim = input_dim
        self.input_length = input_length
        if input_dim:
            kwargs["input_shape"] = (input_length, input_dim)
        super().__init__(
            init,
            activation,
            weights,
            W_regularizer,
            b_regularizer,
            activity_regularizer,
            W_constraint,
            b_constraint,
            bias,
            **kwargs,
        )
        self.input_spec = [InputSpec(ndim=3)]

    def build(self, input_shape):
        _check_known(input_shape)
        places = _places(input_shape[1], self.filter_length, self.subsample_length, "filter_length")
        self.input_spec = [InputSpec(shape=(None, *input_shape[1:]))]
        self.add_kernel((places, self.filter_length * input_shape[2], self.nb_filter))
        self.add_bias((places, self.nb_filter))
        super().build(input_shape)

    def get_output_shape_for(self, input_shape):
        places = shapes.window_length(input_shape[1], self.filter_length, self.subsample_length, "valid")
        return (input_shape[0], places, self.nb_filter)

    def call(self, x, mask=None):
        places, step = self.W.shape[0], self.subsample_length
        reach = (places - 1) * step + 1
        windows = K.concatenate([x[:, at : at + reach : step] for at in range(self.filter_length)], axis=-1)
        output = _by_place(windows, self.W)
        return self.activation(output + self.b if self.bias else output)

    def get_config(self) -> dict:
        names = ("nb_filter", "filter_length", "border_mode", "subsample_length", "input_dim", "input_length")
        return {**super().get_config(), **{name: getattr(self, name) for name in names}}


def _by_place(windows, kernel):
    """Each place's window times that place's kernel.

    Shape: `(batch, places, n)`, `(places, n, filters)` -> `(batch, places, filters)`.
    """
    # places take the part of the batch: one product of matrices for each
    product = K.batch_dot(K.permute_dimensions(windows, (1, 0, 2)), kernel, axes=(2, 1))
    return K.permute_dimensions(product, (1, 0, 2))


class LocallyConnected2D(_KernelLayer):
    """Small windows slid over images, with other weights at every place.

    Shape: 'tf' `(batch, rows, cols, features)` -> `(batch, new rows, new cols, nb_filter)`; features first for 'th'.
    `W` is `(new rows * new cols, nb_row * nb_col * features, nb_filter)`.

    Args:
        nb_filter: number of filters, the features of the output.
        nb_row: rows of the window.
        nb_col: columns of the window.
        border_mode: only 'valid'.
        subsample: steps along rows and columns.
        dim_ordering: 'tf' (features last) or 'th' (features first).
    """

    def __init__(
        self,
        nb_filter,
        nb_row,
        nb_col,
        init="glorot_uniform",
        activation=None,
        weights=None,
        border_mode="valid",
        subsample=(1, 1),
        dim_ordering="default",
        W_regularizer=None,
        b_regularizer=None,
        activity_regularizer=None,
        W_constraint=None,
        b_constraint=None,
        bias=True,
        **kwargs,
    ):
        self.nb_filter = whole("nb_filter", nb_filter)
        self.nb_row = whole("nb_row", nb_row)
        self.nb_col = whole("nb_col", nb_col)
        self.border_mode = _valid_only(border_mode)
        self.subsample = whole_numbers("subsample", subsample, 2)
        self.dim_ordering = ordering(dim_ordering)
        super().__init__(
            init,
            activation,
            weights,
            W_regularizer,
            b_regularizer,
            activity_regularizer,
            W_constraint,
            b_constraint,
            bias,
            **kwargs,
        )
        self.input_spec = [InputSpec(ndim=4)]

    def build(self, input_shape):
        _check_known(input_shape)
        sizes, features = self._sizes(input_shape), input_shape[1 if self.dim_ordering == "th" else 3]
        self.output_row, self.output_col = (
            _places(size, window, step, name)
            for size, window, step, name in zip(
                sizes, (self.nb_row, self.nb_col), self.subsample, ("nb_row", "nb_col"), strict=True
            )
        )
        self.input_spec = [InputSpec(shape=(None, *input_shape[1:]))]
        self.W_shape = (self.output_row * self.output_col, self.nb_row * self.nb_col * features, self.nb_filter)
        self.add_kernel(self.W_shape)
        self.add_bias((self.output_row, self.output_col, self.nb_filter))
        super().build(input_shape)

    def _sizes(self, input_shape) -> tuple:
        return tuple(input_shape[2:] if self.dim_ordering == "th" else input_shape[1:3])

    def get_output_shape_for(self, input_shape):
        rows, cols = (
            shapes.window_length(size, window, step, "valid")
            for size, window, step in zip(
                self._sizes(input_shape), (self.nb_row, self.nb_col), self.subsample, strict=True
            )
        )
        if self.dim_ordering == "th":
            return (input_shape[0], self.nb_filter, rows, cols)
        return (input_shape[0], rows, cols, self.nb_filter)

    def call(self, x, mask=None):
        images = K.permute_dimensions(x, (0, 2, 3, 1)) if self.dim_ordering == "th" else x
        output = _by_place(self._windows(images), self.W)
        output = K.reshape(output, (K.int_shape(x)[0] or -1, self.output_row, self.output_col, self.nb_filter))
        if self.dim_ordering == "th":
            output = K.permute_dimensions(output, (0, 3, 1, 2))
        return self.activation(output + self._bias_of_places() if self.bias else output)

    def _bias_of_places(self):
        """For 'th' the same values in another shape, not another order: so Keras 1.2 reads them, and later ones."""
        shape = (self.nb_filter, self.output_row, self.output_col)
        return K.reshape(self.b, shape) if self.dim_ordering == "th" else self.b

    def _windows(self, images):
        """The values of each window in a row: (batch, places, n); for 'th' all values of a feature come together."""
        down, across = self.subsample
        tall, wide = (self.output_row - 1) * down + 1, (self.output_col - 1) * across + 1
        taps = [
            images[:, row : row + tall : down, col : col + wide : across]
            for row, col in itertools.product(range(self.nb_row), range(self.nb_col))
        ]
        if self.dim_ordering == "th":
            # features outermost: so the rows of W lie in files of models in this order
            windows = K.concatenate([K.expand_dims(tap, -1) for tap in taps], axis=-1)
        else:
            windows = K.concatenate(taps, axis=-1)
        return K.reshape(windows, (K.int_shape(images)[0] or -1, *self.W_shape[:2]))

    def get_config(self) -> dict:
        names = ("nb_filter", "nb_row", "nb_col", "border_mode", "subsample", "dim_ordering")
        return {**super().get_config(), **{name: getattr(self, name) for name in names}}


carry(__name__)
