"""Checks of losses that take only some targets: percentages, logarithms, probabilities."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np

from .findings import Advice, Fix
from .output_case import SPARSE, Case
from .preparing import shifted

__all__ = ["check_range"]

# a target this much smaller than the largest counts a thousand times as much in percent
SMALL = 1e-3
# rows of probabilities sum to 1, but for what 32 bits round
ROUNDING = 1e-3


def check_range(case: Case) -> Iterator[Advice]:
    """What speaks against the loss, as the targets are; nothing for one that takes any numbers."""
    check = _CHECKS.get(case.loss)
    if check is not None:
        yield from check(case)


def _percentage(case: Case) -> Iterator[Advice]:
    sizes = np.abs(np.asarray(case.y.values, "float64"))
    small = int((sizes < SMALL * sizes.max()).sum()) if sizes.max() > 0 else sizes.size
    if small:
        text = f"{case.loss} divides by the targets, and {small:,} of them are 0 or nearly: it sees only these."
        yield case.says("error", text, case.take("mae"))


def _logarithmic(case: Case) -> Iterator[Advice]:
    y, columns = case.y, (case.y.shape or (1,))[-1]
    assert y.low is not None and y.high is not None
    if y.low < 0:
        text = f"The targets go from {y.low:.4g} to {y.high:.4g}; {case.loss} takes every number below 0 as 0."
        yield case.says("error", text, case.take("mse"))
    elif case.activation in ("linear", "tanh", "softsign"):
        text = (
            f"{case.last} ends with {case.activation}, which may go below 0: {case.loss} takes that as 0, and "
            "an output that is there learns nothing."
        )
        yield case.says("warning", text, case.end_with(columns, "softplus", case.loss), case.take("mse"))


def _probabilities(case: Case) -> Iterator[Advice]:
    y = case.y
    assert y.low is not None and y.high is not None
    values = np.asarray(y.values, "float64")
    if y.is_whole and y.classes is not None and y.kind != "one-hot" and y.shape in ((), (1,)):
        right = case.end_with(max(y.classes, 2), "softmax", SPARSE)
        yield case.says("error", f"The targets are class numbers; {case.loss} takes probabilities.", right)
    elif y.low < 0 or y.shape in ((), (1,)):
        text = f"The targets go from {y.low:.4g} to {y.high:.4g}; {case.loss} takes rows of probabilities."
        yield case.says("error", text, case.take("mse"))
    elif np.abs(values.sum(-1) - 1).max() > ROUNDING:
        text = f"The rows of {y.name} do not sum to 1; {case.loss} compares probabilities."
        shares = shifted("y", "y / y.sum(-1, keepdims=True)", lambda rows: rows / rows.sum(-1, keepdims=True), y.place)
        yield case.says("error", text, Fix("Divide each row by its sum", (shares,)) if values.sum(-1).all() else None)
    elif case.activation not in ("softmax", ""):
        text = f"{case.last} ends with {case.activation}, so its outputs do not sum to 1, as {case.loss} needs."
        yield case.says("error", text, case.end_with(y.shape[-1], "softmax", case.loss))


_CHECKS: dict[str, Callable[[Case], Iterator[Advice]]] = {
    **dict.fromkeys(("mape", "mean_absolute_percentage_error"), _percentage),
    **dict.fromkeys(("msle", "mean_squared_logarithmic_error"), _logarithmic),
    **dict.fromkeys(("kld", "kullback_leibler_divergence"), _probabilities),
}
