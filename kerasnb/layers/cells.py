"""Cells: one time step each, which `RNN` repeats; they are written, and keep their weights, as in Keras 2."""

from __future__ import annotations

import inspect
from typing import Any

import numpy as np

from .. import activations, constraints, initializations, regularizers
from .. import backend as K
from ..engine.files.configs import layer_from_config
from ..engine.layer import Layer
from ..errors import ArgumentError, ShapeError
from ..utils.custom_objects import class_name_of, config_of
from .arguments import found, fraction, whole
from .gates import gru_step, lstm_step

__all__ = ["SimpleRNNCell", "GRUCell", "LSTMCell", "StackedRNNCells"]

_FUNCTIONS = {"activation": activations.get, "recurrent_activation": activations.get} | {
    f"{part}_{kind}": module.get
    for part in ("kernel", "recurrent", "bias")
    for kind, module in (("initializer", initializations), ("regularizer", regularizers), ("constraint", constraints))
}


class _Cell(Layer):
    """What the cells have in common.

    Shape: `(batch, features)` and states of `(batch, units)` -> `(batch, units)` and the new states.

    Args:
        units: number of output features.
        activation: name or function.
        use_bias: whether there is a bias.
        kernel_initializer: of `kernel` `(features, gates * units)`; likewise for `recurrent_kernel`
            `(units, gates * units)` and `bias` `(gates * units,)`, and so the regularizers and constraints.
        dropout: fraction of the input features dropped, the same at all time steps and for all gates, 0 to 1.
        recurrent_dropout: fraction of the previous output dropped, likewise.
    """

    gates: tuple[str, ...] = ("h",)

    def __init__(
        self,
        units,
        activation="tanh",
        use_bias=True,
        kernel_initializer="glorot_uniform",
        recurrent_initializer="orthogonal",
        bias_initializer="zeros",
        kernel_regularizer=None,
        recurrent_regularizer=None,
        bias_regularizer=None,
        kernel_constraint=None,
        recurrent_constraint=None,
        bias_constraint=None,
        dropout=0.0,
        recurrent_dropout=0.0,
        **kwargs,
    ):
        given = {name: value for name, value in locals().items() if name in _FUNCTIONS}
        self.units = whole("units", units)
        self.use_bias = bool(use_bias)
        for name, value in given.items():
            setattr(self, name, found(_FUNCTIONS[name], name, value))
        self.dropout = fraction("dropout", dropout)
        self.recurrent_dropout = fraction("recurrent_dropout", recurrent_dropout)
        super().__init__(**kwargs)
        self.uses_learning_phase = bool(self.dropout or self.recurrent_dropout)

    @property
    def state_size(self) -> Any:
        """The features of the state, or of each as a tuple."""
        return self.units

    @property
    def output_size(self) -> int:
        return self.units

    # ---- weights

    def build(self, input_shape):
        shape = input_shape[0] if isinstance(input_shape, list) else input_shape
        features, columns = shape[-1], len(self.gates) * self.units
        if features is None:
            raise ShapeError(
                f"needs to know the features of its input, got {tuple(shape)}.", "Give the sizes in Input(shape=...)."
            ).named(type(self).__name__, self.name)
        self.kernel = self._weight("kernel", (features, columns), self.kernel_initializer)
        self.recurrent_kernel = self._weight("recurrent_kernel", (self.units, columns), self.recurrent_initializer)
        self.bias = self._weight("bias", self._bias_shape(columns), self._begin_bias) if self.use_bias else None
        super().build(input_shape)

    def _weight(self, name: str, shape: tuple, initializer):
        part = name.removesuffix("_kernel")
        return self.add_weight(
            shape,
            initializer=initializer,
            name=f"{self.name}_{name}",
            regularizer=getattr(self, f"{part}_regularizer"),
            constraint=getattr(self, f"{part}_constraint"),
        )

    def _bias_shape(self, columns: int) -> tuple:
        return (columns,)

    def _begin_bias(self, shape, name=None):
        return initializations.make_variable(self.bias_initializer, shape, name)

    # ---- computing

    def masks(self, first) -> tuple:
        """Dropout masks of the input and of the previous output, to be used at all time steps; None without dropout.

        Shape: `first` `(batch, features)`, an input like those to come -> `(batch, features)`, `(batch, units)`.
        """
        return self._mask_of(first, self.dropout), self._mask_of(_zeros(first, self.units), self.recurrent_dropout)

    @staticmethod
    def _mask_of(x, share: float):
        if not share:
            return None
        ones = K.ones_like(x)
        return K.in_train_phase(lambda: K.dropout(ones, share), ones)

    def call(self, inputs, states, training=None):
        """One time step: the output, and the new states in a list."""
        return self.advance(inputs, states, self.masks(inputs))

    def __call__(self, inputs, states=None, **arguments):
        """The same, made ready for inputs of this shape if need be."""
        if states is None:
            raise ArgumentError(
                f"{type(self).__name__} makes one time step of an input and states.",
                f"Repeat it along time: RNN({type(self).__name__}({self.units}))(x).",
            )
        if not self.built:
            self.build(K.int_shape(inputs))
        return self.call(inputs, list(states) if isinstance(states, list | tuple) else [states], **arguments)

    def advance(self, x, states, masks):
        """One time step with these dropout masks."""
        raise NotImplementedError

    def _projected(self, x, mask):
        product = K.dot(x if mask is None else x * mask, self.kernel)
        return product + self._input_bias() if self.use_bias else product

    def _input_bias(self):
        return self.bias

    def get_config(self) -> dict:
        config = {name: config_of(getattr(self, name)) for name in _FUNCTIONS if hasattr(self, name)}
        config |= {name: getattr(self, name) for name in ("units", "use_bias", "dropout", "recurrent_dropout")}
        return {**super().get_config(), **config}


