"""All checks of a training that has not begun, in the order in which a reader should mend them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from ..freezing import freeze_state
from .data_checks import check_kind, check_parts, check_samples, check_scale, check_shape
from .ends import InputEnd, OutputEnd, input_ends, output_ends
from .facts import ArrayFacts, TargetFacts, array_facts, parts_of, target_facts
from .findings import Advice
from .loss_checks import check_output
from .plan_checks import check_plan
from .situation import Plan
from .vocabularies import check_embeddings

__all__ = ["Checkup", "check_training"]

_ORDER = {"error": 0, "warning": 1, "note": 2}


@dataclass(frozen=True)
class Checkup:
    """The figures of data and model, read once; `advice` follows from them and from how one means to train."""

    inputs: tuple[InputEnd, ...]
    outputs: tuple[OutputEnd, ...]
    x: tuple[ArrayFacts, ...]
    y: tuple[TargetFacts, ...]
    of_layers: tuple[Advice, ...] = ()

    @classmethod
    def of(cls, model: Any, x: Any, y: Any, where: str = "") -> Checkup:
        """Read all figures, in one pass over the arrays.

        Args:
            where: what is said after the name of an array that is a part of all the data.
        """
        inputs, outputs = tuple(input_ends(model)), tuple(output_ends(model))
        samples = (
            array_facts(_named("x", name) + where, part, _place(x, name, place))
            for place, (name, part) in enumerate(parts_of(x, [end.name for end in inputs]))
        )
        targets = (
            target_facts(_named("y", name) + where, part, _place(y, name, place))
            for place, (name, part) in enumerate(parts_of(y, [end.name for end in outputs]))
        )
        return cls(inputs, outputs, tuple(samples), tuple(targets), tuple(check_embeddings(model)))

    def of_model(self, model: Any) -> Checkup:
        """The same data before another model, without reading it again."""
        inputs, outputs = tuple(input_ends(model)), tuple(output_ends(model))
        return replace(self, inputs=inputs, outputs=outputs, of_layers=tuple(check_embeddings(model)))

    def advice(self, plan: Plan) -> list[Advice]:
        """What speaks against this training, the worst first."""
        return sorted(self._found(plan), key=lambda advice: _ORDER[advice.severity])

    def _found(self, plan: Plan) -> Iterator[Advice]:
        wrong = [*check_parts("x", self.x, "input", len(self.inputs))]
        wrong += check_parts("y", self.y, "output", _with_targets(plan, len(self.outputs)))
        wrong += [advice for facts in (*self.x, *self.y) for advice in check_kind(facts)]
        if wrong:  # what is no data, or not as much as is needed, says nothing else
            yield from wrong
            return
        yield from check_samples(self.x, self.y)
        for facts, end in _pairs(self.x, self.inputs):
            yield from check_shape(facts, end)
            yield from check_scale(facts, end)
        losses = plan.losses if len(plan.losses) == len(self.outputs) else plan.losses * len(self.outputs)
        for place, (targets, output) in enumerate(_pairs(self.y, self.outputs)):
            loss = losses[place] if place < len(losses) else None
            yield from check_output(targets, output, loss, place if len(self.outputs) > 1 else None)
        yield from self.of_layers
        yield from check_plan(plan, self.inputs, self.x, self.y)


def check_training(model: Any, x: Any, y: Any, loss: Any = None, **plan: Any) -> list[Advice]:
    """What speaks against training `model` on these data, the worst first; empty where nothing does.

    Args:
        x, y: as for fit.
        loss: the name of a loss, or one for each output; left out, what the model was compiled with.
        plan: `batch_size`, `validation_split`, `class_weight`, `learning_rate`, as for fit.
    """
    chosen = loss if loss is not None else getattr(model, "loss", None)
    losses = tuple(chosen) if isinstance(chosen, (list, tuple)) else (chosen,)
    trains = freeze_state(model).trainable > 0
    return Checkup.of(model, x, y).advice(Plan(losses=tuple(map(_loss_name, losses)), trains=trains, **plan))


def _loss_name(loss: Any) -> str | None:
    return loss if loss is None or isinstance(loss, str) else getattr(loss, "__name__", None)


def _named(word: str, name: str) -> str:
    return f'{word} of "{name}"' if name else word


def _with_targets(plan: Plan, outputs: int) -> int:
    """How many outputs need targets, as far as the losses tell; 0 where they do not."""
    return sum(map(bool, plan.losses)) if len(plan.losses) == outputs and None not in plan.losses else 0


def _place(data: Any, name: str, place: int) -> int:
    """Where a part lies in data; of a dict that is the dict's own order."""
    return list(data).index(name) if isinstance(data, dict) else place


def _pairs(facts: Sequence[Any], ends: Sequence[Any]) -> Iterator[tuple[Any, Any]]:
    # of unequal numbers fit says so itself, in words
    return iter(zip(facts, ends, strict=True)) if len(facts) == len(ends) else iter(())
