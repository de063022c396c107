"""Small generated data that the programs learn from."""

import numpy as np


def two_clusters(samples=120, features=6, seed=0):
    """Points around two centres, and which centre each belongs to."""
    random = np.random.RandomState(seed)
    labels = random.randint(0, 2, samples)
    centres = random.randn(2, features)
    return (centres[labels] + 0.3 * random.randn(samples, features)).astype("float32"), labels


def bright_corners(samples=64, size=8, seed=0, first=False):
    """Grey pictures with a bright square in one of four corners, and which corner it is as one-hot rows."""
    random = np.random.RandomState(seed)
    pictures = 0.2 * random.rand(samples, size, size).astype("float32")
    corners = random.randint(0, 4, samples)
    half = size // 2
    for picture, corner in zip(pictures, corners, strict=True):
        row, col = half * (corner // 2), half * (corner % 2)
        picture[row : row + half, col : col + half] += 0.8
    return pictures[:, None] if first else pictures[..., None], np.eye(4, dtype="float32")[corners]


def padded_words(samples=60, length=6, words=9, seed=0):
    """Rows of word numbers with zeros after a few of them, and for each word whether it is a large one."""
    random = np.random.RandomState(seed)
    rows = random.randint(1, words, (samples, length))
    rows[np.arange(length) >= random.randint(3, length + 1, samples)[:, None]] = 0
    return rows, (rows > words // 2).astype(int)
