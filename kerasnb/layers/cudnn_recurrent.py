"""The recurrent layers that later programs name after a library for GPUs; here they run anywhere."""

from __future__ import annotations

from .recurrent import GRU, LSTM

__all__ = ["CuDNNGRU", "CuDNNLSTM"]

_AS_THERE = {"inner_activation": "sigmoid", "consume_less": "gpu"}


class CuDNNLSTM(LSTM):
    """LSTM with a sigmoid for its gates, and all gates in one matrix.

    Shape: `(batch, time, features)` -> `(batch, output_dim)`, or `(batch, time, output_dim)` with `return_sequences`.

    Args:
        output_dim: number of output features.
    """

    def __init__(self, output_dim, **kwargs):
        super().__init__(output_dim, **_AS_THERE | kwargs)


class CuDNNGRU(GRU):
    """GRU with a sigmoid for its gates, and all gates in one matrix.

    It resets the state before the product with `U`, as GRU does; the library resets after it, so weights trained there
    do not fit.

    Shape: `(batch, time, features)` -> `(batch, output_dim)`, or `(batch, time, output_dim)` with `return_sequences`.

    Args:
        output_dim: number of output features.
    """

    def __init__(self, output_dim, **kwargs):
        super().__init__(output_dim, **_AS_THERE | kwargs)
