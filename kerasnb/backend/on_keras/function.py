"""`K.function` and `K.gradients` of Keras 3's symbolic tensors: what Keras 3 has no more, by its old name."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from ...errors import DataError, GraphError
from ..graph.phase import PHASE
from .running import runner_for
from .stateless import Stateless
from .tensors import is_symbolic, is_variable

__all__ = ["KerasFunction", "KerasGradient", "gradients_of"]


class KerasGradient:
    """The derivative of a loss by a tensor or variable, to be computed by `K.function`."""

    def __init__(self, losses: Sequence[Any], by: Any):
        self.losses, self.by = list(losses), by
        self.shape, self.dtype = tuple(by.shape), str(by.dtype)

    def __repr__(self) -> str:
        return f"<gradient by {self.by!r}>"


def gradients_of(loss: Any, variables: Any) -> list[KerasGradient]:
    """What `K.gradients` gives where the loss is a symbolic tensor of Keras.

    Raises:
        GraphError: something else is among the losses or variables.
    """
    losses = list(loss) if isinstance(loss, (list, tuple)) else [loss]
    sought = list(variables) if isinstance(variables, (list, tuple)) else [variables]
    unknown = [each for each in losses if not is_symbolic(each)]
    unknown += [each for each in sought if not (is_symbolic(each) or is_variable(each))]
    for each in unknown:
        raise GraphError(
            f"K.gradients of tensors of Keras needs symbolic tensors and variables of Keras, got {each!r}.",
            "Write the loss with keras.ops: keras.ops.mean(model.output).",
        )
    return [KerasGradient(losses, each) for each in sought]


class KerasFunction:
    """A callable from arrays to a list of arrays, run by Keras; compiled when first called, once for each phase.

    Args:
        inputs: symbolic tensors of Keras, `K.learning_phase()` among them or not.
        outputs: symbolic tensors, variables, gradients.
    """

    def __init__(self, inputs: Sequence[Any], outputs: Sequence[Any], name: str = "function"):
        self.inputs, self.outputs, self.name = list(inputs), list(outputs), name
        self._keras = sys.modules["keras"]
        self._data = [tensor for tensor in self.inputs if tensor is not PHASE]
        for each in self._data:
            if not is_symbolic(each):
                raise GraphError(
                    f"{name} of tensors of Keras takes symbolic tensors of Keras, got {each!r}.", "Give model.inputs."
                )
        self._runner = runner_for(self._keras.backend.backend())
        self._models: dict[tuple, Any] = {}
        self._compiled: dict[int, Callable] = {}
        self._stateless = Stateless(self._keras, self._runner, self._variables)

    def __call__(self, *inputs: Any) -> list[np.ndarray]:
        """Arrays in (one list, or separately), a list of arrays out."""
        if len(inputs) == 1 and isinstance(inputs[0], (list, tuple)) and (len(self.inputs) != 1 or len(inputs[0]) == 1):
            inputs = tuple(inputs[0])
        if len(inputs) != len(self.inputs):
            raise DataError(
                f"{self.name} takes {len(self.inputs)} inputs, got {len(inputs)}.",
                "Pass one list with an array for each of them.",
            )
        phase, arrays = 0, []
        for tensor, value in zip(self.inputs, inputs, strict=True):
            if tensor is PHASE:
                phase = int(bool(value))
            else:
                arrays.append(self._runner.tensor(np.asarray(value, dtype=str(tensor.dtype))))
        if phase not in self._compiled:
            self._prepare()
            self._compiled[phase] = self._stateless.compiled(lambda *given: self._compute(list(given), phase))
        return [self._runner.array(each) for each in self._compiled[phase](*arrays)]

    def _compute(self, given: list[Any], phase: int) -> list[Any]:
        return [self._one(output, given, phase) for output in self.outputs]

    def _one(self, output: Any, given: list[Any], phase: int) -> Any:
        if isinstance(output, KerasGradient):
            return self._gradient(output, given, phase)
        if is_variable(output):
            with self._stateless.scope():
                return self._keras.ops.convert_to_tensor(output.value)
        return self._run(self._data, [output], given, phase)[0]

    def _gradient(self, wanted: KerasGradient, given: list[Any], phase: int) -> Any:
        ops = self._keras.ops

        def total(losses: list[Any]) -> Any:
            # as TensorFlow 1's gradients, which are those of the sum of all values of all losses
            return sum(ops.sum(loss) for loss in losses)

        if is_variable(wanted.by):

            def loss_at(at: list[Any]) -> Any:
                return total(self._run(self._data, wanted.losses, given, phase, (wanted.by, at[0])))

            with self._stateless.scope():
                value = ops.convert_to_tensor(wanted.by.value)
            return self._runner.gradient(loss_at, [value])[0]
        place = next((at for at, each in enumerate(self._data) if each is wanted.by), None)
        if place is not None:

            def loss_from(at: list[Any]) -> Any:
                return total(self._run(self._data, wanted.losses, [*given[:place], at[0], *given[place + 1 :]], phase))

            return self._runner.gradient(loss_from, [given[place]])[0]
        # by an inner tensor: its value first, then a model that begins at it, so that its derivative is one by an input
        (inner,) = self._run(self._data, [wanted.by], given, phase)

        def loss_after(at: list[Any]) -> Any:
            return total(self._run([*self._data, wanted.by], wanted.losses, [*given, at[0]], phase))

        return self._runner.gradient(loss_after, [inner])[0]

    def _run(self, inputs: list[Any], outputs: list[Any], given: list[Any], phase: int, *others: tuple) -> list[Any]:
        with self._stateless.scope(*others):
            return self._keras.tree.flatten(self._model(inputs, outputs)(given, training=bool(phase)))

    def _model(self, inputs: list[Any], outputs: list[Any]) -> Any:
        """Keras's own model of these tensors; the layers are those of the user."""
        key = (tuple(map(id, inputs)), tuple(map(id, outputs)))
        if key not in self._models:
            self._models[key] = self._keras.Model(inputs, outputs, name=f"{self.name}_{len(self._models)}")
        return self._models[key]

    def _prepare(self) -> None:
        """Make the model of all that is computed, so that its variables are known."""
        symbolic = [each for each in self.outputs if is_symbolic(each)]
        for each in self.outputs:
            symbolic += each.losses if isinstance(each, KerasGradient) else []
        if symbolic:
            self._model(self._data, symbolic)

    def _variables(self) -> list[Any]:
        found = {id(each): each for model in self._models.values() for each in model.variables}
        found |= {id(each): each for each in self.outputs if is_variable(each)}
        return list(found.values())
