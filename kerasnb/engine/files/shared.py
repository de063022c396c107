"""Which layers of a file are one, as Keras 3 tells it."""

from __future__ import annotations

from typing import Any

from ..layer import Layer
from .later.versions import without_identities

__all__ = ["SharedLayers"]


class SharedLayers:
    """The layers that were made so far, by the numbers with which Keras 3 says that two are one.

    The second time that Keras meets a layer it gives a number to both, but to a first one inside a Sequential only in a
    copy of what it writes. Keras itself then makes two layers, and finds no weights for one of them. So a number that
    was not met before is that of an earlier layer without one, which has the same name and arguments, if there is one.
    """

    def __init__(self) -> None:
        self._numbered: dict[Any, Layer] = {}
        self._others: dict[tuple[str, str], list[tuple[dict, Layer]]] = {}

    def find(self, number: Any, cls: type[Layer], config: dict) -> Layer | None:
        """The layer that this config describes, if it was made before."""
        if number is None:
            return None
        if isinstance(self._numbered.get(number), cls):
            return self._numbered[number]
        plain = without_identities(config["config"])
        for others, layer in self._others.get(_key(config), ()):
            if without_identities(others) == plain:
                self._numbered[number] = layer
                return layer
        return None

    def add(self, number: Any, config: dict, layer: Layer) -> None:
        """Know a layer that was just made."""
        if number is not None:
            self._numbered[number] = layer
        else:
            self._others.setdefault(_key(config), []).append((config["config"], layer))


def _key(config: dict) -> tuple[str, str]:
    inner = config["config"]
    return config["class_name"], str(inner.get("name") if isinstance(inner, dict) else None)
