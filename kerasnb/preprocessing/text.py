"""Texts as lists of words, of word numbers, and as matrices of counts."""

from __future__ import annotations

import hashlib
import json
from collections import Counter, OrderedDict

import numpy as np

from ..carried import carry
from ..errors import ArgumentError, DataError, unknown_name
from ..spelling.door import accepts

__all__ = [
    "base_filter",
    "maketrans",
    "text_to_word_sequence",
    "one_hot",
    "hashing_trick",
    "Tokenizer",
    "tokenizer_from_json",
]

PUNCTUATION = '!"#$%&()*+,-./:;<=>?@[\\]^_`{|}~\t\n'
_TABLES = ("word_counts", "word_docs", "index_docs", "index_word", "word_index")
MODES = ("binary", "count", "freq", "tfidf")

maketrans = str.maketrans


def base_filter():
    """The characters that are taken out by default: punctuation but the apostrophe, tabs, ends of lines."""
    return PUNCTUATION


def text_to_word_sequence(text, filters=PUNCTUATION, lower=True, split=" "):
    """The words of a text.

    Args:
        filters: characters that count as `split`.
        lower: turn the text into small letters first.
        split: what is between words.

    >>> text_to_word_sequence("The cat, the mat.")
    ['the', 'cat', 'the', 'mat']
    """
    if lower:
        text = text.lower()
    text = text.translate(maketrans(dict.fromkeys(filters, split)))
    return [word for word in text.split(split) if word]


def one_hot(text, n, filters=PUNCTUATION, lower=True, split=" "):
    """The words of a text as numbers from 1 to n - 1, by their hash: two words may get the same one.

    Python's hash of a text differs from one process to the next unless PYTHONHASHSEED is set; `Tokenizer` gives
    numbers that stay.

    Raises:
        ArgumentError: `n` leaves no number.
    """
    return hashing_trick(text, n, None, filters, lower, split)


def hashing_trick(text, n, hash_function=None, filters=PUNCTUATION, lower=True, split=" "):
    """The words of a text as numbers from 1 to n - 1, by a hash: two words may get the same one.

    Args:
        hash_function: from a word to a whole number; 'md5' gives numbers that stay; None is Python's hash, which does
            not.

    Raises:
        ArgumentError: `n` leaves no number.
        UnknownNameError: there is no hash of this name.
    """
    if n < 2:
        raise ArgumentError(f"one_hot: n must be at least 2, got {n}: words get numbers from 1 to n - 1.")
    if isinstance(hash_function, str) and hash_function != "md5":
        raise unknown_name("hash_function", hash_function, ["md5"], "Or give a function.")
    number_of = {None: hash, "md5": _md5}.get(hash_function, hash_function)
    return [abs(number_of(word)) % (n - 1) + 1 for word in text_to_word_sequence(text, filters, lower, split)]


def _md5(word):
    return int(hashlib.md5(word.encode(), usedforsecurity=False).hexdigest(), 16)


