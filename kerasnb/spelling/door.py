"""The one door where spellings later than Keras 1.2's are turned into Keras 1.2's."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable, Mapping
from typing import Any

from ..errors import ArgumentError, KerasnbError
from .attributes import add_later_attributes
from .names import ATROUS, NAMES, ONLY, ORDERS, VALUES

__all__ = ["translate", "accepts", "note_later", "earlier_signature", "accept_later_spellings"]

_PACKAGE = __name__.split(".")[0]


def translate(names: Mapping[str, str], kwargs: Mapping[str, Any], who: str = "") -> dict[str, Any]:
    """The keyword arguments under Keras 1.2's names.

    Args:
        names: later name -> Keras 1.2's name.
        kwargs: arguments as the user spelt them.
        who: who takes them, for messages.

    Raises:
        ArgumentError: one argument was given in both spellings.
    """
    spelt = dict(kwargs)
    for later, earlier in names.items():
        if later not in spelt:
            continue
        if earlier in spelt:
            raise ArgumentError(
                f"{who + ': ' if who else ''}{later} and {earlier} are two spellings of one argument.",
                f"Keep {earlier}.",
                arguments=(earlier,),
            )
        spelt[earlier] = spelt.pop(later)
    return spelt


def accepts(names: Mapping[str, str]) -> Callable:
    """A decorator: the function takes its arguments under later names too; its signature stays Keras 1.2's.

    What is keyword-only came later, so the signature does not show it.

    Args:
        names: later name -> the function's own name.
    """

    def decorate(function: Callable) -> Callable:
        @functools.wraps(function)
        def spelt(*args, **kwargs):
            if any(later in kwargs for later in names):
                note_later(args)
                kwargs = translate(names, kwargs, function.__name__)
            return function(*args, **kwargs)

        # palette, forms and help are made of signatures, and know one spelling only
        spelt.__signature__ = earlier_signature(function)
        return spelt

    return decorate


def note_later(args: tuple) -> None:
    """Have the layer or model that a method was called on remember that its program is spelt in a later way."""
    if args and hasattr(type(args[0]), "spelt_later"):
        args[0].spelt_later = True


def earlier_signature(function: Callable) -> inspect.Signature:
    """The signature as Keras 1.2 has it: without the keyword-only parameters, which came later."""
    signature = inspect.signature(function)
    shown = [one for one in signature.parameters.values() if one.kind is not one.KEYWORD_ONLY]
    return signature.replace(parameters=shown)


def accept_later_spellings(cls: type) -> None:
    """Make a layer class take later spellings; its signature stays Keras 1.2's.

    A method `compute_output_shape` counts as `get_output_shape_for`, in any class.
    """
    _pair_methods(cls)
    if not cls.__module__.startswith(_PACKAGE + "."):
        return
    add_later_attributes(cls)
    if "__init__" not in cls.__dict__:
        return
    original = cls.__init__
    parameters = inspect.signature(original).parameters.values()
    order = [one.name for one in parameters if one.kind is one.POSITIONAL_OR_KEYWORD][1:]

    @functools.wraps(original)
    def __init__(self, *args, **kwargs):
        try:
            # kept to see whether anything was spelt later: some meanings follow the spelling (`note_later`)
            before = args, kwargs
            for name in _names_spelt_for(type(self), cls):
                args, kwargs = _spelt(name, args, kwargs)
            if _differ(before, (args, kwargs)):
                note_later((self,))
            args = (*(_value(name, value) for name, value in zip(order, args, strict=False)), *args[len(order) :])
            _refuse_doubles(order[: len(args)], kwargs)
            atrous = _as_atrous(self, cls, kwargs)
            if atrous is None:
                original(self, *args, **kwargs)
            else:
                # Keras 1.2 has a class of its own for dilation: the object becomes one, so it is named and saved so
                self.__class__ = atrous
                atrous.__init__(self, *args, **kwargs)
        except KerasnbError as error:
            raise _said_by(error, type(self).__name__, kwargs.get("name")) from error.__cause__

    cls.__init__ = __init__


def _names_spelt_for(kind: type, cls: type) -> list[str]:
    """The class whose constructor this is, and those down to `kind` that have taken it over as it is."""
    # a subclass with a constructor of its own has translated its names before it calls this one
    above = kind.__mro__[: kind.__mro__.index(cls)]
    return (
        [cls.__name__]
        if any("__init__" in one.__dict__ for one in above)
        else [*(one.__name__ for one in above), cls.__name__]
    )


def _differ(before: tuple[tuple, dict], spelt: tuple[tuple, dict]) -> bool:
    """Whether arguments (by place, by name) had to be spelt otherwise."""
    (args, kwargs), (spelt_args, spelt_kwargs) = before, spelt
    if len(args) != len(spelt_args) or kwargs.keys() != spelt_kwargs.keys():
        return True
    return any(one is not other for one, other in zip(args, spelt_args, strict=True)) or any(
        value is not spelt_kwargs[name] for name, value in kwargs.items()
    )


def _refuse_doubles(given: list[str], kwargs: dict) -> None:
    for name in given:
        if name in kwargs:
            raise ArgumentError(
                f"{name} was given twice: by its place, and by name (perhaps in its later spelling).",
                f"Keep one of {name}'s two values.",
                arguments=(name,),
            )


def _said_by(error: KerasnbError, class_name: str, name: Any) -> KerasnbError:
    """The error with the layer's class in front, unless somebody is named already."""
    if not error.who and isinstance(name, str):
        return error.named(class_name, name)
    error.who = error.who or f"{class_name}: "
    return error


