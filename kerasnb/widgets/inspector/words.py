"""Samples that are word numbers, as words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np

from ...errors import ArgumentError, DataError

__all__ = ["Words"]

MOST_WORDS = 400  # of a sample are shown


class Words:
    """A vocabulary.

    Args:
        vocabulary: word -> number, as `Tokenizer.word_index` and `get_word_index()` have it, number -> word, or words
            in a list, at their numbers.

    Raises:
        ArgumentError: it is none of these.
    """

    def __init__(self, vocabulary: Any):
        self._by_number = _by_number(vocabulary)

    def of(self, sample: np.ndarray) -> list[str]:
        """The words of one sample; zeros that no word has are padding, and other unknown numbers stay numbers.

        Raises:
            DataError: the sample holds no whole numbers.
        """
        numbers = np.asarray(sample).reshape(-1)
        if numbers.dtype.kind not in "iuf" or not bool((numbers == np.floor(numbers)).all()):
            raise DataError(
                "a vocabulary is for samples of whole numbers; these hold others.", "Leave vocabulary= out."
            )
        known = [int(number) for number in numbers if number != 0 or 0 in self._by_number]
        words = [self._by_number.get(number, f"#{number}") for number in known[:MOST_WORDS]]
        return [*words, "..."] if len(known) > MOST_WORDS else words


def _by_number(vocabulary: Any) -> dict[int, str]:
    pairs: Iterable[tuple[Any, Any]] = ()
    if isinstance(vocabulary, Mapping) and vocabulary:
        pairs = vocabulary.items()
        if isinstance(next(iter(vocabulary)), str):
            pairs = ((number, word) for word, number in vocabulary.items())
    elif isinstance(vocabulary, (list, tuple)):
        pairs = enumerate(vocabulary)
    try:
        made = {int(number): str(word) for number, word in pairs if not isinstance(number, str)}
    except (TypeError, ValueError):
        made = {}
    if not made:
        raise ArgumentError(
            f"vocabulary needs words with their numbers, got {type(vocabulary).__name__}.",
            "For example vocabulary=tokenizer.word_index.",
        )
    return made