def _zeros(x, features: int):
    """Zeros of `(batch, features)` for an input `(batch, ...)` of other features."""
    return K.tile(K.zeros_like(x[:, :1]), (1, features))


class SimpleRNNCell(_Cell):
    """`h = activation(x . kernel + h_before . recurrent_kernel + bias)`.

    Shape: `(batch, features)` and `[(batch, units)]` -> `(batch, units)` and `[(batch, units)]`.
    """

    def advance(self, x, states, masks):
        h_before = states[0] if masks[1] is None else states[0] * masks[1]
        h = self.activation(self._projected(x, masks[0]) + K.dot(h_before, self.recurrent_kernel))
        return h, [h]


class _GatedCell(_Cell):
    """What GRUCell and LSTMCell have in common.

    Args:
        recurrent_activation: name or function for the gates.
    """

    def __init__(self, units, activation="tanh", recurrent_activation="sigmoid", use_bias=True, **kwargs):
        self.recurrent_activation = found(activations.get, "recurrent_activation", recurrent_activation)
        super().__init__(units, activation, use_bias, **kwargs)


class GRUCell(_GatedCell):
    """Gated recurrent unit, its columns in the order z, r, h.

    Shape: `(batch, features)` and `[(batch, units)]` -> `(batch, units)` and `[(batch, units)]`.
    Source: Cho et al. 2014, arXiv:1406.1078, equations 5 to 8.

    Args:
        reset_after: whether `r` acts on the product with `recurrent_kernel`, not on the state; `bias` is
            `(2, 3 * units)` then.
    """

    gates = ("z", "r", "h")

    def __init__(
        self, units, activation="tanh", recurrent_activation="sigmoid", use_bias=True, *, reset_after=False, **kwargs
    ):
        self.reset_after = bool(reset_after)
        super().__init__(units, activation, recurrent_activation, use_bias, **kwargs)

    def _bias_shape(self, columns):
        return (2, columns) if self.reset_after else (columns,)

    def _input_bias(self):
        return self.bias[0] if self.reset_after else self.bias

    def advance(self, x, states, masks):
        size = self.units
        columns = {"zr": slice(0, 2 * size), "h": slice(2 * size, 3 * size), "zrh": slice(0, 3 * size)}

        def product(state, gates):
            inner = K.dot(state if masks[1] is None else state * masks[1], self.recurrent_kernel[:, columns[gates]])
            return inner + self.bias[1] if self.use_bias and self.reset_after else inner

        h = gru_step(
            self._projected(x, masks[0]),
            states[0],
            product,
            self.activation,
            self.recurrent_activation,
            self.reset_after,
        )
        return h, [h]

    def get_config(self) -> dict:
        return {**super().get_config(), "reset_after": self.reset_after}


