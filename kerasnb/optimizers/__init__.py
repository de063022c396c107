"""Optimizers: how gradients change weights."""
from ..carried import carry
from .base import Optimizer, clip_norm
from .finding import deserialize, get, optimizer_from_config, serialize
from .foreign import TFOptimizer
from .rules import SGD, Adadelta, Adagrad, Adam, Adamax, Nadam, RMSprop

sgd, rmsprop, adagrad, adadelta, adam, adamax, nadam = SGD, RMSprop, Adagrad, Adadelta, Adam, Adamax, Nadam

__all__ = [
    "Optimizer",
    "SGD",
    "RMSprop",
    "Adagrad",
    "Adadelta",
    "Adam",
    "Adamax",
    "Nadam",
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
