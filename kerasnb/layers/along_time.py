"""`_AlongTime`: what layers over `(batch, time, features)` that also take features first have in common."""

from __future__ import annotations

from .. import backend as K
from .arguments import one_of

__all__ = []


class _AlongTime:
    """A later argument of layers along time, `data_format="channels_first"`: `(batch, features, time)` in and out."""

    features_first = False

    def _take_data_format(self, kwargs: dict) -> None:
        """Take the argument out of `kwargs`."""
        chosen = one_of("data_format", kwargs.pop("data_format", None), ("channels_last", "channels_first", None))
        self.features_first = chosen == "channels_first"

    def _turned(self, x):
        """A tensor or shape with time and features changed about, where features come first; the reverse too."""
        if not self.features_first:
            return x
        return (x[0], x[2], x[1]) if isinstance(x, tuple | list) else K.permute_dimensions(x, (0, 2, 1))

    def get_config(self) -> dict:
        later = {"data_format": "channels_first"} if self.features_first else {}
        return {**super().get_config(), **later}
