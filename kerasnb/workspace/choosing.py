"""Layers by name or by pattern: `conv*` means each layer whose name begins so."""

from __future__ import annotations

import fnmatch
from collections.abc import Collection, Iterable

from ..errors import ArgumentError, UnknownNameError, unknown_name

__all__ = ["chosen_layers", "is_pattern"]

_MARKS = frozenset("*?[")


def is_pattern(text: str) -> bool:
    """Whether it is meant to match names, with `*`, `?` and `[...]` as in file names."""
    return not _MARKS.isdisjoint(text)


def chosen_layers(
    asked: Iterable[str], known: Collection[str], title: str, weighted: Collection[str] | None = None
) -> list[str]:
    """The layers that names and patterns choose, each once, in the order they are asked for.

    Args:
        asked: names, or patterns; what is the name of a layer is that layer. A pattern without a `/` finds those in
            others by their own names, too.
        known: the names of all layers, in the order of the model; of those inside others, their paths.
        title: the model's, for the error.
        weighted: those that have weights; a pattern that matches none of them is refused.

    Raises:
        UnknownNameError: a name that no layer has, or a pattern that matches none.
        ArgumentError: a pattern that matches only layers without weights.
    """
    return list(dict.fromkeys(name for text in asked for name in _chosen(text, known, title, weighted)))


def _chosen(text: str, known: Collection[str], title: str, weighted: Collection[str] | None) -> list[str]:
    if text in known:
        return [text]
    if not is_pattern(text):
        raise unknown_name(f'layer of model "{title}" is called', text, known)
    found = [name for name in known if fnmatch.fnmatchcase(name, text) or _is_inside(name, text)]
    if not found:
        raise _nothing(text, known, title)
    if weighted is not None and not any(name in weighted for name in found):
        raise ArgumentError(
            f'"{text}" matches only layers of model "{title}" without weights: {_listed(found)}.',
            "There is nothing in them to train or to freeze.",
        )
    return found


def _is_inside(path: str, text: str) -> bool:
    """Whether it is the name of a layer inside another one, `conv_1` of `backbone/conv_1`, that matches."""
    return "/" in path and "/" not in text and fnmatch.fnmatchcase(path.rpartition("/")[2], text)


def _nothing(text: str, known: Collection[str], title: str) -> UnknownNameError:
    return UnknownNameError(
        f'no layer of model "{title}" matches "{text}"; there are {_listed(known)}.',
        'A pattern matches whole names: "*conv*" finds conv anywhere.',
    )


def _listed(names: Collection[str], most: int = 24) -> str:
    return ", ".join(f'"{name}"' for name in names) if len(names) <= most else f"{len(names)} layers"
