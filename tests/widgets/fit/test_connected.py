"""The Fit panel on models in models, shared layers, several ends and layers of one's own."""

import numpy as np
import pytest

from kerasnb.widgets import Builder, FitPanel, FreezePanel
from tests.report.connected_models import CONNECTED, with_backbone


def arrays(tensors, samples=8):
    random = np.random.RandomState(0)
    made = [random.rand(samples, *tensor._keras_shape[1:]).astype("float32") for tensor in tensors]
    return made if len(made) > 1 else made[0]


@pytest.mark.parametrize("make", CONNECTED)
def test_any_model_is_trained_from_the_panel(make, backend):
    model = make()
    before = model.get_weights()
    panel = FitPanel(model, arrays(model.inputs), arrays(model.outputs), nb_epoch=1, loss="mse", optimizer="sgd")
    history = panel.fit(wait=True)
    assert len(history.history["loss"]) == 1 and panel.error == {}
    assert any(not np.array_equal(one, other) for one, other in zip(model.get_weights(), before, strict=True))


def test_a_model_in_the_model_stays_trained_when_the_builder_changes_what_is_around_it(backend):
    model = with_backbone()
    x, y = arrays(model.inputs), np.eye(2)[[0, 1] * 4]
    builder = Builder(model)
    panel = FitPanel(builder, x, y, nb_epoch=1, loss="categorical_crossentropy", optimizer="sgd")
    panel.fit(wait=True)
    trained = model.get_layer("backbone").get_weights()
    builder.add("Dropout", after="backbone")
    for mine, theirs in zip(builder.model.get_layer("backbone").get_weights(), trained, strict=True):
        np.testing.assert_array_equal(mine, theirs)
    FreezePanel(builder).freeze("backbone/conv_1")
    panel.fit(wait=True)
    after = builder.model.get_layer("backbone").get_weights()
    np.testing.assert_array_equal(after[0], trained[0])
    assert not np.array_equal(after[2], trained[2])
