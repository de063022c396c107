"""How Keras 2 and later say a model was compiled, in Keras 1.2's form."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from .... import loss_classes, metric_classes, objectives
from ....errors import ArgumentError
from ....utils.custom_objects import snake_case
from ....utils.foreign_objects import RENAMED
from .configs import outputs_by_key

__all__ = ["by_output", "function_names", "metrics_by_output"]

_ACCURACIES = ("accuracy", "binary_accuracy", "categorical_accuracy", "sparse_categorical_accuracy")


# functions that take targets of 0 and 1 since tf.keras, where Keras 1.2's take -1 and 1 alone
_SIGNED = {"hinge": "Hinge", "squared_hinge": "SquaredHinge"}


def function_names(described: Any, are_metrics: bool = False) -> Any:
    """A loss or metrics by the names of their functions, where later Keras writes objects.

    Those that have options stay objects: a class and its config.
    """
    if isinstance(described, list | tuple):
        inner = [function_names(one, are_metrics) for one in described]
        return inner[0] if len(inner) == 1 and isinstance(inner[0], list) else inner
    if isinstance(described, dict) and "class_name" not in described:
        return {name: function_names(one, are_metrics) for name, one in described.items()}
    if not isinstance(described, dict):
        return _named(described)
    metric = _metric_with_options(described) if are_metrics else None
    return _named(_function_of(described)) if metric is None else metric


def _named(name: Any) -> Any:
    """Our word for a function; a class where the function means something else here."""
    if not isinstance(name, str):
        return name
    name = RENAMED.get(name, name)
    return {"class_name": _SIGNED[name], "config": {}} if name in _SIGNED else name


def _metric_with_options(described: dict) -> dict | None:
    """A metric that keeps states from batch to batch, or has arguments, as class and config; a mean has a function."""
    config = described.get("config")
    cls = getattr(metric_classes, described["class_name"], None)
    if cls is None or not isinstance(config, dict) or "fn" in config:
        return None
    given = {name: one for name, one in config.items() if name != "dtype" and one is not None}
    if issubclass(cls, metric_classes.MeanMetricWrapper) and not given.keys() - {"name"}:
        return None
    return {"class_name": described["class_name"], "config": given}


def _function_of(described: dict) -> Any:
    config = described.get("config") or {}
    known = getattr(getattr(loss_classes, described["class_name"], None), "options", {})
    names = dict.fromkeys(("from_logits", "label_smoothing", "delta", *known))
    options = {name: config[name] for name in names if _is_unusual(config, name, known)}
    if isinstance(config, dict) and config.get("reduction") in ("sum", "mean_with_sample_weight"):
        options["reduction"] = config["reduction"]
    for name in options:
        if described["class_name"] in loss_classes.__all__:
            return objectives.made({"class_name": described["class_name"], "config": options})
        raise ArgumentError(
            f"{described['class_name']} has {name}={config[name]}, which there is not here.",
            "Load the model alone, compile=False, and compile it with a function of your own.",
        )
    if isinstance(config, str):  # a function, as Keras 3 writes it
        return config
    named = config.get("fn") or (config.get("name") if "Metric" in described["class_name"] else None)
    called = str(config.get("name", "")).rsplit("_", 1)[-1]  # several outputs: one_accuracy
    if named in _ACCURACIES and named != config["name"] and called in ("acc", "accuracy"):
        return called  # which one follows from the loss; a file saved before fit has any
    return named if isinstance(named, str) else snake_case(described["class_name"])


def _is_unusual(config: Any, name: str, usual: Mapping[str, Any]) -> bool:
    return isinstance(config, dict) and config.get(name) not in (None, 0, False, usual.get(name))


def by_output(described: dict, model: Any) -> dict:
    """The arguments of compile with our names of outputs: the layers', where a model gives a dict with keys of its own.

    Args:
        model: class and config of the model.
    """
    layers = outputs_by_key(model.get("config") if isinstance(model, dict) else None)
    return {
        name: {layers.get(key, key): one for key, one in value.items()}
        if layers and isinstance(value, dict) and value.keys() <= layers.keys()
        else value
        for name, value in described.items()
    }


def metrics_by_output(metrics: Any, output_names: Sequence[str]) -> Any:
    """Metrics as compile takes them: a list for all outputs or a dict, where later Keras has a list of lists."""
    is_nested = isinstance(metrics, list) and any(isinstance(one, list) for one in metrics)
    if not is_nested or len(metrics) != len(output_names):
        return metrics
    listed = [[metric for metric in ([one] if isinstance(one, str) else one or []) if metric] for one in metrics]
    own = {
        name: [_without_output(metric, name) for metric in one] for name, one in zip(output_names, listed, strict=True)
    }
    return {name: one for name, one in own.items() if one}


def _without_output(metric: Any, output: str) -> Any:
    """A metric by its own name: tf.keras writes that of its output before it."""
    if not isinstance(metric, dict) or not str(metric.get("config", {}).get("name")).startswith(f"{output}_"):
        return metric
    return {**metric, "config": {**metric["config"], "name": metric["config"]["name"].removeprefix(f"{output}_")}}
