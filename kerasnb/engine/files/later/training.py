"""How Keras 2 and later say a model was compiled, in Keras 1.2's form."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from .... import loss_classes, objectives
from ....errors import ArgumentError
from ....utils.custom_objects import snake_case
from ....utils.foreign_objects import RENAMED

__all__ = ["function_names", "metrics_by_output"]

_ACCURACIES = ("accuracy", "binary_accuracy", "categorical_accuracy", "sparse_categorical_accuracy")


def function_names(described: Any) -> Any:
    """A loss or metrics by the names of their functions, where later Keras writes objects."""
    if isinstance(described, list | tuple):
        inner = [function_names(one) for one in described]
        return inner[0] if len(inner) == 1 and isinstance(inner[0], list) else inner
    if not isinstance(described, dict):
        return RENAMED.get(described, described) if isinstance(described, str) else described
    if "class_name" not in described:
        return {name: function_names(one) for name, one in described.items()}
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
        return RENAMED.get(config, config)
    named = config.get("fn") or (config.get("name") if "Metric" in described["class_name"] else None)
    called = str(config.get("name", "")).rsplit("_", 1)[-1]  # several outputs: one_accuracy
    if named in _ACCURACIES and named != config["name"] and called in ("acc", "accuracy"):
        return called  # which one follows from the loss; a file saved before fit has any
    name = named if isinstance(named, str) else snake_case(described["class_name"])
    return RENAMED.get(name, name)


def _is_unusual(config: Any, name: str, usual: Mapping[str, Any]) -> bool:
    return isinstance(config, dict) and config.get(name) not in (None, 0, False, usual.get(name))


def metrics_by_output(metrics: Any, output_names: Sequence[str]) -> Any:
    """Metrics as compile takes them: a list for all outputs or a dict, where later Keras has a list of lists."""
    is_nested = isinstance(metrics, list) and any(isinstance(one, list) for one in metrics)
    if not is_nested or len(metrics) != len(output_names):
        return metrics
    listed = [[metric for metric in ([one] if isinstance(one, str) else one or []) if metric] for one in metrics]
    return {name: one for name, one in zip(output_names, listed, strict=True) if one}
