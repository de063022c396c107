"""The Freeze panel as an object."""

import numpy as np
import pytest

from kerasnb import backend as K
from kerasnb.errors import BusyError, UnknownNameError
from kerasnb.widgets import FitPanel, FreezePanel
from tests.report.small_models import branching_model

X, Y = np.random.RandomState(0).rand(16, 5).astype("float32"), np.eye(2)[[0, 1] * 8]


def click(panel, kind, **more):
    panel._handle_custom_msg({"kind": kind, **more}, [])


def test_freezing_a_layer_changes_counts_rows_and_repr():
    panel = FreezePanel(branching_model())
    panel.freeze("left")
    assert panel.totals == {"trainable": 34, "frozen": 24}
    assert [row["name"] for row in panel.rows if row["frozen"]] == ["left"]
    assert repr(panel) == "FreezePanel(branching: 34 trainable, 24 frozen (left))"


def test_a_refusal_while_training_goes_from_the_strip_when_training_is_over():
    panel = FreezePanel(branching_model())
    panel.show_error("BusyError: it is training")
    panel.subject.fitted()
    assert panel.error == {}


def test_freeze_up_to_here_follows_the_connections():
    panel = FreezePanel(branching_model())
    panel.freeze_up_to("joined")
    assert [row["name"] for row in panel.rows if row["frozen"]] == ["left", "right"]
    panel.unfreeze_all()
    assert panel.totals["frozen"] == 0


def test_a_compiled_model_is_compiled_again_and_the_optimizer_keeps_its_state(backend):
    model = branching_model()
    model.compile("adam", "categorical_crossentropy")
    model.fit(X, Y, nb_epoch=3, verbose=0)
    steps = int(K.get_value(model.optimizer.iterations))
    FreezePanel(model).freeze("left")
    frozen = model.get_layer("left").get_weights()[0]
    model.fit(X, Y, nb_epoch=1, verbose=0)
    assert np.array_equal(frozen, model.get_layer("left").get_weights()[0])
    assert steps > 0 and int(K.get_value(model.optimizer.iterations)) > steps


def test_a_model_that_is_not_compiled_stays_so():
    model = branching_model()
    FreezePanel(model).freeze("left")
    assert not model.is_compiled


def test_a_wrong_name_offers_a_close_one():
    with pytest.raises(UnknownNameError, match='Did you mean "left"'):
        FreezePanel(branching_model()).freeze("lefft")


def test_freezing_while_it_trains_is_refused_and_changes_nothing():
    model = branching_model()
    panel = FreezePanel(model)
    with model.control.running("branching"), pytest.raises(BusyError, match='model "branching" is training'):
        panel.freeze("left")
    assert model.get_layer("left").trainable and panel.totals["frozen"] == 0


def test_a_refused_click_is_shown_in_the_strip_and_the_panel_stays_usable():
    model = branching_model()
    panel = FreezePanel(model)
    with model.control.running("branching"):
        click(panel, "freeze", layer="left")
    assert "BusyError" in panel.error["message"]
    click(panel, "freeze", layer="left")
    assert panel.error == {} and panel.totals["frozen"] == 24


def test_after_a_fit_panel_has_trained_the_proof_is_shown(backend):
    model = branching_model()
    panel = FreezePanel(model)
    panel.freeze("left")
    FitPanel(model, X, Y, nb_epoch=2).fit()
    assert panel.status == {"text": "frozen weights unchanged, verified: left, 24 values", "unchanged": True}


def test_a_layer_frozen_behind_the_compiled_models_back_is_found_out():
    model = branching_model()
    model.compile("sgd", "categorical_crossentropy")
    model.get_layer("left").trainable = False
    panel = FreezePanel(model)
    model.fit(X, Y, nb_epoch=1, verbose=0)
    assert panel.verify() is False and "call model.recompile()" in panel.status["text"]


def test_its_picture_is_a_table_in_text():
    panel = FreezePanel(branching_model())
    panel.freeze("left")
    assert panel.picture().text.splitlines()[:3] == [
        "branching: 34 trainable, 24 frozen (left)",
        "  frozen  left             24",
        "          right            24",
    ]


def test_one_layer_of_a_model_that_is_frozen_as_a_whole_can_be_thawed():
    model = branching_model()
    model.trainable = False
    panel = FreezePanel(model)
    assert panel.totals["trainable"] == 0
    panel.unfreeze("left")
    assert [layer.name for layer in model.layers if layer.trainable and layer.weights] == ["left"]
    assert panel.totals["trainable"] == sum(weight.get_value().size for weight in model.trainable_weights) > 0
