"""The totals of a document: parameters, memory, multiply-adds, each as text."""

from __future__ import annotations

from ....report.numbers import count
from ..document.document import Document
from ..document.picking import is_pick

__all__ = ["counts_beside", "totals", "table_figures", "layer_count", "layers_text"]

BATCH = 32  # samples for which memory is estimated
FLOAT_BYTES = 4
NARROW_SPACE = "\u202f"
_CARD_LETTERS = 28


def totals(document: Document) -> list[list[str]]:
    """The figures of the top bar, each with its words."""
    params, trainable = _counts(document)
    partial = " so far" if document.failed else ""
    memory = _memory(document)
    size = ["", "memory unknown "] if memory is None else [_size(sum(memory)), ""]
    return [
        [count(params), f"parameters{partial}"],
        [count(trainable), f"trainable{partial}"],
        [size[0], f"{size[1]}at batch {BATCH}"],
    ]


def _memory(document: Document) -> tuple[int, int] | None:
    """KiB of all outputs for one batch, and of the weights; None while a size is unknown."""
    values = _output_values(document)
    if values is None:
        return None
    return round(FLOAT_BYTES * BATCH * values / 1024), round(FLOAT_BYTES * _counts(document)[0] / 1024)


def _output_values(document: Document) -> int | None:
    total = 0
    for result in document.results.values():
        if result.output is None:
            return None
        size = 1
        for length in result.output.shape[1:]:
            if length is None:
                return None
            size *= length
        total += size
    return total


def _counts(document: Document) -> tuple[int, int]:
    results = document.results
    trainable = sum(results[spec.name].trainable_params for spec in document.graph if spec.trainable)
    return sum(result.params for result in results.values()), trainable


def table_figures(document: Document) -> dict[str, str]:
    """The sums under the table."""
    params, trainable = _counts(document)
    adds = [result.multiply_adds for result in document.results.values()]
    known = [one for one in adds if one is not None]
    return {
        "layers": layers_text(layer_count(document)),
        "params": count(params),
        "split": f"{count(trainable)} trainable, {count(params - trainable)} frozen",
        "multiply_adds": count(sum(known) if len(known) == len(adds) else None),
        "memory": _memory_text(document),
    }


def _memory_text(document: Document) -> str:
    memory = _memory(document)
    if memory is None:
        return f"memory unknown at batch {BATCH}"
    outputs, weights = memory
    return f"{_size(outputs + weights)} at batch {BATCH}: outputs {_size(outputs)}, weights {_size(weights)}"


def _size(kib: int) -> str:
    """A size of memory; from 10 MiB on in MiB."""
    return f"{count(kib)}{NARROW_SPACE}KiB" if kib < 10 * 1024 else f"{count(round(kib / 1024))}{NARROW_SPACE}MiB"


def counts_beside(params: int, shape: str, none: str = "no params") -> str:
    """A count as it fits beside the shape on a card: where room is short, without its word.

    Args:
        none: what is said where there is nothing to count.
    """
    words = f"{count(params)} params" if params else none
    return words if len(shape) + len(words) <= _CARD_LETTERS else count(params)


def layer_count(document: Document) -> int:
    """How many layers there are; one that is called several times is one."""
    return len({spec.layer_name for spec in document.graph if not is_pick(spec)})


def layers_text(number: int) -> str:
    """`1 layer`, `2 layers`."""
    return f"{number} layer{'' if number == 1 else 's'}"
