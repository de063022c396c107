"""An optimizer of Keras 3 for what is trainable now, with what it knew of each variable."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

__all__ = ["keep_slots", "with_slots"]


def keep_slots(model: Any) -> Any:
    """The optimizer that a model is to be compiled with again.

    The very same where it knows exactly what is trainable, or nothing yet; else a new one with the same arguments,
    counters and rate, and with the state of each variable that both know.
    """
    optimizer, variables = model.optimizer, model.trainable_variables
    if not optimizer.built or _ids(optimizer._trainable_variables) == _ids(variables):
        return optimizer
    return with_slots(model, type(optimizer).from_config(optimizer.get_config()))


def with_slots(model: Any, made: Any) -> Any:
    """An optimizer that was just made, with counters, rate and slots of the model's own where they are of one class."""
    present = getattr(model, "optimizer", None)
    if type(made) is type(present) and present.built:
        made.build(model.trainable_variables)
        _copy(present, made)
    return made


def _ids(variables: list[Any]) -> list[int]:
    return [id(each) for each in variables]


def _copy(old: Any, new: Any) -> None:
    """Give the new optimizer what the old one knows: of each slot of a variable it is told by its place."""
    before = _slots(old)
    for key, variable in _slots(new).items():
        if key in before and before[key].shape == variable.shape:
            variable.assign(before[key])


def _slots(optimizer: Any) -> dict[tuple, Any]:
    """Each variable of an optimizer: by its name and, where it belongs to a variable of the model, by that one."""
    prefixes: dict[str, list[Any]] = defaultdict(list)
    for variable in optimizer._trainable_variables:
        prefixes[variable.path.replace("/", "_")].append(variable)
    found: dict[tuple, Any] = {}
    seen: dict[str, int] = defaultdict(int)
    for slot in optimizer.variables:
        name = slot.name
        owner = max((prefix for prefix in prefixes if name.startswith(f"{prefix}_")), key=len, default="")
        owners = prefixes.get(owner, [])
        # variables of the same path come in the order of the model's
        of = id(owners[seen[name] % len(owners)]) if owners else None
        seen[name] += 1
        found[(name[len(owner) :] if owner else name, of)] = slot
    return found
