"""The arguments of an optimizer, ours or Keras's, read from its constructor as those of layers are."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ... import optimizers
from ...errors import ArgumentError
from ..builder.document.arguments import read_arguments, without_defaults
from ..builder.document.fields import fields_of
from ..builder.document.values import Call, parse
from ..builder.screen.palette import field_text, form_of

__all__ = ["arguments_in", "arguments_of", "make_optimizer", "optimizer_class", "optimizer_form", "read_optimizer"]

RATES = ("lr", "learning_rate")  # ours, Keras's: it has a control of its own, which counts at once


def optimizer_class(name: str) -> Any:
    """The class that compile's name stands for; None for one that is not among ours."""
    classes = (value for value in vars(optimizers).values() if isinstance(value, type))
    known = {value.__name__.lower(): value for value in classes if issubclass(value, optimizers.Optimizer)}
    return known.get(name)


def arguments_of(optimizer: Any, base: Any = optimizers.Optimizer) -> dict[str, Any]:
    """The arguments of an optimizer that differ from its constructor's own, without the learning rate.

    Args:
        base: of what class it has to be, so that its arguments can be read.
    """
    cls: Any = type(optimizer)
    if not isinstance(optimizer, base) or not hasattr(optimizer, "get_config"):
        return {}
    known = {field.name for field in fields_of(cls)}.difference(RATES)
    return _plain(cls, {name: value for name, value in optimizer.get_config().items() if name in known})


def arguments_in(cls: Any, values: Mapping[str, Any]) -> dict[str, Any]:
    """Arguments as a form or a call gives them, read and checked by the constructor itself; the rate is not among them.

    Raises:
        ArgumentError: a value that its field cannot hold, or that the constructor refuses.
    """
    read = _plain(cls, read_arguments(cls, values), keeps_defaults=True)
    try:
        cls(**read)
    except (TypeError, ValueError) as error:  # a constructor of Keras; an error of ours says more already
        if isinstance(error, ArgumentError):
            raise
        raise ArgumentError(f"{cls.__name__} refuses these arguments: {error}", arguments=tuple(values)) from error
    return read


def make_optimizer(cls: Any, arguments: Mapping[str, Any], rate: Any) -> Any:
    """A new optimizer with these arguments; without a rate, at its own."""
    return cls(**arguments, **({} if rate is None else {_rate_field(cls): rate}))


def optimizer_form(cls: Any, arguments: Mapping[str, Any]) -> dict[str, Any]:
    """The fields as the front end draws them, the values that differ from the constructor's own, its rate."""
    if cls is None:
        return {"fields": [], "values": {}, "rate": ""}
    by_name = {field.name: field for field in fields_of(cls)}
    rate = by_name.get(_rate_field(cls))
    return {
        "fields": [field for field in form_of(cls) if field["name"] not in RATES],
        "values": {name: field_text(by_name[name], value) for name, value in arguments.items()},
        "rate": field_text(rate, rate.default) if rate is not None else "",
    }


def read_optimizer(text: str) -> tuple[str, dict[str, Any]]:
    """`sgd(momentum=0.9, clipnorm=1)` -> its name in lower case and its arguments; a name alone has none.

    Raises:
        ArgumentError: it is no name and no such call.
    """
    call = parse(text)
    if isinstance(call, str):
        return call.lower(), {}
    if not isinstance(call, Call) or call.positional:
        raise ArgumentError(
            f"an optimizer is a name or a call with names, got {text!r}.",
            "For example sgd(momentum=0.9, clipnorm=1).",
            arguments=("optimizer",),
        )
    return call.function.lower(), dict(call.named)


def _rate_field(cls: Any) -> str:
    return next((field.name for field in fields_of(cls) if field.name in RATES), RATES[0])


def _plain(cls: Any, arguments: Mapping[str, Any], keeps_defaults: bool = False) -> dict[str, Any]:
    """Numbers as they were typed: those of a config have gone through float32."""
    kinds = {field.name: field.kind for field in fields_of(cls)}
    typed = {
        name: float(f"{value:.6g}") if kinds[name] == "number" and value is not None else value
        for name, value in arguments.items()
    }
    return typed if keeps_defaults else without_defaults(cls, typed)
