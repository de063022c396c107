"""Sound before, and tags after, the music tagger."""

from __future__ import annotations

import numpy as np

from ..errors import ArgumentError, ShapeError
from ..preprocessing.orderings import LATER, ordering
from ..spelling.door import accepts

__all__ = ["preprocess_input", "decode_predictions", "TAGS"]

# the outputs of the released weights, in order
TAGS = (
    "rock,pop,alternative,indie,electronic,female vocalists,dance,00s,alternative rock,jazz,beautiful,metal,chillout,"
    "male vocalists,classic rock,soul,indie rock,Mellow,electronica,80s,folk,90s,chill,instrumental,punk,oldies,blues,"
    "hard rock,ambient,acoustic,experimental,female vocalist,guitar,Hip-Hop,70s,party,country,easy listening,sexy,"
    "catchy,funk,electro,heavy metal,Progressive rock,60s,rnb,indie pop,sad,House,happy"
).split(",")

RATE = 12000  # samples a second
SECONDS = 29.12
WINDOW, STEP, MELS = 512, 256, 96  # samples, samples, bands
QUIETEST, RANGE = 1e-10, 80.0  # power, decibels


@accepts(LATER)
def preprocess_input(audio_path, dim_ordering="default"):
    """The middle 29 seconds of an audio file as a mel-spectrogram in decibels; a shorter one is followed by silence.

    Shape: -> `(96, 1366, 1)`, in 'th' ordering `(1, 96, 1366)`.

    Raises:
        ImportError: librosa, which reads audio files, is not installed.
    """
    order = ordering(dim_ordering)
    try:
        import librosa
    except ImportError as error:
        message = "preprocess_input reads audio by librosa, which is not installed.\nInstall it: pip install librosa"
        raise ImportError(message) from error
    sound, rate = librosa.load(audio_path, sr=RATE)
    mels = librosa.feature.melspectrogram(y=_middle(sound), sr=rate, hop_length=STEP, n_fft=WINDOW, n_mels=MELS)
    return np.expand_dims(_decibels(mels**2), 0 if order == "th" else -1)


def _middle(sound: np.ndarray) -> np.ndarray:
    """As many samples as the model takes."""
    wanted, given = int(SECONDS * RATE), len(sound)
    if given < wanted:
        return np.pad(sound, (0, wanted - given))
    return sound[(given - wanted) // 2 : (given + wanted) // 2]


def _decibels(power: np.ndarray) -> np.ndarray:
    """`10 log10(power)`, nothing more than 80 below the loudest."""
    level = 10 * np.log10(np.maximum(power, QUIETEST))
    return np.maximum(level, level.max() - RANGE)


def decode_predictions(preds, top_n=5):
    """The likeliest tags of each piece, likeliest first.

    Shape: `(batch, 50)` -> for each piece a list of `top_n` tuples (tag, probability).

    Raises:
        ShapeError: not a row of 50 probabilities for each piece.
        ArgumentError: `top_n` is not from 0 to 50.
    """
    preds = np.asarray(preds)
    if preds.ndim != 2 or preds.shape[1] != len(TAGS):
        raise ShapeError(f"decode_predictions needs predictions (batch, {len(TAGS)}), got {preds.shape}.")
    if not 0 <= top_n <= len(TAGS):
        raise ArgumentError(f"top_n must be from 0 to {len(TAGS)}, got {top_n}.", arguments=("top_n",))
    return [[(TAGS[place], row[place]) for place in np.argsort(-row, kind="stable")[:top_n]] for row in preds]
