"""Checks of how a model ends: what stands behind its last activation, and before it."""

from __future__ import annotations

from collections.abc import Iterator

from .findings import Advice, Fix, LayerEdit
from .output_case import DISTANCES, Case

__all__ = ["check_ending"]

CLASSIFIERS = ("softmax", "sigmoid")
# what an activation leaves to the softmax or sigmoid behind it
_NARROWING = {
    "relu": "it cannot speak against a class, only for it, and a unit that is always 0 learns no more.",
    **dict.fromkeys(
        ("softmax", "sigmoid", "tanh", "softsign", "hard_sigmoid"),
        "what is squeezed twice never gets sure of a class, and learns slowly.",
    ),
}


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
    if case.activation in CLASSIFIERS and output.inner_activation in _NARROWING and output.units_layer is not None:
        inner = output.inner_activation
        text = f'"{output.units_layer}" ends with {inner} before the {case.activation}: {_NARROWING[inner]}'
        linear = LayerEdit(output.units_layer, {"activation": "linear"})
        yield case.says("warning", text, Fix("Use linear there", (linear,)))
    if case.activation == "relu" and case.loss in DISTANCES and case.y.kind == "values" and (case.y.low or 0) >= 0:
        columns = (case.y.shape or (1,))[-1]
        if case.width == columns:
            text = f"{case.last} ends with relu: should an output become 0 for all samples, it learns no more."
            ends = (case.end_with(columns, name, case.loss) for name in ("linear", "softplus"))
            yield case.says("note", text, *ends)
