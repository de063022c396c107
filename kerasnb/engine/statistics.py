"""Statistics that layers keep of batches, such as running averages: which move in frozen layers."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from .. import backend as K
from ..backend.graph.tensor import Variable

__all__ = ["Part", "parts_of", "frozen_statistics_move", "is_spelt_later", "Statistics", "hold_frozen"]
__all__ += ["remark_on_statistics", "statistics_rule"]


class Part(NamedTuple):
    """A layer somewhere in a model: its path of names, itself, and the path of what freezes it (None: it trains)."""

    path: str
    layer: Any
    frozen_by: str | None

    @property
    def weights(self) -> list[Variable]:
        """Its own, without those of the layers in it."""
        return [*self.layer._trainable_weights, *self.layer._non_trainable_weights]


def parts_of(layer: Any) -> Iterator[Part]:
    """Every layer in a model, in the models and wrappers in it, and in layers that hold others.

    What is frozen as a whole freezes all that it holds.
    """
    return _parts(layer, "", None if layer.trainable else layer.name)


def _parts(layer: Any, path: str, frozen_by: str | None) -> Iterator[Part]:
    for one in getattr(layer, "_weighted_layers", None) or layer.inner_layers:
        own = f"{path}/{one.name}" if path else one.name
        by = frozen_by if frozen_by is not None or one.trainable else own
        yield Part(own, one, by)
        yield from _parts(one, own, by)


def statistics_rule(model: Any) -> str:
    """The rule for statistics of frozen layers that holds for a model: K's when it was compiled, else K's now."""
    is_compiled = getattr(model, "compile_arguments", None) is not None
    return model._statistics.rule if is_compiled else K.frozen_statistics()


def frozen_statistics_move(model: Any) -> bool:
    """Whether statistics of frozen layers go on moving: what its rule says, else by the spelling of the program.

    They move in Keras 1.2; from Keras 2.1.3 on they stay.
    """
    rule = statistics_rule(model)
    return rule == "move" if rule != "auto" else not is_spelt_later(model)


def is_spelt_later(model: Any) -> bool:
    """Whether the program wrote the model, or a layer in it, as Keras 2 and later do."""
    return model.spelt_later or any(part.layer.spelt_later for part in parts_of(model))


def hold_frozen(model: Any) -> None:
    """Let frozen layers that take their averages then do so in the programs that are made from now on."""
    for part in parts_of(model):
        if getattr(part.layer, "averages_when_frozen", False) and part.layer.built:
            part.layer.held.is_on = part.frozen_by is not None


class Statistics:
    """What training moves besides weights, and which of it belongs to layers that are frozen now.

    Attributes:
        rule: of K when this was made, which for training is at compile.
    """

    def __init__(self, model: Any):
        self.model, self.rule = model, K.frozen_statistics()
        self.pairs = model.all_updates
        written = {pair[0] for pair in self.pairs}
        parts = parts_of(model)
        self.frozen = {
            weight: part for part in parts if part.frozen_by is not None for weight in part.weights if weight in written
        }

    def updates(self) -> list:
        """The pairs (variable, new value) that count."""
        if frozen_statistics_move(self.model):
            return self.pairs
        return [pair for pair in self.pairs if pair[0] not in self.frozen]


def remark_on_statistics(model: Any) -> str:
    """What happens to the statistics of frozen layers; '' if there are none."""
    frozen = Statistics(model).frozen
    names = ", ".join(dict.fromkeys(part.path for part in frozen.values()))
    if not names:
        return ""
    if frozen_statistics_move(model):
        return f'Running averages of frozen {names} go on moving (K.set_frozen_statistics("stay") stops them).'
    return f'Running averages of frozen {names} stay (K.set_frozen_statistics("move") moves them).'
