"""Keras 2's way to train on several graphics cards, which kerasnb does without."""

from __future__ import annotations

from ..errors import ArgumentError

__all__ = ["multi_gpu_model"]


def multi_gpu_model(model, gpus=None, cpu_merge=True, cpu_relocation=False):
    """Refused: kerasnb trains on one device.

    Raises:
        ArgumentError: always.
    """
    raise ArgumentError("multi_gpu_model is not in kerasnb, which trains on one device.", "Train the model itself.")
