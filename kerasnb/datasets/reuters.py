"""11,228 news of Reuters as lists of word numbers, each with one of 46 topics.

Source: D. Lewis, "Reuters-21578 text categorization test collection", 1997.
"""

from __future__ import annotations

from ..carried import carry
from ..errors import ArgumentError, FileError
from ..spelling.door import accepts
from ..utils.data_utils import get_file
from .later_files import first_or_later
from .safe_files import read_arrays, read_json_file, read_pickles
from .word_numbers import arrays, check_texts, frequent, marked, mixed_by_seed, not_longer

__all__ = ["load_data", "get_word_index"]

ORIGIN = "https://s3.amazonaws.com/text-datasets/reuters.pkl"
LATER_NAME = "reuters.npz"
LATER_ORIGIN = "https://storage.googleapis.com/tensorflow/tf-keras-datasets/reuters.npz"
LATER_HASH = "d6586e694ee56d7a4e65172e12b3e987c03096cb01eab99753921ef915959916"
INDEX_ORIGIN = "https://s3.amazonaws.com/text-datasets/reuters_word_index.pkl"
LATER_INDEX_NAME = "reuters_word_index.json"
LATER_INDEX_ORIGIN = "https://storage.googleapis.com/tensorflow/tf-keras-datasets/reuters_word_index.json"
LATER_INDEX_HASH = "4d44cc38712099c9e383dc6e5f11a921"


@accepts({"num_words": "nb_words"})
def load_data(
    path="reuters.pkl",
    nb_words=None,
    skip_top=0,
    maxlen=None,
    test_split=0.2,
    seed=113,
    start_char=1,
    oov_char=2,
    index_from=3,
):
    """The news as `(x_train, y_train), (x_test, y_test)`.

    Shape: `x` `(samples,)` of lists of word numbers, `y` `(samples,)` of topics from 0 to 45.

    Args:
        path: name in the cache: a pickle as in Keras 1.2, or the later .npz.
        nb_words: only words with numbers below this are kept; words are numbered by frequency, from `index_from`.
        skip_top: so many of the most frequent words are not kept.
        maxlen: only news shorter than this are kept.
        test_split: fraction 0 to 1 of the news that is kept for testing.
        seed: of the order of the news.
        start_char: number that begins each one; None for none.
        oov_char: number in place of words that are not kept; None leaves them out.
        index_from: what is added to each word's number.

    Raises:
        ArgumentError: `test_split` is no fraction.
        DataError: nothing is shorter than `maxlen`.
        DownloadError: the file could not be fetched.
        FileError: the file is damaged.
    """
    if not 0 <= test_split <= 1:
        raise ArgumentError(f"reuters.load_data: test_split must be a fraction from 0 to 1, got {test_split!r}.")
    file = first_or_later(
        path,
        lambda: get_file(path, origin=ORIGIN),
        lambda name: get_file(name, origin=LATER_ORIGIN, file_hash=LATER_HASH),
        LATER_NAME,
    )
    texts, labels = mixed_by_seed(*_stored(file), seed)
    texts, labels = not_longer(marked(texts, start_char, index_from), labels, maxlen)
    texts = frequent(texts, nb_words, skip_top, oov_char)
    split = int(len(texts) * (1 - test_split))
    return arrays(texts[:split], labels[:split]), arrays(texts[split:], labels[split:])


def _stored(file):
    stored = read_arrays(file) if file.endswith(".npz") else read_pickles(file)
    try:
        texts, labels = (stored["x"], stored["y"]) if isinstance(stored, dict) else stored[0]
    except (IndexError, KeyError, TypeError, ValueError) as error:
        raise FileError(f'"{file}" does not hold news with topics.', "Remove it.") from error
    check_texts(file, texts, labels)
    return texts, labels


def get_word_index(path="reuters_word_index.pkl"):
    """The number of each word, counted from 1; in `load_data` it is raised by `index_from`.

    Args:
        path: name in the cache: a pickle as in Keras 1.2, or the later .json.

    Raises:
        DownloadError: it could not be fetched.
        FileError: the file is damaged.
    """
    file = first_or_later(
        path,
        lambda: get_file(path, origin=INDEX_ORIGIN),
        lambda name: get_file(name, origin=LATER_INDEX_ORIGIN, file_hash=LATER_INDEX_HASH),
        LATER_INDEX_NAME,
    )
    if file.endswith(".json"):
        return read_json_file(file)
    return read_pickles(file)[0]


carry(__name__)
