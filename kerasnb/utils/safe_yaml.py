"""YAML that makes data only: no text can ask for a Python object, except for tuples."""

from __future__ import annotations

import functools
from typing import Any

from ..errors import ArgumentError

__all__ = ["read_yaml"]

_PYTHON = "tag:yaml.org,2002:python/"


def read_yaml(text: str) -> Any:
    """The data that YAML text describes.

    Raises:
        ArgumentError: it is no YAML, or asks for Python objects.
    """
    import yaml

    try:
        return yaml.load(text, _loader())
    except yaml.constructor.ConstructorError as error:
        raise ArgumentError(f"this YAML asks for Python objects, which are not made: {error.problem}.",
                            "Models are written without such: model.to_yaml().") from error
    except yaml.YAMLError as error:
        raise ArgumentError(f"this is no YAML ({error}).",
                            "model_from_yaml reads what model.to_yaml() wrote.") from error


@functools.cache
def _loader() -> type:
    """PyYAML's safe loader, which also knows the tuples that Keras 1 wrote."""
    import yaml

    class Loader(yaml.SafeLoader):
        pass

    Loader.add_constructor(f"{_PYTHON}tuple", lambda loader, node: tuple(loader.construct_sequence(node, deep=True)))
    for name in ("unicode", "str"):
        Loader.add_constructor(f"{_PYTHON}{name}", lambda loader, node: loader.construct_scalar(node))
    return Loader
