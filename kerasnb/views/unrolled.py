"""A model computed once more with the models inside it opened, so that the outputs of their layers can be had."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass, field
from typing import Any
from weakref import WeakKeyDictionary

from ..backend.graph.phase import phase_fixed_to
from ..engine.node import call_layer
from ..engine.twins import leaving_nothing

__all__ = ["Unrolled", "unrolled"]


@dataclass
class Unrolled:
    """The tensors of one computation: the model's outputs, and each inner layer's where it is called first."""

    outputs: list = field(default_factory=list)
    inner: dict[Any, list] = field(default_factory=dict)


# the graph of a model -> the same opened; an edited model has another graph
_known: WeakKeyDictionary[Any, Unrolled] = WeakKeyDictionary()


def unrolled(model: Any) -> Unrolled:
    """The model opened, from its own inputs to its outputs; made once for each graph."""
    known = _known.get(model.network)
    if known is None:
        known = Unrolled()
        with leaving_nothing(model):
            known.outputs, _ = _run(model, list(model.inputs), [None] * len(model.inputs), known)
        _known[model.network] = known
    return known


def _run(model: Any, inputs: list, masks: list, made: Unrolled) -> tuple[list, list]:
    results = dict(zip(model.inputs, zip(inputs, masks, strict=True), strict=True))
    for node in model.network.nodes:
        if all(tensor in results for tensor in node.output_tensors):
            continue
        tensors, given = map(list, zip(*(results[tensor] for tensor in node.input_tensors), strict=True))
        outputs, output_masks = _called(node, tensors, given, made)
        made.inner.setdefault(node.outbound_layer, outputs)
        results.update(zip(node.output_tensors, zip(outputs, output_masks, strict=True), strict=True))
    outputs, output_masks = map(list, zip(*(results[tensor] for tensor in model.outputs), strict=True))
    return outputs, output_masks


def _called(node: Any, tensors: list, masks: list, made: Unrolled) -> tuple[list, list]:
    layer, training = node.outbound_layer, node.arguments.get("training")
    if not layer.is_graph:
        return call_layer(layer, tensors, masks, node.arguments)
    with phase_fixed_to(training) if training is not None else contextlib.nullcontext():
        return _run(layer, tensors, masks, made)
