"""SimpleRNN, GRU and LSTM."""

from __future__ import annotations

import numpy as np

from .. import activations, initializations, regularizers
from .. import backend as K
from ..carried import carry
from ..utils.custom_objects import config_of
from .arguments import found
from .gates import gru_step, lstm_step
from .recurrence import Recurrent

__all__ = ["Recurrent", "SimpleRNN", "GRU", "LSTM", "time_distributed_dense"]


def time_distributed_dense(x, w, b=None, dropout=None, input_dim=None, output_dim=None, timesteps=None):
    """`x . w + b` at every time step; dropout drops the same features at all steps of a sample.

    Shape: `(batch, time, input_dim)` -> `(batch, time, output_dim)`.
    """
    if dropout:
        x = K.in_train_phase(lambda: K.dropout(x, dropout, noise_shape=(None, 1, None)), x)
    product = K.dot(x, w)
    return product if b is None else product + b


class _Dense(Recurrent):
    """What the three have in common: the input times `W`, the last output times `U`, and what the gates make of them.

    A subclass writes `_advance`; `step` and `preprocess_input` follow Keras 1.2: with consume_less='cpu' the input is
    multiplied by `W` for all time steps at once, else in each step. Steps that nobody has changed are given all of it
    at once in any case.
    """

    # ---- weights

    @property
    def _is_joined(self) -> bool:
        """Whether all gates share one W, U and b."""
        return len(self.gates) == 1 or self.consume_less == "gpu"

    def _kernels(self, kind: str) -> list:
        """W, U or b: of all gates, or of each in the order of `gates`."""
        return [getattr(self, kind)] if self._is_joined else [getattr(self, f"{kind}_{gate}") for gate in self.gates]

    # ---- computing

    def preprocess_input(self, x, training=None):
        return self._projected(x) if self.consume_less == "cpu" else x

    def get_constants(self, x, training=None):
        """Dropout masks of the last output, then of the input, for each gate; 1 where there is no dropout."""
        zero = K.zeros_like(x[:, 0, :1])
        return [self._masks(zero, self.output_dim, self.dropout_U), self._masks(zero, self.input_dim, self.dropout_W)]

    def _masks(self, zero, features: int, share: float):
        if not share:
            return [1.0] * len(self.gates)
        ones = K.tile(zero + 1.0, (1, features))
        return [K.in_train_phase(lambda: K.dropout(ones, share), ones) for _ in self.gates]

    def step(self, x, states):
        masks = states[self._state_count() + 1]
        return self._advance(x if self.consume_less == "cpu" else self._projected_step(x, masks), states)

    def _advance(self, x, states):
        """One time step, for an input that is multiplied by `W`: (output, new states)."""
        raise NotImplementedError

    def _loop(self, x):
        own = ("step", "preprocess_input", "get_constants")
        if all(getattr(type(self), name).__module__ == __name__ and name not in vars(self) for name in own):
            return self._advance, self._projected(x)
        return super()._loop(x)

    def _projected(self, x):
        """`x . W + b` of all gates and time steps: one product, unless dropout hides other features from each gate."""
        kernels, biases = self._kernels("W"), self._kernels("b")
        if not self.dropout_W or self._is_joined:
            bias = _joined(biases) if self.use_bias else None
            if self.dropout_W:
                return time_distributed_dense(x, _joined(kernels), bias, self.dropout_W)
            # time goes first while the features are few; K.rnn finds it there
            return _axes_swapped(time_distributed_dense(_axes_swapped(x), _joined(kernels), bias))
        return _joined([time_distributed_dense(x, W, b, self.dropout_W) for W, b in zip(kernels, biases, strict=True)])

    def _projected_step(self, x, masks):
        """The same for one time step."""
        product = _product(x, self._kernels("W"), masks if self.dropout_W else None)
        return product + _joined(self._kernels("b")) if self.use_bias else product

    def _inner(self, h, masks, kernels=None):
        """`h . U` of all gates."""
        return _product(h, kernels or self._kernels("U"), masks if self.dropout_U else None)


