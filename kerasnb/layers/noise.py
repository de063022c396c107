"""Noise put on values while training."""

from __future__ import annotations

import math

from .. import backend as K
from ..carried import carry
from ..engine.layer import Layer
from .arguments import fraction, number

__all__ = ["GaussianNoise", "GaussianDropout", "AlphaDropout"]


class GaussianNoise(Layer):
    """While training, adds noise of the normal distribution to every value.

    Shape: any -> same.

    Args:
        sigma: standard deviation of the noise.
    """

    supports_masking = True
    uses_learning_phase = True

    def __init__(self, sigma, **kwargs):
        self.sigma = number("sigma", sigma, least=0)
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


class AlphaDropout(Layer):
    """Dropout that keeps mean and deviation, for layers with the activation 'selu'. A later layer.

    Shape: any -> same.
    Source: Klambauer et al. 2017, arXiv:1706.02515, section "New dropout technique".

    Args:
        p: fraction dropped, 0 to 1.
        noise_shape: shape of the pattern, 1 where it is shared along an axis, None for the whole size.
        seed: a whole number makes the pattern the same in every run.
    """

    supports_masking = True
    # what selu tends to far below zero
    dropped = -1.7580993408473766

    def __init__(self, p, noise_shape=None, seed=None, **kwargs):
        self.p = fraction("p", p)
        self.noise_shape = noise_shape
        self.seed = seed
        super().__init__(**kwargs)
        self.uses_learning_phase = 0 < self.p < 1

    def call(self, x, mask=None):
        return K.in_train_phase(lambda: self._dropped_out(x), x) if 0 < self.p < 1 else x

    def _dropped_out(self, x):
        sizes = _sizes(x)
        if self.noise_shape is not None:
            sizes = tuple(all_of if one is None else one for all_of, one in zip(sizes, self.noise_shape, strict=True))
        kept = K.cast(K.greater_equal(K.random_uniform(sizes, seed=self.seed), self.p), K.dtype(x))
        scale = ((1 - self.p) * (1 + self.p * self.dropped**2)) ** -0.5
        return scale * (x * kept + self.dropped * (1 - kept)) - scale * self.dropped * self.p

    def get_config(self) -> dict:
        chosen = {"noise_shape": self.noise_shape, "seed": self.seed}
        return {
            **super().get_config(),
            "p": self.p,
            **{name: value for name, value in chosen.items() if value is not None},
        }


def _sizes(x) -> tuple:
    """The sizes of `x`, symbolic where they are not known."""
    return tuple(K.shape(x)[axis] if size is None else size for axis, size in enumerate(K.int_shape(x)))


carry(__name__)
