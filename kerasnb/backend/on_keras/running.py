"""How each backend of Keras computes: a function compiled, its derivatives, and arrays in and out."""

from __future__ import annotations

import functools
import sys
from collections.abc import Callable
from typing import Any

import numpy as np

from ...errors import BackendError

__all__ = ["Runner", "runner_for"]

Compute = Callable[..., Any]


class Runner:
    """Computes with tensors of one library, which is there already: the user's model is made of it."""

    holds_values = False  # whether what is compiled holds the values of variables as they were then

    def __init__(self, library: Any):
        self.library = library

    def compiled(self, compute: Compute) -> Compute:
        """The function of tensors, compiled where the library compiles."""
        return compute

    def gradient(self, compute: Compute, at: list[Any]) -> list[Any]:
        """The derivative of `compute(at)`, a scalar, by each of the tensors `at`; None for one without influence."""
        raise NotImplementedError

    def tensor(self, array: np.ndarray) -> Any:
        """An array as the library takes it."""
        return array

    def array(self, tensor: Any) -> np.ndarray:
        """A tensor as an array."""
        return np.asarray(tensor)


class _OnTensorFlow(Runner):
    def compiled(self, compute: Compute) -> Compute:
        # a partial has no code of its own, by which TensorFlow would take each look for the same one traced anew
        return self.library.function(functools.partial(compute), autograph=False, reduce_retracing=True)

    def gradient(self, compute: Compute, at: list[Any]) -> list[Any]:
        tf = self.library
        with tf.GradientTape(watch_accessed_variables=False) as tape:
            tape.watch(at)
            score = compute(at)
        return tape.gradient(score, at)

    def tensor(self, array: np.ndarray) -> Any:
        return self.library.constant(array)

    def array(self, tensor: Any) -> np.ndarray:
        return np.asarray(self.library.convert_to_tensor(tensor))  # indexed slices, too


class _OnJax(Runner):
    holds_values = True

    def compiled(self, compute: Compute) -> Compute:
        return self.library.jit(compute)

    def gradient(self, compute: Compute, at: list[Any]) -> list[Any]:
        return self.library.grad(compute)(at)

    def tensor(self, array: np.ndarray) -> Any:
        return self.library.numpy.asarray(array)


class _OnTorch(Runner):
    def gradient(self, compute: Compute, at: list[Any]) -> list[Any]:
        torch = self.library
        with torch.enable_grad():
            leaves = [tensor.detach().clone().requires_grad_(True) for tensor in at]
            score = compute(leaves)
            return list(torch.autograd.grad(score, leaves, allow_unused=True))

    def tensor(self, array: np.ndarray) -> Any:
        return sys.modules["keras"].ops.convert_to_tensor(array)  # on the device that Keras uses

    def array(self, tensor: Any) -> np.ndarray:
        tensor = tensor.detach().cpu()
        return (tensor.float() if str(tensor.dtype) == "torch.bfloat16" else tensor).numpy()  # which numpy lacks


_RUNNERS = {"tensorflow": _OnTensorFlow, "jax": _OnJax, "torch": _OnTorch}


def runner_for(backend: str) -> Runner:
    """How that backend of Keras computes.

    Raises:
        BackendError: kerasnb looks at no models on that one.
    """
    if backend not in _RUNNERS:
        raise BackendError(
            f'Keras runs on "{backend}"; kerasnb computes with models on {", ".join(_RUNNERS)}.',
            "Set KERAS_BACKEND to one of these, and restart the kernel.",
        )
    return _RUNNERS[backend](sys.modules[backend])
