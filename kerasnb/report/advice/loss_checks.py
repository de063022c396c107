"""Checks of an output: do its width and its activation suit the targets, and do both suit the loss?"""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

from ...engine.fitting.standardize import ONE_ANSWER
from ...objectives import __all__ as OBJECTIVES
from .ending_checks import check_ending
from .ends import OutputEnd
from .facts import TargetFacts
from .findings import Advice, Fix, LayerEdit, NewLayer
from .output_case import BINARY, CATEGORICAL, CROSSENTROPIES, DISTANCES, HINGES, SPARSE, Case
from .preparing import one_hot, shifted
from .range_checks import check_range

__all__ = ["check_output"]

# what each activation can give; others give any number
_REACH: dict[str, tuple[float, float]] = {
    "sigmoid": (0, 1),
    "hard_sigmoid": (0, 1),
    "softmax": (0, 1),
    "tanh": (-1, 1),
    "softsign": (-1, 1),
}
_REACH |= {"relu": (0, float("inf")), "softplus": (0, float("inf"))}
# whole numbers from 0 with no gap are rather classes than amounts, up to this many
FEW_CLASSES = 20
# Adam moves an output by about its learning rate a step
LARGE_TARGET = 100.0
PIXEL = 255.0


def check_output(y: TargetFacts, output: OutputEnd, loss: str | None, place: int | None) -> Iterator[Advice]:
    """What does not fit between targets, the end of the model, and the loss; nothing for a loss of one's own.

    Args:
        loss: its name.
        place: which output it is, where there are several.
    """
    if loss not in OBJECTIVES or y.missing or output.width is None or y.low is None:
        return
    case = Case(y, output, loss, place)
    if len(output.shape) > 1 and not _is_for_each_place(y, output):
        yield _answers_for_each_place(case)
        return
    if len(y.shape) > len(output.shape) and y.shape[:-1] != output.shape:
        yield _answers_once(case)
        return
    yield from check_ending(case)
    out_of_range = list(check_range(case))
    yield from out_of_range or _check_for(y, output, loss)(case)


def _is_for_each_place(y: TargetFacts, output: OutputEnd) -> bool:
    """Whether there are targets for each place, as class numbers without the last axis or with it."""
    if y.shape in ((), (1,)) or len(y.shape) >= len(output.shape):
        return len(y.shape) >= len(output.shape)
    places = zip(y.shape, output.shape[:-1], strict=False)
    return y.kind != "one-hot" and len(y.shape) == len(output.shape) - 1 and all(b in (None, a) for a, b in places)


def _answers_for_each_place(case: Case) -> Advice:
    single = "a single number" if case.y.shape in ((), (1,)) else f"one row of {case.y.shape[-1]}"
    text = f"{case.last} gives {case.output.shape} for each sample, an answer for each place of it, but each target is "
    return case.says("error", f"{text}{single}. {ONE_ANSWER}", *_one_answer(case.output))


def _one_answer(output: OutputEnd) -> Iterator[Fix]:
    if output.recurrent_layer is not None:
        edit = LayerEdit(output.recurrent_layer, {"return_sequences": False})
        yield Fix(f"Only the last step of {output.recurrent_layer}", (edit,))
    elif output.units_layer is not None:
        pooling = f"GlobalAveragePooling{len(output.shape) - 1}D"
        known = [] if None in output.shape else ["Flatten"]
        for name in [*known, pooling]:
            yield Fix(f"{name}() before it", (NewLayer(name, output.units_layer),))


def _answers_once(case: Case) -> Advice:
    steps = " x ".join(map(str, case.y.shape[:-1]))
    text = f"{case.last} gives one answer for each sample, {case.output.shape}, but each target has {steps} of them."
    recurrent = case.output.recurrent_layer
    if recurrent is None:
        return case.says("error", text)
    edit = LayerEdit(recurrent, {"return_sequences": True})
    return case.says("error", text, Fix(f"Every step of {recurrent}", (edit,)))


def _check_for(y: TargetFacts, output: OutputEnd, loss: str) -> Any:
    if y.kind == "one-hot":
        return _one_of_several
    if y.kind.startswith("several"):
        return _several_at_once
    if y.low == -1 and y.high == 1 and y.is_whole and loss not in DISTANCES:
        return _two_signs
    if y.kind == "0 or 1":
        return _yes_or_no
    is_for_classes = loss in (SPARSE, CATEGORICAL) or loss == BINARY and (output.width or 0) > 1
    if is_for_classes and y.is_whole and _is_one_for_each(y.shape, output.shape):
        return _class_numbers
    if y.classes is not None and y.classes <= FEW_CLASSES and loss in DISTANCES and all(y.counts):
        return _numbers_of_classes_as_amounts
    return _amounts


def _is_one_for_each(targets: tuple, output: tuple) -> bool:
    """Whether there is one number for each sample, or for each step or pixel of it."""
    places = targets[:-1] if len(targets) == len(output) and targets[-1:] == (1,) else targets
    is_each = len(places) == len(output) - 1 > 0
    return targets in ((), (1,)) or is_each and all(b in (None, a) for a, b in zip(places, output, strict=False))


