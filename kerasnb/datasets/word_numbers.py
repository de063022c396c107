"""Texts stored as lists of word numbers: mixing, marking, choosing by length and by how frequent words are."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from ..errors import DataError, FileError

__all__ = ["check_texts", "mixed_by_seed", "mixed_by", "marked", "not_longer", "frequent", "arrays"]


def check_texts(file: str, texts: Any, labels: Any) -> None:
    """Refuse what is not as many texts as labels, each text a list of numbers.

    Raises:
        FileError: it is not.
    """
    are_lists = all(isinstance(one, list | tuple | np.ndarray) for one in (texts, labels))
    if not are_lists or len(texts) != len(labels) or not all(map(_is_text, texts)):
        raise FileError(f'"{file}" does not hold lists of word numbers, each with a label.', "Remove it.")


def _is_text(text: Any) -> bool:
    return isinstance(text, list | tuple | np.ndarray) and all(isinstance(word, int | np.integer) for word in text)


def mixed_by_seed(texts: Sequence, labels: Sequence, seed: int) -> tuple[list, list]:
    """Texts and labels in an order that the seed fixes; numpy's global generator stays as it is."""
    return mixed_by(np.random.RandomState(seed), texts, labels)


def mixed_by(generator: np.random.RandomState, texts: Sequence, labels: Sequence) -> tuple[list, list]:
    """Texts and labels in the next order of a generator."""
    order = np.arange(len(texts))
    generator.shuffle(order)
    return [texts[place] for place in order], [labels[place] for place in order]


def marked(texts: Sequence, start_char: int | None, index_from: int) -> list[list[int]]:
    """The texts with a number for their start in front, and each word's number raised."""
    if start_char is not None:
        return [[start_char, *(word + index_from for word in text)] for text in texts]
    return [[word + (index_from or 0) for word in text] for text in texts]


def not_longer(texts: list, labels: list, maxlen: int | None) -> tuple[list, list]:
    """The texts that are shorter than `maxlen` words, with their labels.

    Raises:
        DataError: none is.
    """
    if not maxlen:
        return texts, labels
    kept = [(text, label) for text, label in zip(texts, labels, strict=True) if len(text) < maxlen]
    if texts and not kept:
        raise DataError(
            f"maxlen={maxlen}: no text is shorter than that; the shortest has {min(map(len, texts))} words.",
            "Give a larger maxlen.",
        )
    return [text for text, _ in kept], [label for _, label in kept]


def frequent(texts: list, nb_words: int | None, skip_top: int, oov_char: int | None) -> list[list[int]]:
    """The texts with words outside `skip_top` to `nb_words` replaced by `oov_char`, or left out if that is None.

    Without `nb_words` the limit is the largest number that there is, which is itself outside: as in every Keras.
    """
    limit = nb_words or max((max(text) for text in texts if text), default=0)
    if oov_char is None:
        return [[word for word in text if skip_top <= word < limit] for text in texts]
    return [[word if skip_top <= word < limit else oov_char for word in text] for text in texts]


def arrays(texts: list, labels: list) -> tuple[np.ndarray, np.ndarray]:
    """An array of lists, and one of labels."""
    held = np.empty(len(texts), dtype=object)
    held[:] = texts
    return held, np.array(labels)
