"""Models: from their configs, and Keras's path to `Model` and `Sequential`."""

from __future__ import annotations

from . import layers as _layers  # noqa: F401 - whose classes a file may name
from .carried import carry
from .engine.container import Container
from .engine.described import described
from .engine.files.configs import model_from_description
from .engine.inputs import InputLayer
from .engine.node import one_or_list, to_list
from .engine.saving import load_model, save_model
from .engine.sequential import Sequential
from .engine.training import Model
from .errors import ArgumentError
from .utils.damage import read_json
from .utils.safe_yaml import read_yaml

__all__ = [
    "Model",
    "Sequential",
    "clone_model",
    "model_from_config",
    "model_from_json",
    "model_from_yaml",
    "save_model",
    "load_model",
]


def model_from_config(config: dict, custom_objects: dict | None = None, trust_code: bool = False) -> Container:
    """The model that `{"class_name": ..., "config": ...}` describes, with new weights.

    Args:
        custom_objects: your own classes and functions by name, for this call only.
        trust_code: run Python code that the config holds (of a Lambda or Merge); only where you trust its origin.
    """
    if isinstance(config, list):
        raise ArgumentError(
            "model_from_config needs {'class_name': ..., 'config': ...}, got a list.",
            "For a Sequential's config, use Sequential.from_config(config).",
        )
    return model_from_description(config, custom_objects, trust_code, "the config")


def clone_model(model: Container, input_tensors=None) -> Container:
    """A model of the same layers, with new weights.

    Args:
        input_tensors: what it starts from, a tensor or one for each input; by default new inputs.
    """
    # the code of its own functions is this program's
    config = described(model, model.get_config())
    clone = model_from_config(config, trust_code=True)
    if input_tensors is None:
        return clone
    inputs = [
        one if hasattr(one, "_keras_history") else InputLayer(input_tensor=one).output for one in to_list(input_tensors)
    ]
    return Model(inputs, clone(one_or_list(inputs)), name=clone.name)


def model_from_json(json_string: str, custom_objects: dict | None = None, trust_code: bool = False) -> Container:
    """The model that `to_json` wrote, with new weights.

    Args:
        custom_objects, trust_code: as for model_from_config.

    Raises:
        ArgumentError: the text is no JSON.
    """
    config = read_json(json_string, "model_from_json: this is no JSON", "It reads what model.to_json() wrote.")
    return model_from_config(config, custom_objects, trust_code)


def model_from_yaml(yaml_string: str, custom_objects: dict | None = None, trust_code: bool = False) -> Container:
    """The model that `to_yaml` wrote, with new weights.

    Args:
        custom_objects, trust_code: as for model_from_config.

    Raises:
        ArgumentError: the text is no YAML, or asks for Python objects.
    """
    return model_from_config(read_yaml(yaml_string), custom_objects, trust_code)


carry(__name__)
