"""Names of dtypes that also answer what TensorFlow asks of its own: `x.dtype.name`, `x.dtype.is_floating`."""

from __future__ import annotations

import functools

__all__ = ["DType", "named"]


class DType(str):
    """A dtype by its name, such as 'float32'."""

    __slots__ = ()

    @property
    def name(self) -> str:
        return str(self)

    @property
    def base_dtype(self) -> DType:
        return self

    @property
    def is_floating(self) -> bool:
        return self.startswith("float")

    @property
    def is_integer(self) -> bool:
        return self.startswith(("int", "uint"))

    @property
    def is_bool(self) -> bool:
        return self == "bool"

    @property
    def as_numpy_dtype(self) -> type:
        import numpy as np

        return np.dtype(str(self)).type

    def __str__(self) -> str:
        return "".join(self)  # a plain str, for libraries that look for one


@functools.cache
def named(name: str) -> DType:
    """The one DType of this name."""
    return DType(name)
