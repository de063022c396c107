"""Names of dtypes that also answer what TensorFlow asks of its own: `x.dtype.name`, `x.dtype.is_floating`."""

from __future__ import annotations

import functools
from typing import Any

import numpy as np

from ...errors import unknown_name

__all__ = ["DType", "named"]


class DType(str):
    """A dtype by its name, such as 'float32'."""

    __slots__ = ()

    @property
    def name(self) -> str:
        """The dtype as a plain string."""
        return str(self)

    @property
    def base_dtype(self) -> DType:
        """Itself; TensorFlow 1 had other dtypes for what a variable refers to."""
        return self

    @property
    def is_floating(self) -> bool:
        """Whether it holds floats."""
        return self.startswith("float")

    @property
    def is_integer(self) -> bool:
        """Whether it holds whole numbers, with a sign or without."""
        return self.startswith(("int", "uint"))

    @property
    def is_bool(self) -> bool:
        """Whether it holds truths."""
        return self == "bool"

    @property
    def as_numpy_dtype(self) -> type:
        """Numpy's class for it, such as `numpy.float32`."""
        return np.dtype(str(self)).type

    def __str__(self) -> str:
        return "".join(self)  # a plain str, for libraries that look for one


# words that TensorFlow and numpy also take
_WORDS = {"float": "float32", "double": "float64", "half": "float16", "single": "float32", "int": "int64"}
_KNOWN = {f"{kind}{bits}" for kind in ("int", "uint") for bits in (8, 16, 32, 64)}
_KNOWN |= {"float16", "float32", "float64", "bfloat16", "bool", "complex64", "complex128", "string"}


@functools.cache
def named(dtype: Any) -> DType:
    """The one DType of this name, or of a dtype of numpy's or TensorFlow's.

    Raises:
        UnknownNameError: there is none.
    """
    name = dtype if isinstance(dtype, str) else getattr(dtype, "name", "") or getattr(dtype, "__name__", str(dtype))
    python_types = {"float": "float64", "int": "int64", "bool_": "bool"}
    name = (_WORDS if isinstance(dtype, str) else python_types).get(name, name)
    if name not in _KNOWN:
        raise unknown_name("dtype", name, _KNOWN, 'Such as K.cast(x, "float32").')
    return DType(name)
