"""Names that programs import from modules they are not made in."""

import importlib
import subprocess
import sys

import numpy as np
import pytest

from kerasnb import carried, layers
from kerasnb.layers import Input
from kerasnb.layers.convolutional import _Conv
from kerasnb.layers.merge import _Merge
from kerasnb.models import Model

# module -> names that Keras 1.2's or Keras 2's carries from others, or holds where kerasnb has them elsewhere
CARRIED = {
    "layers.core": "Merge Layer InputSpec K np activations constraints regularizers copy func_dump",
    "layers": "activations K np inspect warnings initializations regularizers constraints get_from_module RNN core",
    "layers.convolutional": "_Conv Conv2DTranspose SeparableConv1D DepthwiseConv2D Conv3DTranspose conv_utils",
    "layers.pooling": "MaxPool2D GlobalAvgPool1D InputSpec _Pooling1D _Pooling2D _Pooling3D",
    "layers.recurrent": "LSTMCell has_arg K",
    "layers.merge": "_Merge",
    "layers.cudnn_recurrent": "CuDNNLSTM CuDNNGRU",
    "models": "optimizers Node Merge get_source_inputs json",
    "engine.base_layer": "_collect_previous_mask _collect_input_shape",
    "engine.topology": "K np Network initializations _collect_previous_mask _to_list _object_list_uid _is_all_none",
    "engine.sequential": "Sequential",
    "engine.training": "cbks metrics_module _slice_arrays _make_batches _standardize_input_data",
    "callbacks.callbacks": "EarlyStopping",
    "callbacks.tensorboard_v1": "TensorBoard",
    "legacy.layers": "Highway merge",
    "legacy.interfaces": "legacy_conv2d_support",
    "utils.data_utils": "Sequence get_file",
    "utils": "get_source_inputs serialize_keras_object multi_gpu_model",
    "preprocessing.image": "np ndi",
    **dict.fromkeys(
        "activations constraints initializers losses metrics optimizers regularizers".split(),
        "serialize deserialize get",
    ),
}


@pytest.mark.parametrize("module", CARRIED)
def test_a_module_has_the_names_that_keras_has_there(module):
    found = importlib.import_module(f"kerasnb.{module}")
    assert [name for name in CARRIED[module].split() if not hasattr(found, name)] == []


@pytest.mark.parametrize("module", sorted(carried.CARRYING))
def test_star_imports_bring_what_keras_1_brings(module):
    taken = {}
    exec(f"from kerasnb.{module} import *", taken)
    assert {*carried.CARRYING[module].split()} <= set(taken)


def test_star_imports_leave_out_what_keras_has_not():
    foreign = {"RNN", "LSTMCell", "ConvRNN2D", "cells", "arguments", "spatial", "aliases", "carry", "ALIASES"}
    assert not foreign & set(layers.__all__) and callable(layers.RNN)


def test_parts_are_found_by_attribute_after_a_plain_import():
    code = "import kerasnb as k; print(k.preprocessing.sequence.__name__, k.datasets.mnist.__name__)"
    answer = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert answer.stdout.split() == ["kerasnb.preprocessing.sequence", "kerasnb.datasets.mnist"]


def test_a_merging_layer_of_ones_own_defines_its_merge_function(backend):
    class Difference(_Merge):
        def _merge_function(self, inputs):
            return inputs[0] - inputs[1]

    a, b = Input((2,)), Input((2,))
    model = Model([a, b], Difference()([a, b]))
    assert model.predict([np.ones((1, 2)), np.full((1, 2), 3.0)]).tolist() == [[-2, -2]]


@pytest.mark.parametrize("name", "Conv1D Conv2D Conv3D Conv2DTranspose SeparableConv2D DepthwiseConv2D".split())
def test_programs_find_convolutions_by_their_common_class(name):
    assert issubclass(getattr(layers, name), _Conv)
