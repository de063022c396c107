"""Sequences: padding to one length, and pairs of words for word vectors."""

from __future__ import annotations

import random
from collections.abc import Sequence

import numpy as np

from ..carried import carry
from ..errors import ArgumentError, DataError, ShapeError, unknown_name
from .timeseries import TimeseriesGenerator

__all__ = ["pad_sequences", "make_sampling_table", "skipgrams", "TimeseriesGenerator"]

EULER = 0.577  # Euler's constant, as short as in Keras
SIDES = ("pre", "post")
LARGEST_SEED = 10_000_000


def pad_sequences(sequences, maxlen=None, dtype="int32", padding="pre", truncating="pre", value=0.0):
    """The sequences as one array: short ones filled up, long ones cut.

    Shape: n sequences of elements of one shape -> `(n, maxlen, ...)`.

    Args:
        maxlen: length of all; by default that of the longest.
        dtype: of the result.
        padding: where to fill: 'pre' before the sequence, 'post' after it.
        truncating: where to cut: 'pre' or 'post'.
        value: what to fill with.

    Raises:
        DataError: this is no list of sequences, or there is none and no `maxlen`.
        ShapeError: elements of two sequences differ in shape.
        UnknownNameError: `padding` or `truncating` is neither 'pre' nor 'post'.

    >>> pad_sequences([[1], [1, 2]], maxlen=3)
    array([[0, 0, 1],
           [0, 1, 2]], dtype=int32)
    """
    for name, side in (("padding", padding), ("truncating", truncating)):
        if side not in SIDES:
            raise unknown_name(name, side, SIDES)
    lengths = _lengths(sequences)
    length = _length(maxlen, lengths)
    element = next((np.asarray(one).shape[1:] for one in sequences if len(one)), ())
    padded = np.full((len(lengths), length, *element), value, dtype=dtype)
    for row, sequence in zip(padded, sequences, strict=True):
        kept = sequence[max(len(sequence) - length, 0) :] if truncating == "pre" else sequence[:length]
        if len(kept):
            place = slice(length - len(kept), None) if padding == "pre" else slice(len(kept))
            row[place] = _of_shape(kept, element, dtype)
    return padded


def _lengths(sequences):
    """The length of each sequence, or the error that says which one has none."""
    if isinstance(sequences, str) or not hasattr(sequences, "__len__"):
        raise DataError(f"pad_sequences: needs a list of sequences, got {type(sequences).__name__}.")
    for place, sequence in enumerate(sequences):
        if not hasattr(sequence, "__len__"):
            raise DataError(
                f"pad_sequences: needs a list of sequences, got {sequence!r} at place {place}.",
                "A single sequence goes into a list: pad_sequences([sequence]).",
            )
    return [len(sequence) for sequence in sequences]


def _length(maxlen, lengths):
    if maxlen is None and not lengths:
        raise DataError("pad_sequences: there is no sequence to take the length from.", "Give maxlen.")
    if maxlen is not None and (not isinstance(maxlen, int | np.integer) or maxlen < 1):
        raise ArgumentError(
            f"pad_sequences: maxlen must be a whole number from 1, got {maxlen!r}.", arguments=("maxlen",)
        )
    return max(lengths) if maxlen is None else int(maxlen)


def _of_shape(sequence, element, dtype):
    array = np.asarray(sequence, dtype=dtype)
    if array.shape[1:] != element:
        raise ShapeError(
            f"pad_sequences: all elements must have the shape {element} of the first one, got {array.shape[1:]}.",
            "Sequences of numbers and sequences of vectors cannot be mixed.",
        )
    return array


def make_sampling_table(size, sampling_factor=1e-05):
    """The probability with which `skipgrams` keeps the word of each rank; frequent words are kept less often.

    The frequency of the word of rank r is taken from Zipf's law: 1 / (r (log r + 0.577) + 1/2 - 1/(12 r)).

    Shape: -> `(size,)`, rank 0 counting as rank 1.

    Args:
        size: number of words.
        sampling_factor: how rare a word must be to be always kept.

    Source: Mikolov et al. 2013, arXiv:1310.4546, section 2.3.
    """
    rank = np.maximum(np.arange(size), 1)
    inverse_frequency = rank * (np.log(rank) + EULER) + 0.5 - 1.0 / (12.0 * rank)
    return np.minimum(1.0, np.sqrt(sampling_factor * inverse_frequency))


def skipgrams(
    sequence, vocabulary_size, window_size=4, negative_samples=1.0, shuffle=True, categorical=False, sampling_table=None
):
    """Pairs of words, and whether the second stands near the first: (couples, labels).

    Draws from Python's `random`, so `random.seed` fixes the result. Word 0 is padding and in no pair.

    Args:
        sequence: word numbers; with a sampling table, the rank of the word in its language.
        vocabulary_size: one more than the largest word number.
        window_size: a word's neighbours are up to so many words to either side.
        negative_samples: so many pairs with a word by chance for each pair of neighbours; 0 for none.
        shuffle: mix the pairs.
        categorical: labels [0, 1] for neighbours and [1, 0] for chance, not 1 and 0.
        sampling_table: probability with which each word is kept, as by `make_sampling_table`.

    Raises:
        ArgumentError: there is no word to draw by chance.

    Source: Mikolov et al. 2013, arXiv:1301.3781.
    """
    couples = _neighbours(sequence, window_size, sampling_table)
    near, far = ([0, 1], [1, 0]) if categorical else (1, 0)
    by_chance = _by_chance(couples, int(len(couples) * negative_samples), vocabulary_size)
    labelled = [(couple, near) for couple in couples] + [(couple, far) for couple in by_chance]
    if shuffle:
        # by a seed of its own, as Keras does, so that the same random.seed gives the same order
        random.Random(random.randint(0, LARGEST_SEED)).shuffle(labelled)
    return [couple for couple, _ in labelled], [list(label) if categorical else label for _, label in labelled]


def _neighbours(sequence: Sequence[int], window_size: int, sampling_table) -> list[list[int]]:
    couples = []
    for place, word in enumerate(sequence):
        if not word or (sampling_table is not None and sampling_table[word] < random.random()):
            continue
        first = max(0, place - window_size)
        for other, neighbour in enumerate(sequence[first : place + window_size + 1], start=first):
            if other != place and neighbour:
                couples.append([word, neighbour])
    return couples


def _by_chance(couples, count, vocabulary_size):
    """`count` pairs of a first word of the couples and any word."""
    if count <= 0:
        return []
    if vocabulary_size < 2:
        raise ArgumentError(
            f"skipgrams: vocabulary_size must be at least 2, got {vocabulary_size}: word 0 is padding.",
            "Give one more than the largest word number, or negative_samples=0.",
            arguments=("vocabulary_size",),
        )
    words = [word for word, _ in couples]
    random.shuffle(words)
    return [[words[place % len(words)], random.randint(1, vocabulary_size - 1)] for place in range(count)]


def _remove_long_seq(maxlen, seq, label):
    """The sequences shorter than `maxlen`, and their labels."""
    kept = [(one, its) for one, its in zip(seq, label, strict=True) if len(one) < maxlen]
    return [one for one, _ in kept], [its for _, its in kept]


carry(__name__)
