"""Recurrent layers over images, whose products are convolutions."""

from __future__ import annotations

import functools

from .. import activations, initializations, regularizers
from .. import backend as K
from ..backend.ops import shapes
from ..carried import carry
from ..engine.layer import InputSpec, Layer
from ..errors import ShapeError
from ..utils.custom_objects import config_of
from .arguments import found, fraction, one_of, ordering, whole, whole_numbers
from .gates import lstm_step
from .recurrence import Recurrent

__all__ = ["ConvRecurrent2D", "ConvLSTM2D"]

# where the methods are that no user has changed
_OWN = {__name__, Recurrent.__module__}


class ConvRecurrent2D(Recurrent):
    """What recurrent layers over images have in common.

    Shape: 'tf' `(batch, time, rows, cols, features)` -> `(batch, new rows, new cols, nb_filter)`, or with a time axis
    with `return_sequences`; features before rows for 'th'.

    Args:
        nb_row: rows of the kernels.
        nb_col: columns of the kernels.
        nb_filter: number of filters, the features of the output.
        dim_ordering: 'tf' (features last) or 'th' (features first).
    """

    def __init__(
        self,
        weights=None,
        nb_row=None,
        nb_col=None,
        nb_filter=None,
        return_sequences=False,
        go_backwards=False,
        stateful=False,
        dim_ordering=None,
        **kwargs,
    ):
        self.nb_row = nb_row
        self.nb_col = nb_col
        self.nb_filter = nb_filter
        self.dim_ordering = ordering(dim_ordering or "default")
        kwargs.pop("consume_less", None)
        super().__init__(
            weights=weights, return_sequences=return_sequences, go_backwards=go_backwards, stateful=stateful, **kwargs
        )
        self.input_spec = [InputSpec(ndim=5)]

    def _image_shape(self, input_shape) -> tuple:
        """The shape of one time step of the output."""
        spatial = input_shape[3:] if self.dim_ordering == "th" else input_shape[2:4]
        window = zip(spatial, (self.nb_row, self.nb_col), self.subsample, strict=True)
        rows, cols = (shapes.window_length(size, taps, step, self.border_mode) for size, taps, step in window)
        features_first = self.dim_ordering == "th"
        return (
            (input_shape[0], self.nb_filter, rows, cols)
            if features_first
            else (input_shape[0], rows, cols, self.nb_filter)
        )

    def _step_shape(self, input_shape):
        return self._image_shape(input_shape)

    def get_config(self) -> dict:
        config = super().get_config()
        for name in ("unroll", "consume_less", "input_dim", "input_length"):
            del config[name]
        return {
            **config,
            "nb_row": self.nb_row,
            "nb_col": self.nb_col,
            "nb_filter": self.nb_filter,
            "dim_ordering": self.dim_ordering,
        }