def _axes_swapped(x):
    """Batch and time changed about.

    Shape: `(batch, time, features)` -> `(time, batch, features)`, or the reverse.
    """
    return K.permute_dimensions(x, (1, 0, 2))


def _joined(parts):
    return parts[0] if len(parts) == 1 else K.concatenate(parts, axis=-1)


def _product(x, kernels, masks):
    """`x` times all kernels: one product, unless dropout hides other values from each."""
    if masks is None:
        return K.dot(x, _joined(kernels))
    return _joined([K.dot(x * mask, kernel) for mask, kernel in zip(masks, kernels, strict=False)])


class SimpleRNN(_Dense):
    """`h = activation(x . W + h_before . U + b)` at every time step.

    Shape: `(batch, time, features)` -> `(batch, output_dim)`, or `(batch, time, output_dim)` with `return_sequences`.

    Args:
        output_dim: number of output features.
        init: initialization of `W`.
        inner_init: initialization of `U`.
        activation: name or function.
        W_regularizer: penalty on `W`.
        U_regularizer: penalty on `U`.
        b_regularizer: penalty on `b`.
        dropout_W: fraction of the input features dropped, the same at all time steps, 0 to 1.
        dropout_U: fraction of the previous output dropped, likewise.
    """

    def __init__(
        self,
        output_dim,
        init="glorot_uniform",
        inner_init="orthogonal",
        activation="tanh",
        W_regularizer=None,
        U_regularizer=None,
        b_regularizer=None,
        dropout_W=0.0,
        dropout_U=0.0,
        **kwargs,
    ):
        self._set_options(
            output_dim, init, inner_init, activation, W_regularizer, U_regularizer, b_regularizer, dropout_W, dropout_U
        )
        super().__init__(**kwargs)

    def _add_gate_weights(self):
        self._add("W", (self.input_dim, self.output_dim), self.init, self.W_regularizer)
        self._add("U", (self.output_dim, self.output_dim), self.inner_init, self.U_regularizer)
        self._add("b", (self.output_dim,), self.b_init, self.b_regularizer)

    def get_constants(self, x, training=None):
        return [masks[0] for masks in super().get_constants(x)]

    def _projected_step(self, x, masks):
        return super()._projected_step(x, [masks])

    def _advance(self, x, states):
        h_before, mask, *_ = states
        h = self.activation(x + self._inner(h_before, [mask]))
        return h, [h]


class _Gated(_Dense):
    """What GRU and LSTM have in common: several gates, each with weights of its own.

    Args:
        inner_activation: name or function for the gates.
    """

    weight_order: tuple[str, ...]  # the gates in the order in which their weights are listed
    gates: tuple[str, ...]  # the gates in the order of the columns of W, U and b in 'gpu' mode

    def _set_later_options(self, kwargs: dict) -> None:
        super()._set_later_options(kwargs)
        given = {name: kwargs.pop(name, None) for name in _INNER_OPTIONS}
        self._inner_options = {name: value for name, value in given.items() if value is not None}
        for name, value in self._inner_options.items():
            own_name, get = _INNER_OPTIONS[name]
            setattr(self, own_name, found(get, name, value))

    def _later_config(self) -> dict:
        chosen = {name: config_of(getattr(self, _INNER_OPTIONS[name][0])) for name in self._inner_options}
        return super()._later_config() | chosen

    def _bias_init(self, gate: str):
        return self.b_init

    def _add_gate_weights(self):
        if self._is_joined:
            columns = len(self.gates) * self.output_dim
            self._add("W", (self.input_dim, columns), self.init, self.W_regularizer)
            self._add("U", (self.output_dim, columns), self.inner_init, self.U_regularizer)
            self._add("b", self._bias_shape(columns), self._joint_bias, self.b_regularizer)
            return
        # as in Keras 1.2, U follows W's init and regularizer here, unless the later spelling says otherwise
        U_init = self.inner_init if "recurrent_initializer" in self._inner_options else self.init
        is_penalized = "recurrent_regularizer" in self._inner_options
        U_regularizer = self.U_regularizer if is_penalized else self.W_regularizer
        for gate in self.weight_order:
            self._add("W", (self.input_dim, self.output_dim), self.init, self.W_regularizer, gate)
            self._add("U", (self.output_dim, self.output_dim), U_init, U_regularizer, gate)
            self._add("b", (self.output_dim,), self._bias_init(gate), self.b_regularizer, gate)
        self.W, self.U = _joined(self._kernels("W")), _joined(self._kernels("U"))
        self.b = _joined(self._kernels("b")) if self.use_bias else None

    def _bias_shape(self, columns: int) -> tuple:
        return (columns,)

    def _joint_bias(self, shape, name=None):
        size = (*shape[:-1], self.output_dim)
        parts = [initializations.make_variable(self._bias_init(gate), size) for gate in self.gates]
        return K.variable(np.concatenate([K.get_value(part) for part in parts], axis=-1), name=name)

    def get_config(self) -> dict:
        return {**super().get_config(), "inner_activation": config_of(self.inner_activation)}


