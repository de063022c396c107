"""Names of later layers that kerasnb does without; each says what to use instead when it is called."""

from __future__ import annotations

from collections.abc import Callable

from ..errors import ArgumentError

__all__ = [
    "RNN",
    "SimpleRNNCell",
    "GRUCell",
    "LSTMCell",
    "StackedRNNCells",
    "ConvRNN2D",
    "ConvLSTM2DCell",
]


def _left_out(name: str, advice: str) -> Callable:
    def missing(*args, **kwargs):
        raise ArgumentError(f"{name} is not in kerasnb, whose recurrent layers hold their own step.", advice)

    missing.__name__ = missing.__qualname__ = name
    missing.__doc__ = f"Not in kerasnb. {advice}"
    return missing


RNN = _left_out("RNN", "Use SimpleRNN, GRU or LSTM, or subclass Recurrent and write step(x, states).")
SimpleRNNCell = _left_out("SimpleRNNCell", "Use the layer SimpleRNN.")
GRUCell = _left_out("GRUCell", "Use the layer GRU.")
LSTMCell = _left_out("LSTMCell", "Use the layer LSTM.")
StackedRNNCells = _left_out("StackedRNNCells", "Put layers with return_sequences=True one after the other.")
ConvRNN2D = _left_out("ConvRNN2D", "Use ConvLSTM2D, or subclass ConvRecurrent2D and write step(x, states).")
ConvLSTM2DCell = _left_out("ConvLSTM2DCell", "Use the layer ConvLSTM2D.")
