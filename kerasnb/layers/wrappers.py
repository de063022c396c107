"""Layers around a layer: TimeDistributed and Bidirectional."""

from __future__ import annotations

import copy

from .. import backend as K
from ..carried import carry
from ..engine.described import described
from ..engine.files.configs import layer_from_config
from ..engine.layer import InputSpec, Layer
from ..engine.node import call_layer, one_or_list, to_list
from ..errors import ArgumentError, ShapeError
from ..utils.damage import reads_config
from .arguments import one_of
from .recurrence import beside_input

__all__ = ["Wrapper", "TimeDistributed", "Bidirectional"]


def _check_layer(layer) -> Layer:
    if not isinstance(layer, Layer):
        raise ArgumentError(
            f"layer must be a layer, got {layer!r}.", "Write TimeDistributed(Dense(10)).", arguments=("layer",)
        )
    return layer


class Wrapper(Layer):
    """A layer around another one, whose weights, penalties and updates are its own.

    Args:
        layer: the layer inside.
    """

    def __init__(self, layer, **kwargs):
        self.layer = _check_layer(layer)
        super().__init__(**kwargs)
        # a layer of a program's own may not know before it is built
        self.uses_learning_phase = bool(getattr(layer, "uses_learning_phase", False))

    holds_layers = inner_come_first = True

    def build(self, input_shape=None):
        """To be called by a subclass's `build`; the shape need not be told."""
        super().build(input_shape)

    @property
    def inner_layers(self) -> list[Layer]:
        return list(dict.fromkeys([self.layer, *super().inner_layers]))

    def _call_inner(self, layer: Layer, x, mask, **arguments) -> list:
        """The outputs of an inner layer; the mask is that of the first of its inputs."""
        tensors = to_list(x)
        outputs, _ = call_layer(layer, tensors, [mask, *[None] * (len(tensors) - 1)], arguments)
        layer.penalize(outputs, tensors)
        return outputs

    def get_config(self) -> dict:
        return {
            **super().get_config(),
            "layer": described(self.layer, self.layer.get_config()),
        }

    @reads_config
    def from_config(cls, config, custom_objects=None):
        """A wrapper with its layer, as `get_config` described them.

        Args:
            custom_objects: name -> class, for a layer of your own.
        """
        config = dict(config)
        return cls(layer_from_config(config.pop("layer"), custom_objects), **config)


class TimeDistributed(Wrapper):
    """The same layer put on every time step.

    Shape: `(batch, time, ...)` -> `(batch, time, ...)`, each step as the inner layer makes it.

    Args:
        layer: the layer for one time step, such as `Dense(10)`.
    """

    supports_masking = True

    def __init__(self, layer, **kwargs):
        super().__init__(layer, **kwargs)
        self.input_spec = [InputSpec(ndim="3+")]

    def build(self, input_shape):
        self.input_spec = [InputSpec(shape=(None, None, *input_shape[2:]))]
        step = K.placeholder(shape=self._step_shape(input_shape), dtype=K.floatx())
        self.layer.ensure_built([step])
        super().build(input_shape)

    @staticmethod
    def _step_shape(input_shape) -> tuple:
        """The shape of all steps of all samples, one after the other."""
        return (None, *input_shape[2:])

    def get_output_shape_for(self, input_shape):
        output_shape = self.layer.get_output_shape_for((input_shape[0], *input_shape[2:]))
        return (output_shape[0], input_shape[1], *output_shape[1:])

    def call(self, x, mask=None):
        sizes = _sizes(x)
        output, *others = self._call_inner(self.layer, self._steps(x), self._step_mask(mask))
        if others:
            raise ShapeError(
                f'wraps {type(self.layer).__name__} "{self.layer.name}", which has {len(others) + 1} outputs; '
                "it needs a layer with one.",
                "Wrap a Model for each output.",
                arguments=("layer",),
            )
        return K.reshape(output, (*sizes[:2], *_sizes(output)[1:]))

    def _steps(self, x):
        """All steps of all samples, one after the other."""
        steps = K.reshape(x, (-1, *_sizes(x)[2:]))
        steps.set_shape(self._step_shape(K.int_shape(x)))
        return steps

    @staticmethod
    def _step_mask(mask):
        """The masks of all steps, if each has one of its own, as the words of sentences do."""
        if mask is None or len(K.int_shape(mask)) < 3:
            return None
        return K.reshape(mask, (-1, *_sizes(mask)[2:]))

    def compute_mask(self, input, input_mask=None):
        """What the inner layer makes of each step's mask; else whether a step holds anything at all."""
        made = self.layer.compute_mask(self._steps(input), self._step_mask(input_mask))
        if made is not None:
            steps = K.reshape(made, (*_sizes(input)[:2], *_sizes(made)[1:]))
            # an attention that sums over words may hand on the mask of words, though its output has none
            return _any_beyond(steps, len(self.get_output_shape_for(K.int_shape(input))) - 1)
        return None if input_mask is None else _any_beyond(input_mask, 2)


