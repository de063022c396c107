"""A model of Keras 2 (the package `tf_keras`), which is otherwise as one of Keras 3 on TensorFlow."""

from __future__ import annotations

import sys
from typing import Any

from .keras_model import KerasModelView

__all__ = ["TfKerasModelView"]


class _Ops:
    """What is asked of keras.ops, by TensorFlow."""

    def __init__(self, tf: Any):
        self.sum, self.max, self.reshape = tf.reduce_sum, tf.reduce_max, tf.reshape


class TfKerasModelView(KerasModelView):
    """Without a scope in which calls leave nothing, running averages are put back after each look in training."""

    library, title, backend = "tf_keras", "Keras 2", "tensorflow"

    @property
    def ops(self) -> Any:
        return _Ops(sys.modules["tensorflow"])

    def flat(self, tensors: Any) -> list[Any]:
        return sys.modules["tensorflow"].nest.flatten(tensors)

    def type_name(self, tensor: Any) -> str:
        return tensor.dtype.name

    def _built_shapes(self) -> Any:
        shape = getattr(self.model, "_build_input_shape", None)
        return None if shape is None or isinstance(shape, dict) else tuple(shape)

    @property
    def is_compiled(self) -> bool:
        return bool(self.model._is_compiled)

    @property
    def is_in_force(self) -> bool:
        model = self.model
        if not self.is_compiled or model.train_function is None:
            return self.is_compiled
        before = {id(layer): flag for layer, flag in model._compiled_trainable_state.items()}
        return before == {id(layer): flag for layer, flag in model._get_trainable_state().items()}

    def optimizer_for_now(self) -> Any:
        """The same one where it knows all that is trainable; else a new one, with the state of what both know."""
        optimizer, variables = self.model.optimizer, self.model.trainable_variables
        known = getattr(optimizer, "_index_dict", None)
        if known is None or all(optimizer._var_key(variable) in known for variable in variables):
            return optimizer
        return self.with_state(type(optimizer).from_config(optimizer.get_config()))

    def with_state(self, made: Any) -> Any:
        """An optimizer that was just made, with what the model's own knows where they are of one class."""
        optimizer = self.model.optimizer
        if type(made) is not type(optimizer) or not hasattr(optimizer, "_index_dict"):
            return made
        made.build(self.model.trainable_variables)
        before = {variable.name: variable for variable in optimizer.variables}
        for variable in made.variables:
            if variable.name in before and before[variable.name].shape == variable.shape:
                variable.assign(before[variable.name])
        return made
