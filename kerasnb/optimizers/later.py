"""How later Keras calls optimizers: names of arguments, the order of `get_updates`, arguments that are new."""

from __future__ import annotations

import functools
import inspect
import numbers
from collections.abc import Callable
from typing import Any

from .. import backend as K
from ..errors import ArgumentError
from ..spelling.door import translate
from ..spelling.names import OPTIMIZER

__all__ = ["accepts_later_arguments", "accepts_either_order", "check_number", "without_neutral", "NEUTRAL"]

# arguments that Keras 1.2 did not have, and the values with which they change nothing (none listed: any)
NEUTRAL: dict[str, tuple] = {
    "name": (),
    "jit_compile": (),
    "is_legacy_optimizer": (),
    "amsgrad": (False,),
    "centered": (False,),
    "loss_scale_factor": (),  # what it is for are floats of 16 bits
    "momentum": (0,),
}
_INSTEAD = {
    "centered": "RMSprop has it.",
    "amsgrad": "Adam and AdamW have it.",
    "momentum": "SGD, RMSprop and Muon have it.",
}


def without_neutral(who: str, arguments: dict) -> dict:
    """The arguments without those that change nothing.

    Raises:
        ArgumentError: one that Keras 1.2 did not have asks for something.
    """
    kept = {}
    for name, value in arguments.items():
        if name not in NEUTRAL:
            kept[name] = value
        elif NEUTRAL[name] and value not in NEUTRAL[name]:
            raise ArgumentError(
                f"{who}: {name}={value!r} asks for what Keras 1.2's optimizers do not do.",
                _INSTEAD.get(name, "Leave it out."),
                arguments=(name,),
            )
    return kept


def accepts_later_arguments(init: Callable) -> Callable:
    """Let a constructor take learning_rate and global_clipnorm, and None for the usual epsilon."""
    own = set(inspect.signature(init).parameters)
    names = {later: earlier for later, earlier in OPTIMIZER.items() if later not in own}

    @functools.wraps(init)
    def spelt(self, *args, **kwargs):
        kwargs = translate(names, kwargs, type(self).__name__)
        if kwargs.get("epsilon", 0) is None:
            kwargs["epsilon"] = K.epsilon()
        init(self, *args, **kwargs)

    return spelt


def accepts_either_order(method: Callable) -> Callable:
    """Let `get_updates` be called as `(params, constraints, loss)` or later as `(loss, params)`, whichever it is."""
    own = [name for name in inspect.signature(method).parameters if name != "self"]

    @functools.wraps(method)
    def get_updates(self, *args, **kwargs):
        order = ("loss", "params") if args and isinstance(args[0], K.Tensor) else ("params", "constraints", "loss")
        given = dict(zip(order, args, strict=False)) | kwargs
        if len(args) == 2 and order[0] == "params" and isinstance(args[1], K.Tensor):
            given["loss"] = given.pop("constraints")
        if given.get("constraints") is None:
            own_ones = {param: getattr(param, "constraint", None) for param in given["params"]}
            given["constraints"] = {param: one for param, one in own_ones.items() if one is not None}
        return method(self, **{name: value for name, value in given.items() if name in own})

    return get_updates


def check_number(who: str, name: str, value: Any) -> None:
    """Refuse a setting that is no number."""
    if isinstance(value, numbers.Number) or hasattr(value, "__float__"):
        return
    raise ArgumentError(
        f"{who}: {name} must be a number, got {type(value).__name__}.",
        "For a rate that changes give one of kerasnb.optimizers.schedules as the learning rate, or "
        "callbacks=[LearningRateScheduler(lambda epoch: ...)] in fit.",
        arguments=(name,),
    )