def _any_beyond(mask, axes: int):
    """The mask with so many axes at most: what further ones hide in part stays to be seen."""
    return K.any(mask, axis=tuple(range(axes, K.ndim(mask)))) if K.ndim(mask) > axes else mask


def _sizes(x) -> list:
    """The sizes of `x`, symbolic where they are not known."""
    return [K.shape(x)[axis] if size is None else size for axis, size in enumerate(K.int_shape(x))]


class Bidirectional(Wrapper):
    """A recurrent layer run forwards and, as a second one, backwards in time.

    Its weights are the forward layer's, then the backward layer's.

    Shape: that of the inner layer; features doubled for `merge_mode` 'concat', two outputs for None; then the states,
    if the inner layer gives them (`return_state`), forward ones first.
    Source: Schuster and Paliwal 1997, IEEE Transactions on Signal Processing 45.

    Args:
        layer: a recurrent layer, such as `LSTM(10)`.
        merge_mode: how to combine both: 'sum', 'mul', 'concat', 'ave', or None for a list.
        weights: initial weights as a list of arrays, forward ones first.
        backward_layer: later: the layer for the way back, with `go_backwards` the other way round; by default a copy
            of `layer`.
    """

    supports_masking = True

    def __init__(self, layer, merge_mode="concat", weights=None, backward_layer=None, **kwargs):
        self.merge_mode = one_of("merge_mode", merge_mode, ("sum", "mul", "ave", "concat", None))
        _check_recurrent("layer", layer)
        self.has_own_backward_layer = backward_layer is not None
        if backward_layer is not None:
            _check_ways(layer, backward_layer)
        half = len(weights) // 2 if weights else 0
        self.forward_layer = _copy(
            layer, f"forward_{layer.name}", layer.go_backwards, weights[:half] if weights else None
        )
        back = layer if backward_layer is None else backward_layer
        self.backward_layer = _copy(
            back, f"backward_{back.name}", not layer.go_backwards, weights[half:] if weights else None
        )
        self.stateful = layer.stateful
        self.return_sequences = layer.return_sequences
        self.return_state = getattr(layer, "return_state", False)
        self._set_num_constants(kwargs.pop("num_constants", None) or getattr(layer, "num_constants", 0))
        super().__init__(layer, **kwargs)
        spec = to_list(layer.input_spec)[0] if layer.input_spec else None
        self.input_spec = spec and [InputSpec(ndim=len(spec.shape or ()) or spec.ndim)]
        for name in ("batch_input_shape", "input_dtype"):
            if hasattr(layer, name) and not hasattr(self, "batch_input_shape"):
                setattr(self, name, getattr(layer, name))

    @property
    def inner_layers(self) -> list[Layer]:
        return [one for one in super().inner_layers if one is not self.layer]

    @property
    def _directions(self) -> tuple[Layer, Layer]:
        return self.forward_layer, self.backward_layer

    def _set_num_constants(self, count: int) -> None:
        self.num_constants = count
        for layer in self._directions if count else ():
            layer.num_constants = count

    # ---- calling

    def __call__(self, x, mask=None, initial_state=None, training=None, constants=None):
        """The output; `initial_state` holds what both layers begin with, the forward one's states first.

        Args:
            constants: given to each step of an `RNN` whose cell takes them.
        """
        if initial_state is not None and not (
            isinstance(initial_state, list | tuple) and len(initial_state) == len(self._inner_states)
        ):
            raise ArgumentError(
                f"initial_state must be a list of {len(self._inner_states)} states, those of the forward layer first, "
                f"got {initial_state!r}.",
                arguments=("initial_state",),
            ).named(type(self).__name__, self.name)
        if constants is not None:
            self._set_num_constants(len(constants) if isinstance(constants, list | tuple) else 1)
        x, arguments = beside_input(self, x, {"initial_state": initial_state, "constants": constants})
        return super().__call__(x, mask, training, **arguments)

    @property
    def _inner_states(self) -> list:
        return [None for layer in self._directions for _ in range(layer._state_count())]

    def assert_input_compatibility(self, input) -> None:
        super().assert_input_compatibility(to_list(input)[0])

    def build(self, input_shape):
        shapes = input_shape if isinstance(input_shape, list) else [input_shape]
        stand_ins = [K.placeholder(shape=shape, dtype=K.floatx()) for shape in shapes]
        for layer in self._directions:
            layer.ensure_built(stand_ins)
        super().build(input_shape)

    def get_output_shape_for(self, input_shape):
        shape, *states = to_list(self.forward_layer.get_output_shape_for(input_shape))
        other, *others = to_list(self.backward_layer.get_output_shape_for(input_shape))
        if self.merge_mode is None:
            outputs = [shape, other]
        else:
            outputs = [(*shape[:-1], shape[-1] + other[-1]) if self.merge_mode == "concat" else tuple(shape)]
        return one_or_list([*outputs, *states, *others])

    def call(self, x, mask=None, training=None, initial_state=None, constants=None):
        first, *given = to_list(x)
        if self.num_constants and constants is None:
            given, constants = given[: -self.num_constants], given[-self.num_constants :]
        states = given or initial_state or []
        half, mask = self.forward_layer._state_count() if states else 0, to_list(mask)[0]
        forward, *forward_states = self._direction(self.forward_layer, first, states[:half], constants, mask)
        backward, *backward_states = self._direction(self.backward_layer, first, states[half:], constants, mask)
        if self.return_sequences:
            backward = K.reverse(backward, 1)
            if mask is not None and self.drops_masks:  # as there, where a later layer may see the hidden steps
                shown = K.expand_dims(K.cast(mask, K.dtype(forward)), -1)
                forward, backward = forward * shown, backward * shown
        merged = self._merged(forward, backward)
        return one_or_list([*to_list(merged), *forward_states, *backward_states])

    def _direction(self, layer: Layer, x, states: list, constants, mask) -> list:
        """The outputs of one of both layers."""
        return self._call_inner(layer, one_or_list([x, *states, *(constants or [])]), mask)

    def _merged(self, forward, backward):
        if self.merge_mode is None:
            return [forward, backward]
        if self.merge_mode == "concat":
            return K.concatenate([forward, backward])
        if self.merge_mode == "mul":
            return forward * backward
        return (forward + backward) / (2.0 if self.merge_mode == "ave" else 1.0)

    def compute_mask(self, input, mask=None):
        kept = to_list(mask)[0] if self.return_sequences else None
        outputs = [kept, kept] if self.merge_mode is None else [kept]
        return one_or_list([*outputs, *([None] * len(self._inner_states) if self.return_state else [])])

    def reset_states(self) -> None:
        """Set the states of both directions to zero."""
        for layer in self._directions:
            layer.reset_states()

    def get_config(self) -> dict:
        later = {"num_constants": self.num_constants} if self.num_constants else {}
        if self.has_own_backward_layer:
            layer = self.backward_layer
            config = {**layer.get_config(), "name": layer.name.removeprefix("backward_")}
            later["backward_layer"] = described(layer, config)
        return {**super().get_config(), "merge_mode": self.merge_mode, **later}

    @reads_config
    def from_config(cls, config, custom_objects=None):
        config = dict(config)
        if isinstance(config.get("backward_layer"), dict):
            config["backward_layer"] = layer_from_config(config["backward_layer"], custom_objects)
        return cls(layer_from_config(config.pop("layer"), custom_objects), **config)


