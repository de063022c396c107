"""`%kerasnb unfreeze`: let layers learn again."""

from __future__ import annotations

import argparse
from typing import Any

from ..kinds import add
from ..variables import Variables
from .freeze import checked_layers, panel_of

__all__ = ["arguments", "run"]


def arguments(parser: argparse.ArgumentParser) -> None:
    add(parser, "model", metavar="MODEL", offers="models", help="a variable that holds a model")
    add(
        parser,
        "layers",
        nargs="*",
        metavar="LAYER",
        offers="paths",
        help="the layers to unfreeze, or patterns (default: all)",
    )


def run(variables: Variables, options: argparse.Namespace) -> Any:
    """Unfreeze layers: training changes their weights again.

    Where no layer is named, all are. Returns the Freeze panel.

    %kerasnb unfreeze digits_cnn conv_2
    """
    subject = variables.whole(options.model)
    layers = checked_layers(subject.model, options.layers, options.model)
    panel = panel_of(subject)
    if layers:
        panel.unfreeze(*layers)
    else:
        panel.unfreeze_all()
    return panel
