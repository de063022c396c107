"""A layer whose input has too many axes or too few: another class, a wrapper, or axes joined or added before it."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from typing import Any

from ..... import backend as K
from .. import edits
from ..fields import fields_of, starting_arguments
from ..registry import is_layer, layer_class
from ..values import Call
from .case import Candidate, Case, inserted

__all__ = [
    *("unwrapped", "wrapped_as_before", "wrapped", "other_rank", "without_flatten", "needless"),
    *("as_sequence", "channel_added", "words_embedded", "no_words_embedded", "flattened", "unfolded", "reshaped"),
]

_CHANNELS = (1, 3)
_LEAST_SIDE = 4
# makes pictures of a vector's values on purpose, as in a generator
_DRAWS = ("Convolution", "Deconvolution", "AtrousConvolution", "SeparableConvolution", "UpSampling")
_FILM = 4  # axes of frames: time, rows, columns, features
_DRAWN = re.compile(r"[23]D$")


def unwrapped(case: Case) -> Iterator[list[Candidate]]:
    """The layer itself, where its wrapper was given one sample instead of a sequence of them."""
    if case.class_name == "TimeDistributed":
        inner = case.parts(case.name)[-1]
        graph = edits.change(case.graph, case.name, class_name=inner.class_name, arguments=dict(inner.arguments))
        yield [(case.placed(f"{inner.class_name} without TimeDistributed", "in"), graph)]


def wrapped_as_before(case: Case) -> Iterator[list[Candidate]]:
    """The same wrapper as the layer before it has; a layer of pictures on each frame of a film."""
    if case.joins or case.class_name == "RepeatVector":  # which makes a sequence of a vector, never of a sequence
        return
    is_film = case.class_name.endswith("2D") and len(case.sizes[0]) == _FILM
    if is_film or case.graph[case.sources[0]].class_name == "TimeDistributed":
        yield from wrapped(case)


def wrapped(case: Case) -> Iterator[list[Candidate]]:
    """The layer on each time step."""
    if not case.joins and case.sizes and len(case.sizes[0]) > 1 and "layer" not in case.spec.arguments:
        inner = Call(case.class_name, (), tuple(case.spec.arguments.items()))
        graph = edits.change(case.graph, case.name, class_name="TimeDistributed", arguments={"layer": inner})
        yield [(case.placed(f"TimeDistributed({case.class_name})", "for"), graph)]


def other_rank(case: Case) -> Iterator[list[Candidate]]:
    """The layer of the same kind for vectors, sequences, pictures or volumes, whichever the input is."""
    axes = len(case.sizes[0]) - 1
    if case.class_name == "ConvLSTM2D" and axes < 2:
        return  # of what is no picture it is an LSTM: `sequences.without_pictures`
    word = "Convolution" if case.class_name == "ConvLSTM2D" else re.sub(r"[123]D$", "", case.class_name)
    name = f"{word}{axes}D"
    if word == "SpatialDropout" and axes == 0:
        yield [case.replace("Dropout", p=case.parts(case.name)[0].value("p"))]
    if word != case.class_name and is_layer(name) and name != case.class_name:
        graph = edits.change(case.graph, case.name, class_name=name, arguments=_for_rank(case, name))
        yield [(case.placed(f"{name} instead", "of"), graph)]


def as_sequence(case: Case) -> Iterator[list[Candidate]]:
    """A layer of pictures as that of sequences, where a row of numbers is no picture: each number is a step."""
    name = re.sub(r"[23]D$", "1D", case.class_name)
    sizes = case.sizes[0] if case.sizes else ()
    if case.joins or len(sizes) != 1 or None in sizes or name == case.class_name or not is_layer(name):
        return
    if case.class_name.startswith(_DRAWS) and case.graph[case.sources[0]].is_input and not list(_pictures(sizes[0])):
        graph = edits.change(case.graph, case.name, class_name=name, arguments=_for_rank(case, name))
        label, graph = Case(graph, case.name, case.results, case.asked).insert("Reshape", target_shape=(*sizes, 1))
        yield [(f"{case.placed(f'{name} instead', 'of')}, {label}", graph)]


def _for_rank(case: Case, class_name: str) -> dict[str, Any]:
    """The arguments both classes have, and the window for as many axes."""
    cls, arguments = layer_class(class_name), case.spec.arguments
    names = {field.name for field in fields_of(cls)}
    kept = {name: value for name, value in arguments.items() if name in names and isinstance(value, str | bool | Call)}
    kept |= {name: arguments[name] for name in ("nb_filter", "p") if name in arguments and name in names}
    return {**starting_arguments(cls), **_window(arguments, names), **kept}


def _window(arguments: Any, names: set[str]) -> dict[str, Any]:
    sizes = [arguments[name] for name in ("nb_row", "filter_length", "kernel_dim1") if name in arguments]
    wanted = {"nb_row", "nb_col", "filter_length", "kernel_dim1", "kernel_dim2", "kernel_dim3"} & names
    return dict.fromkeys(wanted, sizes[0]) if sizes else {}


def without_flatten(case: Case) -> Iterator[list[Candidate]]:
    """The picture as it was before it was made a vector, for layers that need its axes."""
    for source in case.sources:
        makes_vector = case.graph[source].class_name.startswith(("Flatten", "Global"))
        if not makes_vector or case.joins or case.class_name == "Flatten":
            continue
        yield [case.remove(source)]
        before = case.sizes_of(case.graph.inputs_of(source)[0])
        if len(before) > 2 and None not in before:
            yield [case.replace("Reshape", source, target_shape=(before[0], math.prod(before[1:])))]


def needless(case: Case) -> Iterator[list[Candidate]]:
    """A layer that has nothing to do: flattening or pooling a vector, pooling one value."""
    sizes = case.sizes[0] if case.sizes else ()
    before = case.graph[case.sources[0]]
    is_done = case.class_name == "Flatten" or "Pooling" in case.class_name and not before.is_input
    inner = case.parts(case.name)[-1]
    is_done_each = inner.is_inside and len(sizes) == 2 and (inner.class_name == "Flatten" or "Pool" in inner.class_name)
    if (len(sizes) == 1 and is_done and before.class_name != "Flatten") or is_done_each or _pools_one_value(case):
        yield [case.remove(case.name)]


def _pools_one_value(case: Case) -> bool:
    return "Pooling" in case.class_name and case.is_one_value


def channel_added(case: Case) -> Iterator[list[Candidate]]:
    """One axis more for the model's own input, or for what was reshaped: grey pictures lack their channel."""
    sizes, before = case.sizes[0], case.graph[case.sources[0]]
    if not _DRAWN.search(case.class_name) or None in sizes:
        return
    if before.class_name == "Reshape":
        yield [case.set(case.parts(before.name)[0], target_shape=(*sizes, 1))]
    elif before.is_input and len(sizes) == 1:
        yield [case.insert("Reshape", target_shape=target) for target in _pictures(sizes[0])]
    elif before.is_input and sizes[-1] > max(_CHANNELS):
        yield [case.insert("Reshape", target_shape=(*sizes, 1))]


