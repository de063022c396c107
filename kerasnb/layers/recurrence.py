"""`Recurrent`: a step repeated along time, with states carried on."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from .. import activations, constraints, initializations, regularizers
from .. import backend as K
from ..backend.graph.tensor import Tensor
from ..engine.layer import InputSpec, Layer
from ..engine.node import to_list
from ..errors import ArgumentError, ShapeError, StatefulError, WeightsError
from ..utils.custom_objects import config_of
from .arguments import found, fraction, one_of, whole

__all__ = ["Recurrent", "beside_input"]


class Recurrent(Layer):
    """What recurrent layers have in common; a subclass writes `build`, `step` and `get_constants`.

    Shape: `(batch, time, features)` -> `(batch, output_dim)`, or `(batch, time, output_dim)` with `return_sequences`.

    A layer of one's own, or a wrapper that runs a layer's step inside its own, relies on this: `preprocess_input(x)` is
    done once for all time steps, `get_constants(x)` gives what each step is given after the states, and
    `step(x, [*states, *constants])` gives the output and the new states.

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
    folder_in_files = "cell/"
    gates: tuple[str, ...] = ("",)
    dropout = recurrent_dropout = 0.0  # what Keras 2's has where a subclass sets none

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
        self._keep("use_bias", bool(kwargs.pop("use_bias", True)))
        self._keep("return_state", bool(kwargs.pop("return_state", False)))
        self.b_init = found(initializations.get, "bias_initializer", kwargs.pop("bias_initializer", None) or "zero")
        self._constraints = {
            kind: found(constraints.get, name, kwargs.pop(name, None)) for kind, name in _CONSTRAINTS.items()
        }
        regularizer = kwargs.pop("activity_regularizer", None)
        self._keep("activity_regularizer", found(regularizers.get, "activity_regularizer", regularizer))

    def _keep(self, name: str, value: Any) -> None:
        """Set an attribute that Keras 1.2's class has not, unless a subclass works it out as a property of its own."""
        own = getattr(type(self), name, None)
        if not isinstance(own, property) or own.fset:
            setattr(self, name, value)

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
        shape = input_shape[0] if isinstance(input_shape, list) else input_shape
        batch, *step = self._step_shape(shape)
        output = (batch, shape[1], *step) if self.return_sequences else (batch, *step)
        return [output, *self._state_shapes(shape)] if self.return_state else output

    def _step_shape(self, input_shape) -> tuple:
        """The shape of the output of one time step."""
        return (input_shape[0], self.output_dim)

    def _state_shapes(self, input_shape) -> list[tuple]:
        """The shape of each state."""
        return [self._step_shape(input_shape)] * len(self._state_names)

    def compute_mask(self, input, mask):
        kept = to_list(mask)[0] if self.return_sequences else None
        return [kept, *[None] * len(self.states)] if self.return_state else kept

    # ---- weights

    def build(self, input_shape):
        self._check_shape(input_shape)
        self.input_dim = input_shape[2]
        self._begin(input_shape)
        self._add_gate_weights()
        super().build(input_shape)

    def _check_shape(self, input_shape) -> None:
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

    def _begin(self, input_shape) -> None:
        """Fix what the input looks like from now on, and make the states that outlast a batch."""
        self._batch_shape = tuple(input_shape)
        self.input_spec = [InputSpec(shape=(input_shape[0] if self.stateful else None, None, *input_shape[2:]))]
        if self.stateful:
            self.reset_states()

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

    @property
    def states(self) -> list:
        """Variables that hold the states of a stateful layer, once it is built; else a None for each state."""
        if "states" not in self.__dict__:
            if self.stateful:
                raise AttributeError(f'{type(self).__name__} "{self.name}" has no states before it is built')
            return [None] * self._state_count()
        return self.__dict__["states"]

    @states.setter
    def states(self, states) -> None:
        self.__dict__["states"] = states

    def _state_count(self) -> int:
        return len(self.__dict__.get("states", self._state_names))

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
        is_new = not hasattr(self, "states")
        if is_new:
            self.states = self._zero_states()
        if states is not None or not is_new:
            self._set_states(states)

    def _zero_states(self) -> list:
        shape = self.__dict__.get("_batch_shape") or self.input_spec[0].shape
        if not shape or not shape[0]:
            raise StatefulError(
                f"is stateful, so it needs a fixed batch size; its input is {shape}.",
                f"Give one: batch_input_shape={(32, *shape[1:]) if shape else (32, 10, 8)}.",
                arguments=("stateful",),
            ).named(type(self).__name__, self.name)
        shapes = self._state_shapes(shape)
        if any(None in one for one in shapes):
            raise StatefulError(
                f"is stateful, so it needs every size of its input, got {shape}.",
                "Give them: batch_input_shape=(32, 10, 8, 8, 1).",
                arguments=("stateful",),
            ).named(type(self).__name__, self.name)
        return [
            K.zeros(one, name=f"{self.name}_state_{name}") for name, one in zip(self._state_names, shapes, strict=True)
        ]

    def _set_states(self, states) -> None:
        values = [np.zeros(state.shape) for state in self.states] if states is None else _listed(states)
        wanted, got = [tuple(state.shape) for state in self.states], [np.shape(value) for value in values]
        if got != wanted:
            raise WeightsError(f"has states of {wanted}, got arrays of {got}.", "Give one array for each.").named(
                type(self).__name__, self.name
            )
        K.batch_set_value(zip(self.states, values, strict=True))

    def get_initial_states(self, x):
        """Zeros for each state.

        Shape: `x` `(batch, time, features)` -> `(batch, output_dim)` each.
        """
        # made of the input, whose batch may be of any size
        zero = K.zeros_like(x[:, 0, :1])
        return [K.tile(zero, (1, self.output_dim)) for _ in self.states]

    def get_initial_state(self, inputs):
        """The later name of `get_initial_states`; a subclass may define either."""
        return self.get_initial_states(inputs)

    # ---- calling

    def __call__(self, x, mask=None, initial_state=None, training=None):
        """The output; `initial_state` holds what to begin with for each state: tensors, variables or arrays."""
        x, arguments = beside_input(self, x, {"initial_state": initial_state})
        return super().__call__(x, mask, training, **arguments)

    def ensure_built(self, inputs: list) -> None:
        self.assert_input_compatibility(inputs)
        # weights follow from the sequence alone, not from states or constants beside it
        super().ensure_built(inputs[:1])

    def assert_input_compatibility(self, input) -> None:
        super().assert_input_compatibility(to_list(input)[0])

    def _check_states(self, states: list, input_shape: tuple) -> None:
        """Refuse states to begin with that are too few, too many, or of another shape."""
        shapes = [shape[1:] for shape in self._state_shapes(input_shape)]
        if len(states) != len(shapes):
            raise ShapeError(
                f"begins with {len(shapes)} states ({', '.join(self._state_names)}), got {len(states)}.",
                "Give as many in initial_state=[...], such as those of a layer with return_state=True.",
            ).named(type(self).__name__, self.name)
        for name, state, shape in zip(self._state_names, states, shapes, strict=True):
            sizes = K.int_shape(state)[1:]
            fit = len(sizes) == len(shape) and all(
                None in pair or len(set(pair)) == 1 for pair in zip(sizes, shape, strict=True)
            )
            if not fit:
                wanted = ", ".join(map(str, ("batch", *shape)))
                raise ShapeError(f"needs the state {name} as ({wanted}), got {K.int_shape(state)}.").named(
                    type(self).__name__, self.name
                )

    # ---- computing

    def preprocess_input(self, x, training=None):
        """What can be computed for all time steps at once; the learning phase, not `training`, tells if it trains."""
        return x

    def get_constants(self, x, training=None):
        """What every step is given besides its input and states."""
        return []

    def step(self, x, states):
        """One time step: (output, new states); `states` are followed by the constants."""
        raise NotImplementedError(f"{type(self).__name__} needs a method step(x, states)")

    def _loop(self, x) -> tuple[Callable, Any]:
        """The step to repeat, and what it goes through."""
        return self.step, self.preprocess_input(x)

    def call(self, x, mask=None, initial_state=None):
        return self._run(x, mask, to_list(x)[1:] or initial_state)

    def _run(self, inputs, mask, initial, constants=None, loop=None):
        """The outputs along time, from these states on (None: the layer's own)."""
        x = to_list(inputs)[0]
        if initial:
            self._check_states(initial, K.int_shape(x))
        constants = self.get_constants(x) if constants is None else constants
        step, sequence = loop or self._loop(x)
        initial = initial or (self.states if self.stateful else self.get_initial_state(x))
        last_output, outputs, states = self._repeated(
            step, sequence, initial, mask=to_list(mask)[0], constants=constants, input_length=K.int_shape(x)[1]
        )
        if self.stateful:
            # an update of this call: it is written with each step that computes the output, and with no other
            self.add_update(list(zip(self.states, states, strict=True)), inputs)
        output = outputs if self.return_sequences else last_output
        return [output, *states] if self.return_state else output

    def _repeated(self, step: Callable, sequence, initial: list, **options) -> tuple:
        """The last output, all outputs, and the new states."""
        return K.rnn(step, sequence, initial, go_backwards=self.go_backwards, unroll=self.unroll, **options)

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


