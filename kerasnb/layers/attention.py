"""Attention and AdditiveAttention, later layers, written as in Keras 3."""

from __future__ import annotations

import math

from .. import backend as K
from ..engine.layer import Layer
from ..engine.merge import listed
from ..errors import ArgumentError, ShapeError
from ..initial_values import uniform
from .arguments import fraction, one_of
from .attended import _Shared, allowed, length_of, looks_back, shares
from .tensors_by_name import _TensorsByName

__all__ = ["Attention", "AdditiveAttention"]


class Attention(_Shared, _TensorsByName, Layer):
    """Values summed by how well their keys fit each query: `softmax(query . key) . value`.

    It is called on a list `[query, value]` or `[query, value, key]`; without keys, the values are their own. Places
    that the values' mask hides get no share; where the queries' mask hides one, the output is 0.

    Shape: query `(batch, queries, features)`, value `(batch, keys, size)`, key `(batch, keys, features)`
        -> `(batch, queries, size)`; with `return_attention_scores=True` in the call, then the shares
        `(batch, queries, keys)`.
    Source: Luong et al. 2015, arXiv:1508.04025, section 3.1.

    Args:
        use_scale: whether the scores are multiplied with a weight `scale`.
        score_mode: 'dot' (products) or 'concat': `concat_score_weight * sum(tanh(query + key))`.
        dropout: fraction of the shares dropped while training, 0 to 1.
        seed: a whole number makes the dropout the same in every run.
    """

    supports_masking = True
    takes_apart = False
    tensor_names = ("query", "value", "key")

    def __init__(self, use_scale=False, score_mode="dot", dropout=0.0, seed=None, **kwargs):
        self.use_scale = bool(use_scale)
        self.score_mode = one_of("score_mode", score_mode, ("dot", "concat"))
        self.dropout = fraction("dropout", dropout)
        self.seed = seed
        super().__init__(**kwargs)
        self.uses_learning_phase = 0 < self.dropout < 1

    def build(self, input_shape):
        self._check_count(input_shape)
        self.scale = self._scale(input_shape) if self.use_scale else None
        is_sum = self.score_mode == "concat"
        self.concat_score_weight = self._factor("concat_score_weight", ()) if is_sum else None
        super().build(input_shape)

    def _check_count(self, input_shape) -> None:
        if not isinstance(input_shape, list) or len(input_shape) not in (2, 3):
            raise ArgumentError(
                f"must be called on [query, value] or [query, value, key], got {input_shape!r}.",
                "Call it on [x, x] for one tensor that is both.",
            )

    def _check(self, inputs: list) -> None:
        """Refuse inputs that do not fit together, by the names of their layers, which `build` does not see."""
        shapes = [K.int_shape(one) for one in inputs]
        keys = shapes[-1]
        ranks = {len(shape) for shape in shapes}
        if min(ranks) < 3 or len(ranks) > 1 or _differ(shapes[0][-1], keys[-1]):
            raise ShapeError(
                f"needs queries and keys (batch, places, features) with the same features, got {listed(inputs)}.",
                "Bring them to one size, such as by Dense.",
            )
        if len(shapes) == 3 and _differ(shapes[1][-2], keys[-2]):
            raise ShapeError(f"needs as many values as keys, got {listed(inputs[1:])}.")

    def _scale(self, input_shape):
        return self._factor("scale", ())

    def _factor(self, name: str, shape: tuple, initializer="one"):
        return self.add_weight(shape, initializer=initializer, name=f"{self.name}_{name}")

    def get_output_shape_for(self, input_shape):
        return (*input_shape[0][:-1], input_shape[1][-1])

    def call(self, inputs, mask=None, return_attention_scores=False, use_causal_mask=False):
        self._check(inputs)
        query, value, *rest = inputs
        key = rest[0] if rest else value
        query_mask, value_mask, *_ = mask if isinstance(mask, list) else [None, None]
        hidden = [None if value_mask is None else K.expand_dims(value_mask, -2)]
        if use_causal_mask:
            hidden.append(looks_back(length_of(query, -2), length_of(key, -2)))
        parts = self._thinned(shares(self._scores(query, key), allowed(hidden)))
        output = K.matmul(parts, value)
        if query_mask is not None:
            output = output * K.cast(K.expand_dims(query_mask, -1), K.dtype(output))
        self._gives_shares = return_attention_scores
        return [output, parts] if return_attention_scores else output

    def _scores(self, query, key):
        if self.score_mode == "dot":
            scores = K.matmul(query, _turned(key))
            return scores if self.scale is None else scores * self.scale
        both = _each_with_each(query, key)
        return self.concat_score_weight * K.sum(K.tanh(both if self.scale is None else self.scale * both), axis=-1)

    def get_config(self) -> dict:
        own = {name: getattr(self, name) for name in ("use_scale", "score_mode", "dropout", "seed")}
        return {**super().get_config(), **own}


class AdditiveAttention(Attention):
    """Values summed by how well their keys fit each query: `softmax(sum(scale * tanh(query + key))) . value`.

    It is called, and takes masks, as Attention.

    Shape: query `(batch, queries, features)`, value `(batch, keys, size)`, key `(batch, keys, features)`
        -> `(batch, queries, size)`.
    Source: Bahdanau et al. 2014, arXiv:1409.0473, appendix A.1.2.

    Args:
        use_scale: whether there is a weight `scale` `(features,)`.
        dropout: fraction of the shares dropped while training, 0 to 1.
        seed: a whole number makes the dropout the same in every run.
    """

    def __init__(self, use_scale=True, dropout=0.0, seed=None, **kwargs):
        super().__init__(use_scale=use_scale, dropout=dropout, seed=seed, **kwargs)

    def _scale(self, input_shape):
        features = input_shape[0][-1]
        if features is None:
            raise ShapeError(f"needs to know the features of its queries, got {input_shape[0]}.")
        # as Keras 3, for which a vector has as many inputs and outputs as values
        return self._factor(
            "scale", (features,), lambda shape, name=None: uniform(shape, math.sqrt(3 / features), name)
        )

    def _scores(self, query, key):
        powers = K.tanh(_each_with_each(query, key))
        return K.sum(powers if self.scale is None else self.scale * powers, axis=-1)

    def get_config(self) -> dict:
        config = super().get_config()
        del config["score_mode"]
        return config


def _differ(size, other) -> bool:
    return None not in (size, other) and size != other


def _turned(x):
    """The last two axes exchanged."""
    rank = K.ndim(x)
    return K.permute_dimensions(x, (*range(rank - 2), rank - 1, rank - 2))


def _each_with_each(query, key):
    """The sum of every query and every key: `(batch, queries, keys, features)`."""
    return K.expand_dims(query, -2) + K.expand_dims(key, -3)
