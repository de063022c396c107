"""Importing a backend's library without touching what is the user's: random numbers, and the choice that Keras 3 reads.

- JAX draws from numpy's global generator while it is imported, Keras from Python's: `np.random.seed` would fix nothing.
- TensorFlow starts Keras 3 when it is imported. Keras raises where `KERAS_BACKEND` or `~/.keras/keras.json` name a
  backend of Keras 1, which is what they do for people who use kerasnb; and it would be bound to what we want of it.
"""

from __future__ import annotations

import contextlib
import functools
import importlib.machinery
import json
import os
import random
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np

__all__ = ["untouched"]

_KERAS = ("keras", "tf_keras")
_OF_KERAS_1_AND_2 = ("theano", "cntk")
_this_thread = threading.local()


@contextlib.contextmanager
def untouched() -> Iterator[None]:
    """While inside, this thread draws from generators of its own, and TensorFlow does not start Keras."""
    with _drawing_apart(random), _drawing_apart(np.random):
        _this_thread.imports = True
        try:
            yield
        finally:
            _this_thread.imports = False


def _imports_here() -> bool:
    return getattr(_this_thread, "imports", False)


# ---- random numbers


@contextlib.contextmanager
def _drawing_apart(module: ModuleType) -> Iterator[None]:
    """The module's functions draw from another generator, in threads that import; in all others as ever."""
    generators = (random.Random, np.random.RandomState)  # numpy imports its own when it is asked for
    # a function that a test has replaced by its own is no method of the generator any more, and stays as it is
    ours = {name: value for name, value in vars(module).items() if isinstance(_holder(value), generators)}
    other = type(_holder(next(iter(ours.values()))))()
    for name, function in ours.items():
        setattr(module, name, _by_thread(function, getattr(other, name)))
    try:
        yield
    finally:
        for name, function in ours.items():
            setattr(module, name, function)


def _holder(value: object) -> object:
    return getattr(value, "__self__", None)


def _by_thread(function: Callable, instead: Callable) -> Callable:
    @functools.wraps(function)
    def drawn(*args, **kwargs):
        return (instead if _imports_here() else function)(*args, **kwargs)

    return drawn


# ---- Keras 3


class _KeptOut(importlib.machinery.SourceFileLoader):
    def exec_module(self, module: ModuleType) -> None:
        raise ImportError("TensorFlow can do without Keras until somebody asks for it.")  # TensorFlow expects this


class _BoundToTensorFlow(importlib.machinery.SourceFileLoader):
    def exec_module(self, module: ModuleType) -> None:
        before = os.environ.get("KERAS_BACKEND")
        os.environ["KERAS_BACKEND"] = "tensorflow"
        try:
            super().exec_module(module)
        finally:
            os.environ.pop("KERAS_BACKEND")
            if before is not None:
                os.environ["KERAS_BACKEND"] = before


class _KerasFinder:
    """Where Keras would be imported: not by our import of TensorFlow, and not with a backend that Keras 3 lacks."""

    def find_spec(self, name: str, path: Any = None, target: ModuleType | None = None) -> Any:
        loader = _loader_for(name) if name in _KERAS else None
        if loader is None:
            return None
        others = (finder.find_spec(name, path, target) for finder in sys.meta_path if finder is not self)
        spec = next(filter(None, others), None)
        if spec is not None and isinstance(spec.loader, importlib.machinery.SourceFileLoader):
            spec.loader = loader(spec.loader.name, spec.loader.path)
        return spec


def _loader_for(name: str) -> type | None:
    if _imports_here():
        return _KeptOut
    return _BoundToTensorFlow if name == "keras" and _choice_of_keras() in _OF_KERAS_1_AND_2 else None


def _choice_of_keras() -> Any:
    """The backend that Keras 3 would take from the environment or its file."""
    asked = os.environ.get("KERAS_BACKEND")
    home = Path(os.environ.get("KERAS_HOME") or Path.home() / ".keras")
    try:
        return asked or json.loads((home / "keras.json").read_text()).get("backend")
    except (OSError, ValueError, AttributeError, RecursionError):
        return None


sys.meta_path.insert(0, _KerasFinder())
