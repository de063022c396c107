"""The layer classes that a config may name; those that are not known, told all at once."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator
from typing import Any

from ...absent import found_absent
from ...errors import KerasnbError, UnknownNameError, unknown_name
from ...utils.custom_objects import class_of, get_custom_objects
from ..layer import LAYERS, Layer
from .later.configs import earlier_class, is_ours
from .later.operators import is_known_operation, is_operation
from .later.tensorflow_operations import is_function

__all__ = ["layer_class", "unknown_layers", "check_layers"]

# where the config of a layer has those of layers in it
_HOLDERS = ("layer", "backward_layer", "cell", "cells", "layers")


# where Keras's own classes are, as its configs say
_LIBRARIES = ("keras", "tf_keras", "tensorflow")


def layer_class(name: str, arguments: Any, module: Any = None) -> type[Any]:
    """The class of this name: one of custom_objects, that of a config made in this process, or one of kerasnb.

    Args:
        arguments: of the layer, which say its name.
        module: of the class, where the config says that.

    Raises:
        UnknownNameError: there is none.
    """
    found = _find(name, module)
    if found is not None:
        return found
    name = earlier_class(name)
    given = f'Pass custom_objects={{"{name}": {name}}}.'
    error: KerasnbError = UnknownNameError(f'the layer class "{name}" of {module} is none of kerasnb.', given)
    if name not in _known():
        error = unknown_name("layer class", name, _known(), given)
    layer = arguments.get("name") if isinstance(arguments, dict) else None
    raise error.named(name, layer) if isinstance(layer, str) else error


def _find(name: str, module: Any = None) -> type[Any] | None:
    own = _own()
    made_here = class_of(name)
    if name not in own and made_here is not None:
        return made_here
    # a program's own class may be called as one of ours
    is_theirs = isinstance(module, str) and module.partition(".")[0] not in _LIBRARIES
    known = own if is_theirs else _known()
    return known.get(name) or known.get(earlier_class(name))


def _own() -> dict[str, type]:
    return {key: value for key, value in get_custom_objects().items() if isinstance(value, type)}


def _known() -> dict[str, type[Any]]:
    return {key: cls for key, cls in (Layer.aliases | LAYERS).items() if is_ours(cls)} | _own()


def unknown_layers(config: Any) -> dict[str, str]:
    """Each class in the config of a model that nothing here is called -> the name of its first layer."""
    return {earlier_class(one["class_name"]): str(_name_of(one)) for one in _layers(config) if not _is_known(one)}


def _is_known(described: dict) -> bool:
    if is_function(described):
        return True  # one that is not read is refused by its own name
    if is_operation(described):
        return is_known_operation(described["class_name"])
    return _find(described["class_name"], described.get("module")) is not None


def check_layers(config: Any, what: str) -> None:
    """Refuse a model of which classes are unknown, before anything of it is read.

    Args:
        what: the file or text, for the message.

    Raises:
        UnknownNameError: there are such classes.
    """
    unknown = unknown_layers(config)
    if len(unknown) < 2:
        for one in _layers(config):
            if not _is_known(one) and not is_operation(one):  # which is refused by its own name
                layer_class(one["class_name"], {"name": _name_of(one) or None}, one.get("module"))
        return
    known = _known()
    listed = [
        f'"{name}"' + (f' (layer "{layer}")' if layer else "") + _told(name, known) for name, layer in unknown.items()
    ]
    given = ", ".join(f'"{name}": {name}' for name in unknown)
    raise UnknownNameError(
        f"{what} has {len(unknown)} layer classes that are not known here: {'; '.join(listed)}.",
        f"Give classes of your own that compute the same: custom_objects={{{given}}}.",
    )


def _told(name: str, known: Iterable[str]) -> str:
    """What to do instead of a class of Keras 3, else the closest name."""
    absent = found_absent("layers", name)
    close = difflib.get_close_matches(name, known, n=1, cutoff=0.8)
    return f", not there: {absent[1]}" if absent else f", close to {close[0]}" if close else ""


def _layers(config: Any) -> Iterator[dict]:
    """The descriptions of all layers inside, in order, without recursion: a damaged config may be of any depth."""
    waiting = [config]
    while waiting:
        one = waiting.pop()
        if isinstance(one, list | tuple):
            waiting += reversed(one)
        elif isinstance(one, dict) and isinstance(one.get("class_name"), str):
            yield one
            inner = one.get("config")
            if isinstance(inner, dict):
                waiting += [inner[name] for name in reversed(_HOLDERS) if name in inner]
            elif isinstance(inner, list):  # Keras 1's Sequential
                waiting += reversed(inner)


def _name_of(described: dict) -> Any:
    config = described.get("config")
    return (config.get("name") if isinstance(config, dict) else None) or described.get("name") or ""