class Tokenizer:
    """Turns texts into lists of word numbers, or into rows of counts.

    Word 1 is the most frequent one; 0 is never used. Words that were not in the texts given to `fit_on_texts` are
    left out.

    Args:
        nb_words: only words with numbers below this are used; None for all.
        filters: characters that count as `split`.
        lower: turn texts into small letters first.
        split: what is between words.
        char_level: every character is a word.
        oov_token: stands for each word that is left out otherwise; it gets number 1, before the most frequent word.

    Attributes:
        word_counts: word -> how often it came, in the order of first appearance.
        word_docs: word -> in how many texts.
        word_index: word -> its number.
        index_word: number -> its word.
        index_docs: number -> in how many texts.
        document_count: how many texts.
    """

    @accepts({"num_words": "nb_words"})
    def __init__(
        self,
        nb_words=None,
        filters=PUNCTUATION,
        lower=True,
        split=" ",
        char_level=False,
        *,
        oov_token=None,
        document_count=0,
    ):
        self.word_counts = OrderedDict()
        self.word_docs = {}
        self.word_index = {}
        self.index_word = {}
        self.index_docs = {}
        self.document_count = document_count
        self.nb_words = nb_words
        self.filters = filters
        self.lower = lower
        self.split = split
        self.char_level = char_level
        self.oov_token = oov_token
        self._texts_seen = document_count

    @property
    def num_words(self):
        """The later name of `nb_words`."""
        return self.nb_words

    @num_words.setter
    def num_words(self, value):
        self.nb_words = value

    def fit_on_texts(self, texts):
        """Count the words of the texts, and number them by frequency; more texts add to the counts.

        Args:
            texts: list or generator of texts.

        Raises:
            DataError: this is a single text.
        """
        for text in self._each(texts):
            self._texts_seen += 1
            words = self._words(text)
            for word in words:
                self.word_counts[word] = self.word_counts.get(word, 0) + 1
            for word in set(words):
                self.word_docs[word] = self.word_docs.get(word, 0) + 1
        ranked = sorted(self.word_counts, key=self.word_counts.get, reverse=True)
        if self.oov_token is not None:
            ranked = [self.oov_token, *(word for word in ranked if word != self.oov_token)]
        self.word_index = dict(zip(ranked, range(1, len(ranked) + 1), strict=True))
        self.index_word = dict(enumerate(ranked, start=1))
        self.index_docs = {self.word_index[word]: count for word, count in self.word_docs.items()}
        self.document_count = self._texts_seen

    def fit_on_sequences(self, sequences):
        """Count in how many of these lists of word numbers each number is; needed for 'tfidf' without texts."""
        self.document_count = len(sequences)
        self.index_docs = dict(Counter(number for sequence in sequences for number in set(sequence)))

    def texts_to_sequences(self, texts):
        """The list of word numbers of each text.

        Raises:
            DataError: no text was fit, or this is a single text.
        """
        return list(self.texts_to_sequences_generator(texts))

    def texts_to_sequences_generator(self, texts):
        """The lists of `texts_to_sequences`, one by one."""
        if not self.word_index and not self._texts_seen:
            raise DataError("Tokenizer: it knows no words yet.", "Call fit_on_texts(texts) first.")
        return (self._numbers(text) for text in self._each(texts))

    def sequences_to_texts(self, sequences):
        """The text of each list of word numbers: its words with spaces between them; unknown numbers are left out."""
        return list(self.sequences_to_texts_generator(sequences))

    def sequences_to_texts_generator(self, sequences):
        """The texts of `sequences_to_texts`, one by one."""
        for sequence in sequences:
            words = (self.index_word.get(number) if self._is_used(number) else None for number in sequence)
            yield " ".join(word for word in (word or self.oov_token for word in words) if word is not None)

    def texts_to_matrix(self, texts, mode="binary"):
        """The rows of `sequences_to_matrix` for texts."""
        return self.sequences_to_matrix(self.texts_to_sequences(texts), mode=mode)

    def sequences_to_matrix(self, sequences, mode="binary"):
        """One row for each list of word numbers, one column for each number; column 0 is empty.

        Shape: n lists -> `(n, nb_words)`, or `(n, words + 1)` without `nb_words`.

        Args:
            mode: 'binary' 1 for a word that is there, 'count' how often, 'freq' how often divided by the list's
                length, 'tfidf' `(1 + log count) * log(1 + documents / (1 + documents with the word))`.

        Raises:
            ArgumentError: neither `nb_words` nor words are known.
            DataError: 'tfidf' is asked for and nothing was fit; a number is negative.
            UnknownNameError: there is no such mode.
        """
        if mode not in MODES:
            raise unknown_name("mode", mode, MODES)
        if mode == "tfidf" and not self.document_count:
            raise DataError('Tokenizer: mode "tfidf" needs counts of documents.', "Call fit_on_texts(texts) first.")
        matrix = np.zeros((len(sequences), self._columns()))
        for row, sequence in zip(matrix, sequences, strict=True):
            for number, count in Counter(sequence).items():
                if number < 0:
                    raise DataError(f"Tokenizer: word numbers are from 0, got {number}.")
                if number < len(row):
                    row[number] = self._weight(mode, number, count, len(sequence))
        return matrix

    def _columns(self):
        if self.nb_words or self.word_index:
            return self.nb_words or len(self.word_index) + 1
        raise ArgumentError(
            "Tokenizer: the number of columns is not known.",
            "Give Tokenizer(nb_words=...), or call fit_on_texts(texts) first.",
            arguments=("nb_words",),
        )

    def _weight(self, mode, number, count, length):
        if mode == "tfidf":
            documents = self.index_docs.get(number, 0)
            return (1 + np.log(count)) * np.log(1 + self.document_count / (1 + documents))
        return {"binary": 1, "count": count, "freq": count / length}[mode]

    def _each(self, texts):
        """The texts; a single one is most likely a mistake, as each of its characters would count as a text."""
        if isinstance(texts, str) and not self.char_level:
            raise DataError(
                f"Tokenizer: needs a list of texts, got the text {texts[:40]!r}.", "Put it into a list: [text]."
            )
        return texts

    def get_config(self):
        """What `tokenizer_from_json` makes the same again of; dictionaries as JSON, as in Keras 2."""
        plain = ("num_words", "filters", "lower", "split", "char_level", "oov_token", "document_count")
        tables = {name: json.dumps(getattr(self, name)) for name in _TABLES}
        return {name: getattr(self, name) for name in plain} | tables

    def to_json(self, **kwargs):
        """The tokenizer as text, with the words it has counted.

        Args:
            kwargs: for `json.dumps`.
        """
        return json.dumps({"class_name": type(self).__name__, "config": self.get_config()}, **kwargs)

    def _words(self, text):
        if self.char_level:
            return text
        if isinstance(text, list | tuple) and all(isinstance(word, str) for word in text):
            return [word.lower() for word in text] if self.lower else list(text)
        if not isinstance(text, str):
            raise DataError(f"Tokenizer: each text must be a str, got {type(text).__name__} {text!r:.40}.")
        return text_to_word_sequence(text, self.filters, self.lower, self.split)

    def _numbers(self, text):
        numbers = (self.word_index.get(word) for word in self._words(text))
        numbers = (number if self._is_used(number) else self.word_index.get(self.oov_token) for number in numbers)
        return [number for number in numbers if number is not None]

    def _is_used(self, number):
        return number is not None and not (self.nb_words and number >= self.nb_words)


def tokenizer_from_json(json_string):
    """The tokenizer that `to_json` wrote.

    Raises:
        ArgumentError: the text is no such JSON.
    """
    try:
        config = dict(json.loads(json_string)["config"])
        tables = {name: _table(name, config.pop(name)) for name in _TABLES}
        tokenizer = Tokenizer(**config)
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        raise ArgumentError(
            f"tokenizer_from_json: this is no tokenizer ({error}).", "It reads what Tokenizer.to_json() wrote."
        ) from error
    vars(tokenizer).update(tables)
    return tokenizer


def _table(name, written):
    is_numbered = name.startswith("index_")
    return {int(key) if is_numbered else key: value for key, value in json.loads(written).items()}


carry(__name__)
