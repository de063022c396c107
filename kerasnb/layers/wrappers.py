"""Layers around a layer: TimeDistributed and Bidirectional."""

from __future__ import annotations

import copy

from .. import backend as K
from ..carried import carry
from ..engine.layer import InputSpec, Layer
from ..engine.node import call_layer
from ..errors import ArgumentError, ShapeError
from ..utils.custom_objects import class_name_of
from .arguments import one_of

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
        self.uses_learning_phase = bool(layer.uses_learning_phase)

    holds_layers = inner_come_first = True

    def build(self, input_shape=None):
        """To be called by a subclass's `build`; the shape need not be told."""
        super().build(input_shape)

    @property
    def inner_layers(self) -> list[Layer]:
        return list(dict.fromkeys([self.layer, *super().inner_layers]))

    def _call_inner(self, layer: Layer, x, mask) -> list:
        """The outputs of an inner layer."""
        outputs, _ = call_layer(layer, [x], [mask])
        layer.penalize(outputs, [x])
        return outputs

    def get_config(self) -> dict:
        return {
            **super().get_config(),
            "layer": {"class_name": class_name_of(self.layer), "config": self.layer.get_config()},
        }

    @classmethod
    def from_config(cls, config, custom_objects=None):
        from ..engine.configs import layer_from_config

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
        sizes = [K.shape(x)[axis] if size is None else size for axis, size in enumerate(K.int_shape(x))]
        steps = K.reshape(x, (-1, *sizes[2:]))
        steps.set_shape(self._step_shape(K.int_shape(x)))
        output, *others = self._call_inner(self.layer, steps, None)
        if others:
            raise ShapeError(
                f'wraps {type(self.layer).__name__} "{self.layer.name}", which has {len(others) + 1} outputs; '
                "it needs a layer with one.",
                "Wrap a Model for each output.",
                arguments=("layer",),
            )
        rest = [K.shape(output)[axis] if size is None else size for axis, size in enumerate(K.int_shape(output))][1:]
        return K.reshape(output, (sizes[0], sizes[1], *rest))


class Bidirectional(Wrapper):
    """A recurrent layer run forwards and, as a second one, backwards in time.

    Its weights are the forward layer's, then the backward layer's.

    Shape: that of the inner layer; features doubled for `merge_mode` 'concat', two outputs for None.
    Source: Schuster and Paliwal 1997, IEEE Transactions on Signal Processing 45.

    Args:
        layer: a recurrent layer, such as `LSTM(10)`.
        merge_mode: how to combine both: 'sum', 'mul', 'concat', 'ave', or None for a list.
        weights: initial weights as a list of arrays, forward ones first.
    """

    supports_masking = True

    def __init__(self, layer, merge_mode="concat", weights=None, **kwargs):
        self.merge_mode = one_of("merge_mode", merge_mode, ("sum", "mul", "ave", "concat", None))
        _check_layer(layer)
        if not hasattr(layer, "go_backwards"):
            raise ArgumentError(
                f'layer must be recurrent, got {type(layer).__name__} "{layer.name}".',
                "Write Bidirectional(LSTM(10)).",
                arguments=("layer",),
            )
        if getattr(layer, "return_state", False):
            raise ArgumentError(
                f'{type(layer).__name__} "{layer.name}" gives its states too, which are not merged.',
                "Make the layer without return_state=True.",
                arguments=("layer",),
            )
        half = len(weights) // 2 if weights else 0
        self.forward_layer = _copy(
            layer, f"forward_{layer.name}", layer.go_backwards, weights[:half] if weights else None
        )
        self.backward_layer = _copy(
            layer, f"backward_{layer.name}", not layer.go_backwards, weights[half:] if weights else None
        )
        self.stateful = layer.stateful
        self.return_sequences = layer.return_sequences
        super().__init__(layer, **kwargs)
        self.input_spec = (
            [InputSpec(ndim=len(layer.input_spec[0].shape or ()) or layer.input_spec[0].ndim)]
            if layer.input_spec
            else None
        )
        for name in ("batch_input_shape", "input_dtype"):
            if hasattr(layer, name) and not hasattr(self, "batch_input_shape"):
                setattr(self, name, getattr(layer, name))

    @property
    def inner_layers(self) -> list[Layer]:
        return [one for one in super().inner_layers if one is not self.layer]

    def build(self, input_shape):
        stand_in = K.placeholder(shape=input_shape, dtype=K.floatx())
        for layer in (self.forward_layer, self.backward_layer):
            layer.ensure_built([stand_in])
        super().build(input_shape)

    def get_output_shape_for(self, input_shape):
        shape = tuple(self.forward_layer.get_output_shape_for(input_shape))
        if self.merge_mode is None:
            return [shape, shape]
        return (*shape[:-1], shape[-1] * 2) if self.merge_mode == "concat" else shape

    def call(self, x, mask=None):
        forward = self._call_inner(self.forward_layer, x, mask)[0]
        backward = self._call_inner(self.backward_layer, x, mask)[0]
        if self.return_sequences:
            backward = K.reverse(backward, 1)
        return self._merged(forward, backward)

    def _merged(self, forward, backward):
        if self.merge_mode is None:
            return [forward, backward]
        if self.merge_mode == "concat":
            return K.concatenate([forward, backward])
        if self.merge_mode == "mul":
            return forward * backward
        return (forward + backward) / (2.0 if self.merge_mode == "ave" else 1.0)

    def compute_mask(self, input, mask=None):
        if not self.return_sequences:
            return None
        return [mask, mask] if self.merge_mode is None else mask

    def reset_states(self) -> None:
        """Set the states of both directions to zero."""
        for layer in (self.forward_layer, self.backward_layer):
            layer.reset_states()

    def get_config(self) -> dict:
        return {**super().get_config(), "merge_mode": self.merge_mode}


def _copy(layer: Layer, name: str, go_backwards: bool, weights) -> Layer:
    """A layer like this one with weights of its own."""
    if layer.built:
        config = {**layer.get_config(), "name": name, "go_backwards": go_backwards}
        made = type(layer).from_config(config)
    else:  # not by its config, which may not know functions of the user's own
        made = copy.copy(layer)
        made.__dict__.update(
            {key: copy.copy(value) for key, value in vars(layer).items() if isinstance(value, list | dict)}
        )
        made.name, made.go_backwards = name, go_backwards
    made.initial_weights = weights
    return made


carry(__name__)
