"""What a compiled model minimizes and measures, as tensors."""

from __future__ import annotations

import functools
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from ... import backend as K
from ... import metric_functions, objectives
from ...errors import ArgumentError, UnknownNameError, unknown_name
from ...metric_classes import MeanMetricWrapper, Metric
from ...metrics import __all__ as METRICS
from ...metrics import get as get_metric
from ..node import mask_of
from .measured import Measured, of_batch, of_samples, of_states
from .weighting import combined, has_weight, weighted_objective

__all__ = ["Objective", "Figures", "collect_metrics"]

_ACCURACY = {"accuracy", "acc"}


def collect_metrics(metrics: Any, output_names: Sequence[str], what: str = "metrics") -> list[list]:
    """The metrics of each output, from a list for all or a dict by output name."""
    if not metrics:
        return [[] for _ in output_names]
    if isinstance(metrics, list | tuple):
        return [list(metrics) for _ in output_names]
    if isinstance(metrics, dict):
        _check_names(metrics, output_names, what)
        found = [metrics.get(name, []) for name in output_names]
        return [list(one) if isinstance(one, list | tuple) else [one] for one in found]
    raise ArgumentError(
        f"{what} must be a list or a dict by output name, got {metrics!r}.",
        f'Write {what}=["accuracy"].',
        arguments=(what,),
    )


def _check_names(given: dict, output_names: Sequence[str], what: str) -> None:
    for name in given:
        if name not in output_names:
            raise unknown_name(f"output (in {what})", name, output_names)


def per_output(value: Any, output_names: Sequence[str], what: str, default: Any) -> list:
    """One value for each output, from a list, a dict by output name, or one value for all."""
    if isinstance(value, dict):
        _check_names(value, output_names, what)
        return [value.get(name, default) for name in output_names]
    if isinstance(value, list | tuple):
        if len(value) != len(output_names):
            raise ArgumentError(
                f"{what} needs {len(output_names)} entries, one for each of {list(output_names)}, got {len(value)}.",
                arguments=(what,),
            )
        return list(value)
    return [value] * len(output_names)


class Figures(NamedTuple):
    """What a step gives: the total loss, what is logged after it, and how much a batch counts in each one's average.

    Attributes:
        shares: scalars, None where a batch counts by its size alone.
        running: the tensors among `logged` that are those of the epoch so far.
        updates: what a batch adds to the states that they are worked out of.
    """

    total: Any
    logged: list
    shares: list
    running: list
    updates: list


