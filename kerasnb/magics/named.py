"""Values that a line gives to parts of a model by name: `a=mse b=mae`, or one for all."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from IPython.core.error import UsageError

__all__ = ["by_name"]


def by_name(option: str, words: Sequence[str] | None, read: Callable[[str], Any] = str) -> Any:
    """`["a=1", "b=2"]` as a dict, one word as its value, several as a list; None where there are none.

    Raises:
        UsageError: some have names and others have none.
    """
    if not words:
        return None
    pairs = [word.partition("=") for word in words]
    named = [bool(mark) and name.isidentifier() for name, mark, _ in pairs]
    if all(named):
        return {name: read(value) for name, _, value in pairs}
    if any(named):
        raise UsageError(f"{option}: give a name to each or to none, as {option} a=... b=...; got {' '.join(words)}")
    values = [read(word) for word in words]
    return values[0] if len(values) == 1 else values
