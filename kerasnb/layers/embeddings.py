"""Embeddings: a vector for each whole number."""

from __future__ import annotations

import numpy as np

from .. import backend as K
from .. import constraints, initializations, regularizers
from ..carried import carry
from ..engine.layer import Layer
from ..errors import ArgumentError, DataError
from ..utils.custom_objects import config_of
from .arguments import found, fraction, whole

__all__ = ["Embedding"]


class Embedding(Layer):
    """A row of `W` for each whole number: words as vectors.

    On TensorFlow a training step by SGD without momentum or Adagrad reads and writes only the rows of the batch, where
    `W` is large and nothing else (a penalty, a constraint, `clipnorm`, weight decay) looks at it. Other optimizers
    move every row in each step. `model.explain_plan()` says which it is.

    Shape: `(batch, time)` of whole numbers below `input_dim` -> `(batch, time, output_dim)`.
    Source: Gal and Ghahramani 2015, arXiv:1512.05287, section 4 (the dropout of words).

    Args:
        input_dim: how many different numbers there are, the largest plus 1.
        output_dim: size of each vector.
        init: initialization of `W`, by name or function.
        input_length: number of time steps, where it is fixed; Flatten and Dense after it need that.
        W_regularizer: penalty on `W`.
        activity_regularizer: penalty on the output.
        W_constraint: what `W` is turned into after each update.
        mask_zero: whether 0 marks a time step to skip.
        weights: initial `[W]` as arrays.
        dropout: fraction of the numbers whose vector is 0 while training.
    """

    def __init__(
        self,
        input_dim,
        output_dim,
        init="uniform",
        input_length=None,
        W_regularizer=None,
        activity_regularizer=None,
        W_constraint=None,
        mask_zero=False,
        weights=None,
        dropout=0.0,
        **kwargs,
    ):
        self.input_dim = whole("input_dim", input_dim)
        self.output_dim = whole("output_dim", output_dim)
        self.init = found(initializations.get, "init", init)
        self.input_length = input_length
        self.W_regularizer = found(regularizers.get, "W_regularizer", W_regularizer)
        self.activity_regularizer = found(regularizers.get, "activity_regularizer", activity_regularizer)
        self.W_constraint = found(constraints.get, "W_constraint", W_constraint)
        self.mask_zero = mask_zero
        self.dropout = fraction("dropout", dropout)
        self.initial_weights = weights
        kwargs.update(input_shape=self._first_shape(kwargs), input_dtype="int32")
        super().__init__(**kwargs)
        self.uses_learning_phase = 0.0 < self.dropout < 1.0

    def _first_shape(self, given: dict) -> tuple:
        """The shape of one sample, from `input_length` and the shapes that every layer takes, which have to agree."""
        batch_shape = given.get("batch_input_shape")
        shape = given.get("input_shape") if batch_shape is None else batch_shape[1:]
        lengths = self._lengths()
        if shape is None:
            return lengths
        agree = len(lengths) == len(shape) and all(
            None in pair or len(set(pair)) == 1 for pair in zip(lengths, shape, strict=True)
        )
        if self.input_length is not None and not agree:
            raise ArgumentError(
                f"input_length={self.input_length} and an input of {tuple(shape)} do not agree.",
                "Leave input_length out.",
                arguments=("input_length",),
            )
        return tuple(shape)

    def build(self, input_shape):
        self.W = self.add_weight(
            (self.input_dim, self.output_dim),
            initializer=self.init,
            name=f"{self.name}_W",
            regularizer=self.W_regularizer,
            constraint=self.W_constraint,
        )
        super().build(input_shape)

    def compute_mask(self, x, mask=None):
        return K.not_equal(x, 0) if self.mask_zero else None

    def get_output_shape_for(self, input_shape):
        length = input_shape[1:] if self.input_length is None else self._lengths()
        return (input_shape[0], *length, self.output_dim)

    def _lengths(self) -> tuple:
        return tuple(self.input_length) if isinstance(self.input_length, tuple | list) else (self.input_length,)

    def call(self, x, mask=None):
        W = self.W
        if 0.0 < self.dropout < 1.0:
            W = K.in_train_phase(lambda: K.dropout(self.W, self.dropout, noise_shape=(self.input_dim, 1)), self.W)
        return K.gather(W, x)

    def check_values(self, array) -> None:
        if not isinstance(array, np.ndarray) or not array.size:
            return
        low, high = array.min(), array.max()
        if low < 0 or high >= self.input_dim:
            raise DataError(
                f"needs numbers from 0 to {self.input_dim - 1} (input_dim={self.input_dim}), got {low} to {high}.",
                f"Give it input_dim={int(high) + 1}, or leave out what is rarer."
                if low >= 0
                else "Number the words from 0.",
            ).named(type(self).__name__, self.name)

    def get_config(self) -> dict:
        config = {
            "input_dim": self.input_dim,
            "output_dim": self.output_dim,
            "init": config_of(self.init),
            "input_length": self.input_length,
            "mask_zero": self.mask_zero,
            "dropout": self.dropout,
        }
        for name in ("W_regularizer", "activity_regularizer", "W_constraint"):
            config[name] = config_of(getattr(self, name))
        return {**super().get_config(), **config}


carry(__name__)
