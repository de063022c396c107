"""Optimizers: how gradients change weights.

Those in the `__all__` of `rules` and `later_rules` are found here and by name.
"""

from ..carried import carry
from . import later_rules, rules, schedules
from .base import Optimizer, clip_norm
from .finding import deserialize, get, optimizer_from_config, serialize
from .foreign import TFOptimizer
from .later_rules import *
from .rules import *

# Keras 1.2 has these in lower case too
sgd, rmsprop, adagrad, adadelta, adam, adamax, nadam = SGD, RMSprop, Adagrad, Adadelta, Adam, Adamax, Nadam

__all__ = [
    *rules.__all__,
    *later_rules.__all__,
    "schedules",
    "Optimizer",
    "TFOptimizer",
    "sgd",
    "rmsprop",
    "adagrad",
    "adadelta",
    "adam",
    "adamax",
    "nadam",
    "clip_norm",
    "optimizer_from_config",
    "serialize",
    "deserialize",
    "get",
]


carry(__name__)
