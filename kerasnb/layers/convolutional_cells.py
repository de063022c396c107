"""`ConvLSTM2DCell`, and `ConvRNN2D`, which repeats it; the later ConvLSTM1D and ConvLSTM3D, with cells of their own."""

from __future__ import annotations

from .. import backend as K
from ..backend.ops import shapes
from ..engine.layer import InputSpec
from ..errors import ArgumentError
from .arguments import one_of, ordering, whole_numbers
from .cells import LSTMCell
from .gates import lstm_step
from .rnn import RNN

__all__ = ["ConvRNN2D", "ConvLSTM2DCell", "ConvLSTM1D", "ConvLSTM3D"]

_ORDERINGS = {"channels_first": "th", "channels_last": "tf", None: "default"}


class _ConvLSTMCell(LSTMCell):
    """LSTM over what has some axes of places: its products are convolutions. Columns in the order i, f, c, o."""

    rank: int  # how many axes of places

    def __init__(
        self,
        filters,
        kernel_size,
        strides=1,
        padding="valid",
        data_format=None,
        activation="tanh",
        recurrent_activation="hard_sigmoid",
        use_bias=True,
        **kwargs,
    ):
        self.kernel_size = whole_numbers("kernel_size", kernel_size, self.rank)
        self.strides = whole_numbers("strides", strides, self.rank)
        self.padding = one_of("padding", padding, ("valid", "same"))
        self.dim_ordering = ordering(_ORDERINGS.get(data_format, data_format))
        super().__init__(filters, activation, recurrent_activation, use_bias, **kwargs)

    # ---- shapes and weights

    @property
    def output_size(self):
        """The shape of one output; sizes are None before the cell is built."""
        places = self.__dict__.get("_image", (None,) * self.rank)
        return (self.units, *places) if self.dim_ordering == "th" else (*places, self.units)

    @property
    def state_size(self):
        return (self.output_size, self.output_size)

    def build(self, input_shape):
        images = input_shape[2:] if self.dim_ordering == "th" else input_shape[1:-1]
        window = zip(images, self.kernel_size, self.strides, strict=True)
        self._image = tuple(shapes.window_length(size, taps, step, self.padding) for size, taps, step in window)
        super().build((input_shape[0], input_shape[1 if self.dim_ordering == "th" else -1]))

    def _weight(self, name, shape, initializer):
        return super()._weight(name, (*self.kernel_size, *shape) if name.endswith("kernel") else shape, initializer)

    @property
    def convolution_kernels(self) -> list:
        """The weights that Theano flips, each with its axes' order."""
        return [(self.kernel, "tf"), (self.recurrent_kernel, "tf")]

    # ---- computing

    def _convolved(self, x, kernel, **options):
        places = tuple(range(self.rank))
        is_th = self.dim_ordering == "th"
        kernel = K.permute_dimensions(kernel, (self.rank + 1, self.rank, *places)) if is_th else kernel
        return self._convolution(x, kernel, dim_ordering=self.dim_ordering, **options)

    def _convolution(self, x, kernel, **options):
        raise NotImplementedError

    def _projected(self, x, mask):
        x = x if mask is None else x * mask
        product = self._convolved(x, self.kernel, strides=self.strides, border_mode=self.padding)
        if not self.use_bias:
            return product
        return product + (K.reshape(self.bias, (1, -1, *(1,) * self.rank)) if self.dim_ordering == "th" else self.bias)

    def _first_output(self, x):
        """Zeros in the shape of the output.

        Shape: `x` `(batch, places..., features)` -> `(batch, new places..., filters)`.
        """
        product = self._convolved(x, self.kernel, strides=self.strides, border_mode=self.padding)
        return K.zeros_like(self._split(product)[0])

    def get_initial_state(self, inputs):
        """Zeros for both states.

        Shape: `inputs` `(batch, time, places..., features)`.
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


class ConvLSTM2DCell(_ConvLSTMCell):
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

    rank = 2

    def _convolution(self, x, kernel, **options):
        return K.conv2d(x, kernel, **options)


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


class ConvLSTM1DCell(_ConvLSTMCell):
    """LSTM over sequences: its products are convolutions along them. Columns in the order i, f, c, o.

    Shape: `(batch, places, features)` and two states of `(batch, new places, filters)` -> the latter, and as many
        states; features before places for 'channels_first'.
    """

    rank = 1

    def _convolution(self, x, kernel, strides=(1,), **options):
        beyond = 3 if options["dim_ordering"] == "th" else 2
        kernel = K.expand_dims(kernel, 3 if beyond == 3 else 1)
        return K.squeeze(K.conv2d(K.expand_dims(x, beyond), kernel, strides=(*strides, 1), **options), beyond)


class ConvLSTM3DCell(_ConvLSTMCell):
    """LSTM over volumes: its products are convolutions. Columns in the order i, f, c, o.

    Shape: `(batch, depth, rows, cols, features)` and two states of `(batch, new depth, new rows, new cols, filters)`
        -> the latter, and as many states; features first for 'channels_first'.
    """

    rank = 3

    def _convolution(self, x, kernel, **options):
        return K.conv3d(x, kernel, **options)


class _ConvLSTM(RNN):
    """A layer that makes its cell itself, from the arguments that it does not take for itself."""

    cell_class: type[_ConvLSTMCell]

    def __init__(
        self,
        filters,
        kernel_size,
        strides=1,
        padding="valid",
        data_format=None,
        dilation_rate=1,
        activation="tanh",
        recurrent_activation="sigmoid",
        use_bias=True,
        kernel_initializer="glorot_uniform",
        recurrent_initializer="orthogonal",
        bias_initializer="zeros",
        unit_forget_bias=True,
        kernel_regularizer=None,
        recurrent_regularizer=None,
        bias_regularizer=None,
        activity_regularizer=None,
        kernel_constraint=None,
        recurrent_constraint=None,
        bias_constraint=None,
        dropout=0.0,
        recurrent_dropout=0.0,
        **kwargs,
    ):
        given = dict(locals())
        whole_numbers("dilation_rate", dilation_rate, self.cell_class.rank)
        if set(dilation_rate if isinstance(dilation_rate, list | tuple) else [dilation_rate]) != {1}:
            raise ArgumentError(
                f"dilation_rate can only be 1 here, got {dilation_rate!r}.",
                "Leave it out.",
                arguments=("dilation_rate",),
            )
        not_of_cell = ("self", "kwargs", "dilation_rate", "activity_regularizer")
        cell = self.cell_class(**{name: given[name] for name in given if name[0] != "_" and name not in not_of_cell})
        super().__init__(cell, activity_regularizer=activity_regularizer, **kwargs)
        self.input_spec = [InputSpec(ndim=self.cell_class.rank + 3)]

    def get_config(self) -> dict:
        config = super().get_config()
        cell = config.pop("cell")["config"]
        return {**{name: value for name, value in cell.items() if name not in ("name", "trainable")}, **config}

    @classmethod
    def from_config(cls, config, custom_objects=None):
        return cls(**config)


class ConvLSTM1D(_ConvLSTM):
    """LSTM over sequences, each of whose steps is a sequence itself: its products are convolutions along it.

    Shape: `(batch, time, places, features)` -> `(batch, new places, filters)`, or with a time axis with
        `return_sequences`; features before places for 'channels_first'.
    Source: Shi et al. 2015, arXiv:1506.04214, section 3.1 (without the connections from the cell to the gates).

    Args:
        filters: number of filters, the features of the output.
        kernel_size: places of the kernels.
        strides: steps of the input's convolution.
        padding: 'valid' or 'same', for the input's convolution; the state's is always 'same'.
        data_format: 'channels_last' or 'channels_first'.
        activation: name or function.
        recurrent_activation: name or function for the gates.
        kernel_initializer: of the kernel; likewise for recurrent kernel and bias, and the regularizers and constraints.
        dropout: fraction of the input dropped, the same at all time steps, 0 to 1.
        recurrent_dropout: fraction of the previous output dropped, likewise.
    """

    cell_class = ConvLSTM1DCell


class ConvLSTM3D(_ConvLSTM):
    """LSTM over volumes: its products are convolutions.

    Shape: `(batch, time, depth, rows, cols, features)` -> `(batch, new depth, new rows, new cols, filters)`, or with a
        time axis with `return_sequences`; features before depth for 'channels_first'.
    Source: Shi et al. 2015, arXiv:1506.04214, section 3.1 (without the connections from the cell to the gates).

    Args:
        filters: number of filters, the features of the output.
        kernel_size: depth, rows and columns of the kernels.
        strides: steps of the input's convolution along depth, rows and columns.
        padding: 'valid' or 'same', for the input's convolution; the state's is always 'same'.
        data_format: 'channels_last' or 'channels_first'.
        activation: name or function.
        recurrent_activation: name or function for the gates.
        kernel_initializer: of the kernel; likewise for recurrent kernel and bias, and the regularizers and constraints.
        dropout: fraction of the input dropped, the same at all time steps, 0 to 1.
        recurrent_dropout: fraction of the previous output dropped, likewise.
    """

    cell_class = ConvLSTM3DCell
