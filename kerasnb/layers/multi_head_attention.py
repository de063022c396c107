"""MultiHeadAttention, a later layer, written as in Keras 3; what grouped heads share with it."""

from __future__ import annotations

import math

from .. import activations, regularizers
from .. import backend as K
from ..errors import ArgumentError, ShapeError
from ..utils.custom_objects import config_of
from .arguments import found, fraction, whole
from .attended import _Shared, allowed, in_window, length_of, looks_back, shares
from .einsum_dense import EinsumDense
from .named_weights import _NamedWeights
from .tensors_by_name import _TensorsByName

__all__ = ["MultiHeadAttention"]

_MASKS = ("query_mask", "value_mask", "key_mask", "attention_mask")


class _Heads(_Shared, _TensorsByName, _NamedWeights):
    """Attention of several heads between dense layers: `query_dense`, `key_dense`, `gate_dense` if there is one,
    `value_dense`, `output_dense`, in the order of their weights.

    A subclass says which axes those layers and the products have, in the letters of `einsum`.
    """

    supports_masking = holds_layers = True
    tensor_names = ("query", "value", "key", *_MASKS)
    _attended: tuple[int, ...] = (1,)  # the axes of places

    def __init__(self, given: dict, head_size: int, **kwargs):
        self.dropout = fraction("dropout", given["dropout"])
        self.use_bias, self.use_gate = bool(given["use_bias"]), bool(given["use_gate"])
        window = given["sliding_window"]
        self.sliding_window = None if window is None else whole("sliding_window", window)
        self.seed = given["seed"]
        self._head_size = head_size
        self._inner_penalty = found(regularizers.get, "activity_regularizer", given["activity_regularizer"])
        if kwargs.pop("flash_attention", None):
            raise ArgumentError(
                "flash_attention is a way to compute that there is not here; the results are the same without.",
                "Leave it out.",
                arguments=("flash_attention",),
            )
        super().__init__(given, **kwargs)
        self.uses_learning_phase = 0 < self.dropout < 1

    # ---- weights

    def _dense(self, name: str, equation: str, sizes: tuple, bias_axes: str, shape, activation=None) -> EinsumDense:
        """One of the dense layers, built for inputs of this shape."""
        chosen = {f"{part}_{kind}": getattr(self, f"{part}_{kind}") for part in self.parts for kind in _KINDS}
        layer = EinsumDense(
            equation,
            sizes,
            activation,
            bias_axes if self.use_bias else None,
            activity_regularizer=self._inner_penalty,
            name=f"{self.name}_{name}",
            **chosen,
        )
        layer.build(shape)
        return layer

    def _shapes(self, input_shape) -> dict:
        """The shapes of query, value and key."""
        if not isinstance(input_shape, list):
            raise ArgumentError(
                f"must be called on query and value, got one input {tuple(input_shape)}.",
                "Write layer(x, x) for one tensor that is both.",
            )
        shapes = self._named(input_shape, self._given)
        shapes.setdefault("key", shapes["value"])
        if shapes["value"][1:-1] != shapes["key"][1:-1]:
            raise ShapeError(f"needs as many values as keys, got {shapes['value']} and {shapes['key']}.")
        return shapes

    # ---- computing

    def call(
        self,
        inputs,
        mask=None,
        tensors=None,
        query_mask=None,
        value_mask=None,
        key_mask=None,
        attention_mask=None,
        return_attention_scores=False,
        use_causal_mask=False,
    ):
        given = self._named(inputs, tensors)
        query, value = given["query"], given["value"]
        key = given.get("key", value)
        beside = dict(zip(_MASKS, (query_mask, value_mask, key_mask, attention_mask), strict=True))
        masks = self._masks(given, self._named(mask, tensors) if isinstance(mask, list) else {}, beside)
        banned = [mask for name, mask in masks.items() if name != "attention_mask" and mask is not None]
        banned += self._by_distance(query, value, use_causal_mask)
        gate = self.gate_dense(query) if self.use_gate else None
        mask = allowed([*banned, masks["attention_mask"]])
        parts = self._shares(self.query_dense(query), self.key_dense(key), mask, return_attention_scores)
        attended = self._summed(self._thinned(parts), self.value_dense(value))
        output = self.output_dense(attended if gate is None else attended * gate)
        self._gives_shares = return_attention_scores
        return [output, parts] if return_attention_scores else output

    def _by_distance(self, query, value, use_causal_mask: bool) -> list:
        """The masks that follow from where places are."""
        if not (use_causal_mask or self.sliding_window):
            return []
        if len(self._attended) > 1:
            raise ArgumentError(
                f"use_causal_mask and sliding_window need one axis of places, but attention_axes is {self._attended}.",
                "Write attention_axes=(1,), say, or bring the places into one axis by Reshape.",
                arguments=("attention_axes",),
            )
        places = [length_of(one, *self._attended) for one in (query, value)]
        masks = [looks_back(*places)] if use_causal_mask else []
        return masks + ([in_window(*places, self.sliding_window)] if self.sliding_window else [])

    @staticmethod
    def _masks(given: dict, came_along: dict, beside: dict) -> dict:
        """The mask of each name, made to meet `(batch, queries, keys)`: what was given, or came with the tensor."""
        found = {}
        for name in _MASKS:
            one = given.get(name, beside[name])
            if one is None and name != "attention_mask":
                one = came_along.get(name.partition("_")[0])
            is_axis = one is not None and name != "attention_mask"
            found[name] = K.expand_dims(one, -1 if name == "query_mask" else -2) if is_axis else one
        return found

    def _shares(self, query, key, mask, are_given: bool):
        scores = self._scores(query * (1 / math.sqrt(self._head_size)), key)
        if mask is not None:
            for _ in range(K.ndim(scores) - K.ndim(mask)):
                mask = K.expand_dims(mask, -2 * len(self._attended) - 1)
        axes = len(self._attended)
        # as Keras 3, where a query that may look nowhere gets all values alike of the fused product, else none
        return shares(scores, mask, axes, is_nothing=are_given or axes > 1 or self.dropout > 0)

    def _scores(self, query, key):
        """How well each key fits each query of its head: `(batch, ..., heads, queries, keys)`."""
        raise NotImplementedError

    def _summed(self, parts, value):
        """The values of each head summed by their shares."""
        raise NotImplementedError

    def get_config(self) -> dict:
        own = {name: getattr(self, name) for name in ("dropout", "use_bias", "use_gate", "sliding_window", "seed")}
        own["activity_regularizer"] = config_of(self._inner_penalty)
        return {**super().get_config(), **own, **self._config_of_parts()}