class ConvLSTM2D(ConvRecurrent2D):
    """LSTM over images: its products with `W` and `U` are convolutions.

    Weights are W, U, b of i, c, f, o in turn.

    Shape: 'tf' `(batch, time, rows, cols, features)` -> `(batch, new rows, new cols, nb_filter)`, or with a time axis
    with `return_sequences`; features before rows for 'th'.
    Source: Shi et al. 2015, arXiv:1506.04214, section 3.1 (without the connections from the cell to the gates).

    Args:
        nb_filter: number of filters, the features of the output.
        nb_row: rows of the kernels.
        nb_col: columns of the kernels.
        init: initialization of `W`.
        inner_init: initialization of `U`.
        forget_bias_init: initialization of the forget gate's bias.
        activation: name or function.
        inner_activation: name or function for the gates.
        dim_ordering: 'tf' (features last) or 'th' (features first).
        border_mode: 'valid' or 'same', for the input's convolution; the state's is always 'same'.
        subsample: steps of the input's convolution along rows and columns.
        W_regularizer: penalty on `W`.
        U_regularizer: penalty on `U`.
        b_regularizer: penalty on `b`.
        dropout_W: fraction of the input dropped, the same at all time steps, 0 to 1.
        dropout_U: fraction of the previous output dropped, likewise.

    Only later programs know, as keywords: those of `Recurrent`, and calling the layer with `initial_state=[...]`.
    """

    weight_order = ("i", "c", "f", "o")
    gates = ("i", "f", "c", "o")
    _state_names = ("h", "c")

    def __init__(
        self,
        nb_filter,
        nb_row,
        nb_col,
        init="glorot_uniform",
        inner_init="orthogonal",
        forget_bias_init="one",
        activation="tanh",
        inner_activation="hard_sigmoid",
        dim_ordering="default",
        border_mode="valid",
        subsample=(1, 1),
        W_regularizer=None,
        U_regularizer=None,
        b_regularizer=None,
        dropout_W=0.0,
        dropout_U=0.0,
        **kwargs,
    ):
        self.init = found(initializations.get, "init", init)
        self.inner_init = found(initializations.get, "inner_init", inner_init)
        self.forget_bias_init = found(initializations.get, "forget_bias_init", forget_bias_init)
        self.activation = found(activations.get, "activation", activation)
        self.inner_activation = found(activations.get, "inner_activation", inner_activation)
        self.border_mode = one_of("border_mode", border_mode, ("valid", "same"))
        self.subsample = whole_numbers("subsample", subsample, 2)
        self.W_regularizer = found(regularizers.get, "W_regularizer", W_regularizer)
        self.U_regularizer = found(regularizers.get, "U_regularizer", U_regularizer)
        self.b_regularizer = found(regularizers.get, "b_regularizer", b_regularizer)
        self.dropout_W = fraction("dropout_W", dropout_W)
        self.dropout_U = fraction("dropout_U", dropout_U)
        sizes = {
            "nb_filter": whole("nb_filter", nb_filter),
            "nb_row": whole("nb_row", nb_row),
            "nb_col": whole("nb_col", nb_col),
        }
        super().__init__(dim_ordering=dim_ordering, **sizes, **kwargs)
        self.uses_learning_phase = bool(self.dropout_W or self.dropout_U)

    # ---- weights

    def build(self, input_shape):
        self.features = input_shape[2 if self.dim_ordering == "th" else 4]
        if self.features is None:
            raise ShapeError(
                f"needs to know the features of its input, got {tuple(input_shape)}.",
                "Give the sizes in Input(shape=...).",
            )
        self._begin(input_shape)
        self._add_gate_weights()
        Layer.build(self, input_shape)

    def _kernel_shape(self, features: int) -> tuple:
        window = (self.nb_row, self.nb_col)
        return (self.nb_filter, features, *window) if self.dim_ordering == "th" else (*window, features, self.nb_filter)

    def _add_gate_weights(self):
        for gate in self.weight_order:
            bias_init = self.forget_bias_init if gate == "f" else self.b_init
            self._add("W", self._kernel_shape(self.features), self._init_of(self.init), self.W_regularizer, gate)
            self._add("U", self._kernel_shape(self.nb_filter), self._init_of(self.inner_init), self.U_regularizer, gate)
            self._add("b", (self.nb_filter,), bias_init, self.b_regularizer, gate)

    def _init_of(self, init):
        return lambda shape, name=None: initializations.make_variable(init, shape, name, self.dim_ordering)

    @property
    def convolution_kernels(self) -> list:
        """The weights that Theano flips, each with its axes' order."""
        return [(getattr(self, f"{kind}_{gate}"), self.dim_ordering) for kind in "WU" for gate in self.gates]

    # ---- computing

    def _joined(self, kind: str):
        """W, U or b of all gates in one kernel."""
        axis = 0 if self.dim_ordering == "th" and kind != "b" else -1
        return K.concatenate([getattr(self, f"{kind}_{gate}") for gate in self.gates], axis=axis)

    def _features_axis(self) -> int:
        return 1 if self.dim_ordering == "th" else -1

    def _split(self, x) -> list:
        """The gates' parts of a tensor."""
        size = self.nb_filter
        if self.dim_ordering == "th":
            return [x[:, at * size : (at + 1) * size] for at in range(4)]
        return [x[..., at * size : (at + 1) * size] for at in range(4)]

    def _convolved_input(self, images):
        """`x * W + b` of all gates for images (batch * time, ...)."""
        product = K.conv2d(images, self._joined("W"), self.subsample, self.border_mode, self.dim_ordering)
        return product + self._beside_images(self._joined("b")) if self.use_bias else product

    def _convolved(self, x):
        """The same at all time steps at once.

        Shape: `(batch, time, rows, cols, features)` -> `(batch, time, new rows, new cols, 4 * nb_filter)`.
        """
        sizes = [K.shape(x)[axis] if size is None else size for axis, size in enumerate(K.int_shape(x))]
        images = K.reshape(x, (-1, *sizes[2:]))
        images.set_shape((None, *K.int_shape(x)[2:]))
        result = self._convolved_input(images)
        rest = [K.shape(result)[axis] if size is None else size for axis, size in enumerate(K.int_shape(result))][1:]
        return K.reshape(result, (sizes[0], sizes[1], *rest))

    def _first_output(self, x):
        """Zeros in the shape of one time step of the output."""
        return K.zeros_like(K.conv2d(x[:, 0], self.W_i, self.subsample, self.border_mode, self.dim_ordering))

    def get_initial_states(self, x):
        return [self._first_output(x) for _ in self.states]

    def get_constants(self, x, training=None):
        """Dropout masks of the last output, then of the input, for each gate; 1 where there is no dropout."""
        inner = self._masks(K.ones_like(self._first_output(x)), self.dropout_U) if self.dropout_U else [1.0] * 4
        outer = self._masks(K.ones_like(x[:, 0]), self.dropout_W) if self.dropout_W else [1.0] * 4
        return [inner, outer]

    @staticmethod
    def _masks(ones, share: float) -> list:
        return [K.in_train_phase(lambda: K.dropout(ones, share), ones) for _ in range(4)]

    def _loop(self, x):
        own = ("step", "preprocess_input", "get_constants")
        is_changed = any(getattr(type(self), name).__module__ not in _OWN or name in vars(self) for name in own)
        if is_changed or self.dropout_W:  # dropout hides other values from each gate, so it waits for the step
            return super()._loop(x)
        return self._advance, self._convolved(x)

    def step(self, x, states):
        if not self.dropout_W:
            return self._advance(self._convolved_input(x), states)
        product = functools.partial(
            K.conv2d, strides=self.subsample, border_mode=self.border_mode, dim_ordering=self.dim_ordering
        )
        parts = [
            product(x * mask, getattr(self, f"W_{gate}")) for gate, mask in zip(self.gates, states[3], strict=True)
        ]
        if self.use_bias:
            parts = [
                part + self._beside_images(getattr(self, f"b_{gate}"))
                for gate, part in zip(self.gates, parts, strict=True)
            ]
        return self._advance(K.concatenate(parts, axis=self._features_axis()), states)

    def _advance(self, x, states):
        """One time step, for an input that is convolved already: (output, new states)."""
        h_before, c_before, masks, *_ = states
        parts = [one + other for one, other in zip(self._split(x), self._carried(h_before, masks), strict=True)]
        h, c = lstm_step(parts, c_before, self.activation, self.inner_activation)
        return h, [h, c]

    def _carried(self, h_before, masks) -> list:
        """`h_before * U` of each gate."""
        convolve = functools.partial(K.conv2d, border_mode="same", dim_ordering=self.dim_ordering)
        if not self.dropout_U:
            return self._split(convolve(h_before, self._joined("U")))
        return [
            convolve(h_before * mask, getattr(self, f"U_{gate}")) for gate, mask in zip(self.gates, masks, strict=True)
        ]

    def _beside_images(self, bias):
        """A bias in the shape in which it is added to images."""
        return K.reshape(bias, (1, -1, 1, 1)) if self.dim_ordering == "th" else bias

    def get_config(self) -> dict:
        config = {name: getattr(self, name) for name in ("border_mode", "subsample", "dropout_W", "dropout_U")}
        named = (
            "init",
            "inner_init",
            "forget_bias_init",
            "activation",
            "inner_activation",
            "W_regularizer",
            "U_regularizer",
            "b_regularizer",
        )
        return {**super().get_config(), **config, **{name: config_of(getattr(self, name)) for name in named}}


carry(__name__)