class LSTMCell(_GatedCell):
    """Long short-term memory, its columns in the order i, f, c, o.

    Shape: `(batch, features)` and `[(batch, units), (batch, units)]` -> `(batch, units)` and as many states.
    Source: Hochreiter and Schmidhuber 1997; Gers et al. 2000 (the forget gate).

    Args:
        unit_forget_bias: begin with ones in the forget gate's bias, which makes it remember at first.
    """

    gates = ("i", "f", "c", "o")

    def __init__(
        self,
        units,
        activation="tanh",
        recurrent_activation="sigmoid",
        use_bias=True,
        *,
        unit_forget_bias=True,
        **kwargs,
    ):
        self.unit_forget_bias = bool(unit_forget_bias)
        super().__init__(units, activation, recurrent_activation, use_bias, **kwargs)

    @property
    def state_size(self):
        return (self.units, self.units)

    def _begin_bias(self, shape, name=None):
        bias = super()._begin_bias(shape, name)
        if self.unit_forget_bias:
            value = np.array(K.get_value(bias))
            value[self.units : 2 * self.units] = 1.0
            K.set_value(bias, value)
        return bias

    def advance(self, x, states, masks):
        h_before = states[0] if masks[1] is None else states[0] * masks[1]
        z = self._projected(x, masks[0]) + K.dot(h_before, self.recurrent_kernel)
        h, c = lstm_step(K.split(z, 4), states[1], self.activation, self.recurrent_activation)
        return h, [h, c]

    def get_config(self) -> dict:
        return {**super().get_config(), "unit_forget_bias": self.unit_forget_bias}


# ---- cells of anyone's


def checked_cell(cell: Any) -> Any:
    """The cell, if it is one: with a method `call(x, states)` and a `state_size`."""
    for name in ("call", "state_size"):
        if not hasattr(cell, name):
            raise ArgumentError(
                f"cell must have `call(x, states)` and `state_size`, got {cell!r} without {name}.",
                "Write RNN(LSTMCell(10)), or see LSTMCell for a cell of your own.",
                arguments=("cell",),
            )
    return cell


def sizes_of(cell: Any) -> list:
    """The size of each state of a cell: a number of features, or a shape."""
    return list(cell.state_size) if hasattr(cell.state_size, "__len__") else [cell.state_size]


def output_size_of(cell: Any) -> Any:
    """The size of a cell's output; that of its first state, if the cell does not say."""
    size = getattr(cell, "output_size", None)
    return sizes_of(cell)[0] if size is None else size


def build_cell(cell: Any, step_shape: tuple, constants: list) -> None:
    """Make the weights of a cell that is a layer, the first time."""
    if isinstance(cell, Layer) and not cell.built:
        takes_constants = constants and (isinstance(cell, StackedRNNCells) or "constants" in _parameters(cell))
        cell.build([step_shape, *constants] if takes_constants else step_shape)
        cell.built = True


def masks_of(cell: Any, first) -> Any:
    """The dropout masks of one of our cells, for inputs like this; a user's own makes its own."""
    return cell.masks(first) if _advances(cell) else None


