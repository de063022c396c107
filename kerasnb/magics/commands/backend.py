"""`%kerasnb backend`: which library computes, and the switch to the other one."""

from __future__ import annotations

import argparse

from ..kinds import add
from ..results import Answer
from ..variables import Variables

__all__ = ["arguments", "run"]


def arguments(parser: argparse.ArgumentParser) -> None:
    add(
        parser,
        "name",
        nargs="?",
        metavar="NAME",
        offers="backends",
        help="tensorflow or theano; left out, tells which it is",
    )


def run(variables: Variables, options: argparse.Namespace) -> Answer:
    """Tell which backend computes, or switch to another.

    Models stay as they are; their weights move when they are next used. Kernels of convolutions look the other way on
    the other backend: models that have some are named, with the call that turns them.

    %kerasnb backend
    %kerasnb backend theano
    """
    from ... import backend as K

    if options.name is not None:
        before = K.backend()
        K.use(options.name)
        now = K.backend()
        turned = _with_convolutions(variables) if now != before else []
        return Answer(now, "\n".join([f"backend: {now} from now on", *_told(turned, before)]))
    installed = ", ".join(K.available_backends()) or "none"
    return Answer(K.backend(), f"backend: {K.backend()} (installed: {installed})")


def _with_convolutions(variables: Variables) -> list[str]:
    """The variables whose models have kernels that slide over time or space; those of Keras compute by themselves."""
    from ...engine.files.later.weights import kernels
    from ...views import is_foreign

    held = {name: variables.subject(name).model for name in variables.model_names()}
    return [name for name, model in held.items() if model is not None and not is_foreign(model) and kernels(model)]


def _told(turned: list[str], before: str) -> list[str]:
    if not turned:
        return []
    call = f"convert_all_kernels_in_model({turned[0]})"
    return [
        f"Convolutions here lay their kernels on the other way round, so what {', '.join(turned)} learnt on {before} "
        "is wrong now.",
        f"Turn them: from kerasnb.utils.layer_utils import convert_all_kernels_in_model; {call}",
    ]
