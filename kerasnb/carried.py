"""Names that Keras's modules carry along from other modules: old programs import them from there."""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Callable
from typing import Any

from .only_named import only_named

__all__ = ["CARRYING", "carry", "lazily", "parts"]

# name -> the module that it is, where the two differ
_MODULES = {
    "K": ".backend",
    "np": "numpy",
    "cbks": ".callbacks",
    "metrics_module": ".metrics",
    "python_types": "types",
    "ndi": "scipy.ndimage",
    "linalg": "scipy.linalg",
    "pil_image": "PIL.Image",
    "cPickle": "pickle",
    "conv_utils": ".utils.conv_utils",
    "generic_utils": ".utils.generic_utils",
    "interfaces": ".legacy.interfaces",
    **{
        name: f".{name}"
        for name in """activations callbacks constraints initializations initializers losses metrics objectives
        optimizers regularizers""".split()
    },
}
_CONVOLUTIONS = """Conv2DTranspose Conv3DTranspose Convolution2DTranspose Deconv3D Deconvolution3D DepthwiseConv2D
SeparableConv1D SeparableConvolution1D"""
_POOLINGS = " ".join(
    f"{kind}{axes}D" for kind in ("MaxPool", "AvgPool", "GlobalMaxPool", "GlobalAvgPool") for axes in (1, 2, 3)
)
_CELLS = "RNN SimpleRNNCell GRUCell LSTMCell StackedRNNCells"
_CONVOLUTION_CELLS = "ConvRNN2D ConvLSTM2DCell"
# module -> names that it gives
_FROM = {
    "collections": "OrderedDict defaultdict deque",
    "collections.abc": "Iterable",
    "numpy.testing": "assert_allclose",
    "urllib.error": "HTTPError URLError",
    "urllib.request": "urlopen",
    ".backend": "tf",
    ".engine.inputs": "Input InputLayer",
    ".engine.layer": "InputSpec Layer",
    ".engine.merge": "Merge merge",
    ".engine.node": "collect_input_shape collect_previous_mask",
    ".engine.saving": """load_weights_from_hdf5_group load_weights_from_hdf5_group_by_name
        save_weights_to_hdf5_group""",
    ".engine.topology": "Container Network Node get_source_inputs object_list_uid",
    ".engine.training": """batch_shuffle check_array_lengths check_loss_and_target_compatibility collect_metrics
        make_batches standardize_class_weights standardize_input_data standardize_sample_or_class_weights
        standardize_sample_weights standardize_weights""",
    ".layers": f"""Activation AveragePooling2D BatchNormalization Conv2D Convolution2D Dense Dropout ELU Flatten GRU
        GlobalAveragePooling2D MaxPooling2D Permute Reshape SeparableConv2D ZeroPadding2D
        {_CONVOLUTIONS} {_POOLINGS} {_CELLS} {_CONVOLUTION_CELLS}""",
    ".engine.feeding.later_enqueuers": "GeneratorEnqueuer OrderedEnqueuer SequenceEnqueuer",
    ".layers.wrappers": "Wrapper",
    ".models": "Model Sequential model_from_config model_from_json model_from_yaml",
    ".optimizers": "optimizer_from_config",
    ".utils.data_utils": "get_file",
    ".utils.generic_utils": """Progbar deserialize_keras_object func_dump func_load get_custom_objects get_from_module
        has_arg is_all_none serialize_keras_object slice_arrays to_list transpose_shape unpack_singleton""",
    ".utils.io_utils": "ask_to_proceed_with_overwrite",
    ".utils.layer_utils": "convert_all_kernels_in_model",
    ".utils.np_utils": "conv_input_length conv_output_length convert_kernel to_categorical",
}
_HOMES = {name: home for home, names in _FROM.items() for name in names.split()}

