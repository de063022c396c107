"""Recurrent layers: a step repeated along time, with a state carried on."""

from __future__ import annotations

import numpy as np

from .. import activations, constraints, initializations, regularizers
from .. import backend as K
from ..carried import carry
from ..engine.layer import InputSpec, Layer
from ..engine.node import to_list
from ..errors import ShapeError, StatefulError, WeightsError
from ..utils.custom_objects import config_of
from .arguments import found, fraction, one_of, whole

__all__ = ["Recurrent", "SimpleRNN", "GRU", "LSTM", "time_distributed_dense"]


def time_distributed_dense(x, w, b=None, dropout=None, input_dim=None, output_dim=None, timesteps=None):
    """`x . w + b` at every time step; dropout drops the same features at all steps of a sample.

    Shape: `(batch, time, input_dim)` -> `(batch, time, output_dim)`.
    """
    if dropout:
        x = K.in_train_phase(lambda: K.dropout(x, dropout, noise_shape=(None, 1, None)), x)
    product = K.dot(x, w)
    return product if b is None else product + b


class Recurrent(Layer):
    """What recurrent layers have in common; a subclass writes `build`, `step` and `get_constants`.

    Shape: `(batch, time, features)` -> `(batch, output_dim)`, or `(batch, time, output_dim)` with `return_sequences`.

    Args:
        weights: initial weights as a list of arrays.
        return_sequences: whether to give the output of every time step instead of the last.
        go_backwards: take time from its end; the outputs come in that order.
        stateful: begin each batch with the states at which the last one ended; needs a fixed batch size.
        unroll: write the steps out one by one instead of a loop, faster for short sequences; needs a known time axis.
        consume_less: 'cpu' and 'mem' keep weights for each gate, 'gpu' all gates in one matrix.
        input_dim: number of input features, for the first layer of a Sequential.
        input_length: number of time steps, likewise.

    Only later programs know, as keywords: `use_bias`, `bias_initializer`, `kernel_constraint`, `recurrent_constraint`,
    `bias_constraint`, `activity_regularizer`, `return_state` (give the last states as further outputs), and calling the
    layer with `initial_state=[...]`.
    """

    supports_masking = True
    gates: tuple[str, ...] = ("",)

    def __init__(
        self,
        weights=None,
        return_sequences=False,
        go_backwards=False,
        stateful=False,
        unroll=False,
        consume_less="cpu",
        input_dim=None,
        input_length=None,
        **kwargs,
    ):
        self.return_sequences = return_sequences
        self.initial_weights = weights
        self.go_backwards = go_backwards
        self.stateful = stateful
        self.unroll = unroll
        self.consume_less = one_of("consume_less", consume_less, ("cpu", "mem", "gpu"))
        self._set_later_options(kwargs)
        self.input_dim = input_dim
        self.input_length = input_length
        if input_dim:
            kwargs["input_shape"] = (input_length, whole("input_dim", input_dim))
        super().__init__(**kwargs)
        self.input_spec = [InputSpec(ndim=3)]

    def _set_later_options(self, kwargs: dict) -> None:
        """Take the arguments that Keras 1.2 did not know out of `kwargs`."""
        self.use_bias = bool(kwargs.pop("use_bias", True))
        self.return_state = bool(kwargs.pop("return_state", False))
        self.b_init = found(initializations.get, "bias_initializer", kwargs.pop("bias_initializer", None) or "zero")
        self._constraints = {
            kind: found(constraints.get, name, kwargs.pop(name, None)) for kind, name in _CONSTRAINTS.items()
        }
        regularizer = kwargs.pop("activity_regularizer", None)
        self.activity_regularizer = found(regularizers.get, "activity_regularizer", regularizer)

    def _later_config(self) -> dict:
        """Those arguments, where they are not as in Keras 1.2."""
        config = {name: config_of(self._constraints[kind]) for kind, name in _CONSTRAINTS.items()}
        config["activity_regularizer"] = config_of(self.activity_regularizer)
        config["bias_initializer"] = None if self.b_init is initializations.zero else config_of(self.b_init)
        config |= {"use_bias": None if self.use_bias else False, "return_state": True if self.return_state else None}
        return {name: value for name, value in config.items() if value is not None}

    def _set_options(
        self,
        output_dim,
        init,
        inner_init,
        activation,
        W_regularizer,
        U_regularizer,
        b_regularizer,
        dropout_W,
        dropout_U,
    ) -> None:
        """Keep the arguments that every kind of recurrent layer has."""
        self.output_dim = whole("output_dim", output_dim)
        self.init = found(initializations.get, "init", init)
        self.inner_init = found(initializations.get, "inner_init", inner_init)
        self.activation = found(activations.get, "activation", activation)
        self.W_regularizer = found(regularizers.get, "W_regularizer", W_regularizer)
        self.U_regularizer = found(regularizers.get, "U_regularizer", U_regularizer)
        self.b_regularizer = found(regularizers.get, "b_regularizer", b_regularizer)
        self.dropout_W = fraction("dropout_W", dropout_W)
        self.dropout_U = fraction("dropout_U", dropout_U)
        self.uses_learning_phase = bool(self.dropout_W or self.dropout_U)

    # ---- shapes and masks

    def get_output_shape_for(self, input_shape):
        batch, time, *_ = input_shape[0] if isinstance(input_shape, list) else input_shape
        last = (batch, self.output_dim)
        output = (batch, time, self.output_dim) if self.return_sequences else last
        return [output, *[last] * len(self._state_names)] if self.return_state else output

    def compute_mask(self, input, mask):
        kept = to_list(mask)[0] if self.return_sequences else None
        return [kept, *[None] * len(self._state_names)] if self.return_state else kept

    # ---- weights

    def build(self, input_shape):
        if input_shape[2] is None:
            raise ShapeError(
                f"needs to know the features of its input, got {tuple(input_shape)}.",
                "Give the sizes in Input(shape=...).",
            )
        if self.unroll and input_shape[1] is None:
            raise ShapeError(
                f"needs to know the time axis to unroll it, got {tuple(input_shape)}.",
                "Give input_shape=(time, features), or set unroll=False.",
                arguments=("unroll",),
            )
        self.input_dim = input_shape[2]
        self.input_spec = [InputSpec(shape=tuple(input_shape))]
        self.states = [None] * len(self._state_names)
        if self.stateful:
            self.reset_states()
        self._add_gate_weights()
        self.input_spec = [InputSpec(shape=(input_shape[0] if self.stateful else None, None, self.input_dim))]
        self._batch_shape = tuple(input_shape)
        super().build(input_shape)

    _state_names: tuple[str, ...] = ("h",)

    def _add_gate_weights(self) -> None:
        """Weights in Keras 1.2's order: all gates in one W, U, b for 'gpu', else W, U, b of each gate."""

    def _add(self, kind: str, shape, init, regularizer, gate: str = ""):
        name = f"{self.name}_{kind}{'_' + gate if gate else ''}"
        weight = None
        if kind != "b" or self.use_bias:
            weight = self.add_weight(
                shape, initializer=init, name=name, regularizer=regularizer, constraint=self._constraints[kind]
            )
        setattr(self, f"{kind}_{gate}" if gate else kind, weight)
        return weight

    # ---- states

    def reset_states(self, states=None) -> None:
        """Set the states to zero, or (a later argument) to these arrays.

        Raises:
            StatefulError: the layer is not stateful, or its batch size is not fixed.
            WeightsError: arrays of other shapes than the states.
        """
        if not self.stateful:
            raise StatefulError("is not stateful, so it has no states to reset.", "Make it with stateful=True.").named(
                type(self).__name__, self.name
            )
        shape = self._batch_shape if hasattr(self, "_batch_shape") else self.input_spec[0].shape
        if not shape or not shape[0]:
            raise StatefulError(
                f"is stateful, so it needs a fixed batch size; its input is {shape}.",
                f"Give one: batch_input_shape={(32, *shape[1:]) if shape else (32, 10, 8)}.",
                arguments=("stateful",),
            ).named(type(self).__name__, self.name)
        if self.states[0] is not None:
            values = [np.zeros(state.shape) for state in self.states] if states is None else to_list(states)
            wanted, got = [tuple(state.shape) for state in self.states], [np.shape(value) for value in values]
            if got != wanted:
                raise WeightsError(f"has states of {wanted}, got arrays of {got}.", "Give one array for each.").named(
                    type(self).__name__, self.name
                )
            K.batch_set_value(zip(self.states, values, strict=True))
        else:
            self.states = [
                K.zeros((shape[0], self.output_dim), name=f"{self.name}_state_{name}") for name in self._state_names
            ]

    def get_initial_states(self, x):
        """Zeros for each state.

        Shape: `x` `(batch, time, features)` -> `(batch, output_dim)` each.
        """
        zero = K.zeros_like(x[:, 0, :1])
        return [K.tile(zero, (1, self.output_dim)) for _ in self.states]

    # ---- calling

    def __call__(self, x, mask=None, initial_state=None, training=None):
        """The output; `initial_state` holds a tensor of `(batch, output_dim)` for each state to begin with."""
        if initial_state is not None:
            x = [*to_list(x), *(initial_state if isinstance(initial_state, list | tuple) else [initial_state])]
        return super().__call__(x, mask, training)

    def ensure_built(self, inputs: list) -> None:
        self.assert_input_compatibility(inputs)
        super().ensure_built(inputs[:1])

    def assert_input_compatibility(self, input) -> None:
        x, *states = to_list(input)
        super().assert_input_compatibility(x)
        if states and len(states) != len(self._state_names):
            raise ShapeError(
                f"begins with {len(self._state_names)} states ({', '.join(self._state_names)}), got {len(states)}.",
                "Give as many in initial_state=[...], such as those of a layer with return_state=True.",
            ).named(type(self).__name__, self.name)
        for name, state in zip(self._state_names, states, strict=False):
            if len(K.int_shape(state)) != 2 or K.int_shape(state)[1] not in (None, self.output_dim):
                raise ShapeError(
                    f"needs the state {name} as (batch, {self.output_dim}), got {K.int_shape(state)}."
                ).named(type(self).__name__, self.name)

    # ---- computing

    def preprocess_input(self, x):
        """What can be computed for all time steps at once."""
        return x

    def get_constants(self, x):
        """What every step is given besides its input and states."""
        return []

    def step(self, x, states):
        """One time step: (output, new states); `states` are followed by the constants."""
        raise NotImplementedError(f"{type(self).__name__} needs a method step(x, states)")

    def call(self, x, mask=None):
        x, *given = to_list(x)
        mask = to_list(mask)[0]
        initial = given or (self.states if self.stateful else self.get_initial_states(x))
        last_output, outputs, states = K.rnn(
            self.step,
            self.preprocess_input(x),
            initial,
            go_backwards=self.go_backwards,
            mask=mask,
            constants=self.get_constants(x),
            unroll=self.unroll,
            input_length=K.int_shape(x)[1],
        )
        if self.stateful:
            self.add_update(list(zip(self.states, states, strict=True)), x)
        output = outputs if self.return_sequences else last_output
        return [output, *states] if self.return_state else output

    def _projected(self, x, kernels, biases):
        """`x . W + b` of all gates and time steps: one product, unless dropout hides other features from each gate."""
        if not self.dropout_W or len(kernels) == 1:
            bias = _joined(biases) if self.use_bias else None
            if self.dropout_W:
                return time_distributed_dense(x, _joined(kernels), bias, self.dropout_W)
            # time goes first while the features are few; K.rnn finds it there
            return _axes_swapped(time_distributed_dense(_axes_swapped(x), _joined(kernels), bias))
        return _joined([time_distributed_dense(x, W, b, self.dropout_W) for W, b in zip(kernels, biases, strict=True)])

    def _inner_masks(self, x, count: int) -> list | None:
        """Dropout masks of the previous output, one for each gate, the same at all time steps; None without dropout."""
        if not self.dropout_U:
            return None
        ones = K.tile(K.ones_like(x[:, 0, :1]), (1, self.output_dim))
        return [K.in_train_phase(lambda: K.dropout(ones, self.dropout_U), ones) for _ in range(count)]

    def get_config(self) -> dict:
        config = {
            name: getattr(self, name)
            for name in (
                "return_sequences",
                "go_backwards",
                "stateful",
                "unroll",
                "consume_less",
                "input_dim",
                "input_length",
            )
        }
        if hasattr(self, "output_dim") and hasattr(self, "dropout_U"):  # a user's own kind may lack them
            config |= {name: getattr(self, name) for name in ("output_dim", "dropout_W", "dropout_U")}
            config |= {
                name: config_of(getattr(self, name))
                for name in ("init", "inner_init", "activation", "W_regularizer", "U_regularizer", "b_regularizer")
            }
        return {**super().get_config(), **config, **self._later_config()}


