"""`RNN`: any cell, repeated along time."""

from __future__ import annotations

import inspect
from typing import Any

from .. import backend as K
from ..engine.files.configs import layer_from_config
from ..engine.layer import InputSpec, Layer
from ..engine.node import to_list
from ..errors import ArgumentError
from ..utils.custom_objects import class_name_of
from .cells import (
    StackedRNNCells,
    advanced,
    build_cell,
    checked_cell,
    masks_of,
    output_size_of,
    sizes_of,
    takes_constants,
)
from .recurrence import Recurrent, beside_input

__all__ = ["RNN"]


class RNN(Recurrent):
    """A cell repeated along time; its weights are the cell's.

    A cell is anything with `call(x, states) -> (output, new states)` and `state_size`, the number of features of its
    state or a tuple of them. It may have `output_size`, `build(step_shape)`, if it is a layer, `get_initial_state`, and
    take `constants` and `training` in `call`.

    Shape: `(batch, time, ...)` -> `(batch, *output_size)`, or `(batch, time, *output_size)` with `return_sequences`.

    Args:
        cell: a cell such as `LSTMCell(10)`, or a list of them, the lowest first.
        return_sequences: whether to give the output of every time step instead of the last.
        return_state: whether to give the last states too, as further outputs.
        go_backwards: take time from its end; the outputs come in that order.
        stateful: begin each batch with the states at which the last one ended; needs a fixed batch size.
        unroll: write the steps out one by one instead of a loop; needs a known time axis.
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
        self.cell = StackedRNNCells(cell) if isinstance(cell, list | tuple) else checked_cell(cell)
        self.num_constants = kwargs.pop("num_constants", None) or 0
        super().__init__(
            return_sequences=return_sequences,
            go_backwards=go_backwards,
            stateful=stateful,
            unroll=unroll,
            return_state=return_state,
            **kwargs,
        )
        self.uses_learning_phase = bool(getattr(cell, "uses_learning_phase", False))
        self.input_spec = [InputSpec(ndim="3+")]

    holds_layers = inner_come_first = True

    # ---- shapes

    @property
    def _state_names(self):
        return tuple(str(number) for number, _ in enumerate(sizes_of(self.cell)))

    def _step_shape(self, input_shape):
        return (input_shape[0], *_sizes(output_size_of(self.cell)))

    def _state_shapes(self, input_shape):
        return [(input_shape[0], *_sizes(size)) for size in sizes_of(self.cell)]

    def ensure_built(self, inputs: list) -> None:
        self.assert_input_compatibility(inputs)
        if not self.built:
            self.build([K.int_shape(one) for one in inputs])
            self.built = True
            self._take_initial_weights()

    def build(self, input_shape):
        shape, *others = input_shape if isinstance(input_shape, list) else [input_shape]
        self._check_shape(shape)
        build_cell(self.cell, (shape[0], *shape[2:]), others[len(others) - self.num_constants :])
        self._begin(shape)
        Layer.build(self, shape)

    # ---- states and constants

    def get_initial_state(self, inputs):
        """What to begin with for each state: what the cell says, else zeros."""
        begin = getattr(self.cell, "get_initial_state", None)
        if begin is not None:
            known = {"inputs": inputs, "batch_size": K.shape(inputs)[0], "dtype": K.dtype(inputs)}
            taken = inspect.signature(begin).parameters
            states = begin(**{name: value for name, value in known.items() if name in taken})
            return list(states) if isinstance(states, list | tuple) else [states]
        zero = _zero_of(inputs)
        return [_tiled(zero, _sizes(size)) for size in sizes_of(self.cell)]

    def get_initial_states(self, x):
        return self.get_initial_state(x)

    def __call__(self, x, mask=None, initial_state=None, training=None, constants=None):
        """The output; `constants` are given to each step of a cell that takes them."""
        if constants is not None:
            self.num_constants = len(constants) if isinstance(constants, list | tuple) else 1
            if not takes_constants(self.cell):
                raise ArgumentError(
                    f"has a cell that takes no constants: {type(self.cell).__name__}.",
                    "Write its method as call(self, x, states, constants).",
                    arguments=("constants",),
                ).named(type(self).__name__, self.name)
        x, arguments = beside_input(self, x, {"initial_state": initial_state, "constants": constants})
        return Layer.__call__(self, x, mask, training, **arguments)

    # ---- computing

    def call(self, x, mask=None, training=None, initial_state=None, constants=None):
        inputs, (x, *given) = x, to_list(x)
        if self.num_constants and constants is None:
            given, constants = given[: -self.num_constants], given[-self.num_constants :]
        count = len(sizes_of(self.cell))
        masks = masks_of(self.cell, x[:, 0])

        def step(x, states):
            return advanced(self.cell, x, list(states[:count]), masks, list(states[count:]), training)

        return self._run(inputs, mask, given or initial_state, constants=constants or [], loop=(step, x))

    def _repeated(self, step, sequence, initial, **options):
        shape = K.int_shape(sequence)
        if options["mask"] is None or self._step_shape(shape) == self._state_shapes(shape)[0]:
            return super()._repeated(step, sequence, initial, **options)
        # where the mask hides a step, K.rnn repeats the output, from the first state on: so that has to be alike

        def with_output(x, states):
            output, new_states = step(x, states[1:])
            return output, [output, *new_states]

        begin = _tiled(_zero_of(sequence), self._step_shape(shape)[1:])
        last, outputs, (_, *states) = super()._repeated(with_output, sequence, [begin, *initial], **options)
        return last, outputs, states

    def get_config(self) -> dict:
        if not hasattr(self.cell, "get_config"):
            raise ArgumentError(
                f"cannot say how to make its cell again: {type(self.cell).__name__} has no get_config.",
                "Give it one, or derive it from Layer.",
            ).named(type(self).__name__, self.name)
        config = {name: getattr(self, name) for name in _OPTIONS}
        config["cell"] = {"class_name": class_name_of(self.cell), "config": self.cell.get_config()}
        config |= {"num_constants": self.num_constants} if self.num_constants else {}
        return {**Layer.get_config(self), **config, **self._later_config()}

    @classmethod
    def from_config(cls, config, custom_objects=None):
        """A layer with its cell, as `get_config` described them.

        Args:
            custom_objects: name -> class, for a cell of your own.
        """
        config = dict(config)
        return cls(layer_from_config(config.pop("cell"), custom_objects), **config)


_OPTIONS = ("return_sequences", "return_state", "go_backwards", "stateful", "unroll")


def _sizes(size: Any) -> tuple:
    return tuple(size) if isinstance(size, tuple | list) else (size,)


def _zero_of(x):
    """Zeros for each sample.

    Shape: `(batch, time, ...)` -> `(batch, 1)`.
    """
    if len(K.int_shape(x)) == 3:
        return K.zeros_like(x[:, 0, :1])
    first = K.zeros_like(x[:, 0])
    return K.reshape(K.sum(first, axis=tuple(range(1, len(K.int_shape(first))))), (-1, 1))


def _tiled(zero, sizes: tuple):
    """Zeros `(batch, *sizes)`."""
    return K.tile(K.reshape(zero, (-1, *[1] * len(sizes))) if len(sizes) > 1 else zero, (1, *sizes))
