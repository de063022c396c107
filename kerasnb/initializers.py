"""Initializers: objects made first and called with a shape; and every initialization by name."""

from __future__ import annotations

import inspect
import math
import sys

import numpy as np

from . import backend as K
from .backend.graph.drawn import drawn
from .backend.ops.known_sizes import in_parts, is_computed
from .carried import carry
from .errors import ArgumentError, ShapeError, unknown_name
from .initial_values import FUNCTIONS, get_fans, orthogonal_from
from .initial_values import identity as _identity
from .initial_values import ones as _ones
from .initial_values import zeros as _zeros
from .utils.custom_objects import get_custom_objects, get_from_module, registry
from .utils.foreign_objects import arguments_of, is_of_keras, kin_of

__all__ = [
    "Initializer",
    "Zeros",
    "Ones",
    "Constant",
    "RandomNormal",
    "RandomUniform",
    "TruncatedNormal",
    "VarianceScaling",
    "Orthogonal",
    "Identity",
    "zeros",
    "ones",
    "constant",
    "random_normal",
    "random_uniform",
    "truncated_normal",
    "variance_scaling",
    "orthogonal",
    "identity",
    "lecun_uniform",
    "lecun_normal",
    "glorot_normal",
    "glorot_uniform",
    "he_normal",
    "he_uniform",
    "GlorotNormal",
    "GlorotUniform",
    "HeNormal",
    "HeUniform",
    "LecunNormal",
    "LecunUniform",
    "get",
    "make_variable",
]


class Initializer:
    """A function from a shape to a variable, with arguments of its own; write `__call__(shape, name=None)`."""

    def __init__(self, **config):
        self._config = config

    def get_config(self) -> dict:
        """What makes the same one again."""
        return {"class_name": type(self).__name__, "config": dict(self._config)}

    @classmethod
    def from_config(cls, config):
        """An initializer as `get_config` described one."""
        return cls(**config)


def _random(seed):
    return np.random.RandomState(np.random.randint(10_000_000) if seed is None else seed)


def _is_computed(shape) -> bool:
    """Whether a size is known only when a function runs; the values are then drawn anew in each run."""
    return any(map(is_computed, in_parts(shape)))


def _drawn(shape, name, draw) -> K.Variable:
    """A variable of what `draw(count)` gives, piece by piece."""
    dtype = K.floatx()
    return K.Variable(lambda: drawn(draw, shape, dtype), tuple(shape), dtype, name or "drawn")


def _drawn_within_two(shape, name, random, mean, deviation) -> K.Variable:
    """A variable drawn at once: which numbers are drawn anew shows when all are there."""
    return K.Variable(
        lambda: mean + deviation * _within_two(random, tuple(shape)), tuple(shape), K.floatx(), name or "drawn"
    )


class Zeros(Initializer):
    """Zeros: where biases and running means begin."""

    def __call__(self, shape, name=None, dtype=None):
        return _zeros(shape, name=name)


class Ones(Initializer):
    """Ones: where scales and running variances begin."""

    def __call__(self, shape, name=None, dtype=None):
        return _ones(shape, name=name)


class Constant(Initializer):
    """One number everywhere, or the values of an array with as many.

    Args:
        value: the number, or the array.
    """

    def __init__(self, value=0):
        super().__init__(value=value)
        self.value = value

    def __call__(self, shape, name=None, dtype=None):
        if _is_computed(shape):
            return K.zeros(shape) + self.value
        value = np.asarray(self.value)
        if value.ndim and value.size == math.prod(shape):
            value = value.reshape(shape)
        return K.variable(np.full(shape, value), name=name)


class RandomNormal(Initializer):
    """Values of the normal distribution.

    Args:
        mean, stddev: its mean and deviation.
        seed: a whole number, by which the values are the same each time.
    """

    def __init__(self, mean=0.0, stddev=0.05, seed=None):
        super().__init__(mean=mean, stddev=stddev, seed=seed)

    def __call__(self, shape, name=None, dtype=None):
        config = self._config
        if _is_computed(shape):
            return K.random_normal(shape, config["mean"], config["stddev"], seed=config["seed"])
        random = _random(config["seed"])
        return _drawn(shape, name, lambda size: random.normal(config["mean"], config["stddev"], size))


