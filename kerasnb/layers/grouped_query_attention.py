"""GroupQueryAttention, a later layer, written as in Keras 3: heads that share keys and values."""

from __future__ import annotations

from .. import activations
from .. import backend as K
from ..errors import ArgumentError
from .arguments import whole
from .multi_head_attention import _Heads

__all__ = ["GroupQueryAttention"]


class GroupQueryAttention(_Heads):
    """Attention of several heads, groups of which share keys and values.

    It is called, and takes masks, as MultiHeadAttention.

    Shape: query `(batch, queries, features)`, value and key `(batch, keys, features)` -> `(batch, queries, features)`;
        with `return_attention_scores=True` in the call, then the shares `(batch, heads, queries, keys)`.
    Source: Ainslie et al. 2023, arXiv:2305.13245, section 2.2.

    Args:
        head_dim: features of each head.
        num_query_heads: number of heads.
        num_key_value_heads: how many keys and values there are for them; it divides `num_query_heads`.
        dropout: fraction of the shares dropped while training, 0 to 1.
        use_bias: whether the dense layers have biases.
        sliding_window: hides what is this many places away or more, to both sides; None hides nothing.
        kernel_initializer: of all kernels; likewise for biases, and so the regularizers and constraints.
        activity_regularizer: penalty on the outputs of the dense layers.
        use_gate: whether `sigmoid(dense(query))` multiplies what each head gives.
        seed: a whole number makes the dropout the same in every run.
    """

    def __init__(
        self,
        head_dim,
        num_query_heads,
        num_key_value_heads,
        dropout=0.0,
        use_bias=True,
        sliding_window=None,
        flash_attention=None,
        kernel_initializer="glorot_uniform",
        bias_initializer="zeros",
        kernel_regularizer=None,
        bias_regularizer=None,
        activity_regularizer=None,
        kernel_constraint=None,
        bias_constraint=None,
        use_gate=False,
        seed=None,
        **kwargs,
    ):
        self.head_dim = whole("head_dim", head_dim)
        self.num_query_heads = whole("num_query_heads", num_query_heads)
        self.num_key_value_heads = whole("num_key_value_heads", num_key_value_heads)
        if self.num_query_heads % self.num_key_value_heads:
            raise ArgumentError(
                f"num_query_heads must be a multiple of num_key_value_heads, got {num_query_heads} and "
                f"{num_key_value_heads}.",
                f"Write num_query_heads={2 * self.num_key_value_heads}, say.",
                arguments=("num_query_heads",),
            )
        super().__init__(locals(), self.head_dim, flash_attention=flash_attention, **kwargs)

    def build(self, input_shape):
        shapes = self._shapes(input_shape)

        def dense(name: str, heads: int, activation=None):
            shape = shapes[name if name in shapes else "query"]
            return self._dense(name, "btx,xhd->bthd", (None, heads, self.head_dim), "hd", shape, activation)

        self.query_dense = dense("query", self.num_query_heads)
        self.key_dense = dense("key", self.num_key_value_heads)
        if self.use_gate:
            self.gate_dense = dense("gate", self.num_query_heads, activations.sigmoid)
        self.value_dense = dense("value", self.num_key_value_heads)
        attended = (None, None, self.num_query_heads, self.head_dim)
        features = shapes["query"][-1]
        self.output_dense = self._dense("attention_output", "bthd,hdx->btx", (None, features), "x", attended)
        super().build(input_shape)

    def _for_every_head(self, x):
        """Keys or values repeated to the heads of their group."""
        return K.repeat_elements(x, self.num_query_heads // self.num_key_value_heads, 2)

    def _scores(self, query, key):
        return K.einsum("bthd,bshd->bhts", query, self._for_every_head(key))

    def _summed(self, parts, value):
        return K.einsum("bhts,bshd->bthd", parts, self._for_every_head(value))

    def get_output_shape_for(self, input_shape):
        return tuple(self._shapes(input_shape)["query"])

    def get_config(self) -> dict:
        own = {name: getattr(self, name) for name in ("head_dim", "num_query_heads", "num_key_value_heads")}
        return {**super().get_config(), **own}
