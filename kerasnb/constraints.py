"""Constraints: what a weight is turned into after each update."""

from __future__ import annotations

from . import backend as K
from .carried import carry
from .errors import ArgumentError
from .spelling.door import accepts
from .utils.custom_objects import get_from_module, registry
from .utils.foreign_objects import ours_or_native

__all__ = [
    "Constraint",
    "MaxNorm",
    "NonNeg",
    "UnitNorm",
    "MinMaxNorm",
    "get",
    "maxnorm",
    "nonneg",
    "unitnorm",
    "max_norm",
    "non_neg",
    "unit_norm",
    "min_max_norm",
]


class Constraint:
    """A function from a weight to its constrained value; subclass it and write `__call__(p)`."""

    def __call__(self, p):
        return p

    def get_config(self) -> dict:
        """The arguments that make the same one again, with its 'name'."""
        return {"name": type(self).__name__}


def _norms(p, axis):
    return K.sqrt(K.sum(K.square(p), axis=axis, keepdims=True))


class MaxNorm(Constraint):
    """Weights scaled down so that no norm along `axis` is above `m`.

    Source: Srivastava et al. 2014, JMLR 15, section 5.1.

    Args:
        m: the largest norm.
        axis: axis or axes summed over; 0 for a Dense kernel, (0, 1, 2) for a 'tf' convolution's.
    """

    @accepts({"max_value": "m"})
    def __init__(self, m=2, axis=0):
        if not m >= 0:
            raise ArgumentError(f"MaxNorm: m must be at least 0, got {m!r}.", arguments=("m",))
        self.m = m
        self.axis = axis

    def __call__(self, p):
        norms = _norms(p, self.axis)
        return p * (K.clip(norms, 0, self.m) / (K.epsilon() + norms))

    def get_config(self) -> dict:
        return {"name": type(self).__name__, "m": self.m, "axis": self.axis}


class NonNeg(Constraint):
    """Negative weights set to zero."""

    def __call__(self, p):
        return p * K.cast(K.greater_equal(p, 0.0), K.floatx())


class UnitNorm(Constraint):
    """Weights scaled so that every norm along `axis` is 1.

    Args:
        axis: axis or axes summed over.
    """

    def __init__(self, axis=0):
        self.axis = axis

    def __call__(self, p):
        return p / (K.epsilon() + _norms(p, self.axis))

    def get_config(self) -> dict:
        return {"name": type(self).__name__, "axis": self.axis}


class MinMaxNorm(Constraint):
    """Weights scaled so that every norm along `axis` moves towards `[low, high]`.

    Args:
        low: the smallest norm.
        high: the largest norm.
        rate: how far each update moves it, 0 to 1.
        axis: axis or axes summed over.
    """

    @accepts({"min_value": "low", "max_value": "high"})
    def __init__(self, low=0.0, high=1.0, rate=1.0, axis=0):
        if not 0 <= low <= high:
            raise ArgumentError(f"MinMaxNorm: needs 0 <= low <= high, got {low!r} and {high!r}.", arguments=("low",))
        if not 0 <= rate <= 1:
            raise ArgumentError(f"MinMaxNorm: rate must be a fraction from 0 to 1, got {rate!r}.", arguments=("rate",))
        self.low = low
        self.high = high
        self.rate = rate
        self.axis = axis

    def __call__(self, p):
        norms = _norms(p, self.axis)
        wanted = self.rate * K.clip(norms, self.low, self.high) + (1 - self.rate) * norms
        return p * (wanted / (K.epsilon() + norms))

    def get_config(self) -> dict:
        return {"name": type(self).__name__, "low": self.low, "high": self.high, "rate": self.rate, "axis": self.axis}


maxnorm = max_norm = MaxNorm
nonneg = non_neg = NonNeg
unitnorm = unit_norm = UnitNorm
min_max_norm = MinMaxNorm


def get(identifier, kwargs=None):
    """The constraint that a name or configuration stands for; None and functions are given back as they are.

    One of Keras 3's is given as ours that computes the same.

    Raises:
        UnknownNameError: no such name.
    """
    identifier = ours_or_native(identifier, "constraint", globals())
    return get_from_module(identifier, globals(), "constraint", instantiate=True, kwargs=kwargs)


serialize, deserialize = registry(get)
carry(__name__)