class RandomUniform(Initializer):
    """Values spread evenly over `[minval, maxval)`.

    Args:
        minval, maxval: the bounds.
        seed: a whole number, by which the values are the same each time.
    """

    def __init__(self, minval=-0.05, maxval=0.05, seed=None):
        super().__init__(minval=minval, maxval=maxval, seed=seed)

    def __call__(self, shape, name=None, dtype=None):
        config = self._config
        if _is_computed(shape):
            return K.random_uniform(shape, config["minval"], config["maxval"], seed=config["seed"])
        random = _random(config["seed"])
        return _drawn(shape, name, lambda size: random.uniform(config["minval"], config["maxval"], size))


class TruncatedNormal(Initializer):
    """Values of the normal distribution, those beyond two deviations drawn anew.

    Args:
        mean, stddev: mean and deviation before the cut.
        seed: a whole number, by which the values are the same each time.
    """

    def __init__(self, mean=0.0, stddev=0.05, seed=None):
        super().__init__(mean=mean, stddev=stddev, seed=seed)

    def __call__(self, shape, name=None, dtype=None):
        config = self._config
        if _is_computed(shape):
            return K.truncated_normal(shape, config["mean"], config["stddev"], seed=config["seed"])
        random = _random(config["seed"])
        return _drawn_within_two(shape, name, random, config["mean"], config["stddev"])


def _within_two(random, size):
    values = random.normal(size=size)
    while (outside := np.abs(values) > 2).any():
        values[outside] = random.normal(size=outside.sum())
    return values


_FANS = ("fan_in", "fan_out", "fan_avg")
_DISTRIBUTIONS = ("normal", "uniform", "truncated_normal", "untruncated_normal")


class VarianceScaling(Initializer):
    """Values of mean 0 and variance `scale / n`, where `n` is the number of inputs, of outputs, or their mean.

    Source: He et al. 2015, arXiv:1502.01852, section 2.2.

    Args:
        scale: above 0.
        mode: `fan_in`, `fan_out` or `fan_avg`: what `n` counts, see `get_fans`.
        distribution: `normal` or `truncated_normal` (cut at two deviations), `untruncated_normal`, `uniform`.
        seed: a whole number, by which the values are the same each time.

    Raises:
        UnknownNameError: another mode or distribution.
        ArgumentError: a scale of 0 or less.
    """

    def __init__(self, scale=1.0, mode="fan_in", distribution="normal", seed=None):
        if mode not in _FANS:
            raise unknown_name("mode of VarianceScaling", mode, _FANS)
        if distribution not in _DISTRIBUTIONS:
            raise unknown_name("distribution of VarianceScaling", distribution, _DISTRIBUTIONS)
        if scale <= 0:
            raise ArgumentError(f"VarianceScaling: scale must be above 0, got {scale}.", arguments=("scale",))
        super().__init__(scale=scale, mode=mode, distribution=distribution, seed=seed)

    def __call__(self, shape, name=None, dim_ordering="tf", dtype=None):
        config, random = self._config, _random(self._config["seed"])
        inputs, outputs = get_fans(shape, dim_ordering)
        fan = {"fan_in": inputs, "fan_out": outputs, "fan_avg": (inputs + outputs) / 2}[config["mode"]]
        variance = config["scale"] / max(1.0, fan)
        if config["distribution"] == "uniform":
            bound = np.sqrt(3 * variance)
            return _drawn(shape, name, lambda size: random.uniform(-bound, bound, size))
        if config["distribution"] == "untruncated_normal":
            return _drawn(shape, name, lambda size: np.sqrt(variance) * random.normal(size=size))
        # 0.8796: the deviation of a standard normal cut at two
        return _drawn_within_two(shape, name, random, 0.0, np.sqrt(variance) / 0.87962566103423978)


class Orthogonal(Initializer):
    """A random matrix whose rows (or columns, if there are fewer) are orthogonal and of length `gain`.

    Source: Saxe et al. 2013, arXiv:1312.6120, section 3.

    Args:
        gain: the length; Keras 1.2's function has 1.1.
        seed: a whole number, by which the values are the same each time.
    """

    def __init__(self, gain=1.0, seed=None):
        super().__init__(gain=gain, seed=seed)

    def __call__(self, shape, name=None, dtype=None):
        return orthogonal_from(_random(self._config["seed"]), shape, self._config["gain"], name)


class Identity(Initializer):
    """`gain` times the identity matrix.

    Raises:
        ShapeError: the shape is not that of a square matrix.
    """

    def __init__(self, gain=1.0):
        super().__init__(gain=gain)

    def __call__(self, shape, name=None, dtype=None):
        return _identity(shape, self._config["gain"], name)


def lecun_uniform(seed=None):
    """Even spread of variance `1 / inputs`.

    Source: LeCun et al. 1998, Efficient Backprop, section 4.6.
    """
    return VarianceScaling(1.0, "fan_in", "uniform", seed)


