"""What the user may set for all of kerasnb, and the file it is read from."""

from __future__ import annotations

import importlib.util
import json
import os
from pathlib import Path
from typing import Any

import numpy as np

from ..caller import warn_user
from ..errors import ArgumentError, BackendError, unknown_name

__all__ = [
    "floatx",
    "set_floatx",
    "epsilon",
    "set_epsilon",
    "image_dim_ordering",
    "set_image_dim_ordering",
    "resolve_ordering",
    "image_data_format",
    "set_image_data_format",
    "cast_to_floatx",
    "BACKENDS",
    "ORDERINGS",
    "LIBRARIES",
    "configured_backend",
    "check_backend_name",
    "available_backends",
    "flips_kernels",
    "legacy_weight_ordering",
    "set_legacy_weight_ordering",
    "frozen_statistics",
    "set_frozen_statistics",
]

BACKENDS = ("tensorflow", "theano")
ELSEWHERE = ("cntk", "jax", "numpy", "openvino", "torch")  # backends of other Kerases
LIBRARIES = {"tensorflow": "tensorflow", "theano": "pytensor"}
_FLOATS = ("float16", "float32", "float64")
ORDERINGS = {"th": "th", "tf": "tf", "channels_first": "th", "channels_last": "tf"}
_ADVICE = 'Set KERASNB_BACKEND or call K.use("theano").'

_settings: dict[str, Any] = {
    "floatx": "float32",
    "epsilon": 1e-7,
    "image_dim_ordering": "tf",
    "backend": None,
    "legacy_weight_ordering": False,
    "frozen_statistics": "auto",
}


def floatx() -> str:
    """The float type of new variables and placeholders: 'float16', 'float32' or 'float64'."""
    return _settings["floatx"]


def set_floatx(floatx: str) -> None:
    """Set the float type of variables and placeholders made from now on."""
    if str(floatx) not in _FLOATS:
        raise unknown_name("float type", floatx, _FLOATS, 'Call K.set_floatx("float32").')
    _settings["floatx"] = str(floatx)


def epsilon() -> float:
    """The small number that keeps logarithms and divisions finite (1e-7)."""
    return _settings["epsilon"]


def set_epsilon(e: float) -> None:
    """Set the small number that keeps logarithms and divisions finite."""
    _settings["epsilon"] = float(e)


def frozen_statistics() -> str:
    """What running averages of frozen layers do: 'move' (Keras 1.2), 'stay' (Keras 2.1.3 and later), or 'auto'."""
    return _settings["frozen_statistics"]


def set_frozen_statistics(rule: str) -> None:
    """Set whether running averages of frozen layers 'move' or 'stay', from the next compile on.

    With 'auto' they stay in models spelt in a later way: `kernel_initializer=`, `Model(inputs=...)`, `fit(epochs=...)`.
    """
    if rule not in ("auto", "move", "stay"):
        raise unknown_name("rule", rule, ("auto", "move", "stay"), 'Call K.set_frozen_statistics("stay").')
    _settings["frozen_statistics"] = rule


def image_dim_ordering() -> str:
    """Where the features axis of images is: 'tf' (rows, cols, features) or 'th' (features, rows, cols)."""
    return _settings["image_dim_ordering"]


def set_image_dim_ordering(dim_ordering: str) -> None:
    """Set the default order of image axes for layers made from now on: 'tf' or 'th'."""
    if dim_ordering not in ORDERINGS:
        raise unknown_name("dim_ordering", dim_ordering, ORDERINGS, 'Call K.set_image_dim_ordering("tf").')
    _settings["image_dim_ordering"] = ORDERINGS[dim_ordering]


def resolve_ordering(dim_ordering: str | None) -> str:
    """'th' or 'tf', 'default' (and None) being the one set for all."""
    if dim_ordering in ("default", None):
        return image_dim_ordering()
    if dim_ordering not in ORDERINGS:
        raise unknown_name("dim_ordering", dim_ordering, ("th", "tf", "default"))
    return ORDERINGS[dim_ordering]


def image_data_format() -> str:
    """`image_dim_ordering` as later Keras says it: 'channels_last' or 'channels_first'."""
    return {"tf": "channels_last", "th": "channels_first"}[image_dim_ordering()]


set_image_data_format = set_image_dim_ordering


def cast_to_floatx(x):
    """The array in the default float type.

    Shape: `x` any -> same.
    """
    return np.asarray(x, dtype=floatx())


def legacy_weight_ordering() -> bool:
    """Whether weights of files from before Keras 1 are expected (never needed here; kept for old programs)."""
    return _settings["legacy_weight_ordering"]


def set_legacy_weight_ordering(value: bool) -> None:
    """Remember `value`, True or False."""
    if value not in (True, False):
        raise ArgumentError(f"set_legacy_weight_ordering takes True or False, got {value!r}.")
    _settings["legacy_weight_ordering"] = bool(value)


def available_backends() -> list[str]:
    """Names of the backends whose library is installed."""
    return [name for name in BACKENDS if importlib.util.find_spec(LIBRARIES[name])]


def check_backend_name(name: str) -> str:
    """The name itself when it is a backend's, else the error that says which there are."""
    if name in BACKENDS:
        return name
    if name == "pytensor":
        return "theano"
    error = unknown_name("backend", name, BACKENDS, _ADVICE)
    raise BackendError(error.message, error.advice)


def flips_kernels(name: str) -> bool | None:
    """Whether this backend of Keras turns kernels over in a convolution; None for one that is not known."""
    return {"theano": True, "tensorflow": False, "cntk": False, "jax": False, "torch": False}.get(name)


def configured_backend() -> str:
    """The backend asked for by environment or file, else the first one installed."""
    asked = os.environ.get("KERASNB_BACKEND") or os.environ.get("KERAS_BACKEND")
    if asked in ELSEWHERE and not os.environ.get("KERASNB_BACKEND"):
        next_choice = _chosen_by_file_or_installed()
        warn_user(
            f'KERAS_BACKEND is "{asked}", which kerasnb does not have; it computes with {next_choice}. '
            f'Set KERASNB_BACKEND to "tensorflow" or "theano" to choose.',
        )
        return next_choice
    return check_backend_name(asked) if asked else _chosen_by_file_or_installed()


def _chosen_by_file_or_installed() -> str:
    installed = available_backends()
    return _settings["backend"] or (installed[0] if installed else BACKENDS[0])


def _read_file() -> None:
    """Take settings from kerasnb.json, or else from Keras's own keras.json where it says something that fits."""
    home = Path(os.environ.get("KERASNB_HOME", Path.home() / ".kerasnb"))
    for path, is_ours in ((home / "kerasnb.json", True), (Path.home() / ".keras" / "keras.json", False)):
        if path.is_file():
            _apply(path, is_ours)
            return


def _apply(path: Path, is_ours: bool) -> None:
    try:
        found = json.loads(path.read_text())
        set_floatx(found.get("floatx", floatx()))
        set_epsilon(found.get("epsilon", epsilon()))
        set_image_dim_ordering(found.get("image_dim_ordering") or found.get("image_data_format") or "tf")
        if found.get("backend") in BACKENDS or (is_ours and "backend" in found):
            _settings["backend"] = check_backend_name(found["backend"])
    except (ValueError, TypeError, AttributeError, OverflowError, RecursionError, OSError) as error:
        if is_ours:
            raise ArgumentError(
                f"the configuration file {path} cannot be used: {error}", "Correct it or remove it."
            ) from error


_read_file()
