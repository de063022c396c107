"""`%kerasnb freeze`: keep the weights of layers as they are."""

from __future__ import annotations

import argparse
from typing import Any

from IPython.core.error import UsageError

from ...errors import unknown_name
from ..kinds import add
from ..needs import widget
from ..panels import one_of
from ..variables import Variables

__all__ = ["arguments", "checked_layers", "panel_of", "run"]


def arguments(parser: argparse.ArgumentParser) -> None:
    add(parser, "model", metavar="MODEL", offers="models", help="a variable that holds a model")
    add(
        parser,
        "layers",
        nargs="*",
        metavar="LAYER",
        offers="paths",
        help="the layers to freeze, or patterns such as conv*; none opens the panel only",
    )
    add(parser, "--up-to", metavar="LAYER", offers="paths", help="this layer and every one that it is computed from")
    add(
        parser,
        "--statistics",
        choices=("auto", "move", "stay"),
        help="whether running averages of frozen layers move (of all models; default: as it is set)",
    )


def run(variables: Variables, options: argparse.Namespace) -> Any:
    """Freeze layers: training leaves their weights as they are.

    A compiled model is compiled again by itself; after training the panel proves that frozen weights stayed.
    Returns the Freeze panel.

    %kerasnb freeze digits_cnn conv_1 conv_2
    %kerasnb freeze digits_cnn --up-to conv_2
    %kerasnb freeze digits_cnn conv* --statistics stay
    %kerasnb freeze net backbone/conv_1
    """
    subject = variables.whole(options.model)
    model = subject.model
    layers = checked_layers(model, options.layers, options.model)
    end = checked_layers(model, [options.up_to] if options.up_to else [], options.model)
    panel = panel_of(subject)
    if layers:
        panel.freeze(*layers)
    if end:
        panel.freeze_up_to(*end)
    if options.statistics:
        panel.set_statistics(options.statistics)
    return panel


def panel_of(model: Any) -> Any:
    """The Freeze panel of a model or subject; always the same one, so that its proof reaches back to the freezing."""
    from ...workspace import subject_of

    return one_of("FreezePanel", subject_of(model), widget("FreezePanel"))


def checked_layers(model: Any, names: list[str], variable: str) -> list[str]:
    """The names and patterns, all of which choose layers of the model."""
    from ...report.placed import placed_layers
    from ...workspace.choosing import chosen_layers, is_pattern

    placed = placed_layers(model)
    known = [one.path for one in placed]
    for name in names:
        if is_pattern(name):
            chosen_layers([name], known, variable, [one.path for one in placed if one.layer.weights])
        elif name not in known:
            raise UsageError(str(unknown_name("layer", name, known, f"See %kerasnb summary {variable}.")))
    return names
