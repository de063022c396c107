"""What the gates of LSTM and GRU make of their inputs, for layers and cells alike."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from .. import backend as K

__all__ = ["lstm_step", "gru_step"]


def lstm_step(parts: Sequence, c_before, activation: Callable, inner_activation: Callable) -> tuple:
    """The output and the new cell, for the inputs of `i`, `f`, `c` and `o`.

    Shape: each `(batch, ..., features)` -> the same, twice.
    Source: Hochreiter and Schmidhuber 1997; Gers et al. 2000 (the forget gate).
    """
    i, f, g, o = parts
    c = inner_activation(f) * c_before + inner_activation(i) * activation(g)
    return inner_activation(o) * activation(c), c


def gru_step(x, h_before, product: Callable, activation: Callable, inner_activation: Callable, reset_after: bool):
    """The new state.

    Shape: `x` `(batch, 3 * features)`, the inputs of `z`, `r` and `h`, `h_before` `(batch, features)` -> the latter.
    Source: Cho et al. 2014, arXiv:1406.1078, equations 5 to 8.

    Args:
        product: gives `state . U` for 'zr', 'h' or 'zrh', the gates whose columns of `U` are meant.
        reset_after: whether `r` acts on the product, not on the state before it.
    """
    size = K.int_shape(x)[-1] // 3
    gates, new = x[:, : 2 * size], x[:, 2 * size :]
    if reset_after:
        inner = product(h_before, "zrh")
        z, r = K.split(inner_activation(gates + inner[:, : 2 * size]), 2)
        hh = activation(new + r * inner[:, 2 * size :])
    else:
        z, r = K.split(inner_activation(gates + product(h_before, "zr")), 2)
        hh = activation(new + product(r * h_before, "h"))
    return z * h_before + (1.0 - z) * hh
