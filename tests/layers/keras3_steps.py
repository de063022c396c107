"""What one step of training makes of the weights of Keras 3's layers, measured once with Keras 3.15.1.

python -m tests.layers.keras3_steps     # measures again, and writes keras3_steps.npz
"""

from __future__ import annotations

import functools
from pathlib import Path

import numpy as np

from .samples import SAMPLES

__all__ = ["RATE", "TARGET", "steps"]

RATE, TARGET = 0.1, 2.0
_FILE = Path(__file__).with_suffix(".npz")


@functools.cache
def steps() -> dict[str, tuple[list[np.ndarray], list[np.ndarray]]]:
    """Of each sample: the weights before the step and after it, in Keras 3's order."""
    with np.load(_FILE) as file:
        found: dict[str, tuple[list, list]] = {}
        for name in file.files:  # in the order in which they were written
            sample, when, _ = name.rsplit("|", 2)
            found.setdefault(sample, ([], []))[when == "after"].append(file[name])
    return found


def _measured(keras, sample) -> tuple[list[np.ndarray], list[np.ndarray]]:
    arrays = sample.arrays()
    inputs = [keras.Input(one.shape[1:], dtype=str(one.dtype)) for one in arrays]
    layer = sample.keras3(keras.layers)
    is_apart = isinstance(layer, keras.layers.MultiHeadAttention | keras.layers.GroupQueryAttention)
    model = keras.Model(inputs, layer(*inputs, **sample.arguments) if is_apart else sample.on(layer, inputs))
    if not layer.trainable_weights:
        return [], []
    trained = {one.path for one in layer.trainable_weights}
    layer.set_weights(
        [
            one + 0.3 * np.cos(np.arange(one.size) + place).reshape(one.shape) if weight.path in trained else one
            for place, (weight, one) in enumerate(zip(layer.weights, layer.get_weights(), strict=True))
        ]
    )
    before = layer.get_weights()
    model.compile(keras.optimizers.SGD(RATE), "mse", run_eagerly=True)
    shape = model(arrays).shape
    model.train_on_batch(arrays if len(arrays) > 1 else arrays[0], np.full(shape, TARGET))
    return before, layer.get_weights()


def main() -> None:
    """Measure all samples whose layers have something to train."""
    import keras

    keras.utils.set_random_seed(3)
    found = {}
    for sample in SAMPLES:
        if sample.keras3:
            before, after = _measured(keras, sample)
            found |= {f"{sample.id}|before|{place}": one for place, one in enumerate(before)}
            found |= {f"{sample.id}|after|{place}": one for place, one in enumerate(after)}
    np.savez_compressed(_FILE, **found)


if __name__ == "__main__":
    main()
