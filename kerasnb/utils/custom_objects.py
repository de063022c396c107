"""Names that a program gives to objects of its own, so that configurations can mention them."""

from __future__ import annotations

import inspect
import re
import sys
from collections.abc import Callable, Sequence
from contextvars import ContextVar
from typing import Any

from ..errors import ArgumentError, unknown_name
from .brief import brief

__all__ = [
    "get_custom_objects",
    "CustomObjectScope",
    "custom_object_scope",
    "get_from_module",
    "serialize_keras_object",
    "deserialize_keras_object",
    "registry",
    "config_of",
    "class_name_of",
    "class_of",
    "snake_case",
]

_custom_objects: dict[str, Any] = {}
# those of the scope that this thread is in; another one may load a model at the same time
_scoped: ContextVar[dict[str, Any] | None] = ContextVar("custom_objects", default=None)


def get_custom_objects() -> dict[str, Any]:
    """The custom objects known now, by name; changes to this dictionary last."""
    scoped = _scoped.get()
    return _custom_objects if scoped is None else scoped


class CustomObjectScope:
    """Custom objects known inside a `with` block, and forgotten after it.

    Args:
        args: dictionaries from name to object; None counts as empty.
    """

    def __init__(self, *args):
        self.custom_objects = args
        self._tokens: list = []

    def __enter__(self) -> CustomObjectScope:
        known = dict(get_custom_objects())
        for objects in self.custom_objects:
            known.update(objects or {})
        self._tokens.append(_scoped.set(known))
        return self

    def __exit__(self, *_) -> None:
        _scoped.reset(self._tokens.pop())


def custom_object_scope(*args) -> CustomObjectScope:
    """Custom objects known inside a `with` block, and forgotten after it."""
    return CustomObjectScope(*args)


def get_from_module(identifier, module_params, module_name, instantiate=False, kwargs=None):
    """The object that a name or a configuration stands for; anything else is given back as it is.

    Args:
        identifier: a name, a configuration `{'name': ..., arguments}` or `{'class_name': ..., 'config': arguments}`,
            or the
            object itself.
        module_params: the objects there are, by name.
        module_name: what they are called in messages, such as 'regularizer'.
        instantiate: call what the name stands for.
        kwargs: arguments for that call.

    Raises:
        UnknownNameError: no such name; close ones are offered.
    """
    if isinstance(identifier, dict):
        name, arguments = _name_and_arguments(identifier, module_name)
        return _find(name, module_params, module_name)(**arguments)
    if not isinstance(identifier, str):
        return identifier
    found = _find(identifier, module_params, module_name)
    is_own_function = identifier in get_custom_objects() and not inspect.isclass(found)
    return found(**(kwargs or {})) if instantiate and not is_own_function else found


def _name_and_arguments(config: dict, kind: str) -> tuple[str, dict]:
    if "class_name" in config:
        return config["class_name"], dict(config.get("config") or {})
    if "name" not in config:
        raise ArgumentError(
            f"a {kind} given as a dictionary needs its 'name', got {brief(config)}.",
            f'Write {{"name": "...", and its arguments}}, or give the {kind} itself.',
        )
    return config["name"], {key: value for key, value in config.items() if key != "name"}


def _find(name: str, objects: dict, kind: str) -> Any:
    if name in get_custom_objects():
        return get_custom_objects()[name]
    known = {
        key: value
        for key, value in objects.items()
        if callable(value)
        and not key.startswith("_")
        and key != "get"
        and objects.get("__name__") in (None, getattr(value, "__module__", None))
    }
    if name not in known:
        raise unknown_name(
            kind,
            name,
            known,
            f'One of your own: pass the object itself, or name it in custom_objects={{"{name}": ...}}.',
        )
    return known[name]


def serialize_keras_object(instance):
    """What `deserialize_keras_object` makes the same again of: class and arguments, or a function's name.

    Raises:
        ArgumentError: it has neither.
    """
    if instance is None:
        return None
    if hasattr(instance, "get_config"):
        return _class_and_config(instance)
    if not hasattr(instance, "__name__"):
        raise ArgumentError(f"{instance!r} has neither get_config nor a name.", "Give its class a get_config().")
    return instance.__name__


def _class_and_config(instance: Any) -> dict:
    config = instance.get_config()
    if "class_name" in config:
        return config
    if not hasattr(instance, "from_config"):  # Keras 1's regularizers and constraints name their class among the rest
        config = {key: value for key, value in config.items() if key != "name"}
    return {"class_name": class_name_of(instance), "config": config}