def _pair_methods(cls: type) -> None:
    """Give both names of the shape method to the same function."""
    for name, other in (
        ("compute_output_shape", "get_output_shape_for"),
        ("get_output_shape_for", "compute_output_shape"),
    ):
        if name in cls.__dict__ and other not in cls.__dict__:
            setattr(cls, other, cls.__dict__[name])


def _spelt(class_name: str, args: tuple, kwargs: dict) -> tuple[tuple, dict]:
    """The arguments of a layer as Keras 1.2 spells them."""
    if class_name in ORDERS:
        args, kwargs = ORDERS[class_name](args, kwargs)
    if not kwargs:
        return args, kwargs
    kwargs = translate(NAMES.get(class_name, {}), kwargs)
    for name, wanted in ONLY.get(class_name, {}).items():
        if name in kwargs and (given := kwargs.pop(name)) not in wanted:
            raise ArgumentError(
                f"{name} did not exist in Keras 1.2 and can only be {wanted[0]!r} here, got {given!r}.",
                "Leave it out.",
                arguments=(name,),
            )
    return args, {name: _value(name, value) for name, value in kwargs.items()}


def _value(name: str, value: Any) -> Any:
    """A later value as Keras 1.2 writes it, such as 'channels_last' -> 'tf'."""
    if name in VALUES and (value is None or isinstance(value, str | int)):
        return VALUES[name].get(value, value)
    return value


def _as_atrous(layer: Any, cls: type, kwargs: dict) -> type | None:
    """The class that a convolution with a dilation rate is of in Keras 1.2; None for a plain one."""
    if cls.__name__ not in ATROUS or "atrous_rate" not in kwargs:
        return None
    rate = kwargs["atrous_rate"]
    if rate == 1 or all(one == 1 for one in (rate if isinstance(rate, tuple | list) else [rate])):
        del kwargs["atrous_rate"]
        return None
    if type(layer) is not cls:
        raise ArgumentError(
            "takes no dilation rate.", f"Derive it from {ATROUS[cls.__name__]}.", arguments=("atrous_rate",)
        )
    return next(one for one in cls.__subclasses__() if one.__name__ == ATROUS[cls.__name__])
