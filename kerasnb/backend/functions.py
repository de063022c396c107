"""`K.function`: the one way anything runs."""

from __future__ import annotations

import functools
import operator
import threading
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from ..caller import warn_user
from ..errors import DataError, GraphError, ShapeError
from .graph.phase import PHASE
from .graph.programs import CallCount, Program
from .graph.tensor import Constant, Tensor, Variable, as_tensor
from .graph.walks import depends_on
from .on_keras.function import KerasFunction, KerasGradient, gradients_of
from .on_keras.tensors import is_variable, symbolic_in
from .ops.registry import OPS
from .runtime import chosen

# how theano.function compiles, which changes nothing about results
_OF_THEANO = {"mode", "name", "profile", "on_unused_input", "allow_input_downcast", "accept_inplace", "rebuild_strict"}

__all__ = ["function", "Function", "gradients", "eval", "as_input"]


class Function:
    """A callable from arrays to a list of arrays; compiled when first called, once per learning phase used."""

    def __init__(
        self, inputs: Sequence[Tensor], outputs: Sequence[Tensor], updates: Sequence = (), name: str = "function"
    ):
        self.inputs = list(inputs)
        self.outputs = [as_tensor(output) for output in outputs]
        self.updates = _first_of_each(updates)
        self.name = name
        self._backend = chosen.forced_backend()  # its own, if K.theano_backend or the like made it
        self._data_inputs = [tensor for tensor in self.inputs if tensor is not PHASE]
        self._compiled: dict[tuple, Callable] = {}
        self._count = CallCount()  # one for all that is compiled of it, so that loops and single calls go on alike
        self._lock = threading.RLock()

    def __call__(self, *inputs) -> list[np.ndarray]:
        """Arrays in (one list, as in Keras 1.2, or separately), a list of arrays out."""
        if len(inputs) == 1 and isinstance(inputs[0], list | tuple) and (len(self.inputs) != 1 or len(inputs[0]) == 1):
            inputs = tuple(inputs[0])
        if len(inputs) == len(self._data_inputs) and self.inputs and self.inputs[-1] is PHASE:
            inputs = (*inputs, 0)  # left out where nothing asks for it, as with TensorFlow 1's placeholders
        if len(inputs) != len(self.inputs):
            raise DataError(
                f"{self.name} takes {len(self.inputs)} inputs ({self._names()}), got {len(inputs)}.",
                "Pass one list with an array for each of them.",
            )
        phase = 0
        arrays = []
        for tensor, value in zip(self.inputs, inputs, strict=True):
            if tensor is PHASE:
                phase = int(bool(value))
            else:
                arrays.append(as_input(value, tensor, self.name))
        return self.compiled(phase)(arrays)

    def program(self, phase: int) -> Program:
        """What there is to compute in this learning phase.

        Raises:
            GraphError: an output needs a placeholder that is not among the inputs.
        """
        program = Program(self._data_inputs, self.outputs, self.updates, phase, self._count)
        if program.missing:
            lost = program.missing[0]
            raise GraphError(
                f'{self.name} needs tensor "{lost.name}" {tuple(lost.shape)}, which is not among its inputs '
                f"[{self._names()}].",
                "Add it to the inputs.",
            )
        return program

    def compiled(self, phase: int) -> Callable:
        """The compiled function for this learning phase on its own backend, else on the active one."""
        active = chosen.load(self._backend) if self._backend else chosen.active()
        key = (active.name, phase)
        if key in self._compiled:
            return self._compiled[key]
        with self._lock:
            if key not in self._compiled:
                self._compiled[key] = active.compile(self.program(phase))
            return self._compiled[key]

    def _names(self) -> str:
        return ", ".join(f'"{tensor.name}" {tuple(tensor.shape)}' for tensor in self.inputs)


def function(inputs: Sequence[Tensor], outputs: Sequence[Tensor], updates: Sequence = (), **kwargs: Any) -> Any:
    """A callable that computes `outputs` from `inputs`, then writes `updates`.

    Shape: arrays as `inputs` -> a list of arrays as `outputs`, in their order.

    Symbolic tensors of Keras 3 are computed by Keras, on its own backend.

    Put `K.learning_phase()` among the inputs to choose between test (0) and train (1); left out, it is 0.

    Args:
        inputs: placeholders (or any tensors of the graph) that the caller gives values for.
        outputs: tensors to compute.
        updates: pairs (variable, new value), written after all outputs were read.
    """
    if symbolic_in(outputs) or symbolic_in(inputs) or _has_gradient_of_keras(outputs):
        if updates:
            raise GraphError("K.function of tensors of Keras writes no updates.", "Call variable.assign(value).")
        return KerasFunction(inputs, outputs if isinstance(outputs, list | tuple) else [outputs])
    if kwargs:
        unknown = sorted(set(kwargs) - _OF_THEANO)
        if chosen.backend() == "theano" and unknown:
            raise DataError(f"K.function does not know {unknown}.", "Leave them out.")
        warn_user(f"K.function ignores {sorted(kwargs)}")
    return Function(inputs, [outputs] if isinstance(outputs, Tensor) else outputs, updates or ())


