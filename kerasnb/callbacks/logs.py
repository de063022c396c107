"""The figures of a training by name, found by the names of later releases too."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

__all__ = ["Logs", "figure"]

# what releases call one figure: later ones log a metric by the name that compile was given
_LATER = {
    "accuracy": "acc",
    "mse": "mean_squared_error",
    "mae": "mean_absolute_error",
    "mape": "mean_absolute_percentage_error",
    "msle": "mean_squared_logarithmic_error",
    "cosine": "cosine_proximity",
    "learning_rate": "lr",
}
_PARTS = re.compile(rf"(?<![^_])({'|'.join(_LATER)})(?=(_\d+)?$)")


def figure(logs: dict | None, name: str) -> Any:
    """The figure of this name, in whichever release's spelling it is logged; None without."""
    return Logs(logs or {}).get(name)


def _known(name: Any, names: Iterable[str]) -> Any:
    """The one of the names that is meant: the same, or another release's (`val_accuracy` for `val_acc`)."""
    names = list(names)
    if name in names or not isinstance(name, str):
        return name
    return next((known for known in names if isinstance(known, str) and _earlier(known) == _earlier(name)), name)


def _earlier(name: str) -> str:
    return _PARTS.sub(lambda found: _LATER[found[1]], name)


class Logs(dict):
    """A dict whose figures are found by the names of other releases, without those being among its keys."""

    def __missing__(self, name: Any) -> Any:
        known = _known(name, self)
        if known == name:
            raise KeyError(name)
        return self[known]

    def __contains__(self, name: Any) -> bool:
        return super().__contains__(name) or super().__contains__(_known(name, self))

    def get(self, name: Any, default: Any = None) -> Any:
        return self[name] if name in self else default
