"""YAML that makes data only: no text can ask for a Python object, except for tuples."""

from __future__ import annotations

import functools
from typing import Any

from ..errors import ArgumentError
from .damage import damage_named

__all__ = ["read_yaml"]

_ADVICE = "model_from_yaml reads what model.to_yaml() wrote."
_LARGEST = 1_000_000  # values; a model of 1,000 layers has 30,000
_DEEPEST = 500  # brackets
_PYTHON = "tag:yaml.org,2002:python/"


def read_yaml(text: str) -> Any:
    """The data that YAML text describes.

    Raises:
        ArgumentError: it is no YAML, asks for Python objects, or would fill the memory by repeating itself.
    """
    import yaml

    loader = None
    try:
        with damage_named("this YAML", _ADVICE):
            loader = _loader()(text)
            node = loader.get_single_node()
            _check_size(node)
            return None if node is None else loader.construct_document(node)
    except yaml.constructor.ConstructorError as error:
        raise ArgumentError(
            f"this YAML asks for Python objects, which are not made: {error.problem}.",
            "Models are written without such: model.to_yaml().",
        ) from error
    except yaml.YAMLError as error:
        raise ArgumentError(f"this is no YAML ({error}).", _ADVICE) from error
    finally:
        if loader is not None:
            loader.dispose()


def _check_size(root: Any) -> None:
    """Refuse aliases of aliases of aliases: written out they are longer than any memory, or endless."""
    sizes: dict[int, int] = {}
    waiting = [root] if root is not None else []
    while waiting:
        node = waiting[-1]
        inner = _inside(node)
        unknown = [one for one in inner if id(one) not in sizes]
        if unknown and sizes.setdefault(-id(node), 0):
            raise ArgumentError("this YAML has a value that contains itself.", _ADVICE)
        sizes[-id(node)] = 1
        if unknown:
            waiting += unknown
            continue
        sizes[id(node)] = 1 + sum(sizes[id(one)] for one in inner)
        if sizes[id(node)] > _LARGEST:
            raise ArgumentError(f"this YAML repeats itself: written out it has more than {_LARGEST:,} values.", _ADVICE)
        waiting.pop()


def _inside(node: Any) -> list[Any]:
    if not isinstance(node.value, list):
        return []
    return [part for one in node.value for part in (one if isinstance(one, tuple) else (one,))]


@functools.cache
def _loader() -> type:
    """PyYAML's safe loader, which also knows the tuples that Keras 1 wrote."""
    import yaml

    class Loader(yaml.SafeLoader):
        def fetch_flow_collection_start(self, token_class):
            if self.flow_level > _DEEPEST:
                raise yaml.scanner.ScannerError(None, None, "it is nested too deeply", self.get_mark())
            super().fetch_flow_collection_start(token_class)

    Loader.add_constructor(f"{_PYTHON}tuple", lambda loader, node: tuple(loader.construct_sequence(node, deep=True)))
    for name in ("unicode", "str"):
        Loader.add_constructor(f"{_PYTHON}{name}", lambda loader, node: loader.construct_scalar(node))
    return Loader