def _check_recurrent(argument: str, layer) -> None:
    _check_layer(layer)
    if not hasattr(layer, "go_backwards"):
        raise ArgumentError(
            f'{argument} must be recurrent, got {type(layer).__name__} "{layer.name}".',
            "Write Bidirectional(LSTM(10)).",
            arguments=(argument,),
        )


def _check_ways(layer, backward_layer) -> None:
    """Refuse a layer for the way back whose outputs cannot be merged with those of the way there."""
    _check_recurrent("backward_layer", backward_layer)
    if backward_layer.go_backwards == layer.go_backwards:
        raise ArgumentError(
            "layer and backward_layer go the same way in time.",
            "Write backward_layer=LSTM(10, go_backwards=True).",
            arguments=("backward_layer",),
        )
    for name in ("stateful", "return_sequences", "return_state"):
        ours, other = (bool(getattr(one, name, False)) for one in (layer, backward_layer))
        if ours != other:
            raise ArgumentError(
                f"layer has {name}={ours}, backward_layer {name}={other}.",
                f"Give both {name}={ours}.",
                arguments=("backward_layer",),
            )


def _copy(layer: Layer, name: str, go_backwards: bool, weights) -> Layer:
    """A layer like this one with weights of its own."""
    if layer.built:
        config = {**layer.get_config(), "name": name, "go_backwards": go_backwards}
        made = type(layer).from_config(config)
    else:
        made = _unbuilt_copy(layer)
        made.name, made.go_backwards = name, go_backwards
    made.initial_weights = weights
    return made


def _unbuilt_copy(layer: Layer) -> Layer:
    """A layer like this one, which has no weights yet, with layers of its own in it.

    Not by its config, which may not know functions of the user's own.
    """
    made = copy.copy(layer)
    made.__dict__.update({name: _copied(value, layer.inner_layers) for name, value in vars(layer).items()})
    return made


def _copied(value, inner: list):
    if isinstance(value, Layer) and value in inner:
        return type(value).from_config(value.get_config()) if value.built else _unbuilt_copy(value)
    if isinstance(value, list):
        return [_copied(one, inner) for one in value]
    return copy.copy(value) if isinstance(value, dict) else value


carry(__name__)
