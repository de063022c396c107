"""What belongs to a layer: weights, penalties, updates and states, its own and those of the layers in it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np

from .. import backend as K
from .. import constraints, initializations, regularizers
from ..backend.graph.tensor import Tensor, Variable
from ..backend.native import with_native
from ..errors import UnbuiltError, WeightsError
from ..spelling.add_weight import name_first
from .calls import everything_in
from .held import layers_held_by
from .node import to_list

__all__ = ["Belongings", "check_weights", "object_list_uid"]


def object_list_uid(object_list: Any) -> str:
    """A key for a list of objects."""
    return ", ".join(str(id(item)) for item in to_list(object_list))


def check_weights(weights: Sequence[Variable], arrays: Sequence, class_name: str, name: str) -> None:
    """Refuse arrays that are too few, too many, or of another shape."""
    compare = "Compare with [w.shape for w in layer.get_weights()]."
    if len(arrays) != len(weights):
        missing = weights[len(arrays)] if len(arrays) < len(weights) else None
        first = f'; the first missing is "{missing.name}" {tuple(missing.shape)}' if missing is not None else ""
        raise WeightsError(f"set_weights needs {len(weights)} arrays, got {len(arrays)}{first}.", compare).named(
            class_name, name
        )
    for weight, array in zip(weights, arrays, strict=True):
        if np.shape(array) != tuple(weight.shape):
            raise WeightsError(
                f'"{weight.name}" has shape {tuple(weight.shape)}, got an array of {np.shape(array)}.', compare
            ).named(class_name, name)


class Belongings:
    """The part of a Layer that has weights, penalties, updates and states."""

    holds_layers = False  # whether to look for layers in its attributes
    inner_come_first = False  # whether their weights are listed before its own
    # of the layer whose part it is
    name: str
    trainable: bool
    built: bool
    # its own, without those of the layers in it; losses and updates with the key of the inputs that they belong to
    constraints: dict[Variable, Any]
    _trainable_weights: list[Variable]
    _non_trainable_weights: list[Variable]
    _losses: list[tuple[str | None, Tensor]]
    _updates: list[tuple[str | None, tuple]]

    @name_first
    def add_weight(self, shape, initializer, name=None, trainable=True, regularizer=None, constraint=None) -> Variable:
        """A new weight.

        Args:
            shape: its sizes.
            initializer: a name, or a function `(shape, name=) -> variable`.
            name: in Keras's style, '<layer>_W'.
            trainable: whether fit may change it.
            regularizer: a function from the weight to a penalty added to the loss.
            constraint: a function applied to the weight after each update.
        """
        weight = self._owned(initializations.make_variable(initializer, tuple(shape), name))
        (self._trainable_weights if trainable else self._non_trainable_weights).append(weight)
        regularizer = regularizers.get(regularizer)
        if regularizer is not None:
            self.add_loss(with_native(regularizer, weight))
        if constraint is not None:
            self.constraints[weight] = weight.constraint = constraints.get(constraint)
        return weight

    @property
    def inner_layers(self) -> list:
        """The layers that this one holds in attributes, lists and dictionaries; their weights are its own."""
        return layers_held_by(self) if self.holds_layers else []

    @property
    def trainable_weights(self) -> list[Variable]:
        """What training may change, of inner layers too; nothing where `trainable` is False."""
        return self._with_inner(self._trainable_weights, "trainable_weights") if self.trainable else []

    @trainable_weights.setter
    def trainable_weights(self, weights) -> None:
        self._trainable_weights = self._own(weights)

    @property
    def non_trainable_weights(self) -> list[Variable]:
        """All other weights: running averages, what is frozen."""
        if not self.trainable:
            return self._all_weights()
        return self._with_inner(self._non_trainable_weights, "non_trainable_weights")

    @non_trainable_weights.setter
    def non_trainable_weights(self, weights) -> None:
        self._non_trainable_weights = self._own(weights)

    def _own(self, weights: Sequence) -> list:
        """Those that are not an inner layer's, which have it on record from now on whose they are."""
        inner = {id(weight) for layer in self.inner_layers for weight in layer.weights}
        return [self._owned(weight) for weight in weights if id(weight) not in inner]

    @property
    def weights(self) -> list[Variable]:
        """Its own trainable ones, its own others, then those of each inner layer, whatever is frozen."""
        order = {weight: place for place, weight in enumerate(self._all_weights())}
        found = self.trainable_weights + self.non_trainable_weights
        return sorted(found, key=lambda weight: order.get(weight, len(order)))

    def _all_weights(self) -> list[Variable]:
        return self._with_inner([*self._trainable_weights, *self._non_trainable_weights], "_weights_by_layer")

    def _with_inner(self, own: list[Variable], kind: str) -> list[Variable]:
        """These weights of its own, and what the inner layers have of this kind; each once."""
        inner = [weight for layer in self.inner_layers for weight in getattr(layer, kind)]
        return list(dict.fromkeys([*inner, *own] if self.inner_come_first else [*own, *inner])) if inner else [*own]

    @property
    def _weights_by_layer(self) -> list[Variable]:
        return self.weights

    def _owned(self, weight: Variable) -> Variable:
        """The weight, which says from now on whose it is."""
        if isinstance(weight, Variable) and not hasattr(weight, "owner"):
            weight.owner = type(self).__name__, self.name
        return weight

    @property
    def all_constraints(self) -> dict[Variable, Any]:
        """The constraints of its own and its inner layers' weights."""
        inner = [pair for layer in self.inner_layers for pair in layer.all_constraints.items()]
        return {**dict(inner), **self.constraints}

    def get_weights(self) -> list[np.ndarray]:
        """The weights as arrays, in the order of `weights`."""
        return K.batch_get_value(self.weights)

    def set_weights(self, weights: Sequence[np.ndarray]) -> None:
        """Give the layer other weights, in the order and shapes of `get_weights()`.

        Raises:
            WeightsError: another number of arrays, or another shape; nothing was changed.
        """
        check_weights(self.weights, weights, type(self).__name__, self.name)
        K.batch_set_value(zip(self.weights, weights, strict=True))

    def count_params(self) -> int:
        """How many numbers the weights hold."""
        if not self.built:
            raise UnbuiltError(
                "has no weights to count before it is built.", "Give its input shape, or add it to a model."
            ).named(type(self).__name__, self.name)
        return sum(math.prod(weight.shape) for weight in self.weights)

    def add_loss(self, losses, inputs=None) -> None:
        """Add penalties to the loss of every model with this layer (with `inputs`: to that call of it)."""
        key = None if inputs is None else object_list_uid(inputs)
        self._losses.extend(
            (key, loss) for loss in (losses if isinstance(losses, list | tuple) else [losses]) if loss is not None
        )

    def add_update(self, updates, inputs=None) -> None:
        """Add pairs (variable, new value), written after each batch."""
        key = None if inputs is None else object_list_uid(inputs)
        pairs = updates if isinstance(updates, list) else [updates]
        self._updates.extend((key, _as_pair(pair)) for pair in pairs)

    @property
    def losses(self) -> list:
        """What is added to the loss: penalties and what `add_loss` got, of inner layers too."""
        return _each_once([loss for _, loss in self._losses] + self._of_inner("get_losses_for"))

    @losses.setter
    def losses(self, losses) -> None:
        self._losses = [(None, loss) for loss in losses]

    @property
    def updates(self) -> list:
        """Pairs (variable, new value) that each step writes, of inner layers too."""
        return _each_once([pair for _, pair in self._updates] + self._of_inner("get_updates_for"))

    @updates.setter
    def updates(self, updates) -> None:
        self._updates = [(None, _as_pair(pair)) for pair in updates]

    def get_losses_for(self, inputs) -> list:
        """The penalties that belong to these inputs (None: those that belong to no input)."""
        key = None if inputs is None else object_list_uid(inputs)
        inner = self._of_inner("get_losses_for") if inputs is None else []
        return _each_once([loss for owner, loss in self._losses if owner == key] + inner)

    def get_updates_for(self, inputs) -> list:
        """The updates that belong to these inputs (None: those that belong to no input)."""
        key = None if inputs is None else object_list_uid(inputs)
        inner = self._of_inner("get_updates_for") if inputs is None else []
        return _each_once([pair for owner, pair in self._updates if owner == key] + inner)

    def _of_inner(self, method: str) -> list:
        """What belongs to no input of the inner layers."""
        return [one for layer in self.inner_layers for one in getattr(layer, method)(None)]

    @property
    def regularizers(self) -> list:
        """Always empty, as in Keras 1.2; penalties are in `losses`."""
        return []

    @regularizers.setter
    def regularizers(self, _) -> None:
        """Kept for old programs; penalties are in `losses`."""

    @property
    def stateful(self) -> bool:
        """Whether it begins each batch with the states at which the last one ended."""
        return (
            self.__dict__["stateful"]
            if "stateful" in self.__dict__
            else any(layer.stateful for layer in self.inner_layers)
        )

    @stateful.setter
    def stateful(self, value: bool) -> None:
        self.__dict__["stateful"] = value

    @property
    def states_carried(self) -> set[Variable]:
        """The variables that carry states from batch to batch."""
        inner = everything_in(self)
        others = {pair[0] for layer in inner for _, pair in layer._updates if isinstance(pair, tuple)}
        carried = {state for layer in self.inner_layers if layer.stateful for state in layer.states_carried}
        own = {pair[0] for _, pair in self._updates if isinstance(pair, tuple)} - others if self.stateful else set()
        return own | carried

    def reset_states(self) -> None:
        """Set the states of stateful layers inside to zero."""
        for layer in self.inner_layers:
            if layer.stateful:
                layer.reset_states()


def _as_pair(update: Any) -> Any:
    """A pair as a tuple; anything else, which counts as an update until a function is made of it, as it is."""
    return tuple(update) if isinstance(update, list) else update


def _each_once(items: Sequence) -> list:
    """Each penalty or update once; an update is a pair."""
    return list({tuple(map(id, one)) if isinstance(one, tuple) else id(one): one for one in items}.values())
