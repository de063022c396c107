"""Python identifiers for layer names, as code that is written needs them."""

from __future__ import annotations

import builtins
import keyword
import re
from collections.abc import Collection

__all__ = ["identifiers"]


def identifiers(names: list[str], taken: Collection[str] = ()) -> dict[str, str]:
    """One identifier per name, none of them a word of Python or in `taken`.

    >>> identifiers(["conv-1", "conv.1", "input"])
    {'conv-1': 'conv_1', 'conv.1': 'conv_1_', 'input': 'input_'}
    """
    used = {*taken, *keyword.kwlist, *dir(builtins), "model"}
    found = {}
    for name in names:
        word = re.sub(r"\W", "_", name)
        word = f"layer_{word}" if not word or word[0].isdigit() else word
        while word in used:
            word += "_"
        used.add(word)
        found[name] = word
    return found
