"""What callbacks know of the training: Keras 1.2's params, found by their later names too."""

from __future__ import annotations

from typing import Any

__all__ = ["Params"]

_LATER = {"epochs": "nb_epoch", "samples": "nb_sample"}


class Params(dict):
    """A dict whose `params["epochs"]`, `["samples"]` and `["steps"]` work, without being among its keys."""

    def __missing__(self, name: str) -> Any:
        if name == "steps" and self.get("batch_size") and self.get("nb_sample"):
            return -(-self["nb_sample"] // self["batch_size"])
        if name in _LATER and _LATER[name] in self:
            return self[_LATER[name]]
        raise KeyError(name)
