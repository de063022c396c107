"""Names that programs find by attribute after a plain import."""

import subprocess
import sys
import types

import pytest

import kerasnb
from kerasnb import losses, objectives, utils


@pytest.mark.parametrize("name", sorted(kerasnb._MODULES))
def test_every_part_is_an_attribute_after_a_plain_import(name):
    assert isinstance(getattr(kerasnb, name), types.ModuleType)


@pytest.mark.parametrize("name", sorted(utils._MODULES.split()))
def test_every_module_of_utils_is_an_attribute(name):
    assert isinstance(getattr(utils, name), types.ModuleType)


def test_later_names_are_the_same_functions():
    assert utils.to_categorical is utils.np_utils.to_categorical
    assert utils.plot_model is utils.vis_utils.plot_model
    assert all(callable(getattr(utils, name)) for name in utils._NAMES)
    assert kerasnb.Sequential is kerasnb.models.Sequential and kerasnb.Input is kerasnb.layers.Input
    assert losses.mse is objectives.mean_squared_error and losses.get("mse") is losses.mse


def test_unknown_attributes_are_refused():
    with pytest.raises(AttributeError, match="has no attribute 'sequential'"):
        _ = kerasnb.sequential
    with pytest.raises(AttributeError, match="has no attribute 'to_categoric'"):
        _ = utils.to_categoric
    assert {"models", "Sequential"} <= set(dir(kerasnb)) and "np_utils" in dir(utils)


def test_plain_import_loads_nothing_but_itself():
    code = "import sys, kerasnb; print(*(name for name in sys.modules if name.startswith(('kerasnb.', 'numpy'))))"
    answer = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert answer.stdout.split() == []


def test_a_model_can_be_written_with_the_package_alone():
    code = """
import kerasnb
model = kerasnb.models.Sequential()
model.add(kerasnb.layers.Dense(2, input_shape=(3,), W_regularizer=kerasnb.regularizers.l2(0.1)))
model.compile(kerasnb.optimizers.SGD(), kerasnb.losses.mse)
print(model.count_params(), kerasnb.applications.vgg16.VGG16.__name__, kerasnb.backend.floatx())
"""
    answer = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert answer.stdout.split() == ["8", "VGG16", "float32"]