def _listed(states) -> list:
    return list(states) if isinstance(states, list | tuple) else [states]


def beside_input(layer: Layer, x, beside: dict) -> tuple[Any, dict]:
    """What a layer is called on, and with which arguments, where tensors are given beside its input.

    Outputs of layers are further inputs; variables, constants and arrays are arguments of the call.
    """
    inputs, arguments = to_list(x), {}
    for name, tensors in beside.items():
        if tensors is None:
            continue
        tensors = _listed(tensors)
        if _are_inputs(layer, tensors, inputs[0], name):
            inputs = [*inputs, *tensors]
        else:
            arguments[name] = [_tensor(one) for one in tensors]
    return inputs if len(inputs) > 1 else x, arguments


def _are_inputs(layer: Layer, tensors: list, x: Any, name: str) -> bool:
    are_made = {hasattr(one, "_keras_history") for one in tensors}
    if len(are_made) == 2 and hasattr(x, "_keras_history"):
        raise ArgumentError(
            f"{name} must be made of outputs of layers only, or of none.",
            "Turn a variable into one: Input(tensor=...).",
            arguments=(name,),
        ).named(type(layer).__name__, layer.name)
    return True in are_made or not hasattr(x, "_keras_history")


def _tensor(state):
    return state if isinstance(state, Tensor) or K.is_native(state) else K.constant(state)