def deserialize_keras_object(identifier, module_objects=None, custom_objects=None, printable_module_name="object"):
    """The object that a name stands for, or that `{'class_name': ..., 'config': arguments}` describes.

    Args:
        module_objects: the objects there are, by name.
        custom_objects: more of them, which come first.
        printable_module_name: what they are called in messages.

    Raises:
        UnknownNameError: no such name; close ones are offered.
    """
    if identifier is None:
        return None
    with CustomObjectScope(custom_objects):
        if not isinstance(identifier, dict):
            return get_from_module(identifier, module_objects or {}, printable_module_name)
        name, arguments = _name_and_arguments(identifier, printable_module_name)
        found = _find(name, module_objects or {}, printable_module_name)
        return found.from_config(arguments) if hasattr(found, "from_config") else found(**arguments)


def registry(get: Callable) -> tuple[Callable, Callable]:
    """The functions `serialize` and `deserialize` beside a registry's `get`."""

    def serialize(thing):
        """What `deserialize` makes the same again of."""
        return serialize_keras_object(thing)

    def deserialize(config, custom_objects=None):
        """What a name or configuration stands for, the program's own `custom_objects` first."""
        if config is None:
            return None
        with CustomObjectScope(custom_objects):
            return get(config)

    return serialize, deserialize


def put_into(module_name: str) -> dict[str, Any]:
    """The functions and classes that a program put into one of Keras's modules, as by `keras.losses.own = own`.

    The module's last line says what it has itself: `_OWN = frozenset(globals())`.
    """
    names = vars(sys.modules[module_name]) if module_name in sys.modules else {}
    return {name: one for name, one in names.items() if name not in names["_OWN"] and callable(one)}


def named_thing(
    identifier: Any, kind: str, functions: Sequence[Any], classes: Any, base: type, paths: Sequence[str]
) -> Any:
    """What a name or configuration stands for: an object of a class made with usual arguments, or a function.

    Args:
        kind: what it is called in errors.
        functions: the modules that have functions.
        classes: the module that has classes, listed in its `__all__`.
        base: of the classes.
        paths: Keras's modules, into which programs put functions of their own; the last one counts most.

    Raises:
        UnknownNameError: there is none of that name.
        ArgumentError: it is a class that needs arguments.
    """
    name = identifier.get("class_name") if isinstance(identifier, dict) else identifier
    known = {
        key: one
        for module in functions
        for key, one in vars(module).items()
        if getattr(one, "__module__", "") == module.__name__
    }
    for path in paths:
        known |= put_into(path)
    if isinstance(name, str) and name not in known:
        of_classes = {each: getattr(classes, each) for each in classes.__all__}
        known |= {snake_case(each): one for each, one in of_classes.items() if snake_case(each) not in known}
        known |= of_classes if name in of_classes else {}
    found = get_from_module(identifier, known, kind)
    if not (isinstance(found, type) and issubclass(found, base)):
        return found
    try:
        return found()
    except TypeError as error:
        raise ArgumentError(
            f"{found.__name__} needs arguments ({error}).", f"Give the {kind} itself, made with them."
        ) from None


def snake_case(name: str) -> str:
    """'MeanIoU' -> 'mean_io_u', as later Keras calls its classes."""
    words = re.sub(r"(.)([A-Z][a-z0-9]+)", r"\1_\2", name)
    return re.sub(r"([a-z])([A-Z])", r"\1_\2", words).lower()


def config_of(thing: Any) -> Any:
    """What a configuration says of a function or object: its `get_config()`, else its name."""
    if thing is None or isinstance(thing, str | int | float):
        return thing
    if hasattr(thing, "get_config"):
        return thing.get_config()
    return getattr(thing, "__name__", type(thing).__name__)


class _LiveName(str):
    """A class's name that, in the process that made it, still knows the class; as text in a file it does not."""

    cls: type | None = None

    def __deepcopy__(self, memo) -> _LiveName:
        return self


def class_name_of(thing: Any) -> str:
    """The name of an object's class, for its configuration."""
    name = _LiveName(type(thing).__name__)
    name.cls = type(thing)
    return name


def class_of(name: str) -> type | None:
    """The class that `class_name_of` named in this process; None for a name that was read from text."""
    return getattr(name, "cls", None)
