"""`_Holder`: a layer whose weights, penalties and updates are those of layers in it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from .. import backend as K
from ..backend.native import with_native
from ..engine.layer import Layer
from ..engine.node import call_layer
from ..engine.specs import check_weights

__all__ = ["_Holder"]


class _Holder(Layer):
    """What layers that hold others have in common; a subclass says which in `_inner_layers`, and may add weights.

    Shape: that of the subclass.
    """

    @property
    def _inner_layers(self) -> list[Layer]:
        raise NotImplementedError

    @property
    def trainable_weights(self) -> list:
        if not self.trainable:
            return []
        return [weight for layer in self._inner_layers for weight in layer.trainable_weights] + self._trainable_weights

    @trainable_weights.setter
    def trainable_weights(self, weights) -> None:
        self._trainable_weights = self._without_inner(weights)

    @property
    def non_trainable_weights(self) -> list:
        frozen = [weight for layer in self._inner_layers for weight in layer.non_trainable_weights]
        frozen += self._non_trainable_weights
        if self.trainable:
            return frozen
        return [weight for layer in self._inner_layers for weight in layer.trainable_weights] + [
            *self._trainable_weights, *frozen]

    @non_trainable_weights.setter
    def non_trainable_weights(self, weights) -> None:
        self._non_trainable_weights = self._without_inner(weights)

    def _without_inner(self, weights) -> list:
        inner = {id(weight) for layer in self._inner_layers for weight in layer.weights}
        return [weight for weight in weights if id(weight) not in inner]

    @property
    def weights(self) -> list:
        inner = [weight for layer in self._inner_layers for weight in layer.weights]
        return inner + self._trainable_weights + self._non_trainable_weights

    def get_weights(self) -> list[np.ndarray]:
        return K.batch_get_value(self.weights)

    def set_weights(self, weights) -> None:
        check_weights(self.weights, weights, type(self).__name__, self.name)
        K.batch_set_value(zip(self.weights, weights, strict=True))

    @property
    def constraints(self) -> dict:
        for layer in self._inner_layers:
            self._weight_constraints.update(layer.constraints)
        return self._weight_constraints

    @constraints.setter
    def constraints(self, constraints) -> None:
        self._weight_constraints = dict(constraints)

    def _call_inner(self, layer: Layer, x, mask, own_input) -> list:
        """The outputs of an inner layer; its updates and penalties count as those of this layer's input."""
        outputs, _ = call_layer(layer, [x], [mask])
        self.add_update(layer.get_updates_for(x), own_input)
        self.add_loss(layer.get_losses_for(x), own_input)
        if layer.activity_regularizer is not None:
            self.add_loss([with_native(layer.activity_regularizer, output) for output in outputs], own_input)
        return outputs

    def get_losses_for(self, inputs) -> list:
        return self._with_inner(super().get_losses_for(inputs), lambda layer: layer.get_losses_for(inputs))

    def get_updates_for(self, inputs) -> list:
        return self._with_inner(super().get_updates_for(inputs), lambda layer: layer.get_updates_for(inputs))

    @property
    def losses(self) -> list:
        return self._with_inner(super().losses, lambda layer: layer.losses)

    @losses.setter
    def losses(self, losses) -> None:
        Layer.losses.fset(self, losses)

    @property
    def updates(self) -> list:
        return self._with_inner(super().updates, lambda layer: layer.updates)

    @updates.setter
    def updates(self, updates) -> None:
        Layer.updates.fset(self, updates)

    def _with_inner(self, own: list, of: Callable[[Layer], list]) -> list:
        """These, and those of the inner layers that are not among them."""
        known = {_key(one) for one in own}
        return own + [one for layer in self._inner_layers for one in of(layer) if _key(one) not in known]


def _key(loss_or_update: Any) -> Any:
    """What is the same for one penalty or update, however it was reached."""
    return tuple(map(id, loss_or_update)) if isinstance(loss_or_update, tuple) else id(loss_or_update)