# arguments of later programs that count in every mode -> the attribute, and what makes it of the value
_INNER_OPTIONS = {
    "recurrent_initializer": ("inner_init", initializations.get),
    "recurrent_regularizer": ("U_regularizer", regularizers.get),
}


class GRU(_Gated):
    """Gated recurrent unit: gates `z` (what to keep) and `r` (what to use) decide how the state changes.

    `z, r = inner_activation(x . W + h_before . U + b)` for each, `hh = activation(x . W_h + (r * h_before) . U_h +
    b_h)`, `h = z * h_before + (1 - z) * hh`. Weights are W, U, b of z, r, h in turn.

    Only later programs know, as keywords: `reset_after` (`hh = activation(x . W_h + b_h + r * (h_before . U_h + c_h))`,
    with 3 weights as for consume_less='gpu', `b` and `c` in one of `(2, 3 * output_dim)`), `recurrent_initializer` and
    `recurrent_regularizer`, which count for every consume_less.

    Shape: `(batch, time, features)` -> `(batch, output_dim)`, or `(batch, time, output_dim)` with `return_sequences`.
    Source: Cho et al. 2014, arXiv:1406.1078, equations 5 to 8.

    Args:
        output_dim: number of output features.
        init: initialization of `W` (and, but for consume_less='gpu', of `U`).
        inner_init: initialization of `U` with consume_less='gpu'.
        activation: name or function.
        W_regularizer: penalty on `W` (and, but for consume_less='gpu', on `U`).
        U_regularizer: penalty on `U` with consume_less='gpu'.
        b_regularizer: penalty on `b`.
        dropout_W: fraction of the input features dropped, the same at all time steps, 0 to 1.
        dropout_U: fraction of the previous output dropped, likewise.
    """

    weight_order = gates = ("z", "r", "h")

    def __init__(
        self,
        output_dim,
        init="glorot_uniform",
        inner_init="orthogonal",
        activation="tanh",
        inner_activation="hard_sigmoid",
        W_regularizer=None,
        U_regularizer=None,
        b_regularizer=None,
        dropout_W=0.0,
        dropout_U=0.0,
        **kwargs,
    ):
        self._set_options(
            output_dim, init, inner_init, activation, W_regularizer, U_regularizer, b_regularizer, dropout_W, dropout_U
        )
        self.inner_activation = found(activations.get, "inner_activation", inner_activation)
        super().__init__(**kwargs)

    def _set_later_options(self, kwargs: dict) -> None:
        super()._set_later_options(kwargs)
        self.reset_after = bool(kwargs.pop("reset_after", False))

    def _later_config(self) -> dict:
        return super()._later_config() | ({"reset_after": True} if self.reset_after else {})

    @property
    def _is_joined(self):
        return super()._is_joined or self.reset_after

    def _bias_shape(self, columns):
        return (2, columns) if self.reset_after else (columns,)

    def _kernels(self, kind):
        has_two = kind == "b" and self.reset_after and self.b is not None
        return [self.b[0]] if has_two else super()._kernels(kind)

    def _advance(self, x, states):
        h_before, masks, *_ = states

        def product(state, gates):
            return self._inner_of(state, masks, gates)

        h = gru_step(x, h_before, product, self.activation, self.inner_activation, self.reset_after)
        return h, [h]

    def _inner_of(self, state, masks, gates: str):
        """`state . U` for 'zr', 'h' or 'zrh'."""
        size, kernels = self.output_dim, self._kernels("U")
        if gates == "zrh":
            inner = self._inner(state, masks)
            return inner + self.b[1] if self.use_bias else inner
        if self._is_joined:
            columns = kernels[0][:, : 2 * size] if gates == "zr" else kernels[0][:, 2 * size :]
            return self._inner(state, masks, [columns])
        parts = slice(0, 2) if gates == "zr" else slice(2, 3)
        return self._inner(state, masks[parts], kernels[parts])


