"""Sound before, and tags after, the music tagger."""

import sys
import types

import numpy as np
import pytest

from kerasnb import backend as K
from kerasnb.applications.audio_conv_utils import RATE, TAGS, decode_predictions, preprocess_input
from kerasnb.errors import ArgumentError, ShapeError


def test_tags_come_likeliest_first():
    predictions = np.zeros((1, 50))
    predictions[0, [0, 49]] = 0.3, 0.9
    assert decode_predictions(predictions, top_n=2) == [[("happy", 0.9), ("rock", 0.3)]]
    assert len(TAGS) == len(set(TAGS)) == 50


def test_other_predictions_are_refused():
    with pytest.raises(ShapeError, match=r"\(batch, 50\), got \(50,\)"):
        decode_predictions(np.zeros(50))
    with pytest.raises(ArgumentError, match="from 0 to 50, got 51"):
        decode_predictions(np.zeros((1, 50)), top_n=51)


def test_missing_librosa_is_named(monkeypatch):
    monkeypatch.setitem(sys.modules, "librosa", None)
    with pytest.raises(ImportError, match="pip install librosa"):
        preprocess_input("song.mp3")


@pytest.fixture
def heard(monkeypatch):
    """A librosa that reads a ramp of as many samples as the path says, and remembers what it hears."""
    heard = []

    def melspectrogram(y, sr, hop_length, n_fft, n_mels):
        assert (sr, hop_length, n_fft, n_mels) == (RATE, 256, 512, 96)
        heard.append(y)
        return np.linspace(0, 1, n_mels)[:, None] * np.ones(1366)

    librosa = types.SimpleNamespace(
        load=lambda path, sr: (np.arange(int(path), dtype="float32"), sr),
        feature=types.SimpleNamespace(melspectrogram=melspectrogram),
    )
    monkeypatch.setitem(sys.modules, "librosa", librosa)
    return heard


def test_the_middle_of_a_long_piece_and_all_of_a_short_one_is_heard(heard):
    preprocess_input("1000000")
    preprocess_input("100000")
    long, short = heard
    assert len(long) == len(short) == 349_440
    assert (long[0], long[-1]) == ((1_000_000 - 349_440) // 2, (1_000_000 + 349_440) // 2 - 1)
    assert short[99_999] == 99_999 and not short[100_000:].any()


def test_picture_is_in_decibels_and_in_the_ordering_asked_for(heard):
    picture = preprocess_input("400000")
    assert picture.shape == (96, 1366, 1)
    assert (picture[-1, 0, 0], picture[0, 0, 0]) == pytest.approx((0, -80))
    assert preprocess_input("400000", dim_ordering="th").shape == (1, 96, 1366)
    K.set_image_dim_ordering("th")
    assert preprocess_input("400000").shape == (1, 96, 1366)
