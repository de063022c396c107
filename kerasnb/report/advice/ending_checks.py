"""Checks of how a model ends: what stands behind its last activation, and before it."""

from __future__ import annotations

from collections.abc import Iterator

from .findings import Advice, Fix, LayerEdit
from .output_case import DISTANCES, Case

__all__ = ["check_ending"]

CLASSIFIERS = ("softmax", "sigmoid")


def check_ending(case: Case) -> Iterator[Advice]:
    """What speaks against the last layers, whatever the targets are."""
    output = case.output
    if output.noise_layer is not None:
        fix = Fix("Switch it off", (LayerEdit(output.noise_layer, {output.noise_argument: 0.0}),))
        text = (
            f'"{output.noise_layer}" stands behind the last layer, so in training it spoils the answers '
            "themselves. Its place is before that layer."
        )
        yield case.says("error" if case.activation in CLASSIFIERS else "warning", text, fix)
    if case.activation in CLASSIFIERS and output.inner_activation == "relu" and output.units_layer is not None:
        text = (
            f'"{output.units_layer}" ends with relu before the {case.activation}: it cannot speak against a class, '
            "only for it, and a unit that is always 0 learns no more."
        )
        linear = LayerEdit(output.units_layer, {"activation": "linear"})
        yield case.says("warning", text, Fix("Use linear there", (linear,)))
    if case.activation == "relu" and case.loss in DISTANCES and case.y.kind == "values" and (case.y.low or 0) >= 0:
        columns = (case.y.shape or (1,))[-1]
        if case.width == columns:
            text = f"{case.last} ends with relu: should an output become 0 for all samples, it learns no more."
            ends = (case.end_with(columns, name, case.loss) for name in ("linear", "softplus"))
            yield case.says("note", text, *ends)
