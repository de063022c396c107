"""506 parts of Boston: 13 numbers about each, and the price of its houses; it came with Keras 2.

Source: D. Harrison and D. Rubinfeld, "Hedonic prices and the demand for clean air", J. Environ. Economics 5, 1978.
"""

from __future__ import annotations

import numpy as np

from ..errors import ArgumentError, FileError
from ..utils.data_utils import get_file
from .safe_files import read_arrays

__all__ = ["load_data"]

ORIGIN = "https://storage.googleapis.com/tensorflow/tf-keras-datasets/boston_housing.npz"
HASH = "f553886a1f8d56431e820c5b82552d9d95cfcb96d1e678153f8839538947dff5"


def load_data(path="boston_housing.npz", test_split=0.2, seed=113):
    """The parts of the town as `(x_train, y_train), (x_test, y_test)`.

    Shape: `x` `(samples, 13)`, `y` `(samples,)`, prices in 1,000 dollars.

    Args:
        path: name in the cache.
        test_split: fraction of the samples that are for testing.
        seed: of the order of the samples.

    Raises:
        DownloadError: it could not be fetched.
        FileError: the file is damaged.
    """
    if not 0 <= test_split < 1:
        raise ArgumentError(
            f"test_split must be a fraction from 0 to below 1, got {test_split!r}.", arguments=("test_split",)
        )
    file = get_file(path, origin=ORIGIN, file_hash=HASH)
    stored = read_arrays(file)
    sizes = {name: np.shape(stored.get(name, ()))[:1] for name in ("x", "y")}
    if () in sizes.values() or sizes["x"] != sizes["y"]:
        raise FileError(f'"{file}" needs the arrays x and y of one length; it has {sorted(stored)}.', "Remove it.")
    order = np.arange(len(stored["x"]))
    np.random.RandomState(seed).shuffle(order)
    x, y = stored["x"][order], stored["y"][order]
    training = int(len(x) * (1 - test_split))
    return (x[:training], y[:training]), (x[training:], y[training:])
