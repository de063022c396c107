"""Helpers beside the models, on Keras 1.2's import paths.

The later names that Keras 2 and 3 have here, such as `to_categorical`, are found in their modules when first asked for.
"""

from ..carried import parts

_MODULES = """conv_utils data_utils generic_utils io_utils layer_utils multi_gpu_utils np_utils random_seed test_utils
vis_utils visualize_util"""
_NAMES = {
    "to_categorical": "np_utils",
    "normalize": "np_utils",
    "get_file": "data_utils",
    "Sequence": "sequences",
    "GeneratorEnqueuer": "data_utils",
    "OrderedEnqueuer": "data_utils",
    "SequenceEnqueuer": "data_utils",
    "CustomObjectScope": "generic_utils",
    "custom_object_scope": "generic_utils",
    "get_custom_objects": "generic_utils",
    "serialize_keras_object": "generic_utils",
    "deserialize_keras_object": "generic_utils",
    "Progbar": "generic_utils",
    "HDF5Matrix": "io_utils",
    "convert_all_kernels_in_model": "layer_utils",
    "get_source_inputs": "layer_utils",
    "print_summary": "layer_utils",
    "model_to_dot": "vis_utils",
    "plot_model": "vis_utils",
    "check_export": "export_check",
    "set_random_seed": "random_seed",
    "multi_gpu_model": "multi_gpu_utils",
    **dict.fromkeys(("array_to_img", "img_to_array", "load_img", "save_img"), ".preprocessing.image"),
    "pad_sequences": ".preprocessing.sequence",
    **dict.fromkeys(("clear_session", "is_keras_tensor"), ".backend"),
}
parts(__name__, _MODULES, _NAMES)
