"""Where numbers are taken for numbers of words: the Embedding behind an input, and one that is given something else."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from .findings import Advice

__all__ = ["Vocabulary", "check_embeddings", "vocabulary_behind"]

# what may stand before an Embedding without making other numbers of those it gets
_KEEPING = ("Reshape", "Flatten", "Permute", "RepeatVector", "Masking", "Cropping1D")
_ACTIVATING = ("Activation", "Dropout", "GaussianNoise", "GaussianDropout")


@dataclass(frozen=True)
class Vocabulary:
    """How many words an Embedding knows, and its name; None where it is inside another layer or model."""

    size: int
    layer: str | None


def vocabulary_behind(model: Any, tensor: Any) -> Vocabulary | None:
    """That of the Embedding that an input of the model goes to, the smallest where there are several."""
    found = _behind(_nodes(model), tensor._keras_history[0], False)
    return min(found, key=lambda vocabulary: vocabulary.size, default=None)


def check_embeddings(model: Any) -> Iterator[Advice]:
    """An Embedding takes whole numbers: what a layer has computed is cut to these, and no gradient goes through."""
    nodes = _nodes(model)
    makers = {node.outbound_layer: node.inbound_layers for node in nodes}
    for node in nodes:
        if type(node.outbound_layer).__name__ != "Embedding" or not node.inbound_layers:
            continue
        source = node.inbound_layers[0]
        while type(source).__name__ in (*_KEEPING, *_ACTIVATING) and makers.get(source):
            source = makers[source][0]
        if source.trainable_weights:
            name = node.outbound_layer.name
            text = (
                f'The Embedding "{name}" takes numbers of words, but gets what "{source.name}" computes: it cuts that '
                f'to whole numbers, and "{source.name}" learns nothing through it. Leave it out, or give it an input.'
            )
            yield Advice("warning", name, text)


def _nodes(model: Any) -> list[Any]:
    return list(getattr(getattr(model, "network", None), "nodes", None) or ())


def _behind(nodes: list[Any], source: Any, is_inside: bool) -> Iterator[Vocabulary]:
    for node in nodes:
        if source in node.inbound_layers:
            layer = node.outbound_layer
            yield from _of_layer(layer, node.inbound_layers.index(source), is_inside)
            if type(layer).__name__ in _KEEPING:
                yield from _behind(nodes, layer, is_inside)


def _of_layer(layer: Any, place: int, is_inside: bool) -> Iterator[Vocabulary]:
    """Those of the layer itself, of the one it wraps, or of the model it is, whose input at that place is meant."""
    inputs = getattr(layer, "inputs", None)
    if type(layer).__name__ == "Embedding":
        yield Vocabulary(layer.input_dim, None if is_inside else layer.name)
    elif _nodes(layer) and inputs and place < len(inputs):
        yield from _behind(_nodes(layer), inputs[place]._keras_history[0], True)
    elif hasattr(layer, "layer"):
        yield from _of_layer(layer.layer, place, True)