_KINDS = ("initializer", "regularizer", "constraint")


class MultiHeadAttention(_Heads):
    """Attention of several heads, each with projections of its own: `softmax(q . k / sqrt(key_dim)) . v` in each.

    It is called on query and value, and perhaps key: `layer(x, x)` attends to itself. In the call,
    `attention_mask` `(batch, queries, keys)` says which places count, `use_causal_mask=True` hides those ahead, and
    `return_attention_scores=True` gives the shares of every head too. Masks that come with query, value and key count
    by themselves; the query's is the output's.

    Shape: query `(batch, queries, features)`, value and key `(batch, keys, ...)` -> `(batch, queries, features)`, or
        with `output_shape` as last axes; the shares are `(batch, heads, queries, keys)`. Several axes before the
        features are attended together, or those of `attention_axes`.
    Source: Vaswani et al. 2017, arXiv:1706.03762, section 3.2.2.

    Args:
        num_heads: number of heads.
        key_dim: features of each head's queries and keys.
        value_dim: features of each head's values; None: `key_dim`.
        dropout: fraction of the shares dropped while training, 0 to 1.
        use_bias: whether the dense layers have biases.
        output_shape: features of the output, or several sizes; None: those of the query.
        attention_axes: the axes along which is attended; None: all between batch and features.
        sliding_window: hides what is this many places away or more, to both sides; None hides nothing.
        kernel_initializer: of all kernels; likewise for biases, and so the regularizers and constraints.
        activity_regularizer: penalty on the outputs of the dense layers.
        use_gate: whether `sigmoid(dense(query))` multiplies what each head gives (Qiu et al. 2025, arXiv:2505.06708).
        seed: a whole number makes the dropout the same in every run.

    Raises:
        ShapeError: there are not as many values as keys.
    """

    def __init__(
        self,
        num_heads,
        key_dim,
        value_dim=None,
        dropout=0.0,
        use_bias=True,
        output_shape=None,
        attention_axes=None,
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
        self.num_heads, self.key_dim = whole("num_heads", num_heads), whole("key_dim", key_dim)
        self.value_dim = whole("value_dim", value_dim) if value_dim else self.key_dim
        self._output_sizes = _sizes("output_shape", output_shape)
        axes = [attention_axes] if isinstance(attention_axes, int) else attention_axes
        self.attention_axes = tuple(axes) if axes else None
        super().__init__(locals(), self.key_dim, flash_attention=flash_attention, **kwargs)

    def build(self, input_shape):
        shapes = self._shapes(input_shape)
        rank = len(shapes["query"])
        self._set_axes(rank)
        places = self._letters(rank)
        project = f"{places}x,xhd->{places}hd"
        free = (None,) * (rank - 2)

        def dense(name: str, size: int, activation=None):
            shape = shapes[name if name in shapes else "query"]
            return self._dense(name, project, (*free, self.num_heads, size), "hd", shape, activation)

        self.query_dense, self.key_dense = dense("query", self.key_dim), dense("key", self.key_dim)
        if self.use_gate:
            self.gate_dense = dense("gate", self.value_dim, activations.sigmoid)
        self.value_dense = dense("value", self.value_dim)
        sizes = self._output_sizes or (shapes["query"][-1],)
        output = "xyzuvw"[: len(sizes)]
        attended = (*shapes["query"][:-1], self.num_heads, self.value_dim)
        self.output_dense = self._dense(
            "attention_output", f"{places}hd,hd{output}->{places}{output}", (*free, *sizes), output, attended
        )
        super().build(input_shape)

    def _set_axes(self, rank: int) -> None:
        axes = range(1, rank - 1) if self.attention_axes is None else self.attention_axes
        if rank < 3 or not all(isinstance(axis, int) and 0 < axis % rank < rank - 1 for axis in axes):
            raise ArgumentError(
                f"attention_axes must name axes between batch and features, got {self.attention_axes!r} for a query of "
                f"{rank} axes.",
                "Write attention_axes=(1,), say.",
                arguments=("attention_axes",),
            )
        self._attended = tuple(axis % rank for axis in axes)

    @staticmethod
    def _letters(rank: int) -> str:
        """Those of all axes but the features."""
        return "abcefg"[: rank - 1]

    def _equations(self, rank: int) -> tuple[str, str]:
        """Of the scores, and of what the shares make of values; the keys' places have capital letters."""
        places = self._letters(rank)
        queries = [places[axis] for axis in self._attended]
        # a key's place is another one than the query's, while axes that nobody attends over are shared
        keys = "".join(letter.upper() if letter in queries else letter for letter in places)
        rest = "".join(letter for letter in places if letter not in queries)
        scores = f"{rest}h{''.join(queries)}{''.join(queries).upper()}"
        return f"{places}hd,{keys}hd->{scores}", f"{scores},{keys}hd->{places}hd"

    def _scores(self, query, key):
        return K.einsum(self._equations(K.ndim(query) - 1)[0], query, key)

    def _summed(self, parts, value):
        return K.einsum(self._equations(K.ndim(value) - 1)[1], parts, value)

    def get_output_shape_for(self, input_shape):
        query = self._shapes(input_shape)["query"]
        return (*query[:-1], *(self._output_sizes or query[-1:]))

    def get_config(self) -> dict:
        own = {name: getattr(self, name) for name in ("num_heads", "key_dim", "value_dim", "attention_axes")}
        return {**super().get_config(), **own, "output_shape": self._output_sizes}


def _sizes(name: str, value) -> tuple[int, ...] | None:
    if not value:
        return None
    return tuple(whole(name, size) for size in (value if isinstance(value, list | tuple) else [value]))