def advanced(cell: Any, x, states: list, masks: Any, constants: list, training: Any) -> tuple:
    """One time step of any cell: the output, and the new states in a list."""
    if isinstance(cell, StackedRNNCells) and _advances(cell):
        return cell.advance(x, states, masks, constants, training)
    if _advances(cell):
        return cell.advance(x, states, masks)
    given = {"training": training} | ({"constants": constants} if constants else {})
    arguments = {name: value for name, value in given.items() if name in _parameters(cell)}
    output, new_states = cell.call(x, states, **arguments)
    return output, list(new_states)


def _advances(cell: Any) -> bool:
    """Whether it is one of ours whose `call` nobody has changed."""
    return isinstance(cell, _Cell | StackedRNNCells) and type(cell).call.__module__ == __name__


def takes_constants(cell: Any) -> bool:
    """Whether a cell, or one in it, is given constants."""
    cells = cell.cells if isinstance(cell, StackedRNNCells) else [cell]
    return any("constants" in _parameters(one) for one in cells)


def _parameters(cell: Any) -> Any:
    return inspect.signature(cell.call).parameters


class StackedRNNCells(Layer):
    """Cells one upon the other, as one: each is given the output of the one below.

    Shape: `(batch, features)` and the states of all cells -> the last one's output and the new states of all.

    Args:
        cells: the cells, the lowest first.
        reverse_state_order: list the states of the last cell first.
    """

    def __init__(self, cells, *, reverse_state_order=False, **kwargs):
        if not cells:
            raise ArgumentError(
                "cells must be one cell or more.", "Write RNN([LSTMCell(8), LSTMCell(4)]).", arguments=("cells",)
            )
        self.cells = [checked_cell(cell) for cell in cells]
        self.reverse_state_order = bool(reverse_state_order)
        super().__init__(**kwargs)
        self.uses_learning_phase = any(getattr(cell, "uses_learning_phase", False) for cell in self.cells)

    holds_layers = inner_come_first = True

    def _in_order_of_states(self, items: list) -> list:
        """One thing for each cell, put in the order of the states; or from that order into the cells'."""
        return items[::-1] if self.reverse_state_order else items

    @property
    def state_size(self) -> tuple:
        """The sizes of all states, cell by cell."""
        return tuple(size for cell in self._in_order_of_states(self.cells) for size in sizes_of(cell))

    @property
    def output_size(self):
        """How many features the last cell gives."""
        return output_size_of(self.cells[-1])

    def build(self, input_shape):
        shape, *constants = input_shape if isinstance(input_shape, list) else [input_shape]
        for cell in self.cells:
            build_cell(cell, shape, constants)
            shape = (shape[0], output_size_of(cell))
        super().build(input_shape)

    def masks(self, first) -> list:
        """Those of each cell."""
        found_masks = []
        for cell in self.cells:
            found_masks.append(masks_of(cell, first))
            first = _zeros(first, output_size_of(cell))
        return found_masks

    def call(self, inputs, states, constants=None, training=None):
        """One time step of all cells: the last one's output, and the new states of all."""
        return self.advance(inputs, states, self.masks(inputs), constants or [], training)

    def advance(self, x, states, masks, constants, training):
        """The same with these dropout masks."""
        left, before = list(states), []
        for cell in self._in_order_of_states(self.cells):
            before.append(left[: len(sizes_of(cell))])
            left = left[len(sizes_of(cell)) :]
        after = []
        for cell, own, mask in zip(self.cells, self._in_order_of_states(before), masks, strict=True):
            x, new = advanced(cell, x, own, mask, constants, training)
            after.append(new)
        return x, [state for new in self._in_order_of_states(after) for state in new]

    def get_config(self) -> dict:
        cells = [{"class_name": class_name_of(cell), "config": cell.get_config()} for cell in self.cells]
        order = {"reverse_state_order": True} if self.reverse_state_order else {}
        return {**super().get_config(), "cells": cells, **order}

    @classmethod
    def from_config(cls, config, custom_objects=None):
        """Cells as `get_config` described them.

        Args:
            custom_objects: name -> class, for cells of your own.
        """
        config = dict(config)
        return cls([layer_from_config(cell, custom_objects) for cell in config.pop("cells")], **config)
