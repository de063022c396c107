"""In what runs differ: model, how it was compiled and fitted, data, libraries, and what came of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from .record import RunRecord

__all__ = ["Difference", "differences"]

_PARTS = ("backend", "training", "arguments", "data", "versions")
# what differs in any two runs, or says nothing by itself
_SILENT = ("name", "hash", "inbound_nodes", "input_layers", "output_layers", "planned", "verbose")
# what a copy of a layer is told and the original found out by itself: of one that does not say it, nothing is known
_DERIVED = (".batch_input_shape", ".input_dtype", ".input_dim")
_ABSENT = "-"


@dataclass(frozen=True)
class Difference:
    """One thing in which runs differ, with the value of each."""

    what: str
    values: tuple[str, ...]


def differences(records: Sequence[RunRecord]) -> list[Difference]:
    """What is not the same in all of these runs: results first, then the model, then the rest."""
    told = [{**_results(record), **_model(record, records), **_rest(record)} for record in records]
    found = []
    for what in dict.fromkeys(name for each in told for name in each):
        values = tuple(each.get(what, _ABSENT) for each in told)
        said = set(values) - ({_ABSENT, "None"} if what.endswith(_DERIVED) else set())
        if len(said) > 1:
            found.append(Difference(what, values))
    return found


def _results(record: RunRecord) -> dict[str, str]:
    best = record.best
    return {
        "ended": record.describe(),
        "best epoch": _ABSENT if record.best_epoch is None else str(record.best_epoch),
        **({f"best {best[0]}": f"{best[1]:.4g}"} if best else {}),
        "seconds": f"{record.points[-1].seconds:.1f}" if record.points else _ABSENT,
    }


def _model(record: RunRecord, records: Sequence[RunRecord]) -> dict[str, str]:
    described = {"parameters": str((record.description.get("model") or {}).get("parameters", _ABSENT))}
    if len({tuple(map(_class, _layers(each))) for each in records}) > 1:  # place by place they would all differ
        return described | {"layers": ", ".join(map(_class, _layers(record))) or _ABSENT}
    for place, layer in enumerate(_layers(record), 1):
        described |= dict(_flat(layer.get("config"), f"layer {place}, {_class(layer)}"))
    return described


def _layers(record: RunRecord) -> list[dict]:
    config = (record.configuration or {}).get("config")
    layers = config.get("layers") if isinstance(config, dict) else config
    return [layer for layer in layers or () if isinstance(layer, dict)]


def _class(layer: dict) -> str:
    return str(layer.get("class_name"))


def _rest(record: RunRecord) -> dict[str, str]:
    told = dict(pair for part in _PARTS for pair in _flat(record.description.get(part), part))
    same_data = [each.get("hash") for each in (record.description.get("data") or {}).get("training") or ()]
    return told | {"data.hash": " ".join(str(each)[7:15] for each in same_data)}


def _flat(value: Any, path: str) -> Iterator[tuple[str, str]]:
    """Each plain value under its path."""
    if isinstance(value, dict):
        for name, inner in value.items():
            if name not in _SILENT:
                yield from _flat(inner, f"{path}.{name}")
    elif isinstance(value, list) and any(isinstance(each, dict | list) for each in value):
        for place, inner in enumerate(value, 1):
            yield from _flat(inner, f"{path}.{place}")
    else:
        yield path, f"{value:.6g}" if isinstance(value, float) else str(value)