def words_embedded(case: Case) -> Iterator[list[Candidate]]:
    """Numbers of words made into vectors."""
    output = case.results[case.sources[0]].signal
    if output.dtype.startswith("int") and len(output.shape) == 2:
        yield [case.insert("Embedding", **starting_arguments(layer_class("Embedding")))]


def unfolded(case: Case) -> Iterator[list[Candidate]]:
    """A picture of a vector's values, for layers that draw."""
    sizes = case.sizes[0] if case.sizes else ()
    if len(sizes) == 1 and None not in sizes and case.class_name.startswith(_DRAWS):
        is_made = not case.graph[case.sources[0]].is_input
        targets = [*_pictures(sizes[0]), *(_drawn(sizes[0]) if is_made else ())]
        yield [case.insert("Reshape", target_shape=target) for target in targets]


def _drawn(size: int) -> Iterator[tuple]:
    """The smallest square of so many values with a power of two features, as a generator begins: 7 x 7 x 128."""
    for side in range(_LEAST_SIDE, math.isqrt(size) + 1):
        features = size // side**2
        if features > 1 and features * side**2 == size and features & (features - 1) == 0:
            yield (side, side, features) if K.image_dim_ordering() == "tf" else (features, side, side)
            return


def _pictures(size: int) -> Iterator[tuple]:
    """Square pictures of so many values, grey or coloured, in the order of this session."""
    for channels in _CHANNELS:
        side = math.isqrt(size // channels)
        if side > 1 and side * side * channels == size:
            yield (side, side, channels) if K.image_dim_ordering() == "tf" else (channels, side, side)


def no_words_embedded(case: Case) -> Iterator[list[Candidate]]:
    """Without an Embedding of what already are vectors: it takes numbers of words. Of a picture, rows are steps."""
    for spec in (spec for source in case.sources for spec in case.above(source)):
        if spec.class_name == "Embedding" and case.graph.inputs_of(spec.name):
            source = case.graph.inputs_of(spec.name)[0]
            given, sizes = case.results[source].signal, case.sizes_of(source)
            if len(given.shape) > 2 and not given.dtype.startswith("int"):
                removed = case.remove(spec.name)
                yield [removed, *(_rows_read(case, removed, source) if len(sizes) > 2 and None not in sizes else ())]


def _rows_read(case: Case, removed: Candidate, source: str) -> Iterator[Candidate]:
    label, graph = removed
    if graph.inputs_of(case.name) == [source]:
        sizes = case.sizes_of(source)
        target = (sizes[0], math.prod(sizes[1:]))
        yield (
            f"{label}, Reshape({target}) before it",
            inserted(graph, "Reshape", {"target_shape": target}, source, case.name),
        )


def flattened(case: Case) -> Iterator[list[Candidate]]:
    """All axes joined into one."""
    if not case.joins and case.sizes and len(case.sizes[0]) > 1 and case.class_name != "Lambda":
        yield [case.insert("Flatten")]


def reshaped(case: Case) -> Iterator[list[Candidate]]:
    """Axes joined at the end, or one more: it runs, and is right where each row or number is a time step."""
    if case.joins or not case.sizes or None in case.sizes[0] or case.class_name in ("Lambda", "Flatten"):
        return
    sizes = case.sizes[0]
    if len(sizes) > 3:
        yield [case.insert("TimeDistributed", layer=Call("Flatten"))]
    targets = [(sizes[0], math.prod(sizes[1:]))] if len(sizes) > 2 else []
    targets += [(*sizes, 1)] if len(sizes) == 1 or not case.class_name.startswith(("Max", "Average", "Global")) else []
    yield [case.insert("Reshape", target_shape=target) for target in targets]
