"""How each output of a model is trained: loss, weight and metrics, as compile takes them and as a table shows them."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from ...engine.fitting.objective import collect_metrics, per_output
from ...errors import ArgumentError, unknown_name
from ...metric_functions import __all__ as METRICS
from ...report.advice.facts import parts_of
from .options import name_of

__all__ = ["OutputChoice", "OutputChoices", "as_arguments", "outputs_of", "read_metrics", "read_weight"]


@dataclass(frozen=True)
class OutputChoice:
    """One output: its loss (a name or function, None for one that has none), weight and metrics."""

    name: str
    loss: Any = None
    weight: float = 1.0
    metrics: tuple = ()

    @property
    def words(self) -> dict[str, Any]:
        """As the table shows it; equal for choices that compile takes as equal."""
        metrics = ", ".join(map(name_of, self.metrics))
        loss = "" if self.loss is None else name_of(self.loss)
        return {"name": self.name, "loss": loss, "weight": self.weight, "metrics": metrics}

    def changed(self, **values: Any) -> OutputChoice:
        """With some of it changed."""
        return replace(self, **values)


class OutputChoices:
    """What is chosen for the outputs of a model, one by one: a part of who compiles it."""

    y: Any  # the targets, None where nothing is known of them
    _chosen: dict[str, OutputChoice]
    _suggestions: dict[str, str]

    @property
    def names(self) -> list[str]:
        """The names of the outputs."""
        raise NotImplementedError

    @property
    def outputs(self) -> tuple[OutputChoice, ...]:
        """Loss, weight and metrics of each output."""
        raise NotImplementedError

    @property
    def loss(self) -> str:
        """The losses in a row, as the panel's option shows them."""
        return ", ".join(each.words["loss"] for each in self.outputs)

    def suggested(self, output: str) -> str:
        """The loss that suits an output; "" where its targets are not known."""
        return self._suggestions.get(output, "")

    def set_output(self, output: str, **values: Any) -> None:
        """Choose loss, weight or metrics of one output.

        Raises:
            UnknownNameError: the model has no such output.
        """
        known = {each.name: each for each in self.outputs}
        if output not in known:
            raise unknown_name("output is called", output, known)
        self._chosen[output] = known[output].changed(**values)

    def _targets(self) -> list[Any]:
        """The targets of each output, None for those that are not known."""
        if self.y is None:
            return [None] * len(self.names)
        parts = parts_of(self.y, self.names)
        by_name = dict(parts)
        if isinstance(self.y, dict):
            return [by_name.get(name) for name in self.names]
        arrays = [part for _, part in parts]
        return arrays if len(arrays) == len(self.names) else [arrays[0]] * len(self.names)


def outputs_of(names: Sequence[str], loss: Any, loss_weights: Any, metrics: Any) -> tuple[OutputChoice, ...]:
    """What arguments of compile mean for each output.

    Raises:
        ArgumentError: they do not fit these outputs.
    """
    losses = per_output(loss, names, "loss", None)
    weights = per_output(1.0 if loss_weights is None else loss_weights, names, "loss_weights", 1.0)
    measured = collect_metrics(metrics, names)
    rows = zip(names, losses, weights, measured, strict=True)
    return tuple(OutputChoice(name, one, float(weight), tuple(found)) for name, one, weight, found in rows)


def as_arguments(outputs: Sequence[OutputChoice]) -> dict[str, Any]:
    """The same as arguments of compile, as short as it can be said."""
    losses = [each.loss for each in outputs]
    metrics = [list(each.metrics) for each in outputs]
    weights = [each.weight for each in outputs]
    arguments: dict[str, Any] = {
        "loss": losses[0] if all(one is losses[0] or one == losses[0] for one in losses) else losses,
        "metrics": _metrics(outputs, metrics),
    }
    if any(weight != 1.0 for weight in weights):
        arguments["loss_weights"] = weights if len(weights) > 1 else weights[0]
    return arguments


def _metrics(outputs: Sequence[OutputChoice], metrics: list[list]) -> Any:
    if all(one == metrics[0] for one in metrics):
        return metrics[0] or None
    return {each.name: list(each.metrics) for each in outputs if each.metrics}


def read_metrics(value: Any, before: Sequence[Any] = ()) -> tuple:
    """`accuracy, mae` as metrics; functions that were there keep their place under their names.

    Raises:
        UnknownNameError: a metric that nobody knows.
    """
    given = value.split(",") if isinstance(value, str) else value if isinstance(value, (list, tuple)) else [value]
    own = {name_of(metric): metric for metric in before}
    return tuple(_metric(each, own) for each in given if not isinstance(each, str) or each.strip())


def _metric(given: Any, own: dict[str, Any]) -> Any:
    if not isinstance(given, str):
        return given
    name = given.strip()
    known = [*own, "accuracy", "acc", *METRICS]
    if name not in known:
        error = unknown_name("metric", name, [*own, "accuracy", *METRICS])
        error.arguments = ("metrics",)
        raise error
    return own.get(name, name)


def read_weight(value: Any) -> float:
    """The factor of a loss.

    Raises:
        ArgumentError: it is no number from 0.
    """
    try:
        number = float(value)
    except (TypeError, ValueError):
        number = math.nan
    if not 0 <= number < math.inf:
        raise ArgumentError(f"loss_weights needs numbers from 0, got {value!r}.", arguments=("loss_weights",))
    return number