def lecun_normal(seed=None):
    """Normal distribution of variance `1 / inputs`, cut at two deviations.

    Source: LeCun et al. 1998, Efficient Backprop, section 4.6.
    """
    return VarianceScaling(1.0, "fan_in", "normal", seed)


def glorot_normal(seed=None):
    """Normal distribution of variance `2 / (inputs + outputs)`, cut at two deviations.

    Source: Glorot and Bengio 2010, AISTATS, equation 12.
    """
    return VarianceScaling(1.0, "fan_avg", "normal", seed)


def glorot_uniform(seed=None):
    """Even spread of variance `2 / (inputs + outputs)`.

    Source: Glorot and Bengio 2010, AISTATS, equation 16.
    """
    return VarianceScaling(1.0, "fan_avg", "uniform", seed)


def he_normal(seed=None):
    """Normal distribution of variance `2 / inputs`, cut at two deviations.

    Source: He et al. 2015, arXiv:1502.01852, equation 10.
    """
    return VarianceScaling(2.0, "fan_in", "normal", seed)


def he_uniform(seed=None):
    """Even spread of variance `2 / inputs`.

    Source: He et al. 2015, arXiv:1502.01852, equation 10.
    """
    return VarianceScaling(2.0, "fan_in", "uniform", seed)


class OfKeras(Initializer):
    """The values of an initializer of Keras 3, which its seed makes; its configuration is that of ours."""

    def __init__(self, theirs, ours):
        super().__init__(**ours.get_config()["config"])
        self.theirs, self.ours = theirs, ours

    def __call__(self, shape, name=None, dtype=None):
        values = self.theirs(tuple(shape))
        library = sys.modules[kin_of(self.theirs)]
        to_numpy = library.ops.convert_to_numpy if hasattr(library, "ops") else np.asarray
        return K.variable(to_numpy(values), name=name)

    def get_config(self) -> dict:
        return self.ours.get_config()


def get(identifier, **kwargs):
    """The function that a name or configuration stands for; a function is given back as it is.

    Raises:
        UnknownNameError: no such name.
    """
    if is_of_keras(identifier) and (name := type(identifier).__name__) in __all__:
        return OfKeras(identifier, get({"class_name": name, "config": arguments_of(identifier)}))
    if not isinstance(identifier, str | dict):
        return identifier
    if isinstance(identifier, str) and identifier in FUNCTIONS:
        return FUNCTIONS[identifier]
    # the objects, which later programs and their files name
    later = {name: globals()[name] for name in __all__ if not name.startswith(("get", "make", "Init"))}
    if isinstance(identifier, str) and identifier not in later and identifier not in get_custom_objects():
        advice = f'One of your own: pass the function itself, or name it in custom_objects={{"{identifier}": ...}}.'
        raise unknown_name("initialization", identifier, FUNCTIONS, advice)
    return get_from_module(identifier, FUNCTIONS | later, "initialization", instantiate=True)


def make_variable(initializer, shape, name=None, dim_ordering=None):
    """The variable made by an initializer: a name, a function like ours, or one that takes a shape and gives values."""
    function = get(initializer)
    known = {"name": name, "dim_ordering": dim_ordering}
    parameters = inspect.signature(function).parameters
    takes_all = any(parameter.kind is parameter.VAR_KEYWORD for parameter in parameters.values())
    given = {key: value for key, value in known.items() if value is not None and (takes_all or key in parameters)}
    made = function(tuple(shape), **given)
    if isinstance(made, K.Variable):
        return made
    values = K.eval(made) if isinstance(made, K.Tensor) else np.asarray(made)
    if values.shape != tuple(shape):
        raise ShapeError(
            f"the initializer gives values of shape {values.shape}, but the weight has {tuple(shape)}.",
            arguments=("init",),
        )
    return K.variable(values, name=name)


zeros, ones, constant = Zeros, Ones, Constant
random_normal, random_uniform, truncated_normal = RandomNormal, RandomUniform, TruncatedNormal
variance_scaling, orthogonal, identity = VarianceScaling, Orthogonal, Identity
GlorotNormal, GlorotUniform, HeNormal, HeUniform = glorot_normal, glorot_uniform, he_normal, he_uniform
LecunNormal, LecunUniform = lecun_normal, lecun_uniform
IdentityInitializer, OrthogonalInitializer = Identity, Orthogonal
normal, uniform, zero, one = RandomNormal, RandomUniform, Zeros, Ones
serialize, deserialize = registry(get)


carry(__name__)