# Keras 1.2's module -> names of others that it carries; `from module import *` takes them along
CARRYING = {
    "applications.imagenet_utils": "K get_file json np",
    "applications.inception_v3": """AveragePooling2D BatchNormalization Convolution2D Dense Flatten Input K MaxPooling2D
        Model convert_all_kernels_in_model get_file get_source_inputs merge warnings""",
    "applications.music_tagger_crnn": """BatchNormalization Convolution2D Dense Dropout ELU GRU Input K MaxPooling2D
        Model Permute Reshape ZeroPadding2D convert_all_kernels_in_model get_file get_source_inputs""",
    "applications.resnet50": """Activation AveragePooling2D BatchNormalization Convolution2D Dense Flatten Input K
        MaxPooling2D Model ZeroPadding2D convert_all_kernels_in_model get_file get_source_inputs merge warnings""",
    **{
        f"applications.{name}": """Convolution2D Dense Flatten Input K MaxPooling2D Model convert_all_kernels_in_model
        get_file get_source_inputs warnings"""
        for name in ("vgg16", "vgg19")
    },
    "applications.xception": """Activation BatchNormalization Conv2D Dense GlobalAveragePooling2D Input K MaxPooling2D
        Model SeparableConv2D get_file get_source_inputs merge warnings""",
    "callbacks": "Iterable K OrderedDict Progbar csv deque json np os time warnings",
    "datasets.cifar10": "K get_file np os",
    "datasets.cifar100": "K get_file np os",
    "datasets.imdb": "cPickle get_file gzip np sys",
    "datasets.mnist": "cPickle get_file gzip sys",
    "datasets.reuters": "cPickle get_file np sys",
    "engine.topology": "K ask_to_proceed_with_overwrite copy func_dump func_load initializations inspect np os "
    "python_types warnings",
    "engine.training": """Container K Progbar cbks copy metrics_module multiprocessing np objectives optimizers queue
        threading time warnings""",
    "layers.advanced_activations": "K Layer initializations np",
    "layers.convolutional": """InputSpec K Layer activations constraints conv_input_length conv_output_length functools
        initializations regularizers""",
    "layers.convolutional_recurrent": """InputSpec K Layer activations conv_output_length initializations np
        regularizers warnings""",
    "layers.core": """InputSpec K Layer Merge activations constraints copy func_dump func_load get_from_module
        initializations inspect np python_types regularizers warnings""",
    "layers.embeddings": "K Layer constraints initializations regularizers",
    "layers.local": "InputSpec K Layer activations constraints conv_output_length initializations regularizers",
    "layers.noise": "K Layer np",
    "layers.normalization": "InputSpec K Layer initializations regularizers",
    "layers.pooling": "InputSpec K Layer conv_output_length",
    "layers.recurrent": "InputSpec K Layer activations initializations np regularizers",
    "layers.wrappers": "InputSpec K Layer copy",
    "models": """K Layer Merge Node ask_to_proceed_with_overwrite copy get_source_inputs json np optimizer_from_config
        optimizers os warnings""",
    "preprocessing.image": "K linalg ndi np os pil_image re threading warnings",
    "preprocessing.sequence": "np random",
    "preprocessing.text": "np string sys",
    "utils.data_utils": "HTTPError Progbar URLError functools hashlib os shutil sys tarfile urlopen",
    "utils.generic_utils": "marshal np python_types sys time",
    "utils.io_utils": "defaultdict h5py np sys",
    "utils.np_utils": "K np",
    "utils.test_utils": "Input K Model Sequential assert_allclose inspect model_from_json np",
    "utils.visualize_util": "Sequential Wrapper os",
    "wrappers.scikit_learn": "Sequential copy inspect np to_categorical types",
}
# helpers that begin with an underscore in some versions of Keras 2
_INNER = "_collect_input_shape _collect_previous_mask _is_all_none _object_list_uid _to_list"
_REGISTRY = "K get_from_module deserialize_keras_object serialize_keras_object"
# Keras's module -> names that are found by name only: those that Keras 2 carries, and those of the registries, whose
# `__all__` says what a text may name
_BY_NAME = {
    **dict.fromkeys(("constraints", "initializers", "losses", "metrics", "objectives"), _REGISTRY),
    "activations": f"{_REGISTRY} Layer",
    "callbacks": "tf",
    "initializations": f"{_REGISTRY} np",
    "optimizers": f"{_REGISTRY} get_custom_objects interfaces tf",
    "regularizers": f"{_REGISTRY} warnings",
    "engine.base_layer": f"""{_INNER} K has_arg initializers interfaces is_all_none object_list_uid to_list
        unpack_singleton""",
    "engine.input_layer": "K Layer Node interfaces unpack_singleton",
    "engine.network": "InputLayer K has_arg interfaces to_list unpack_singleton",
    "engine.saving": "K model_from_config model_from_json model_from_yaml np optimizers",
    "engine.topology": f"""{_INNER} has_arg initializers interfaces load_weights_from_hdf5_group
        load_weights_from_hdf5_group_by_name save_weights_to_hdf5_group""",
    "engine.training": """Layer Network OrderedEnqueuer interfaces losses to_list unpack_singleton _batch_shuffle
        _check_array_lengths _check_loss_and_target_compatibility _collect_metrics _make_batches _slice_arrays
        _standardize_class_weights _standardize_input_data _standardize_sample_or_class_weights
        _standardize_sample_weights _standardize_weights""",
    "layers": "deserialize_keras_object",
    "layers.advanced_activations": "activations initializers interfaces to_list",
    "layers.convolutional": f"{_CONVOLUTIONS} conv_utils initializers interfaces transpose_shape",
    "layers.convolutional_recurrent": f"""{_CONVOLUTION_CELLS} RNN constraints conv_utils has_arg initializers
        interfaces to_list transpose_shape""",
    "layers.core": "deserialize_keras_object has_arg initializers interfaces",
    "layers.embeddings": "initializers interfaces to_list",
    "layers.local": "conv_utils initializers interfaces",
    "layers.noise": "interfaces",
    "layers.normalization": "initializers interfaces",
    "layers.pooling": f"{_POOLINGS} conv_utils interfaces",
    "layers.recurrent": f"{_CELLS} has_arg initializers interfaces warnings",
    "layers.wrappers": "has_arg object_list_uid",
    "models": "Input has_arg",
    "utils.conv_utils": "K np",
    "utils.data_utils": "GeneratorEnqueuer OrderedEnqueuer SequenceEnqueuer",
    "utils.generic_utils": "object_list_uid",
    "utils.layer_utils": "get_source_inputs Model Sequential",
    "utils.vis_utils": "Model Wrapper os",
    "wrappers.scikit_learn": "has_arg losses to_list",
}


