"""Errors in the words of the canvas: what a person sees there, and nothing that was made only to try a layer."""

from __future__ import annotations

import re

from ....errors import KerasnbError
from .graph import LayerSpec

__all__ = ["on_canvas"]

# how a tensor is written where somebody printed it, and how Python names its class
_WRITTEN = re.compile(r'<(?:Placeholder|Tensor|Variable) "([^"]*)" (\([^)]*\))[^>]*>')
# a layer that was made only to be tried, by its class and the name it got by itself: Dense "dense_5"
_NUMBERED = re.compile(r'\b(\w+) "(?i:\1)_\d+"')
_CLASS = re.compile(r"'(?:Placeholder|Variable)' object")


def on_canvas(error: KerasnbError, spec: LayerSpec) -> KerasnbError:
    """The error as that of this layer; one of a layer inside it keeps the class of that one."""
    if error.layer not in (spec.name, spec.layer_name):
        inner = error.who.partition(' "')[0]
        error.message = f"the {inner} in it {error.message}" if inner else error.message
    error.layer, error.who = spec.name, f'{spec.class_name} "{spec.name}": '
    message = _CLASS.sub("'Tensor' object", _WRITTEN.sub(r'"\1" \2', error.message))
    error.message = _NUMBERED.sub(r"\1", message)
    return error
