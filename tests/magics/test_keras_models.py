"""The commands on models of Keras 3."""

import keras
import pytest
from IPython.core.error import UsageError

from tests.views.keras_models import CLASSES, IMAGES, ROWS, Block, chain, nested

# of Keras 3.15 itself, where it writes weights with numpy 2
pytestmark = pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning")


@pytest.fixture
def net(shell):
    shell.user_ns.update(net=nested(), chained=chain(), x=IMAGES, x_train=ROWS, y_train=CLASSES)
    return shell.user_ns["net"]


def test_summary_shapes_and_graph_show_the_layers(kerasnb, net):
    rows = kerasnb("summary net")
    assert rows.title == "net: 6 layers, 1,150 parameters, 1,146 trainable"
    assert rows["backbone"].multiply_adds == 288
    assert "(None, 32)       -> (None, 2)        Dense, softmax" in repr(kerasnb("shapes net"))
    assert "backbone" in kerasnb("graph net").svg


def test_freeze_and_inspect_take_paths(kerasnb, net):
    assert repr(kerasnb("freeze net backbone/conv")).endswith("20 frozen (backbone/conv))")
    assert net.get_layer("backbone").get_layer("conv").trainable is False
    assert kerasnb("inspect net backbone/conv --x x").output.shape == (1, 4, 4, 2)


def test_check_says_what_speaks_against_a_training(kerasnb, net):
    found = kerasnb("check chained --loss binary_crossentropy")
    assert found[0].text == 'The last layer "last" gives 2 numbers, but each target is a single 0 or 1.'


def test_code_is_written_of_what_kerasnb_has(kerasnb, shell, net):
    assert "Dense(4" in kerasnb("code chained")
    shell.user_ns["own"] = keras.Sequential([keras.Input((3,)), Block(2)])
    with pytest.raises(UsageError, match="cannot be made one of kerasnb"):
        kerasnb("code own")


def test_the_learning_rate_is_told_and_set(kerasnb, shell, net):
    with pytest.raises(UsageError, match="no optimizer with a learning rate"):
        kerasnb("lr chained")
    shell.user_ns["chained"].compile("sgd", "mse")
    assert str(kerasnb("lr chained")) == "chained: learning rate 0.01"
    kerasnb("lr chained 0.125")
    assert float(shell.user_ns["chained"].optimizer.learning_rate) == 0.125


def test_an_edit_is_refused_and_says_how_to_edit_a_copy(kerasnb, net):
    with pytest.raises(UsageError, match=r"kerasnb\.views\.as_kerasnb\(model\)"):
        kerasnb("add chained dense")