def carry(module_name: str) -> None:
    """Give a module the names that Keras's carries; what they stand for is imported when it is asked for.

    To be called at the module's end, behind its `__all__`.
    """
    module = sys.modules[module_name]
    package, _, name = module_name.partition(".")
    taken_along = CARRYING.get(name, "").split()
    module.__all__ = [*module.__all__, *(one for one in taken_along if one not in module.__all__)]
    names = {*taken_along, *_BY_NAME.get(name, "").split()}
    lazily(module_name, {one: _home(one, package) for one in names}, getattr(module, "__getattr__", None))


def _home(name: str, package: str) -> tuple[str, str | None]:
    attribute = name.lstrip("_")
    home = _HOMES.get(attribute) or _MODULES.get(name, name)
    return (package + home if home.startswith(".") else home), attribute if attribute in _HOMES else None


def lazily(module_name: str, homes: dict[str, tuple[str, str | None]], otherwise: Callable | None = None) -> None:
    """Give a module attributes that are imported when they are asked for, and names of Keras 3 that say more when used.

    Args:
        homes: name -> the module that has it, and its name there; None where the module itself is meant.
        otherwise: what knows more names, as a module's `__getattr__`.
    """

    inside = module_name.partition(".")[2]

    def __getattr__(name: str) -> Any:
        if name in homes:
            home, attribute = homes[name]
            module = importlib.import_module(home)
            return getattr(module, attribute) if attribute else module
        absent = only_named(inside, name)
        if absent is not None:
            return absent
        if otherwise is not None:
            return otherwise(name)
        raise AttributeError(f"module {module_name!r} has no attribute {name!r}")

    sys.modules[module_name].__getattr__ = __getattr__


def parts(package_name: str, names: str, homes: dict[str, str] | None = None) -> None:
    """Give a package its modules as attributes, after a plain import of it, and names out of them.

    Args:
        names: the modules.
        homes: other name -> the module that has it; with a dot before it, one beside the package.
    """
    found = {name: (f"{package_name}.{name}", None) for name in names.split()}
    found |= {
        name: (importlib.util.resolve_name(f".{home}", package_name), name) for name, home in (homes or {}).items()
    }
    lazily(package_name, found)
    package = sys.modules[package_name]
    package.__dir__ = lambda: sorted({*vars(package), *found})