def _has_gradient_of_keras(outputs: Any) -> bool:
    several = outputs if isinstance(outputs, list | tuple) else [outputs]
    return any(isinstance(each, KerasGradient) for each in several)


def eval(x: Any) -> np.ndarray:
    """The value of a tensor that depends on no placeholder.

    Shape: `x` any -> same.
    """
    if isinstance(x, Variable):
        return x.get_value()
    if is_variable(x):
        return np.array(x.numpy())
    if isinstance(x, Constant):
        return x.value.toarray() if x.is_sparse else x.value.copy()
    if not isinstance(x, Tensor):
        return np.asarray(x)
    return Function([], [x], name=f"K.eval({x.name or 'x'})")([])[0]


def gradients(loss: Tensor | Sequence[Tensor], variables: Tensor | Sequence[Tensor]) -> list[Tensor | None]:
    """The derivatives of a scalar, or of the sum of a tensor or of several, with respect to each variable or tensor.

    Shape: -> a tensor of the shape of each of `variables`.

    A variable that the loss does not depend on gives None on TensorFlow and an error on Theano, as there.

    Raises:
        GraphError: (Theano) the loss does not depend on a variable.
    """
    if symbolic_in(loss):
        return gradients_of(loss, variables)  # type: ignore[return-value]
    losses: list = list(loss) if isinstance(loss, list | tuple) else [loss]
    if not losses:
        raise GraphError("K.gradients needs a loss, got an empty list.", "Give it one tensor, or several.")
    total = losses[0] if len(losses) == 1 else functools.reduce(operator.add, map(OPS["sum"], losses))
    sought: list = list(variables) if isinstance(variables, list | tuple) else [variables]
    connected = depends_on(total, sought)
    if chosen.backend() == "theano" and not all(connected):
        lost = sought[connected.index(False)]
        raise GraphError(f"the loss does not depend on {lost!r} (disconnected input).", "Leave it out of K.gradients.")
    wanted = [variable for variable, is_used in zip(sought, connected, strict=True) if is_used]
    found = iter(OPS["gradients"](total, wanted) if wanted else [])
    return [next(found) if is_used else None for is_used in connected]


def _first_of_each(updates: Sequence) -> list[tuple[Variable, Tensor]]:
    """Pairs from Keras 1's list (pairs, or update tensors that carry one), the first for each variable."""
    pairs: dict[Variable, Tensor] = {}
    for update in updates:
        if not isinstance(update, tuple | list) or len(update) != 2 or not isinstance(update[0], Variable):
            raise GraphError(
                f"an update is a pair (variable, new value), got {update!r}.", "Write K.update(variable, new_value)."
            )
        variable, value = update
        value = as_tensor(value, variable.dtype)
        if value.dtype != variable.dtype:
            value = OPS["cast"](value, variable.dtype)
        pairs.setdefault(variable, value)
    return list(pairs.items())


def as_input(value: Any, tensor: Tensor, name: str) -> np.ndarray:
    """The value as an array that fits the input, or as a scipy matrix for a sparse one."""
    if tensor.is_sparse:
        return _checked_sparse(value, tensor, name)
    array = np.asarray(value)
    if array.dtype == object:
        _refuse_sparse(value, tensor, name)
        raise DataError(
            f'{name}: input "{tensor.name}" needs numbers {tuple(tensor.shape)}, got {type(value).__name__} of objects.'
        )
    fits = array.ndim == len(tensor.shape) and all(
        want in (None, got) for want, got in zip(tensor.shape, array.shape, strict=True)
    )
    if not fits:
        raise ShapeError(
            f'{name}: input "{tensor.name}" needs shape {tuple(tensor.shape)}, got an array of {array.shape}.'
        )
    return array if array.dtype == tensor.dtype else array.astype(tensor.dtype)


def _refuse_sparse(value: Any, tensor: Tensor, name: str) -> None:
    if hasattr(value, "tocsr"):
        raise DataError(
            f'{name}: input "{tensor.name}" is dense, got a sparse {type(value).__name__} {value.shape}.',
            "Make it with sparse=True, or give x.toarray().",
        )


def _checked_sparse(value: Any, tensor: Tensor, name: str) -> Any:
    """The scipy matrix (or array, as one) with its values in order."""
    if not hasattr(value, "tocsr"):
        from scipy import sparse

        value = sparse.csr_matrix(np.asarray(value))
    if any(want not in (None, got) for want, got in zip(tensor.shape, value.shape, strict=True)):
        raise ShapeError(f'{name}: input "{tensor.name}" needs shape {tuple(tensor.shape)}, got {value.shape}.')
    value = value.tocsr().astype(tensor.dtype)
    value.sum_duplicates()
    return value
