"""An operation between layers in the words of Keras 3: `ops.add(x, 1)`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ....spelling.later import snake_case
from ..document.graph import LayerSpec
from ..document.values import write

__all__ = ["operation"]

# what stands in front of the tensors in a call
_FRONT = {"Einsum": ("subscripts",)}


def operation(spec: LayerSpec, sources: Sequence[str]) -> str:
    """Its call on these tensors.

    >>> add = LayerSpec("add", "Operator", {"operation": "Add", "given": [{"tensor": 0}, 1]})
    >>> operation(add, ["x"])
    'ops.add(x, 1)'
    """
    name, given = spec.arguments["operation"], spec.arguments.get("given", [{"tensor": 0}])
    if name == "GetItem":
        source, key = (_written(one, sources) for one in given)
        return f"{source}[{key[1:-1] if key[0] in '([' else key}]"
    settings = spec.arguments.get("settings") or {}
    front = [write(settings[word]) for word in _FRONT.get(name, ())]
    words = [f"{word}={write(value)}" for word, value in settings.items() if word not in _FRONT.get(name, ())]
    return f"ops.{snake_case(name)}({', '.join([*front, *(_written(one, sources) for one in given), *words])})"


def _written(value: Any, sources: Sequence[str]) -> str:
    if isinstance(value, dict) and value.keys() == {"tensor"}:
        return sources[value["tensor"]]
    if isinstance(value, dict) and value.get("class_name") == "__slice__":
        ends = [value["config"].get(end) for end in ("start", "stop", "step")]
        start, stop, step = ("" if end is None else write(end) for end in ends)
        return f"{start}:{stop}" + (f":{step}" if step else "")
    if isinstance(value, dict) and value.get("class_name") == "__ellipsis__":
        return "..."
    if isinstance(value, dict) and value.get("class_name") in ("__numpy__", "__tensor__"):
        return f"ops.convert_to_tensor({write(value['config']['value'])}, {write(value['config']['dtype'])})"
    if isinstance(value, list | tuple):
        inner = ", ".join(_written(one, sources) for one in value)
        return f"({inner})" if isinstance(value, tuple) else f"[{inner}]"
    return write(value)
