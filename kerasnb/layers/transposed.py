"""Convolution over volumes run backwards, which came after Keras 1.2."""

from __future__ import annotations

from .. import backend as K
from .arguments import whole_numbers
from .convolutional import Convolution3D, grown_sizes

__all__ = ["Deconvolution3D"]


class Deconvolution3D(Convolution3D):
    """Convolution over volumes run backwards: it enlarges. A later layer, which works out its output shape.

    Shape: 'tf' `(batch, depth, rows, cols, features)` -> `(batch, new depth, new rows, new cols, nb_filter)`; features
    first for 'th'. New sizes: `n * s` for 'same', `n * s + max(k - s, 0)` for 'valid'. `W` is as for Convolution3D.
    Source: Zeiler et al. 2010, CVPR, section 2.

    Args:
        nb_filter: number of filters, the features of the output.
        kernel_dim1: depth of the kernel.
        kernel_dim2: rows of the kernel.
        kernel_dim3: columns of the kernel.
        border_mode: 'valid', 'same' or 'full': how the convolution that is run backwards pads.
        subsample: its steps along depth, rows and columns.
        dim_ordering: 'tf' (features last) or 'th' (features first).
        output_padding: further depth, rows and columns; None: as many as the largest input gives.
    """

    def __init__(
        self,
        nb_filter,
        kernel_dim1,
        kernel_dim2,
        kernel_dim3,
        init="glorot_uniform",
        activation=None,
        weights=None,
        border_mode="valid",
        subsample=(1, 1, 1),
        dim_ordering="default",
        W_regularizer=None,
        b_regularizer=None,
        activity_regularizer=None,
        W_constraint=None,
        b_constraint=None,
        bias=True,
        **kwargs,
    ):
        extra = kwargs.pop("output_padding", None)
        self.output_padding = None if extra is None else whole_numbers("output_padding", extra, 3, least=0)
        super().__init__(
            nb_filter,
            kernel_dim1,
            kernel_dim2,
            kernel_dim3,
            init,
            activation,
            weights,
            border_mode,
            subsample,
            dim_ordering,
            W_regularizer,
            b_regularizer,
            activity_regularizer,
            W_constraint,
            b_constraint,
            bias,
            **kwargs,
        )

    def get_output_shape_for(self, input_shape):
        first = self.dim_ordering == "th"
        spatial = input_shape[2:] if first else input_shape[1:-1]
        grown = grown_sizes(spatial, self._window, self.subsample, self.border_mode, self.output_padding)
        return (input_shape[0], self.nb_filter, *grown) if first else (input_shape[0], *grown, self.nb_filter)

    def call(self, x, mask=None):
        first = self.dim_ordering == "th"
        # as the op takes it: (depth, rows, cols, filters, features)
        kernel = K.permute_dimensions(self.W, (2, 3, 4, 0, 1) if first else (0, 1, 2, 4, 3))
        shape = self.get_output_shape_for(K.int_shape(x))
        features = "channels_first" if first else "channels_last"
        return self._finish(K.conv3d_transpose(x, kernel, shape, self.subsample, self.border_mode, features))

    def get_config(self) -> dict:
        later = {} if self.output_padding is None else {"output_padding": self.output_padding}
        return {**super().get_config(), **later}
