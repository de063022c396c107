"""What a compiled model minimizes and measures, as tensors."""
from __future__ import annotations

import collections
from collections.abc import Callable, Sequence
from typing import Any

from .. import backend as K
from .. import metrics as metric_functions
from .. import objectives
from ..errors import ArgumentError, UnknownNameError, unknown_name
from .node import mask_of

__all__ = ["Objective", "weighted_objective", "collect_metrics"]

_ACCURACY = {"accuracy", "acc"}


def weighted_objective(fn: Callable) -> Callable:
    """The objective as a scalar over a batch, with masks and sample weights.

    A mask (batch, time) counts only unmasked steps; weights divide by the share of samples whose weight is not zero.
    """
    def weighted(y_true, y_pred, weights, mask=None):
        score = fn(y_true, y_pred)
        if mask is not None:
            mask = K.cast(mask, K.floatx())
            score = score * mask / K.mean(mask)
        if weights is not None:
            extra = list(range(K.ndim(weights), K.ndim(score)))
            score = K.mean(score, axis=extra) if extra else score
            score = score * weights / K.mean(K.cast(K.not_equal(weights, 0), K.floatx()))
        return K.mean(score)
    return weighted


def collect_metrics(metrics: Any, output_names: Sequence[str]) -> list[list]:
    """The metrics of each output, from a list for all or a dict by output name."""
    if not metrics:
        return [[] for _ in output_names]
    if isinstance(metrics, list | tuple):
        return [list(metrics) for _ in output_names]
    if isinstance(metrics, dict):
        _check_names(metrics, output_names, "metrics")
        found = [metrics.get(name, []) for name in output_names]
        return [list(one) if isinstance(one, list | tuple) else [one] for one in found]
    raise ArgumentError(
        f"metrics must be a list or a dict by output name, got {metrics!r}.",
        'Write metrics=["accuracy"].',
        arguments=("metrics",),
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


class Objective:
    """Targets, losses and metrics of one compile.

    Args:
        model: the compiled Container.
        loss, loss_weights, metrics, sample_weight_mode: as given to compile.
    """

    def __init__(self, model: Any, loss: Any, loss_weights: Any, metrics: Any, sample_weight_mode: Any):
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
        self.nested_metrics = [[self._metric(one, index) for one in found]
                               for index, found in enumerate(trained(collect_metrics(metrics, names)))]
        rows = zip(self.outputs, self.loss_functions, self.output_names, strict=True)
        self.targets = [self._target(output, fn, name) for output, fn, name in rows]
        self.sample_weights = [K.placeholder(ndim=2 if mode == "temporal" else 1, name=f"{name}_sample_weights")
                               for name, mode in zip(self.output_names, self.sample_weight_modes, strict=True)]
        self._tensors: dict[bool, tuple] = {}
        self.metrics_names = self._names()
        self.log_names = _numbered(self.metrics_names)

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
            fn = metric_functions.get(metric)
        except UnknownNameError as error:
            raise unknown_name("metric", metric, [*metric_functions.__all__, "accuracy"], error.advice) from None
        return getattr(fn, "__name__", type(fn).__name__), fn

    def _accuracy(self, index: int) -> Callable:
        loss = self.loss_functions[index]
        if K.int_shape(self.outputs[index])[-1] == 1 or loss is objectives.binary_crossentropy:
            return metric_functions.binary_accuracy
        if loss is objectives.sparse_categorical_crossentropy:
            return metric_functions.sparse_categorical_accuracy
        return metric_functions.categorical_accuracy

    def tensors(self, weighted: bool) -> tuple[Any, list]:
        """The total loss, and what is logged after it: losses of each output (if several), metrics.

        Args:
            weighted: with sample weights as inputs; without, each sample counts the same.
        """
        if weighted not in self._tensors:
            self._tensors[weighted] = self._build(weighted)
        return self._tensors[weighted]

    def _build(self, weighted: bool) -> tuple[Any, list]:
        masks = [mask_of(output) for output in self.outputs]
        rows = zip(self.loss_functions, self.targets, self.outputs, self.sample_weights, masks, strict=True)
        losses = [weighted_objective(fn)(target, output, weight if weighted else None, mask)
                  for fn, target, output, weight, mask in rows]
        total = None
        for loss, weight in zip(losses, self.loss_weights, strict=True):
            part = loss if weight == 1.0 else weight * loss
            total = part if total is None else total + part
        for penalty in self.model.losses:
            penalty = K.mean(penalty) if K.ndim(penalty) else penalty
            total = penalty if total is None else total + penalty
        logged = losses if len(self.model.outputs) > 1 else []
        return total, [*logged, *(tensor for _, tensor in self._measured())]

    def _measured(self) -> list[tuple[str, Any]]:
        """The metrics as (name, scalar)."""
        found = []
        several = len(self.model.outputs) > 1
        for index, metrics in enumerate(self.nested_metrics):
            for name, fn in metrics:
                result = fn(self.targets[index], self.outputs[index])
                prefix = f"{self.output_names[index]}_" if several else ""
                figures = result.items() if isinstance(result, dict) else [(name, result)]
                found.extend((prefix + key, K.mean(value) if K.ndim(value) else value) for key, value in figures)
        return found

    def _names(self) -> list[str]:
        """What each figure is called; as in Keras, a metric given twice has its name twice."""
        losses = [f"{name}_loss" for name in self.output_names if len(self.model.outputs) > 1]
        return ["loss", *losses, *(name for name, _ in self._measured())]


def _numbered(names: Sequence[str]) -> list[str]:
    """The names for logs: those that come several times get _1, _2 and so on."""
    counts = collections.Counter(names)
    seen: collections.Counter = collections.Counter()
    numbered = []
    for name in names:
        seen[name] += 1
        numbered.append(name if counts[name] == 1 else f"{name}_{seen[name]}")
    return numbered


def is_named(fn: Callable) -> bool:
    """Whether it is one of kerasnb's own objectives, whose targets have a known shape."""
    return getattr(objectives, getattr(fn, "__name__", ""), None) is fn