# kind of weight -> the later argument for its constraint
_CONSTRAINTS = {"W": "kernel_constraint", "U": "recurrent_constraint", "b": "bias_constraint"}


def _axes_swapped(x):
    """Batch and time changed about.

    Shape: `(batch, time, features)` -> `(time, batch, features)`, or the reverse.
    """
    return K.permute_dimensions(x, (1, 0, 2))


def _joined(parts):
    return parts[0] if len(parts) == 1 else K.concatenate(parts, axis=-1)


def _inner_product(h, kernels, masks):
    """`h . U` of all gates: one product, unless dropout hides other values from each gate."""
    if masks is None:
        return K.dot(h, _joined(kernels))
    if len(masks) == 1:
        return K.dot(h * masks[0], _joined(kernels))
    return _joined([K.dot(h * mask, U) for mask, U in zip(masks, kernels, strict=True)])


class SimpleRNN(Recurrent):
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

    def preprocess_input(self, x):
        return self._projected(x, [self.W], [self.b])

    def get_constants(self, x):
        return [self._inner_masks(x, 1)]

    def step(self, x, states):
        h_before, masks = states
        h = self.activation(x + _inner_product(h_before, [self.U], masks))
        return h, [h]


class _Gated(Recurrent):
    """What GRU and LSTM have in common: several gates, each with weights of its own.

    Args:
        inner_activation: name or function for the gates.
    """

    weight_order: tuple[str, ...]  # the gates in the order in which their weights are listed
    gates: tuple[str, ...]  # the gates in the order of the columns of W, U and b in 'gpu' mode

    def _bias_init(self, gate: str):
        return self.b_init

    def _add_gate_weights(self):
        if self.consume_less == "gpu":
            columns = len(self.gates) * self.output_dim
            self._add("W", (self.input_dim, columns), self.init, self.W_regularizer)
            self._add("U", (self.output_dim, columns), self.inner_init, self.U_regularizer)
            self._add("b", (columns,), self._joint_bias, self.b_regularizer)
            return
        for gate in self.weight_order:
            # as in Keras 1.2, U follows W's init and regularizer here; inner_init and U_regularizer count for 'gpu'
            self._add("W", (self.input_dim, self.output_dim), self.init, self.W_regularizer, gate)
            self._add("U", (self.output_dim, self.output_dim), self.init, self.W_regularizer, gate)
            self._add("b", (self.output_dim,), self._bias_init(gate), self.b_regularizer, gate)

    def _joint_bias(self, shape, name=None):
        parts = [initializations.make_variable(self._bias_init(gate), (self.output_dim,)) for gate in self.gates]
        return K.variable(np.concatenate([K.get_value(part) for part in parts]), name=name)

    def _kernels(self, kind: str) -> list:
        """W, U or b of each gate, in the order of `gates`; one for all gates in 'gpu' mode."""
        if self.consume_less == "gpu":
            return [getattr(self, kind)]
        return [getattr(self, f"{kind}_{gate}") for gate in self.gates]

    def preprocess_input(self, x):
        return self._projected(x, self._kernels("W"), self._kernels("b"))

    def get_constants(self, x):
        return [self._inner_masks(x, len(self._kernels("U")))]

    def get_config(self) -> dict:
        return {**super().get_config(), "inner_activation": config_of(self.inner_activation)}


