"""`%kerasnb help`: what there is, and how each command is used."""

from __future__ import annotations

import argparse
from typing import Any

from ..kinds import add
from ..variables import Variables

__all__ = ["arguments", "run"]


def arguments(parser: argparse.ArgumentParser) -> None:
    add(parser, "about", nargs="?", metavar="COMMAND", offers="commands", help="the command to tell about")


def run(variables: Variables, options: argparse.Namespace) -> Any:
    """List the commands, or tell about one.

    %kerasnb help
    %kerasnb help fit
    """
    # the tree answers every -h itself, by an exception that the magic shows
    return options.tree.parse_args([options.about, "-h"] if options.about else ["-h"])
