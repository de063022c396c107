"""What the words of a config mean in the Keras that wrote it, where two Kerases mean different things by one word."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from .... import backend as K
from ....caller import warn_user
from ....errors import ArgumentError

__all__ = ["as_written_by", "divides_penalties", "is_of_tensorflow", "is_policy", "policy_name", "version_in"]
__all__ += ["without_identities", "MEANINGS"]

# arguments of layers here that files of tf.keras and Keras 3 mean without a word
MEANINGS = ("averages_when_frozen", "leaves_masked_out", "divides_by_batch")

# words that Keras 3 gave another meaning -> our words for that
_SINCE_3 = {"hard_sigmoid": "hard_sigmoid_later"}
_ACTIVATIONS = ("activation", "recurrent_activation")
_FLOATS = ("float16", "bfloat16", "float32", "float64")

# the last Keras whose files are known
_LAST = 3


def as_written_by(config: Any, version: str, what: str) -> Any:
    """The config of a model in words that mean here what they meant where it was written.

    Args:
        version: of the Keras that wrote it; empty if it is to be seen from the config.
        what: the file or text, for messages.

    Raises:
        ArgumentError: its weights are quantized.
    """
    policies = dict.fromkeys(
        name for one in _inside(config) if (name := policy_name(one.get("dtype"))) and is_policy(one["dtype"])
    )
    quantized = [name for name in policies if name.removeprefix("mixed_") not in _FLOATS]
    if quantized:
        raise ArgumentError(
            f"{what}: its layers have the dtype policy {quantized[0]}; quantized layers are not read.",
            "Save the model there before it is quantized.",
        )
    others = [name for name in policies if name != K.floatx()]
    if others:
        warn_user(
            f"{what}: its layers compute in {', '.join(others)} where it was written, and in {K.floatx()} here; what "
            "the model gives differs a little.",
        )
    if any(one.get("lora_rank") for one in _inside(config)):
        warn_user(f"{what}: it has layers with lora_rank; their kernels come whole, and are trained whole here.")
    version = version or version_in(config)
    major = _major(version)
    if major > _LAST:
        warn_user(
            f"{what} is of Keras {version[:20]}; kerasnb knows those up to {_LAST}, and reads it as one of {_LAST}."
        )
    config = _with_joined_gates(_renamed(config)) if major >= 3 else config
    return _with_meanings(config, version) if is_of_tensorflow(version) else config


def _major(version: str) -> int:
    found = re.match(r"\d{1,4}", version)
    return int(found[0]) if found else 0


def _with_joined_gates(config: Any) -> Any:
    """The config with gates that are kept in one array, as in Keras 3: optimizers take norms of whole arrays."""
    for one in _inside(config):
        if one.get("class_name") in ("LSTM", "GRU") and isinstance(one.get("config"), dict):
            one["config"].setdefault("implementation", 2)
    return config


def version_in(config: Any) -> str:
    """The version of Keras that a config shows by how it is written; empty if that is none of 3."""
    return "3.0" if any(_is_of_keras_3(one) for one in _inside(config)) else ""


def is_of_tensorflow(version: str) -> bool:
    """Whether this is a version of TensorFlow's Keras, or of Keras 3; Keras 2 by itself ended with 2.3."""
    found = re.match(r"(\d+)\.(\d+)", version)
    return found is not None and ("-tf" in version or (int(found[1]), int(found[2])) >= (2, 4))


def divides_penalties(version: str) -> bool:
    """Whether penalties on outputs are divided by the batch's size there: not in Keras 3.0 to 3.13."""
    found = re.match(r"3\.(\d+)", version)
    return is_of_tensorflow(version) and not (found is not None and int(found[1]) < 14)


def _leaves_masked_out(version: str) -> bool:
    """Whether batch normalization takes no notice of masked steps there."""
    found = re.match(r"(\d+)\.(\d+)", version)
    return found is not None and (int(found[1]), int(found[2])) >= (2, 12)


def _has_fixed_sizes(config: Any) -> bool:
    """Whether all inputs have sizes that are known, but for that of the batch."""
    shapes = [one.get(name) for one in _inside(config) for name in ("batch_shape", "batch_input_shape")]
    return not any(isinstance(shape, list | tuple) and None in shape[1:] for shape in shapes)


def _with_meanings(config: Any, version: str) -> Any:
    """The config with what tf.keras and Keras 3 do without a word, and layers here where they are told."""
    divides, leaves_out, is_fixed = divides_penalties(version), _leaves_masked_out(version), _has_fixed_sizes(config)
    for one in _inside(config):
        arguments = one.get("config")
        if not isinstance(arguments, dict):
            continue
        if one.get("class_name") == "BatchNormalization":
            arguments["averages_when_frozen"] = True
            if leaves_out:
                arguments["leaves_masked_out"] = True
        if arguments.get("unroll") and not is_fixed:
            # there the size of a batch is enough to unroll, here it must be that of all; a loop gives the same
            arguments["unroll"] = False
        if divides and one.get("class_name") == "ActivityRegularization":
            arguments["divides_by_batch"] = True
        penalty = arguments.get("activity_regularizer")
        if divides and penalty is not None and "class_name" in one:
            arguments["activity_regularizer"] = {"class_name": "PerSample", "config": {"regularizer": penalty}}
    return config


def _inside(value: Any) -> Iterator[dict]:
    """All dictionaries in a config, without recursion: a damaged one may be deeper than Python's stack."""
    waiting = [value]
    while waiting:
        one = waiting.pop()
        if isinstance(one, dict):
            yield one
            waiting += one.values()
        elif isinstance(one, list | tuple):
            waiting += one


def _is_of_keras_3(config: dict) -> bool:
    return config.get("class_name") == "DTypePolicy" or config.get("class_name") == "__keras_tensor__"


def _renamed(value: Any) -> Any:
    if isinstance(value, dict):
        return {
            name: _SINCE_3.get(one, one) if name in _ACTIVATIONS and isinstance(one, str) else _renamed(one)
            for name, one in value.items()
        }
    return [_renamed(one) for one in value] if isinstance(value, list | tuple) else value


def is_policy(value: Any) -> bool:
    """Whether a layer's dtype says in what it computes, not what its input is."""
    return isinstance(value, dict) or (isinstance(value, str) and value.startswith("mixed_"))


def policy_name(value: Any) -> str:
    """'mixed_float16' of such a policy by name or as an object."""
    if isinstance(value, dict):
        config = value.get("config")
        value = (config.get("name") or config.get("mode")) if isinstance(config, dict) else None
    return value if isinstance(value, str) else ""


def without_identities(value: Any) -> Any:
    """A config without the numbers by which Keras 3 tells objects apart."""
    if isinstance(value, dict):
        return {name: without_identities(one) for name, one in value.items() if name != "shared_object_id"}
    return [without_identities(one) for one in value] if isinstance(value, list | tuple) else value