class GRU(_Gated):
    """Gated recurrent unit: gates `z` (what to keep) and `r` (what to use) decide how the state changes.

    `z, r = inner_activation(x . W + h_before . U + b)` for each, `hh = activation(x . W_h + (r * h_before) . U_h +
    b_h)`, `h = z * h_before + (1 - z) * hh`. Weights are W, U, b of z, r, h in turn.

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

    def step(self, x, states):
        h_before, masks = states
        size, kernels = self.output_dim, self._kernels("U")
        if len(kernels) == 1:
            gate_kernels, last_kernel = [kernels[0][:, : 2 * size]], kernels[0][:, 2 * size :]
        else:
            gate_kernels, last_kernel = kernels[:2], kernels[2]
        gate_masks, last_mask = (None, None) if masks is None else (masks[: len(gate_kernels)], masks[-1])
        zr = self.inner_activation(x[:, : 2 * size] + _inner_product(h_before, gate_kernels, gate_masks))
        z, r = K.split(zr, 2)
        reset = r * h_before if last_mask is None else r * h_before * last_mask
        hh = self.activation(x[:, 2 * size :] + K.dot(reset, last_kernel))
        h = z * h_before + (1.0 - z) * hh
        return h, [h]


class LSTM(_Gated):
    """Long short-term memory: a cell `c` that gates write (`i`), keep (`f`) and read (`o`).

    `i, f, o = inner_activation(x . W + h_before . U + b)` for each, `c = f * c_before + i * activation(x . W_c +
    h_before . U_c + b_c)`,
    `h = o * activation(c)`. Weights are W, U, b of i, c, f, o in turn (12 arrays); for consume_less='gpu' they are 3
    arrays with columns i, f, c, o.

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

    def step(self, x, states):
        h_before, c_before, masks = states
        z = x + _inner_product(h_before, self._kernels("U"), masks)
        i, f, g, o = K.split(z, 4)
        c = self.inner_activation(f) * c_before + self.inner_activation(i) * self.activation(g)
        h = self.inner_activation(o) * self.activation(c)
        return h, [h, c]

    def get_config(self) -> dict:
        return {**super().get_config(), "forget_bias_init": config_of(self.forget_bias_init)}


carry(__name__)