def _one_of_several(case: Case) -> Iterator[Advice]:
    classes, width = case.classes, case.width
    right = case.end_with(classes, "softmax", CATEGORICAL)
    if width != classes:
        text = f"{case.last} gives {_numbers(width)}, but the targets name {classes} classes."
        yield case.says("error", text, right)
    elif case.loss == SPARSE:
        text = f"The targets are one-hot rows; {SPARSE} takes class numbers."
        yield case.says("error", text, case.end_with(classes, "softmax", CATEGORICAL))
    elif case.activation in ("softmax", "") and case.loss in (CATEGORICAL, "kullback_leibler_divergence"):
        return
    elif case.activation == "sigmoid" and case.loss == BINARY:
        yield case.says("note", f"{case.last} judges each class by itself; just one of them is ever right.", right)
    elif case.loss in CROSSENTROPIES and case.activation not in ("softmax", "sigmoid"):
        text = f"{case.last} ends with {case.activation}, so it gives no probabilities, which {case.loss} needs."
        yield case.says("error", text, right)
    elif case.loss in (CATEGORICAL, BINARY):
        text = f"One of {classes} classes is right: that is softmax with {CATEGORICAL}."
        yield case.says("warning", text, right)
    elif case.loss in DISTANCES:
        text = f"The targets are classes; {case.loss} learns them slowly, since it hardly punishes a sure wrong answer."
        yield case.says("warning", text, right)


def _several_at_once(case: Case) -> Iterator[Advice]:
    columns, right = case.y.shape[-1], case.end_with(case.y.shape[-1], "sigmoid", BINARY)
    if case.width != columns:
        text = f"{case.last} gives {_numbers(case.width)}, but each target has {columns}."
        yield case.says("error", text, right)
    elif case.loss == CATEGORICAL or case.activation == "softmax":
        culprit = "softmax" if case.activation == "softmax" else case.loss
        text = f"Several classes may be right at once, but {culprit} takes exactly one to be."
        yield case.says("error", text, right)
    elif case.loss == BINARY and case.activation not in ("sigmoid", "hard_sigmoid", ""):
        text = f"{case.last} ends with {case.activation}, so it gives no probabilities, which {case.loss} needs."
        yield case.says("error", text, right)


def _two_signs(case: Case) -> Iterator[Advice]:
    if case.loss in HINGES:
        if case.activation in ("sigmoid", "softmax", "relu"):
            text = f"{case.last} never gives a number below 0, so it cannot say -1."
            yield case.says("warning", text, case.end_with(1, "tanh", case.loss) if case.width == 1 else None)
        return
    renumbered = shifted("y", "(y + 1) / 2", lambda y: (y + 1) / 2, case.y.place)
    right = case.end_with(1, "sigmoid", BINARY)
    fix = Fix("Write -1 as 0", (renumbered, *(right.edits if right else ()))) if case.width == 1 else None
    text = f"The targets are -1 and 1; {case.loss} takes 0 and 1."
    yield case.says("error", text, fix, Fix("Use hinge", (case.use("hinge"),)))


def _yes_or_no(case: Case) -> Iterator[Advice]:
    width, right = case.width, case.end_with(1, "sigmoid", BINARY)
    if width == 1:
        if case.loss in HINGES:
            signs = shifted("y", "2 * y - 1", lambda y: 2 * y.astype("float32") - 1, case.y.place)
            text = f"The targets are 0 and 1; {case.loss} takes -1 and 1."
            yield case.says("error", text, Fix("Write 0 as -1", (signs,)), right)
        elif case.activation == "softmax":
            text = f"{case.last} is a softmax of one number, which is always 1: it can learn nothing."
            yield case.says("error", text, right)
        elif case.loss == BINARY and case.activation not in ("sigmoid", "hard_sigmoid", ""):
            text = f"{case.last} ends with {case.activation}, so it gives no probability, which {BINARY} needs."
            yield case.says("error", text, right)
        elif case.loss in DISTANCES and case.activation in ("sigmoid", "hard_sigmoid"):
            text = f"The targets are 0 and 1; {case.loss} learns them slowly: a sure wrong answer costs little."
            yield case.says("note", text, right)
        elif case.loss in (CATEGORICAL, SPARSE):
            yield case.says("error", f"{case.loss} needs an output for each class; there is one.", right)
        return
    if case.y.shape not in ((), (1,)):
        return
    if case.loss == SPARSE:
        yield from _class_numbers(case)
    else:
        text = f"{case.last} gives {_numbers(width)}, but each target is a single 0 or 1."
        softmax = case.end_with(2, "softmax", SPARSE)
        yield case.says("error", text, softmax if width == 2 else right)


