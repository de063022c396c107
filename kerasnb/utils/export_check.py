"""Whether Keras 3 computes what a model computes here, from the archive that is written for it."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from typing import Any

import numpy as np

from .. import backend as K
from ..errors import FileError

__all__ = ["Export", "check_export"]

# run where Keras is not imported yet: it brings a backend along, which this process may not want
_PROGRAM = """
import sys
import numpy as np
import keras
arrays = np.load(sys.argv[2])
inputs = [arrays[name] for name in arrays.files]
outputs = keras.models.load_model(sys.argv[1], compile=False)(inputs if len(inputs) > 1 else inputs[0], training=False)
listed = outputs if isinstance(outputs, (list, tuple)) else [outputs]
np.savez(sys.argv[3], *[keras.ops.convert_to_numpy(one) for one in listed], version=keras.__version__)
"""
_UNKNOWN = 4  # a size that the model leaves open


@dataclass
class Export:
    """What Keras 3 made of a model.

    Args:
        path: the archive.
        version: of the Keras that read it.
        worst: the largest difference between outputs there and here.
        tolerance: up to which they count as equal.
    """

    path: str
    version: str
    worst: float
    tolerance: float

    @property
    def is_equal(self) -> bool:
        """Whether all outputs are equal up to the tolerance."""
        return self.worst <= self.tolerance

    def __repr__(self) -> str:
        verdict = "gives the same" if self.is_equal else "gives something else"
        return f"Keras {self.version} {verdict}: outputs differ by {self.worst:.1e} at most ({self.path})"


def check_export(model: Any, path: Any = None, tolerance: float = 1e-5) -> Export:
    """Write a model as a `.keras` archive, have Keras 3 read it, and compare what both give for random samples.

    Keras is asked in this process if it is imported already, else in one of its own.

    Args:
        path: where the archive stays; by default it is removed.

    Raises:
        ArgumentError: Keras 3 has no such layer or argument.
        FileError: Keras 3 is not installed, or cannot read the archive.
    """
    with tempfile.TemporaryDirectory() as folder:
        archive = os.fspath(path) if path is not None else os.path.join(folder, "model.keras")
        model.save(archive, overwrite=True)
        inputs = [_sample(tensor) for tensor in model.inputs]
        here = model.predict(inputs if len(inputs) > 1 else inputs[0])
        keras = sys.modules.get("keras")
        is_there = str(getattr(keras, "__version__", "")).startswith("3")
        version, theirs = _in_this_process(keras, archive, inputs) if is_there else _apart(archive, inputs, folder)
    ours = here if isinstance(here, list) else [here]
    worst = max(float(np.abs(one - other).max(initial=0)) for one, other in zip(ours, theirs, strict=True))
    return Export(archive if path is not None else "no file kept", version, worst, tolerance)


def _sample(tensor: Any) -> np.ndarray:
    random = np.random.RandomState(0)
    shape = (2, *(_UNKNOWN if size is None else size for size in K.int_shape(tensor)[1:]))
    if K.dtype(tensor).startswith("int"):
        return random.randint(0, 2, shape).astype(K.dtype(tensor))
    return random.uniform(-1, 1, shape).astype(K.dtype(tensor))


def _in_this_process(keras: Any, archive: str, inputs: list) -> tuple[str, list]:
    outputs = keras.models.load_model(archive, compile=False)(inputs if len(inputs) > 1 else inputs[0], training=False)
    listed = outputs if isinstance(outputs, list | tuple) else [outputs]
    return keras.__version__, [keras.ops.convert_to_numpy(one) for one in listed]


def _apart(archive: str, inputs: list, folder: str) -> tuple[str, list]:
    given, made = os.path.join(folder, "inputs.npz"), os.path.join(folder, "outputs.npz")
    np.savez(given, *inputs)
    command = [sys.executable, "-c", _PROGRAM, archive, given, made]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise FileError(
            f'Keras 3 cannot read "{archive}": {(done.stderr.strip().splitlines() or ["no word"])[-1][:300]}',
            "Is it installed? pip install keras",
        )
    with np.load(made) as arrays:
        return str(arrays["version"]), [arrays[name] for name in arrays.files if name != "version"]
