"""Arguments of the layer itself that do not fit its input: at their defaults, smaller, or of the right length."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

from ..values import write
from .case import Candidate, Case, Part
from .merging import same_features
from .picture_order import order_of

__all__ = [
    *("at_defaults", "last_axes", "no_activation", "shared_weights", "same_border", "smaller_windows"),
    *("right_dims", "right_target", "right_output_shape"),
]

# each word of a label with the arguments it stands for
_WINDOWS = (
    ("kernel", ("nb_row", "nb_col")),
    ("pool_size", ("pool_size",)),
    ("filter_length", ("filter_length",)),
    ("pool_length", ("pool_length",)),
    ("kernel", ("kernel_dim1", "kernel_dim2", "kernel_dim3")),
    ("kernel_size", ("kernel_size",)),
    ("cropping", ("cropping",)),
)
# at their defaults these would make a layer that does nothing, or mend nothing; an activation has a remedy of its own
_KEPT = {"border_mode", "cropping", "activation"}


def at_defaults(case: Case) -> Iterator[list[Candidate]]:
    """Each argument at its default in turn."""
    for part in case.parts(case.name):
        for name in part.arguments:
            field = part.fields.get(name)
            is_kept = name in _KEPT or (name == "mode" and case.joins)  # another mode is another layer
            if field is not None and not field.is_required and not is_kept:
                yield [case.set(part, **{name: field.default})]


def last_axes(case: Case) -> Iterator[list[Candidate]]:
    """Products along the features, also of as many features where lengths and widths both differ."""
    part = case.parts(case.name)[0]
    if part.arguments.get("axes", -1) != -1 and len({len(sizes) for sizes in case.sizes}) == 1:
        label, graph = case.set(part, axes=-1)
        more = next(same_features(Case(graph, case.name, case.results, case.asked)), [])
        yield [(label, graph), *((f"{label}, {words}", changed) for words, changed in more)]


def no_activation(case: Case) -> Iterator[list[Candidate]]:
    """No activation: softmax knows no pictures."""
    for part in case.parts(case.name):
        if part.arguments.get("activation") and not part.fields["activation"].is_required:
            yield [case.set(part, activation=part.fields["activation"].default)]


def shared_weights(case: Case) -> Iterator[list[Candidate]]:
    """The same weights along every axis whose size is open."""
    for part in case.parts(case.name):
        open_axes = tuple(axis for axis, size in enumerate(case.sizes[0], 1) if size is None)
        if "shared_axes" in part.fields and open_axes:
            yield [case.set(part, shared_axes=open_axes)]


def same_border(case: Case) -> Iterator[list[Candidate]]:
    """Zeros around the input, where the window is larger than it; one value alone needs no window."""
    for part in case.parts(case.name):
        pools_nothing = "Pooling" in part.class_name and case.is_one_value
        if "border_mode" in part.fields and part.value("border_mode") != "same" and not pools_nothing:
            yield [case.set(part, border_mode="same")]


def smaller_windows(case: Case) -> Iterator[list[Candidate]]:
    """The largest window that fits the input, found by trying."""
    for part in case.parts(case.name):
        least = 2 if "pool" in part.class_name.lower() else 1
        for word, arguments in _WINDOWS:
            if all(_holds_sizes(part, name) for name in arguments):
                now = {name: part.value(name) for name in arguments}
                yield [_limited(case, part, word, now, limit) for limit in range(_largest(now) - 1, least - 1, -1)]


def _holds_sizes(part: Part, name: str) -> bool:
    return name in part.fields and isinstance(part.value(name), int | tuple)


def _largest(values: dict[str, Any]) -> int:
    # no picture is larger than that, and trying takes time
    return min(max(map(_most, values.values())), 64)


def _most(value: Any) -> int:
    return max(map(_most, value)) if isinstance(value, tuple) else value or 0


def _limited(case: Case, part: Part, word: str, now: dict[str, Any], limit: int) -> Candidate:
    smaller = {name: _at_most(value, limit) for name, value in now.items()}
    sizes = tuple(smaller.values()) if len(smaller) > 1 else next(iter(smaller.values()))
    plain = isinstance(sizes, tuple) and all(isinstance(size, int) for size in sizes)
    label = f"{word} {'x'.join(map(str, sizes)) if plain else write(sizes)}"
    return case.placed(label, "in"), case.changed(part, **smaller)


def _at_most(value: Any, limit: int) -> Any:
    return tuple(_at_most(item, limit) for item in value) if isinstance(value, tuple) else min(value, limit)


def right_dims(case: Case) -> Iterator[list[Candidate]]:
    """The same order of as many axes as there are."""
    if case.class_name == "Permute" and case.sizes:
        part, rank = case.parts(case.name)[0], len(case.sizes[0])
        kept = [axis for axis in case.spec.arguments.get("dims", ()) if axis <= rank]
        dims = (*kept, *(axis for axis in range(1, rank + 1) if axis not in kept))
        if rank > 1:
            is_no_order = list(dims) == sorted(dims)
            yield [case.set(part, dims=(2, 1, *range(3, rank + 1)) if is_no_order else dims)]


def right_target(case: Case) -> Iterator[list[Candidate]]:
    """A target whose sizes multiply to the input's, or an input whose size is the target's."""
    target = case.spec.arguments.get("target_shape")
    if case.class_name != "Reshape" or not case.sizes or None in case.sizes[0] or not isinstance(target, tuple):
        return
    part, whole = case.parts(case.name)[0], math.prod(case.sizes[0])
    source = case.parts(case.sources[0])[0]
    if source.class_name == "Dense" and len(case.sizes[0]) == 1 and -1 not in target:
        yield [case.set(source, output_dim=math.prod(target))]
    without_batch = [target[1:]] if math.prod(target[1:]) == whole else []
    yield from ([case.set(part, target_shape=sizes)] for sizes in [*without_batch, *_solved(target, whole)])
    yield [case.set(part, target_shape=(-1,))]


def _solved(target: tuple, whole: int) -> Iterator[tuple]:
    """The target with one size changed, the last one first, so that all multiply to the whole."""
    if -1 in target:
        yield from _divided(target, whole)
        return
    for axis in reversed(range(len(target))):
        rest = math.prod(size for other, size in enumerate(target) if other != axis)
        if rest > 0 and whole % rest == 0:
            yield (*target[:axis], whole // rest, *target[axis + 1 :])


def _divided(target: tuple, whole: int) -> Iterator[tuple]:
    """The target with one size changed to the nearest that the rest can be divided by, which -1 stands for."""
    for axis in reversed(range(len(target))):
        others = math.prod(size for other, size in enumerate(target) if other != axis and size != -1)
        if target[axis] != -1 and others > 0 and whole % others == 0:
            fitting = [size for size in range(1, whole // others + 1) if whole // others % size == 0]
            nearest = min(fitting, key=lambda size: abs(size - target[axis]))
            yield (*target[:axis], nearest, *target[axis + 1 :])


def right_output_shape(case: Case) -> Iterator[list[Candidate]]:
    """Strides or a border that give this output, or the output that these give."""
    part = case.parts(case.name)[0]
    if case.class_name != "Deconvolution2D" or not case.sizes or len(case.sizes[0]) != 3 or None in case.sizes[0]:
        return
    is_first = order_of(part) == "th"
    sizes = case.sizes[0][1:] if is_first else case.sizes[0][:-1]
    kernel, steps = (part.value("nb_row"), part.value("nb_col")), part.value("subsample")
    same = part.value("border_mode") == "same"
    axes = zip(sizes, steps, kernel, strict=True)
    grown = [size * step if same else (size - 1) * step + width for size, step, width in axes]
    features = part.value("nb_filter")
    if (asked := case.spec.arguments.get("output_shape")) is not None:
        wanted = asked[2:] if is_first else asked[1:-1]
        other = "tf" if is_first else "th"
        if asked[-1 if is_first else 1] == features != asked[1 if is_first else -1]:
            yield [case.set(part, dim_ordering=other)]
        strides = tuple(-(-size // own) for size, own in zip(wanted, sizes, strict=True))
        yield [case.set(part, subsample=strides), case.set(part, border_mode="valid" if same else "same")]
    yield [case.set(part, output_shape=(None, features, *grown) if is_first else (None, *grown, features))]
