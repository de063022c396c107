"""Helpers beside the models, on Keras 1.2's import paths.

The later names that Keras 2 has here, such as `to_categorical`, are found in their modules when first asked for.
"""

import importlib

_MODULES = frozenset(
    """conv_utils data_utils generic_utils io_utils layer_utils np_utils test_utils vis_utils visualize_util""".split()
)
_NAMES = {
    "to_categorical": "np_utils",
    "normalize": "np_utils",
    "get_file": "data_utils",
    "Sequence": "sequences",
    "CustomObjectScope": "generic_utils",
    "custom_object_scope": "generic_utils",
    "get_custom_objects": "generic_utils",
    "Progbar": "generic_utils",
    "HDF5Matrix": "io_utils",
    "convert_all_kernels_in_model": "layer_utils",
    "print_summary": "layer_utils",
    "model_to_dot": "vis_utils",
    "plot_model": "vis_utils",
}


def __getattr__(name: str):
    if name in _MODULES:
        return importlib.import_module(f".{name}", __name__)
    if name in _NAMES:
        return getattr(importlib.import_module(f".{_NAMES[name]}", __name__), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted({*globals(), *_MODULES, *_NAMES})
