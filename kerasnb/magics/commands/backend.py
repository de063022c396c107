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

    Models stay as they are; their weights move when they are next used.

    %kerasnb backend
    %kerasnb backend theano
    """
    from ... import backend as K

    if options.name is not None:
        K.use(options.name)
        return Answer(K.backend(), f"backend: {K.backend()} from now on")
    installed = ", ".join(K.available_backends()) or "none"
    return Answer(K.backend(), f"backend: {K.backend()} (installed: {installed})")
