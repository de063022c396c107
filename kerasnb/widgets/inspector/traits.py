"""What the Inspector and its browser half share."""

from __future__ import annotations

from typing import Any

import traitlets

from ..base.lasting import LastingWidget, bundle

__all__ = ["TABS", "InspectorTraits"]

TABS = ["Output", "Weights", "Gradients", "Saliency", "Maximizes", "Epochs"]


class InspectorTraits(LastingWidget):
    """The state of an Inspector: what a person chose, and what is drawn for it."""

    _esm, _css = bundle("inspector").values()

    layer = traitlets.Unicode(help="Name of the layer looked at.").tag(sync=True)
    sample = traitlets.Int(0, help="Index of the sample in x, from 0.").tag(sync=True)
    phase = traitlets.Enum([0, 1], 0, help="Learning phase: 0 test, 1 train.").tag(sync=True)
    tab = traitlets.Enum(TABS, "Output").tag(sync=True)
    unit = traitlets.Int(0, help="Unit of the layer that an input is looked for, from 0.").tag(sync=True)
    answer = traitlets.Int(-1, min=-1, help="Of which output the saliency is; -1: the largest.").tag(sync=True)

    title = traitlets.Unicode().tag(sync=True)
    backend = traitlets.Unicode().tag(sync=True)
    layers: Any = traitlets.List(help="One dict for each layer that can be looked at.").tag(sync=True)
    samples = traitlets.Dict(help="{'count': ..., 'name': ...}").tag(sync=True)
    source = traitlets.Unicode(help="The line that computes what is shown.").tag(sync=True)
    code = traitlets.Unicode(help="The same as code that runs when it is pasted alone.").tag(sync=True)
    look = traitlets.Dict(
        help="How far it is: {'of': [layer, sample, phase, tab, unit or answer], 'state': ..., 'next': what then}."
    ).tag(sync=True)
    sample_view = traitlets.Dict().tag(sync=True)
    view = traitlets.Dict(help="What is drawn, pixels as bytes.").tag(sync=True)
    beside = traitlets.Dict(help="What is compared: {'layer': ..., 'sample': ...}, or empty.").tag(sync=True)
    view_beside = traitlets.Dict(help="What is drawn of it.").tag(sync=True)
    epochs = traitlets.Dict(help="Histograms over epochs: {'layer': ..., 'series': [...]}").tag(sync=True)
    weights: Any = traitlets.List().tag(sync=True)
    dead = traitlets.Dict(help="Units that are 0 for every sample looked at.").tag(sync=True)
    stale = traitlets.Bool(False, help="Whether the weights changed since.").tag(sync=True)
