"""Keras's path for the settings that both backends share."""

from .config import (
    cast_to_floatx,
    epsilon,
    floatx,
    image_data_format,
    image_dim_ordering,
    legacy_weight_ordering,
    set_epsilon,
    set_floatx,
    set_image_data_format,
    set_image_dim_ordering,
    set_legacy_weight_ordering,
)
from .inner_names import setting
from .ops.state import get_uid, reset_uids

__all__ = [
    "cast_to_floatx",
    "epsilon",
    "floatx",
    "get_uid",
    "image_data_format",
    "image_dim_ordering",
    "legacy_weight_ordering",
    "reset_uids",
    "set_epsilon",
    "set_floatx",
    "set_image_data_format",
    "set_image_dim_ordering",
    "set_legacy_weight_ordering",
]


def __getattr__(name: str):
    """The settings under their inner names, such as `_EPSILON`."""
    return setting(name)
