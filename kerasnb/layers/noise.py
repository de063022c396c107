"""Noise put on values while training."""

from __future__ import annotations

import math

from .. import backend as K
from ..engine.layer import Layer
from ..errors import ArgumentError
from .arguments import fraction

__all__ = ["GaussianNoise", "GaussianDropout"]


class GaussianNoise(Layer):
    """While training, adds noise of the normal distribution to every value.

    Shape: any -> same.

    Args:
        sigma: standard deviation of the noise.
    """

    supports_masking = True
    uses_learning_phase = True

    def __init__(self, sigma, **kwargs):
        if sigma < 0:
            raise ArgumentError(f"sigma must not be negative, got {sigma}.", arguments=("sigma",))
        self.sigma = sigma
        super().__init__(**kwargs)

    def call(self, x, mask=None):
        return K.in_train_phase(lambda: x + K.random_normal(_sizes(x), mean=0.0, std=self.sigma), x)

    def get_config(self) -> dict:
        return {**super().get_config(), "sigma": self.sigma}


class GaussianDropout(Layer):
    """While training, multiplies every value with noise of mean 1 and deviation `sqrt(p / (1 - p))`.

    Shape: any -> same.
    Source: Srivastava et al. 2014, JMLR 15, section 10.

    Args:
        p: as the fraction dropped by Dropout, which has the same deviation, 0 to 1.
    """

    supports_masking = True

    def __init__(self, p, **kwargs):
        self.p = fraction("p", p)
        super().__init__(**kwargs)
        self.uses_learning_phase = 0 < self.p < 1

    def call(self, x, mask=None):
        if not 0 < self.p < 1:
            return x
        deviation = math.sqrt(self.p / (1.0 - self.p))
        return K.in_train_phase(lambda: x * K.random_normal(_sizes(x), mean=1.0, std=deviation), x)

    def get_config(self) -> dict:
        return {**super().get_config(), "p": self.p}


def _sizes(x) -> tuple:
    """The sizes of `x`, symbolic where they are not known."""
    return tuple(K.shape(x)[axis] if size is None else size for axis, size in enumerate(K.int_shape(x)))
