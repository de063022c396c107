"""Freezing layers of Keras 3 models: the optimizer's state stays, and hashes prove that weights do."""

import keras
import numpy as np
import pytest

from kerasnb.errors import ArgumentError
from kerasnb.widgets import FreezePanel
from kerasnb.workspace import subject_of
from tests.views.keras_models import CLASSES, IMAGES, ROWS, chain, nested


def fitted(model, x, is_traced=False):
    """Steps are run one by one where nothing depends on a traced one, which takes a second to make."""
    model.compile(keras.optimizers.Adam(0.01), "sparse_categorical_crossentropy", run_eagerly=not is_traced)
    model.fit(x, CLASSES, verbose=0)
    return model


def moments(model):
    slots = zip(model.optimizer._trainable_variables, model.optimizer._momentums, strict=True)
    return {variable.path: slot.numpy() for variable, slot in slots}


def test_freezing_compiles_again_and_keeps_what_the_optimizer_knows():
    model = fitted(chain(), ROWS)
    before, steps = moments(model), int(model.optimizer.iterations)
    FreezePanel(model).freeze("first")
    after = moments(model)
    assert len(before) == 4 and len(after) == 2 and int(model.optimizer.iterations) == steps
    assert all(np.array_equal(after[path], before[path]) for path in after)
    assert float(model.optimizer.learning_rate) == np.float32(0.01)


def test_frozen_weights_are_proved_to_have_stayed_after_a_fit():
    model = fitted(chain(), ROWS)
    panel = FreezePanel(model)
    panel.freeze("first")
    model.fit(ROWS, CLASSES, verbose=0)
    assert panel.verify()
    assert panel.status["text"] == "frozen weights unchanged, verified: first, 24 values"


def test_a_layer_frozen_after_compile_is_found_to_have_trained_on():
    model = fitted(chain(), ROWS, is_traced=True)
    panel = FreezePanel(model)
    model.get_layer("first").trainable = False  # as a cell does it
    assert not subject_of(model).view.is_in_force
    model.fit(ROWS, CLASSES, verbose=0)
    assert not panel.verify()
    assert panel.status["text"].startswith("frozen weights CHANGED: kernel, bias.")
    assert 'of "first"' in panel.error["message"]


def test_a_layer_that_thaws_goes_on_training_beside_the_others():
    model = fitted(chain(), ROWS)
    panel = FreezePanel(model)
    panel.freeze("first")
    panel.unfreeze("first")
    before = model.get_layer("first").get_weights()[0]
    model.fit(ROWS, CLASSES, verbose=0)
    assert not np.array_equal(before, model.get_layer("first").get_weights()[0])


def test_a_layer_in_a_frozen_model_thaws_alone():
    model = fitted(nested(), IMAGES)
    panel = FreezePanel(model)
    panel.freeze("backbone")
    panel.unfreeze("backbone/norm")
    backbone = model.get_layer("backbone")
    assert (backbone.trainable, [layer.trainable for layer in backbone.layers]) == (True, [False, True])
    assert repr(panel) == "FreezePanel(net: 1,126 trainable, 20 frozen (backbone/conv))"


def test_all_up_to_a_layer_are_frozen():
    model = fitted(nested(), IMAGES)
    panel = FreezePanel(model)
    panel.freeze_up_to("shared")
    frozen = [row["name"] for row in panel.rows if row["frozen"]]
    assert frozen == ["backbone", "backbone/conv", "backbone/norm", "shared"]


def test_keras_itself_settles_running_averages():
    panel = FreezePanel(fitted(nested(), IMAGES))
    with pytest.raises(ArgumentError, match="no rule to choose"):
        panel.set_statistics("move")
    assert panel.averages["rule"] == "stay"


def test_layers_of_a_keras_model_are_not_edited_in_place():
    subject = subject_of(chain())
    with pytest.raises(ArgumentError, match="is a model of Keras"):
        subject.open(lambda model: None)


def test_a_layer_that_two_models_share_is_frozen_with_either_of_them():
    tower, start = keras.layers.Dense(4, name="tower"), keras.Input((5,))
    left, right = (keras.Sequential([keras.Input((5,)), tower], name=name) for name in ("left", "right"))
    model = keras.Model(start, keras.layers.add([left(start), right(start)]))
    panel = FreezePanel(model)
    panel.freeze("left")
    assert not tower.trainable
    panel.unfreeze("left")
    assert tower.trainable


def test_a_model_in_the_model_thaws_with_all_that_it_froze():
    panel = FreezePanel(nested())
    panel.freeze("backbone")
    panel.unfreeze("backbone")
    assert all(part.layer.trainable for part in panel.subject.view.parts() if part.layer.weights)
