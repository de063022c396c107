"""Edits offered at a layer that breaks: likely ones are tried, and only those that work are offered."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from . import edits
from .evaluation import Evaluator, Result
from .graph import Graph
from .remedies import axes, inputs, merging, outputs, own_arguments, picture_order, resizing, sequences, shortcuts
from .remedies.case import Candidate, Case

__all__ = ["Fix", "fixes_for"]

_OFFERS = 4
_WHOLE, _TOGETHER, _PARTLY = range(3)  # what a fix makes: the model works; with others' mends; only the layer
_FOLLOWING = 30  # layers that are mended together with the first, where they suffer from the same mistake
_WORDED = 3  # of these edits, as many as a label has room for

Remedy = Callable[[Case], Iterator[list[Candidate]]]

# a mistake that is recognised: what it gives is meant
_SURE: tuple[Remedy, ...] = (
    inputs.one_of_several,
    own_arguments.shared_weights,
    inputs.batch_in_the_shape,
    inputs.sizes_unknown,
    axes.words_embedded,
    axes.no_words_embedded,
    sequences.no_mask,
    own_arguments.last_axes,
    sequences.sequence_flags,
    axes.needless,
    axes.unwrapped,
    axes.wrapped_as_before,
    axes.without_flatten,
    own_arguments.at_defaults,
    sequences.flags_of_all,
    merging.same_vectors,
    merging.as_places,
    own_arguments.right_dims,
    own_arguments.right_target,
    own_arguments.right_output_shape,
    inputs.batch_size,
    axes.channel_added,
    sequences.without_pictures,
    axes.as_sequence,
    axes.other_rank,
    merging.same_sizes,
    resizing.pooled,
    shortcuts.projected,
    resizing.repeated,
)
# what usually helps
_USUAL: tuple[Remedy, ...] = (
    own_arguments.same_border,
    own_arguments.smaller_windows,
    merging.concatenated,
    merging.same_features,
    merging.one_rank,
    resizing.trimmed,
    resizing.padded,
    axes.unfolded,
    axes.flattened,
    own_arguments.no_activation,
    outputs.first_output,
)
# what runs; offered where nothing is recognised
_ROUGH: tuple[Remedy, ...] = (axes.reshaped, axes.wrapped)


@dataclass(frozen=True)
class Fix:
    """One edit: its name in code words, the graph it makes, and the shape the broken layer then gives."""

    label: str
    graph: Graph
    shape: tuple | None


def fixes_for(graph: Graph, name: str, results: Mapping[str, Result], evaluator: Evaluator) -> list[Fix]:
    """Up to four edits after which the layer works, the surest first."""
    trial = _Trial(Case(graph, name, results), evaluator)
    spec = graph[name]
    if spec.is_input or _is_unconnected(graph, name):
        found = trial.working([_connections])
    else:
        found = _mends(trial)
    return [*found[: _OFFERS - 1], *trial.working([_removal])][:_OFFERS]


def _mends(trial: _Trial) -> list[Fix]:
    # in the wrong order of axes every other edit silences the error and keeps the mistake
    order = trial.working([picture_order.other_order])
    if order:
        return order
    sure = trial.working(_SURE)
    return [*sure, *trial.working(_USUAL if sure else [*_USUAL, *_ROUGH]), *trial.working([_without_neighbour])]


class _Trial:
    """Tries the candidates of one case; of each group only the first that works is taken.

    Where layers behind it break as well then, they are mended by the same step, if that makes the model whole.
    """

    def __init__(self, case: Case, evaluator: Evaluator):
        self._case, self._evaluator = case, evaluator
        self._graphs: list[Graph] = []

    def working(self, remedies: list[Remedy] | tuple[Remedy, ...]) -> list[Fix]:
        """The edits that work; those that make the whole model work come first, alone before together with others."""
        found = [fix for remedy in remedies for group in remedy(self._case) if (fix := self._first(group, remedy))]
        # a stable sort: among those that make all work, the surer remedy stays first
        found.sort(key=lambda pair: pair[0])
        return [fix for _, fix in found]

    def _first(self, group: list[Candidate], remedy: Remedy) -> tuple[int, Fix] | None:
        name = self._case.name
        for label, graph in group:
            after = self._evaluator.evaluate(graph)
            if graph not in self._graphs and _helps(name, self._case.results, after):
                self._graphs.append(graph)
                shape = after[name].signal.shape if name in after else None
                if all(result.is_ok for result in after.values()):
                    return _WHOLE, Fix(label, graph, shape)
                whole = None if remedy in _ROUGH else self._followed(label, graph, after, remedy)
                return _TOGETHER if whole else _PARTLY, Fix(*(whole or (label, graph)), shape)
        return None

    def _followed(self, label: str, graph: Graph, results: Mapping[str, Result], remedy: Remedy) -> Candidate | None:
        """The edit and those that mend what breaks behind the layer; None where that makes no whole model."""
        labels = [label]
        for _ in range(_FOLLOWING):
            broken = next((name for name, result in results.items() if result.has_failed), None)
            if broken is None:
                return _together(labels), graph
            before = self._case.results.get(broken)
            if before is None or not before.is_waiting or _is_unconnected(graph, broken):
                return None
            step = self._step(Case(graph, broken, results, self._case.name), remedy)
            if step is None:
                return None
            labels.append(step[0])
            graph = step[1]
            results = self._evaluator.evaluate(graph)
        return None

    def _step(self, case: Case, remedy: Remedy) -> Candidate | None:
        """What mends another layer: by the same remedy, unless that takes layers away, else by the surest."""
        removes = remedy in (_removal, _without_neighbour)
        for each in (*(() if removes else (remedy,)), *_SURE, *_USUAL):
            for group in each(case):
                for label, graph in group:
                    if _helps(case.name, case.results, self._evaluator.evaluate(graph)):
                        return label, graph
        return None


def _together(labels: list[str]) -> str:
    if len(labels) <= _WORDED:
        return ", ".join(labels)
    return f"{', '.join(labels[: _WORDED - 1])} and {len(labels) - _WORDED + 1} more"


def _is_unconnected(graph: Graph, name: str) -> bool:
    return len(graph.inputs_of(name)) < (2 if edits.takes_many(graph[name]) else 1)


def _helps(name: str, before: Mapping[str, Result], after: Mapping[str, Result]) -> bool:
    # an edit that moves the error elsewhere is no fix
    breaks = any(before[other].is_ok and after[other].has_failed for other in before if other in after)
    return not breaks and (name not in after or after[name].is_ok)


def _connections(case: Case) -> Iterator[list[Candidate]]:
    graph, spec = case.graph, case.spec
    for other in graph.ordered:
        if spec.is_input and not other.is_input and not graph.inputs_of(other.name):
            yield [(f"connect to {other.name}", edits.connect(graph, spec.name, other.name))]
        elif not spec.is_input and other.name in graph.ends and not graph.reaches(spec.name, other.name):
            yield [(f"connect {other.name}", edits.connect(graph, other.name, spec.name))]


def _removal(case: Case) -> Iterator[list[Candidate]]:
    if not case.spec.is_input or len(case.graph) > 1:
        yield [case.remove(case.name)]


def _without_neighbour(case: Case) -> Iterator[list[Candidate]]:
    for source in case.sources:
        if not case.graph[source].is_input:
            yield [case.remove(source)]