class LSTM(_Gated):
    """Long short-term memory: a cell `c` that gates write (`i`), keep (`f`) and read (`o`).

    `i, f, o = inner_activation(x . W + h_before . U + b)` for each, `c = f * c_before + i * activation(x . W_c +
    h_before . U_c + b_c)`,
    `h = o * activation(c)`. Weights are W, U, b of i, c, f, o in turn (12 arrays); for consume_less='gpu' they are 3
    arrays with columns i, f, c, o.

    Only later programs know, as keywords: `recurrent_initializer` and `recurrent_regularizer`, which count for every
    consume_less.

    Shape: `(batch, time, features)` -> `(batch, output_dim)`, or `(batch, time, output_dim)` with `return_sequences`.
    Source: Hochreiter and Schmidhuber 1997; Gers et al. 2000 (the forget gate).

    Args:
        output_dim: number of output features.
        init: initialization of `W` (and, but for consume_less='gpu', of `U`).
        inner_init: initialization of `U` with consume_less='gpu'.
        forget_bias_init: initialization of the forget gate's bias; ones make it remember at first.
        activation: name or function.
        W_regularizer: penalty on `W` (and, but for consume_less='gpu', on `U`).
        U_regularizer: penalty on `U` with consume_less='gpu'.
        b_regularizer: penalty on `b`.
        dropout_W: fraction of the input features dropped, the same at all time steps, 0 to 1.
        dropout_U: fraction of the previous output dropped, likewise.
    """

    weight_order = ("i", "c", "f", "o")
    gates = ("i", "f", "c", "o")
    _state_names = ("h", "c")

    def __init__(
        self,
        output_dim,
        init="glorot_uniform",
        inner_init="orthogonal",
        forget_bias_init="one",
        activation="tanh",
        inner_activation="hard_sigmoid",
        W_regularizer=None,
        U_regularizer=None,
        b_regularizer=None,
        dropout_W=0.0,
        dropout_U=0.0,
        **kwargs,
    ):
        self._set_options(
            output_dim, init, inner_init, activation, W_regularizer, U_regularizer, b_regularizer, dropout_W, dropout_U
        )
        self.forget_bias_init = found(initializations.get, "forget_bias_init", forget_bias_init)
        self.inner_activation = found(activations.get, "inner_activation", inner_activation)
        super().__init__(**kwargs)

    def _bias_init(self, gate):
        return self.forget_bias_init if gate == "f" else self.b_init

    def _advance(self, x, states):
        h_before, c_before, masks, *_ = states
        z = x + self._inner(h_before, masks)
        h, c = lstm_step(K.split(z, 4), c_before, self.activation, self.inner_activation)
        return h, [h, c]

    def get_config(self) -> dict:
        return {**super().get_config(), "forget_bias_init": config_of(self.forget_bias_init)}


carry(__name__)
