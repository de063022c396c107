"""Padding, sampling tables and skip-grams, with Keras 1.2's numbers."""

import random

import numpy as np
import pytest

from kerasnb.errors import ArgumentError, DataError, ShapeError, UnknownNameError
from kerasnb.preprocessing.sequence import make_sampling_table, pad_sequences, skipgrams

RAGGED = [[1], [1, 2], [1, 2, 3]]


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ({}, [[0, 0, 1], [0, 1, 2], [1, 2, 3]]),
        ({"padding": "post"}, [[1, 0, 0], [1, 2, 0], [1, 2, 3]]),
        ({"maxlen": 2}, [[0, 1], [1, 2], [2, 3]]),
        ({"maxlen": 2, "truncating": "post"}, [[0, 1], [1, 2], [1, 2]]),
        ({"maxlen": 4, "value": 9}, [[9, 9, 9, 1], [9, 9, 1, 2], [9, 1, 2, 3]]),
    ],
)
def test_sequences_are_filled_and_cut_where_they_are_asked_to(options, expected):
    padded = pad_sequences(RAGGED, **options)
    np.testing.assert_array_equal(padded, expected)
    assert padded.dtype == np.int32


def test_sequences_of_vectors_are_padded_along_time():
    padded = pad_sequences([[[1, 2]], [[3, 4], [5, 6]]], dtype="float32", value=0.5)
    np.testing.assert_array_equal(padded, [[[0.5, 0.5], [1, 2]], [[3, 4], [5, 6]]])
    assert padded.dtype == np.float32


def test_empty_sequences_become_padding():
    np.testing.assert_array_equal(pad_sequences([[], [7]], maxlen=2), [[0, 0], [0, 7]])
    assert pad_sequences([[], []]).shape == (2, 0)
    assert pad_sequences([], maxlen=3).shape == (0, 3)


def test_arrays_and_tuples_are_sequences_too():
    held = np.empty(2, dtype=object)
    held[:] = [[1, 2], [3]]
    np.testing.assert_array_equal(pad_sequences(held), [[1, 2], [0, 3]])
    np.testing.assert_array_equal(pad_sequences(((1, 2), np.array([3]))), [[1, 2], [0, 3]])


@pytest.mark.parametrize(
    ("sequences", "options", "error", "message"),
    [
        (5, {}, DataError, "needs a list of sequences, got int"),
        ("text", {}, DataError, "needs a list of sequences, got str"),
        ([1, 2, 3], {}, DataError, "got 1 at place 0.*pad_sequences..sequence.."),
        ([[1], 2], {}, DataError, "got 2 at place 1"),
        ([], {}, DataError, "no sequence to take the length from"),
        (RAGGED, {"maxlen": 0}, ArgumentError, "maxlen must be a whole number from 1, got 0"),
        (RAGGED, {"maxlen": 2.5}, ArgumentError, "maxlen must be a whole number from 1, got 2.5"),
        (RAGGED, {"padding": "left"}, UnknownNameError, 'no padding "left"; there are "post", "pre"'),
        (RAGGED, {"truncating": "end"}, UnknownNameError, 'no truncating "end"'),
        ([[1], [[1, 2]]], {}, ShapeError, r"must have the shape \(\) of the first one, got \(2,\)"),
    ],
)
def test_pad_sequences_refuses_what_it_cannot_pad(sequences, options, error, message):
    with pytest.raises(error, match=f"(?s){message}"):
        pad_sequences(sequences, **options)


def test_sampling_table_follows_zipfs_law():
    rank = np.array([1, 1, 2, 3])
    inverse_frequency = rank * (np.log(rank) + 0.577) + 0.5 - 1 / (12 * rank)
    np.testing.assert_allclose(make_sampling_table(4), np.sqrt(1e-5 * inverse_frequency))
    np.testing.assert_allclose(make_sampling_table(3), [0.00315225, 0.00315225, 0.00547597], rtol=1e-5)
    assert make_sampling_table(1000, sampling_factor=1).max() == 1


def test_neighbours_are_within_the_window_and_never_padding():
    couples, labels = skipgrams([1, 2, 0, 3], 4, window_size=1, negative_samples=0, shuffle=False)
    assert couples == [[1, 2], [2, 1]]
    assert labels == [1, 1]
    couples, _ = skipgrams([1, 2, 0, 3], 4, window_size=2, negative_samples=0, shuffle=False)
    assert couples == [[1, 2], [2, 1], [2, 3], [3, 2]]


@pytest.mark.parametrize(("negative_samples", "count"), [(0.0, 6), (0.5, 9), (1.0, 12), (2, 18)])
def test_so_many_pairs_by_chance_are_added_for_each_pair(negative_samples, count):
    couples, labels = skipgrams([1, 2, 3], 50, negative_samples=negative_samples)
    assert (len(couples), len(labels), sum(labels)) == (count, count, 6)
    assert all(first in (1, 2, 3) and 1 <= second < 50 for first, second in couples)


def test_labels_can_be_rows():
    couples, labels = skipgrams([1, 2], 5, categorical=True, shuffle=False)
    assert labels == [[0, 1], [0, 1], [1, 0], [1, 0]]
    labels[0][0] = 7
    assert labels[1] == [0, 1]


def test_labels_stay_with_their_pairs_when_mixed():
    random.seed(1)
    couples, labels = skipgrams([1, 2, 3], 1000)
    near = [couple for couple, label in zip(couples, labels, strict=True) if label]
    assert sorted(near) == [[1, 2], [1, 3], [2, 1], [2, 3], [3, 1], [3, 2]]


def test_same_seed_gives_the_same_skipgrams():
    random.seed(7)
    first = skipgrams(range(10), 10)
    random.seed(7)
    assert skipgrams(range(10), 10) == first


def test_sampling_table_leaves_words_out():
    table = np.array([0.0, 0.0, 1.0, 1.0])
    couples, _ = skipgrams([1, 2, 3], 4, negative_samples=0, shuffle=False, sampling_table=table)
    assert couples == [[2, 1], [2, 3], [3, 1], [3, 2]]


def test_skipgrams_of_nothing_are_nothing():
    assert skipgrams([], 5) == ([], [])
    assert skipgrams([1], 5) == ([], [])


def test_skipgrams_refuse_a_vocabulary_of_padding_alone():
    with pytest.raises(ArgumentError, match="vocabulary_size must be at least 2, got 1"):
        skipgrams([1, 2], 1)
