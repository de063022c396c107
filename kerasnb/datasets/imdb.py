"""50,000 film reviews as lists of word numbers, each with a label: 1 for praise, 0 for blame.

Source: A. Maas et al., "Learning Word Vectors for Sentiment Analysis", ACL 2011.
"""

from __future__ import annotations

import numpy as np

from ..carried import carry
from ..errors import FileError
from ..spelling.door import accepts
from ..utils.data_utils import get_file
from .later_files import first_or_later
from .safe_files import read_arrays, read_json_file, read_pickles
from .word_numbers import arrays, check_texts, frequent, marked, mixed_by, mixed_by_seed, not_longer

__all__ = ["load_data", "get_word_index"]

ORIGIN = "https://s3.amazonaws.com/text-datasets/imdb_full.pkl"
HASH = "d091312047c43cf9e4e38fef92437263"
LATER_NAME = "imdb.npz"
LATER_ORIGIN = "https://storage.googleapis.com/tensorflow/tf-keras-datasets/imdb.npz"
LATER_HASH = "69664113be75683a8fe16e3ed0ab59fda8886cb3cd7ada244f7d9544e4676b9f"
INDEX_ORIGIN = "https://s3.amazonaws.com/text-datasets/imdb_word_index.pkl"
INDEX_HASH = "72d94b01291be4ff843198d3b0e1e4d7"
LATER_INDEX_NAME = "imdb_word_index.json"
LATER_INDEX_ORIGIN = "https://storage.googleapis.com/tensorflow/tf-keras-datasets/imdb_word_index.json"
LATER_INDEX_HASH = "bfafd718b763782e994055a2d397834f"


@accepts({"num_words": "nb_words"})
def load_data(
    path="imdb_full.pkl",
    nb_words=None,
    skip_top=0,
    maxlen=None,
    seed=113,
    start_char=1,
    oov_char=2,
    index_from=3,
):
    """The reviews as `(x_train, y_train), (x_test, y_test)`.

    Shape: `x` `(samples,)` of lists of word numbers, `y` `(samples,)` of 0 and 1.

    Args:
        path: name in the cache: a pickle as in Keras 1.2, or the later .npz.
        nb_words: only words with numbers below this are kept; words are numbered by frequency, from `index_from`.
        skip_top: so many of the most frequent words are not kept.
        maxlen: only reviews shorter than this are kept.
        seed: of the order of the reviews.
        start_char: number that begins each review; None for none.
        oov_char: number in place of words that are not kept; None leaves them out.
        index_from: what is added to each word's number.

    Raises:
        DataError: no review is shorter than `maxlen`.
        DownloadError: the file could not be fetched.
        FileError: the file is damaged.
    """
    file = first_or_later(
        path,
        lambda: get_file(path, origin=ORIGIN, md5_hash=HASH),
        lambda name: get_file(name, origin=LATER_ORIGIN, file_hash=LATER_HASH),
        LATER_NAME,
    )
    parts = _of_arrays(file, seed) if file.endswith(".npz") else _of_pickles(file, seed)
    chosen = [not_longer(marked(texts, start_char, index_from), labels, maxlen) for texts, labels in parts]
    together = frequent([text for texts, _ in chosen for text in texts], nb_words, skip_top, oov_char)
    (train, train_labels), (_, test_labels) = chosen
    return arrays(together[: len(train)], train_labels), arrays(together[len(train) :], test_labels)


def _of_pickles(file, seed):
    """Training and test part in Keras 1.2's order: each by a seed of its own."""
    objects = read_pickles(file)
    try:
        # both parts as one object, or one after the other
        (train, train_labels), (test, test_labels) = objects[0] if len(objects) == 1 else objects
    except (IndexError, TypeError, ValueError) as error:
        raise FileError(f'"{file}" does not hold training and test reviews.', "Remove it.") from error
    check_texts(file, train, train_labels)
    check_texts(file, test, test_labels)
    return mixed_by_seed(train, train_labels, seed), mixed_by_seed(test, test_labels, seed * 2)


def _of_arrays(file, seed):
    """Training and test part in the order of later Keras: one generator for both."""
    stored = read_arrays(file)
    generator = np.random.RandomState(seed)
    try:
        train, test = ((stored[f"x_{part}"], stored[f"y_{part}"]) for part in ("train", "test"))
    except KeyError as error:
        raise FileError(f'"{file}" has no array {error}; it has {sorted(stored)}.', "Remove it.") from error
    check_texts(file, *train)
    check_texts(file, *test)
    return mixed_by(generator, *train), mixed_by(generator, *test)


def get_word_index(path="imdb_word_index.pkl"):
    """The number of each word, counted from 1; in `load_data` it is raised by `index_from`.

    Args:
        path: name in the cache: a pickle as in Keras 1.2, or the later .json.

    Raises:
        DownloadError: it could not be fetched.
        FileError: the file is damaged.
    """
    file = first_or_later(
        path,
        lambda: get_file(path, origin=INDEX_ORIGIN, md5_hash=INDEX_HASH),
        lambda name: get_file(name, origin=LATER_INDEX_ORIGIN, file_hash=LATER_INDEX_HASH),
        LATER_INDEX_NAME,
    )
    if file.endswith(".json"):
        return read_json_file(file)
    return read_pickles(file)[0]


carry(__name__)
