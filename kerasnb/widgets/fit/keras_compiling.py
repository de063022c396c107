"""With what a Fit panel compiles a model of Keras: as it is compiled, or by names of Keras's losses and optimizers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ...errors import ArgumentError
from ...report.advice.ends import output_ends
from ...report.data import suggest_loss, target_kind
from ...workspace import subject_of
from .keras_optimizer import OptimizerOfKeras
from .options import name_of
from .outputs import OutputChoice, OutputChoices

__all__ = ["KerasCompiling"]

LOSSES = (
    "categorical_crossentropy sparse_categorical_crossentropy binary_crossentropy mean_squared_error "
    "mean_absolute_error huber hinge kl_divergence poisson cosine_similarity log_cosh"
).split()


class KerasCompiling(OutputChoices, OptimizerOfKeras):
    """Answers as `FitCompiling` does. What the model was compiled with stays where nobody chooses otherwise.

    Args:
        model: or its subject.
        y: the targets; None where nothing is known of them.
        given: optimizer, loss, loss_weights, metrics as Keras's compile takes them.
    """

    def __init__(self, model: Any, y: Any, given: Mapping[str, Any]):
        self.subject, self.y = subject_of(model), y
        self.begin_optimizer({name: value for name, value in given.items() if value is not None})
        self._chosen: dict[str, OutputChoice] = {}
        self._suggestions = self._suggested()

    @property
    def names(self) -> list[str]:
        """The names of the outputs."""
        return self.view.output_names

    @property
    def loss_names(self) -> list[str]:
        """The losses to choose from."""
        return LOSSES

    def look(self) -> None:
        """Find anew what suits the model and the targets."""
        self._suggestions = self._suggested()

    # ---- outputs

    @property
    def outputs(self) -> tuple[OutputChoice, ...]:
        """Loss, weight and metrics of each output."""
        return tuple(self._chosen.get(name, self._output(name)) for name in self.names)

    def _output(self, name: str) -> OutputChoice:
        given, place = {**self.view.compile_arguments, **self._given}, self.names.index(name)
        loss = _of(given.get("loss"), name, place) or self.suggested(name) or None
        weight = _of(given.get("loss_weights"), name, place)
        metrics = _of(given.get("metrics"), name, place) if len(self.names) > 1 else given.get("metrics")
        if metrics is None and not self.view.is_compiled:
            metrics = ["accuracy"] if self._is_for_classes(place) else []
        told = metrics if isinstance(metrics, (list, tuple)) else [metrics] if metrics else []
        return OutputChoice(name, loss, 1.0 if weight is None else float(weight), tuple(map(name_of, told)))

    def _is_for_classes(self, place: int) -> bool:
        y = self._targets()[place]
        return y is not None and target_kind(y)[1] is not None

    def _suggested(self) -> dict[str, str]:
        ends = {end.name: end for end in output_ends(self.subject.model)}
        known = [ends.get(name) for name in self.names]
        forms = [(end.width, end.activation or None) if end is not None else (None, None) for end in known]
        rows = zip(self.names, self._targets(), forms, strict=True)
        found = {name: "" if y is None else suggest_loss(y, *form) for name, y, form in rows}
        return {name: _LATER.get(loss, loss) for name, loss in found.items()}

    # ---- compile

    def refuse_data(self, data: Mapping[str, Any]) -> None:
        """Nothing is refused here: what does not fit, Keras's own fit refuses, which changes nothing of the model."""

    def prepare(self, rate: float | None = None) -> None:
        """Compile where somebody chose otherwise or it is not compiled; other arguments of compile stay.

        Raises:
            ArgumentError: an output whose loss nobody knows.
        """
        view = self.view
        optimizer = self.new_optimizer()
        if not view.is_compiled or self._given or self._chosen or optimizer is not None:
            chosen = {} if optimizer is None else {"optimizer": optimizer}
            view.compile_again(self._compiled_with() | chosen)
        self._chosen = {}
        self.begin_optimizer({})
        if rate is not None:
            self.set_rate(rate)

    def _compiled_with(self) -> dict[str, Any]:
        """What is different from the last compile."""
        arguments = dict(self._given)
        outputs = self.outputs
        if self._chosen or not self.view.is_compiled:
            if any(each.loss is None for each in outputs):
                raise ArgumentError(
                    "the targets are not known, so no loss can be suggested.",
                    'Choose one, such as loss="sparse_categorical_crossentropy".',
                    arguments=("loss",),
                )
            several = len(outputs) > 1
            arguments["loss"] = [each.loss for each in outputs] if several else outputs[0].loss
            arguments["metrics"] = [list(each.metrics) for each in outputs] if several else list(outputs[0].metrics)
            if any(each.weight != 1.0 for each in outputs):
                arguments["loss_weights"] = [each.weight for each in outputs]
        if not self.view.is_compiled:
            arguments.setdefault("optimizer", "adam")
        return arguments


# names that Keras 3 has no more
_LATER = {"mse": "mean_squared_error", "mae": "mean_absolute_error", "kullback_leibler_divergence": "kl_divergence"}


def _of(given: Any, name: str, place: int) -> Any:
    """What an argument of compile says of one output."""
    if isinstance(given, dict):
        return given.get(name)
    if isinstance(given, (list, tuple)):
        return given[place] if place < len(given) else None
    return given
