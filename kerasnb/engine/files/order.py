"""The order in which files keep a layer's weights: as if none were frozen, so that freezing never moves any."""

from __future__ import annotations

from ...backend.graph.tensor import Variable
from ..layer import Layer

__all__ = ["inner_layers", "whole_layers", "by_nature", "in_file_order"]


def inner_layers(layer: Layer) -> list[Layer]:
    """The layers that a model or wrapper takes all its weights from; none where some are its own."""
    if layer.is_graph:
        return list(layer.layers)
    inner = layer.inner_layers
    return inner if sum(len(one.weights) for one in inner) == len(layer.weights) else []


def whole_layers(layer: Layer) -> list[Layer]:
    """The layers with weights in a model and in the models inside it; wrappers are whole."""
    if not layer.is_graph:
        return [layer] if layer.weights else []
    return list(dict.fromkeys(one for inner in layer.layers for one in whole_layers(inner)))


def by_nature(layer: Layer) -> tuple[list[Variable], list[Variable]]:
    """The weights that are trained when nothing is frozen, and the others, such as running means."""
    inner = inner_layers(layer)
    if inner:
        trained, others = zip(*map(by_nature, inner), strict=True)
        return [one for weights in trained for one in weights], [one for weights in others for one in weights]
    held = [weight for one in layer.inner_layers for weight in by_nature(one)[0]]
    natural = {*layer._trainable_weights, *layer.trainable_weights, *held}
    natural |= {weight for one in layer.inner_layers for weight in by_nature(one)[0]}
    return [one for one in layer.weights if one in natural], [one for one in layer.weights if one not in natural]


def in_file_order(layer: Layer) -> list[Variable]:
    """A model's trained weights and then its others, as Keras 1 and 2 write a model in a model; a wrapper's in turn."""
    if layer.is_graph:
        trained, others = by_nature(layer)
        return trained + others
    inner = inner_layers(layer)
    return [weight for one in inner for weight in in_file_order(one)] if inner else layer.weights