class Objective:
    """Targets, losses and metrics of one compile.

    Args:
        model: the compiled Container.
        loss, loss_weights, metrics, sample_weight_mode: as given to compile.
        weighted_metrics: metrics that leave out masked steps and weigh samples as the loss does.
    """

    def __init__(
        self,
        model: Any,
        loss: Any,
        loss_weights: Any,
        metrics: Any,
        sample_weight_mode: Any,
        weighted_metrics: Any = None,
    ):
        self.model = model
        names = model.output_names
        if isinstance(loss, dict) and set(loss) != set(names):
            _check_names(loss, names, "loss")
            missing = sorted(set(names) - set(loss))
            raise ArgumentError(
                f"no loss for output {missing[0]!r}.",
                f"The dict needs the keys {names}; None is an output without a loss.",
                arguments=("loss",),
            )
        given = per_output(loss, names, "loss", None)
        # outputs without a loss have no target either: what they train for was added by add_loss
        places = [place for place, one in enumerate(given) if one is not None]
        if not places and not model.losses:
            raise ArgumentError(
                "compile needs a loss.", 'Write model.compile(optimizer="adam", loss="mse").', arguments=("loss",)
            )

        def trained(values: Sequence) -> list:
            return [values[place] for place in places]

        self.outputs, self.output_names = trained(model.outputs), trained(names)
        self.loss_functions = [objectives.get(one) for one in trained(given)]
        loss_weights = 1.0 if loss_weights is None else loss_weights
        self.loss_weights = trained(per_output(loss_weights, names, "loss_weights", 1.0))
        self.sample_weight_modes = trained(self._weight_modes(sample_weight_mode, names))
        self.metrics_with_states: list[Metric] = []
        self.nested_metrics, self.nested_weighted_metrics = (
            [
                [self._metric(one, index) for one in found]
                for index, found in enumerate(trained(collect_metrics(given, names, what)))
            ]
            for what, given in (("metrics", metrics), ("weighted_metrics", weighted_metrics))
        )
        rows = zip(self.outputs, self.loss_functions, self.output_names, strict=True)
        self.targets = [self._target(output, fn, name) for output, fn, name in rows]
        self.sample_weights = [
            K.placeholder(ndim=2 if mode == "temporal" else 1, name=f"{name}_sample_weights")
            for name, mode in zip(self.output_names, self.sample_weight_modes, strict=True)
        ]
        self._tensors: dict[bool, Figures] = {}
        self._recorded: dict[bool, tuple[list[Measured], list]] = {}
        self.metrics_names = self._names()

    @staticmethod
    def _weight_modes(modes: Any, names: Sequence[str]) -> list:
        if isinstance(modes, dict) and set(modes) < set(names):
            missing = next(name for name in names if name not in modes)
            raise ArgumentError(
                f'Output "{missing}" missing from sample_weight_modes dictionary.',
                f"It needs the keys {list(names)}; None is a weight for each sample.",
                arguments=("sample_weight_mode",),
            )
        return per_output(modes, names, "sample_weight_mode", None)

    def _target(self, output: Any, fn: Callable, name: str) -> Any:
        shape = K.int_shape(output)
        if not is_named(fn):
            return K.placeholder(ndim=len(shape), name=f"{name}_target", dtype=K.dtype(output))
        last = 1 if fn is objectives.sparse_categorical_crossentropy else shape[-1]
        return K.placeholder((*shape[:-1], last), name=f"{name}_target", dtype=K.dtype(output))

    def _metric(self, metric: Any, index: int) -> tuple[str, Callable]:
        if metric in _ACCURACY:
            return "acc", self._accuracy(index)
        try:
            fn = get_metric(metric)
        except UnknownNameError as error:
            raise unknown_name("metric", metric, [*METRICS, "accuracy"], error.advice) from None
        if isinstance(fn, Metric) and not isinstance(fn, MeanMetricWrapper):
            if fn in self.metrics_with_states:  # of another output, which adds to states of its own
                fn = type(fn).from_config(fn.get_config())
            self.metrics_with_states.append(fn)
        return getattr(fn, "__name__", type(fn).__name__), fn

    def _accuracy(self, index: int) -> Callable:
        loss = plain_objective(self.loss_functions[index])
        if K.int_shape(self.outputs[index])[-1] == 1 or loss is objectives.binary_crossentropy:
            return metric_functions.binary_accuracy
        if loss is objectives.sparse_categorical_crossentropy:
            return metric_functions.sparse_categorical_accuracy
        # a loss of the user's own may take class numbers
        return metric_functions.categorical_accuracy if is_named(loss) else _hits_by_width

    def tensors(self, weighted: bool) -> Figures:
        """The total loss, and what is logged after it: losses of each output (if several), metrics.

        Args:
            weighted: with sample weights as inputs; without, each sample counts the same.
        """
        if weighted not in self._tensors:
            self._tensors[weighted] = self._build(weighted)
        return self._tensors[weighted]

    def _build(self, weighted: bool) -> Figures:
        weights, masks = self._weights_and_masks(weighted)
        rows = zip(self.loss_functions, self.targets, self.outputs, weights, masks, strict=True)
        losses = [weighted_objective(fn)(target, output, weight, mask) for fn, target, output, weight, mask in rows]
        counted = [has_weight(weight, mask) for weight, mask in zip(weights, masks, strict=True)]
        several = len(self.model.outputs) > 1
        measured, updates = self._measured(weighted)
        return Figures(
            self._total(losses),
            [*(losses if several else []), *(one.tensor for one in measured)],
            [_any_of(counted), *(counted if several else []), *(one.share for one in measured)],
            [one.tensor for one in measured if one.is_running],
            updates,
        )

    def _total(self, losses: Sequence) -> Any:
        total = None
        for loss, weight in zip(losses, self.loss_weights, strict=True):
            part = loss if weight == 1.0 else weight * loss
            total = part if total is None else total + part
        for penalty in self.model.losses:
            penalty = K.mean(penalty) if K.ndim(penalty) else penalty
            total = penalty if total is None else total + penalty
        return total

    def _weights_and_masks(self, weighted: bool) -> tuple[Sequence, list]:
        masks = [mask_of(output) for output in self.outputs]
        return (self.sample_weights if weighted else [None] * len(masks)), masks

    def _measured(self, weighted: bool) -> tuple[list[Measured], list]:
        """The metrics' figures, and what a batch adds to the states of those that have some."""
        if weighted not in self._recorded:
            figures, updates = self._of_weighted_metrics(*self._weights_and_masks(weighted))
            self._recorded[weighted] = [*self._of_metrics[0], *figures], [*self._of_metrics[1], *updates]
        return self._recorded[weighted]

    @functools.cached_property
    def _of_metrics(self) -> tuple[list[Measured], list]:
        """Those of `metrics`: neither weights nor masks enter, so that one recording serves every kind of step."""
        found: list[Measured] = []
        updates: list = []
        for index, metrics in enumerate(self.nested_metrics):
            pair = self.targets[index], self.outputs[index]
            for name, fn in metrics:
                if fn in self.metrics_with_states:
                    found.extend(of_states(self._prefix(index) + name, fn, updates, *pair))
                else:
                    found.extend(of_batch(self._prefix(index), name, fn, *pair))
        return found, updates

    def _of_weighted_metrics(self, weights: Sequence, masks: Sequence) -> tuple[list[Measured], list]:
        found: list[Measured] = []
        updates: list = []
        for index, metrics in enumerate(self.nested_weighted_metrics):
            pair = self.targets[index], self.outputs[index]
            for name, fn in metrics:
                called = f"{self._prefix(index)}weighted_{name}"
                if fn in self.metrics_with_states:
                    found.extend(of_states(called, fn, updates, *pair, combined(weights[index], masks[index])))
                else:
                    found.append(of_samples(called, name, fn, pair, weights[index], masks[index]))
        return found, updates

    def _prefix(self, index: int) -> str:
        return f"{self.output_names[index]}_" if len(self.model.outputs) > 1 else ""

    def _names(self) -> list[str]:
        """What each figure is called; as in Keras, a metric given twice has its name twice."""
        losses = [f"{name}_loss" for name in self.output_names if len(self.model.outputs) > 1]
        return ["loss", *losses, *(one.name for one in self._measured(weighted=False)[0])]


def plain_objective(fn: Callable) -> Callable:
    """The objective that a loss with options is made of, else the function itself."""
    return getattr(fn, "objective", fn)


def _hits_by_width(y_true, y_pred):
    """Which samples are right: of targets of width 1, whose numbers are classes, and of one-hot ones."""
    of_samples = metric_functions.of_samples
    hits, sparse_hits = (
        K.cast(of_samples(fn)(y_true, y_pred), K.floatx())
        for fn in (metric_functions.categorical_accuracy, metric_functions.sparse_categorical_accuracy)
    )
    are_classes = K.cast(K.equal(K.shape(y_true)[-1], 1), K.floatx())
    return are_classes * sparse_hits + (1.0 - are_classes) * hits


def _any_of(counted: Sequence) -> Any:
    """1 where one of the outputs counts; None where one always does."""
    if not counted or any(one is None for one in counted):
        return None
    return functools.reduce(K.maximum, counted)


def is_named(fn: Callable) -> bool:
    """Whether it is one of kerasnb's own objectives, whose targets have a known shape."""
    return getattr(objectives, getattr(fn, "__name__", ""), None) is fn
