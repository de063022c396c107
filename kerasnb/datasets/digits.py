"""1,797 handwritten digits, 8 by 8 pixels, bundled with the package: nothing is downloaded.

Source: E. Alpaydin and C. Kaynak, "Optical Recognition of Handwritten Digits", UCI Machine Learning Repository, 1998,
doi:10.24432/C50P49, licence CC BY 4.0; its test part, as in scikit-learn's `load_digits`. The file was made by:

    digits = sklearn.datasets.load_digits()
    numpy.savez_compressed("digits.npz", images=digits.images.astype("uint8"), labels=digits.target.astype("uint8"))
"""

from pathlib import Path

import numpy as np

from .splitting import Samples, train_and_test

__all__ = ["load_data"]

FILE = Path(__file__).with_name("digits.npz")
BRIGHTEST = 16


def load_data(test_split: float = 0.2, seed: int | None = 0) -> tuple[Samples, Samples]:
    """The digits as `(x_train, y_train), (x_test, y_test)`, shuffled.

    Shape: `x` `(samples, 8, 8, 1)` float32 from 0 to 1, `y` `(samples,)` int64 from 0 to 9.

    Args:
        test_split: fraction 0 to 1 of the samples that is kept for testing.
        seed: of the shuffle; None leaves the samples in the file's order.

    Raises:
        ArgumentError: `test_split` leaves no sample to train on.
    """
    return train_and_test("digits.load_data", *_read(), test_split, seed)


def _read() -> Samples:
    with np.load(FILE) as stored:
        images, labels = stored["images"], stored["labels"]
    return images[..., np.newaxis].astype("float32") / BRIGHTEST, labels.astype("int64")
