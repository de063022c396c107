"""`ConvLSTM2DCell`, and `ConvRNN2D`, which repeats it."""

from __future__ import annotations

from .. import backend as K
from ..backend.ops import shapes
from ..engine.layer import InputSpec
from .arguments import one_of, ordering, whole_numbers
from .cells import LSTMCell
from .gates import lstm_step
from .rnn import RNN

__all__ = ["ConvRNN2D", "ConvLSTM2DCell"]

_ORDERINGS = {"channels_first": "th", "channels_last": "tf", None: "default"}


class ConvLSTM2DCell(LSTMCell):
    """LSTM over images: its products are convolutions. Columns in the order i, f, c, o.

    Shape: `(batch, rows, cols, features)` and two states of `(batch, new rows, new cols, filters)` -> the latter, and
    as many states; features before rows for 'channels_first'.
    Source: Shi et al. 2015, arXiv:1506.04214, section 3.1 (without the connections from the cell to the gates).

    Args:
        filters: number of filters, the features of the output.
        kernel_size: rows and columns of the kernels; `kernel` is `(rows, cols, features, 4 * filters)`.
        strides: steps of the input's convolution along rows and columns.
        padding: 'valid' or 'same', for the input's convolution; the state's is always 'same'.
        data_format: 'channels_last' or 'channels_first'.
    """

    def __init__(
        self,
        filters,
        kernel_size,
        strides=(1, 1),
        padding="valid",
        data_format=None,
        activation="tanh",
        recurrent_activation="hard_sigmoid",
        use_bias=True,
        **kwargs,
    ):
        self.kernel_size = whole_numbers("kernel_size", kernel_size, 2)
        self.strides = whole_numbers("strides", strides, 2)
        self.padding = one_of("padding", padding, ("valid", "same"))
        self.dim_ordering = ordering(_ORDERINGS.get(data_format, data_format))
        super().__init__(filters, activation, recurrent_activation, use_bias, **kwargs)

    # ---- shapes and weights

    @property
    def output_size(self):
        """The shape of an image of the output; sizes are None before the cell is built."""
        rows, cols = self.__dict__.get("_image", (None, None))
        return (self.units, rows, cols) if self.dim_ordering == "th" else (rows, cols, self.units)

    @property
    def state_size(self):
        return (self.output_size, self.output_size)

    def build(self, input_shape):
        images = input_shape[2:] if self.dim_ordering == "th" else input_shape[1:3]
        window = zip(images, self.kernel_size, self.strides, strict=True)
        self._image = tuple(shapes.window_length(size, taps, step, self.padding) for size, taps, step in window)
        super().build((input_shape[0], input_shape[1 if self.dim_ordering == "th" else 3]))

    def _weight(self, name, shape, initializer):
        return super()._weight(name, (*self.kernel_size, *shape) if name.endswith("kernel") else shape, initializer)

    @property
    def convolution_kernels(self) -> list:
        """The weights that Theano flips, each with its axes' order."""
        return [(self.kernel, "tf"), (self.recurrent_kernel, "tf")]

    # ---- computing

    def _convolved(self, x, kernel, **options):
        kernel = K.permute_dimensions(kernel, (3, 2, 0, 1)) if self.dim_ordering == "th" else kernel
        return K.conv2d(x, kernel, dim_ordering=self.dim_ordering, **options)

    def _projected(self, x, mask):
        x = x if mask is None else x * mask
        product = self._convolved(x, self.kernel, strides=self.strides, border_mode=self.padding)
        if not self.use_bias:
            return product
        return product + (K.reshape(self.bias, (1, -1, 1, 1)) if self.dim_ordering == "th" else self.bias)

    def _first_output(self, x):
        """Zeros in the shape of the output.

        Shape: `x` `(batch, rows, cols, features)` -> `(batch, new rows, new cols, filters)`.
        """
        product = self._convolved(x, self.kernel, strides=self.strides, border_mode=self.padding)
        return K.zeros_like(self._split(product)[0])

    def get_initial_state(self, inputs):
        """Zeros for both states.

        Shape: `inputs` `(batch, time, rows, cols, features)`.
        """
        return [self._first_output(inputs[:, 0])] * 2

    def masks(self, first):
        return self._mask_of(first, self.dropout), self._mask_of(self._first_output(first), self.recurrent_dropout)

    def _split(self, x) -> list:
        size, is_first = self.units, self.dim_ordering == "th"
        places = [slice(at * size, (at + 1) * size) for at in range(4)]
        return [x[:, place] if is_first else x[..., place] for place in places]

    def advance(self, x, states, masks):
        h_before = states[0] if masks[1] is None else states[0] * masks[1]
        inner = self._convolved(h_before, self.recurrent_kernel, border_mode="same")
        z = self._projected(x, masks[0]) + inner
        h, c = lstm_step(self._split(z), states[1], self.activation, self.recurrent_activation)
        return h, [h, c]

    def get_config(self) -> dict:
        config = {name: value for name, value in super().get_config().items() if name != "units"}
        config |= {name: getattr(self, name) for name in ("kernel_size", "strides", "padding")}
        formats = {"th": "channels_first", "tf": "channels_last"}
        return {**config, "filters": self.units, "data_format": formats[self.dim_ordering]}


class ConvRNN2D(RNN):
    """A cell over images, repeated along time.

    Shape: `(batch, time, rows, cols, features)` -> `(batch, new rows, new cols, filters)`, or with a time axis with
    `return_sequences`; features before rows where the cell says 'channels_first'.

    Args:
        cell: a cell such as `ConvLSTM2DCell(8, (3, 3))`.
    """

    def __init__(
        self,
        cell,
        return_sequences=False,
        return_state=False,
        go_backwards=False,
        stateful=False,
        unroll=False,
        **kwargs,
    ):
        super().__init__(cell, return_sequences, return_state, go_backwards, stateful, unroll, **kwargs)
        self.input_spec = [InputSpec(ndim=5)]