def _class_numbers(case: Case) -> Iterator[Advice]:
    y, width = case.y, case.width
    assert y.low is not None and y.high is not None
    lowest, highest = int(y.low), int(y.high)
    classes = highest + 1
    right = case.end_with(classes, "softmax", SPARSE)
    if lowest < 0:
        text = f"Class numbers begin at 0; the least of {y.name} is {lowest}."
        from_0 = shifted("y", f"y + {-lowest}", lambda values: values - lowest, case.y.place)
        right = case.end_with(classes - lowest, "softmax", SPARSE)
        yield case.says("error", text, Fix("Number them from 0", (from_0, *right.edits)) if right else None)
    elif lowest == 1 and width == highest:
        from_0 = shifted("y", "y - 1", lambda values: values - 1, case.y.place)
        text = f"The classes are numbered 1 to {highest}; {SPARSE} counts from 0, so {highest} is out of range."
        loss = () if case.loss == SPARSE else (case.use(SPARSE),)
        yield case.says("error", text, Fix("Number them from 0", (from_0, *loss)))
    elif case.loss in (CATEGORICAL, BINARY):
        text = f"The targets are class numbers, 0 to {highest}; {case.loss} takes one-hot rows."
        make = Fix("Make the targets one-hot", (one_hot("y", width or classes, case.y.place),))
        yield case.says("error", text, right, make if width == classes and case.loss == CATEGORICAL else None)
    elif highest >= (width or 0):
        text = f"{case.last} gives {_numbers(width)}, but the class numbers go up to {highest}."
        yield case.says("error", text, right)
    elif case.activation not in ("softmax", ""):
        text = f"{case.last} ends with {case.activation}, so it gives no probabilities, which {SPARSE} needs."
        yield case.says("error", text, right)
    elif width is not None and width > classes:
        text = f"{case.last} has {width} outputs for {classes} classes; {width - classes} are never right."
        yield case.says("note", text, right)


def _numbers_of_classes_as_amounts(case: Case) -> Iterator[Advice]:
    classes = case.classes
    right = case.end_with(classes, "softmax", SPARSE)
    if case.width == 1:
        text = f"The targets are the whole numbers 0 to {classes - 1}. If these are classes, they are no amounts."
        yield case.says("note", text, right)
    else:
        text = f"{case.last} gives {_numbers(case.width)}, but each target is one number from 0 to {classes - 1}."
        yield case.says("error", text, right)


def _amounts(case: Case) -> Iterator[Advice]:
    y, columns = case.y, (case.y.shape or (1,))[-1]
    assert y.low is not None and y.high is not None
    right = case.end_with(columns, "linear", "mse")
    if case.loss == BINARY and y.is_whole and (y.low, y.high, columns) == (1, 2, 1):
        from_0 = shifted("y", "y - 1", lambda values: values - 1, y.place)
        text = f"The classes are numbered 1 and 2; {BINARY} takes 0 and 1."
        yield case.says("error", text, Fix("Number them from 0", (from_0,)))
        return
    spread = f"The targets go from {y.low:.4g} to {y.high:.4g}"
    if case.loss == "poisson" and case.activation in ("linear", "tanh", "softsign"):
        text = f"{case.last} ends with {case.activation}, which may go below 0; the logarithm in poisson is NaN there."
        yield case.says("error", text, case.end_with(columns, "softplus", "poisson"))
        return
    if case.width != columns and len(y.shape) <= 1:
        text = f"{case.last} gives {_numbers(case.width)}, but each target has {columns}."
        yield case.says("error", text, right)
        return
    if case.loss in CROSSENTROPIES and (y.low < 0 or y.high > 1):
        text = f"{spread}; {case.loss} takes probabilities, 0 to 1."
        yield case.says("error", text, _as_fractions(case), right)
        return
    if case.activation in _REACH and case.loss not in CROSSENTROPIES:
        low, high = _REACH[case.activation]
        if y.low < low or y.high > high:
            gives = f"{low:g} to {high:g}" if high < float("inf") else f"{low:g} and above"
            text = f'{spread}, but "{case.output.name}" ends with {case.activation}, which gives {gives}.'
            yield case.says("error", text, _as_fractions(case), case.end_with(columns, "linear", case.loss))
            return
    if case.loss in DISTANCES and y.reach > LARGE_TARGET and case.activation in ("linear", "relu", "softplus"):
        by = 10.0 ** math.ceil(math.log10(y.reach))
        smaller = shifted("y", f"y / {by:g}", lambda values: values / by, case.y.place)
        text = f"{spread}; the output starts near 0 and has a long way to go. Multiply predictions by {by:g} again."
        yield case.says("note", text, Fix(f"Divide by {by:g}", (smaller,)))


def _as_fractions(case: Case) -> Fix | None:
    """Pixels of 0 to 255 as what a sigmoid can give, as the targets of an autoencoder."""
    y = case.y
    is_pixel = y.is_whole and y.low is not None and y.low >= 0 and y.high is not None and PIXEL / 2 < y.high <= PIXEL
    if not is_pixel or case.activation not in ("sigmoid", "hard_sigmoid") or case.loss in (CATEGORICAL, SPARSE):
        return None
    return Fix("Divide by 255", (shifted("y", "y / 255", lambda values: values / PIXEL, y.place),))


def _numbers(width: int | None) -> str:
    return "one number" if width == 1 else f"{width} numbers"
