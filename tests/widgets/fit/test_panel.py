"""The Fit panel as an object."""

import math
from contextvars import ContextVar

import numpy as np
import pytest
from traitlets import TraitError

from kerasnb import backend as K
from kerasnb.errors import ArgumentError, BusyError, DataError
from kerasnb.layers import Dense
from kerasnb.models import Sequential
from kerasnb.widgets import FitPanel
from tests.report.small_models import branching_model
from tests.widgets.fake_model import FakeModel

X, Y = np.zeros((8, 3), "float32"), np.eye(2)[[0, 1] * 4]


@pytest.fixture
def model():
    return FakeModel()


@pytest.fixture
def panel(model):
    return FitPanel(model, X, Y, nb_epoch=3)


def click(panel, kind, **more):
    panel._handle_custom_msg({"kind": kind, **more}, [])


def test_a_new_panel_says_that_nothing_was_fitted(panel):
    assert repr(panel) == "FitPanel(digits_cnn: not fitted yet)"


def test_fit_waits_outside_a_notebook_and_returns_the_history(panel):
    history = panel.fit()
    assert history.history["loss"] == [1.0, 0.5, 1 / 3]


def test_after_fit_the_panel_says_how_it_went(panel):
    panel.fit()
    assert repr(panel) == "FitPanel(digits_cnn: 3 epochs done, best epoch 3, val_loss 0.500)"
    assert (panel.state, panel.status["outcome"]) == ("idle", "done")


def test_the_loss_is_suggested_from_the_data(panel):
    assert (panel.loss, panel.suggested_loss, panel.optimizer) == ("categorical_crossentropy",) * 2 + ("adam",)


def test_fit_compiles_a_model_that_is_not_compiled(panel, model):
    panel.fit()
    assert model.compiled_with == [{"optimizer": "adam", "loss": "categorical_crossentropy", "metrics": ["accuracy"]}]


def test_fit_leaves_a_compiled_model_as_it_is(model):
    model.compile(optimizer="sgd", loss="mse", metrics=["mae"])
    panel = FitPanel(model, X, Y, nb_epoch=1)
    panel.fit()
    assert (panel.optimizer, panel.loss, len(model.compiled_with)) == ("sgd", "mse", 1)


def test_another_optimizer_compiles_again_and_keeps_the_metrics(model):
    model.compile(optimizer="sgd", loss="mse", metrics=["mae"])
    panel = FitPanel(model, X, Y, nb_epoch=1)
    panel.optimizer = "adam"
    panel.fit()
    assert model.compiled_with[-1] == {"optimizer": "adam", "loss": "mse", "metrics": ["mae"]}


def test_fit_can_return_at_once_and_be_stopped(panel, model):
    gate = model.hold()
    panel.nb_epoch = 100
    assert panel.fit(wait=False) is None
    model.reached_gate.wait(10)
    panel.stop()
    gate.set()
    assert len(panel.history.history["loss"]) < 100 and panel.status["outcome"] == "stopped"


def test_a_callback_prints_in_the_context_of_the_cell_that_started_the_fit():
    cell, seen = ContextVar("cell"), []
    model = FakeModel(script=lambda epoch: seen.append(cell.get(None)) or {"loss": 1.0})
    cell.set("the cell of the fit")
    FitPanel(model, X, Y, nb_epoch=2).fit()
    assert seen == ["the cell of the fit"] * 2


def test_pause_and_resume_change_the_state(panel, model):
    gate = model.hold()
    panel.fit(wait=False)
    model.reached_gate.wait(10)
    click(panel, "pause")
    assert (panel.state, model.control.is_paused) == ("paused", True)
    click(panel, "resume")
    assert (panel.state, model.control.is_paused) == ("running", False)
    gate.set()
    panel.wait()


def test_the_learning_rate_reaches_the_optimizer_while_it_trains(panel, model):
    gate = model.hold()
    panel.fit(wait=False)
    model.reached_gate.wait(10)
    click(panel, "option", name="learning_rate", value="0.01")
    assert float(K.get_value(model.optimizer.lr)) == pytest.approx(0.01)
    gate.set()
    panel.wait()


def test_a_second_fit_of_the_same_model_is_refused(panel, model):
    gate = model.hold()
    panel.fit(wait=False)
    with pytest.raises(BusyError, match='model "digits_cnn" is training'):
        FitPanel(model, X, Y).fit()
    gate.set()
    panel.wait()


def test_a_second_run_keeps_the_first_as_the_earlier_one(panel):
    panel.fit()
    panel.fit()
    assert (panel.curve["run"]["number"], panel.curve["earlier"]["number"]) == (2, 1)


def test_an_error_in_training_is_shown_and_raised_to_who_waits():
    def breaks(epoch):
        raise RuntimeError("the callback broke")

    panel = FitPanel(FakeModel(breaks), X, Y)
    with pytest.raises(RuntimeError, match="the callback broke"):
        panel.fit()
    assert panel.error["message"] == "RuntimeError: the callback broke" and panel.state == "idle"


def test_after_an_error_the_panel_can_fit_again(model):
    attempts = []

    def breaks_once(epoch):
        attempts.append(epoch)
        if len(attempts) == 1:
            raise RuntimeError("once")
        return {"loss": 1.0}

    panel = FitPanel(FakeModel(breaks_once), X, Y, nb_epoch=1)
    with pytest.raises(RuntimeError):
        panel.fit()
    panel.fit()
    assert panel.error == {} and panel.status["outcome"] == "done"


def test_a_click_that_fails_shows_the_error_instead_of_raising(model):
    panel = FitPanel(model, np.full((8, 3), np.nan), Y)
    click(panel, "fit")
    assert panel.error["message"].startswith("DataError: x has 24 values that are not finite")


@pytest.mark.parametrize("given, says", [(3, "got int"), ((X,), "got 1 parts"), (X, "got ndarray")])
def test_data_to_validate_on_without_targets_is_refused_in_words(model, given, says):
    with pytest.raises(ArgumentError, match=f"validation_data needs samples and targets, {says}"):
        FitPanel(model, X, Y, validation_data=given)


def test_a_panel_without_data_says_which_it_needs():
    with pytest.raises(ArgumentError, match=r"needs data to train \"net\" on: samples x, each of shape \(3,\)"):
        FitPanel(Sequential([Dense(2, input_dim=3)], name="net"))


@pytest.mark.parametrize("given", [{"x": X[:, :2]}, {"y": np.eye(5)[: len(X)]}, {"validation_data": (X[:, :2], Y)}])
def test_data_that_do_not_fit_are_refused_before_the_model_is_compiled(given):
    net = Sequential([Dense(2, input_dim=3, activation="softmax")])
    panel = FitPanel(net, **{"x": X, "y": Y} | given, learning_rate=0.5, nb_epoch=1)
    with pytest.raises(DataError):
        panel.fit()
    assert not net.is_compiled and panel.learning_rate == 0.5
    panel = FitPanel(net, X, Y, optimizer="sgd", nb_epoch=1)
    panel.fit()
    optimizer, loss = net.optimizer, net.loss
    with pytest.raises(DataError):
        FitPanel(net, **{"x": X, "y": Y} | given, optimizer="adam", loss="mse").fit()
    assert net.optimizer is optimizer and net.loss is loss


def test_nan_in_the_data_is_refused_before_training(model):
    with pytest.raises(DataError, match="first is in sample 0"):
        FitPanel(model, np.full((8, 3), np.nan), Y).fit()
    assert not model.compiled_with


def test_a_loss_that_became_nan_stops_training_and_says_what_to_do():
    panel = FitPanel(FakeModel(lambda epoch: {"loss": 1.0 if epoch == 0 else math.nan}), X, Y, nb_epoch=50)
    panel.fit()
    assert "loss became nan in epoch 2" in panel.error["message"] and panel.runs[-1].epochs < 50


def test_after_a_loss_that_became_infinite_no_fit_says_that_nothing_was_trained():
    small = branching_model()
    panel = FitPanel(small, np.full((64, 5), 1e30), np.full((64, 2), -1e30), loss="mse", optimizer="sgd", batch_size=8)
    for _ in range(2):
        panel.fit()
        assert "loss became" in panel.error["message"]
        assert panel.status["text"].startswith("stopped in epoch 1, after ")


@pytest.mark.parametrize("name, value", [("batch_size", "0"), ("nb_epoch", "2.5"), ("learning_rate", "fast")])
def test_an_option_that_is_no_such_number_is_refused_with_its_name(panel, name, value):
    before = getattr(panel, name)
    click(panel, "option", name=name, value=value)
    assert panel.error["field"] == name and f"got {value!r}" in panel.error["message"]
    assert getattr(panel, name) == before


def test_an_option_set_from_code_is_checked_too(panel):
    with pytest.raises((ArgumentError, TraitError)):
        panel.batch_size = -1


def test_what_is_frozen_is_verified_after_fit(panel, model):
    model.layers[0].trainable = False
    panel.fit()
    assert panel.status["verified"] == "frozen weights unchanged, verified: dense_1, 12 values, after epoch 3"


def test_a_frozen_weight_that_changed_is_told(model):
    def changes(epoch):
        model.layers[0].weights[0].set_value(np.full((3, 4), 2))
        return {"loss": 1.0}

    model.script = changes
    model.layers[0].trainable = False
    panel = FitPanel(model, X, Y, nb_epoch=1)
    panel.fit()
    assert not panel.status["unchanged"] and "CHANGED: dense_1_W" in panel.status["verified"]


def test_the_picture_stays_with_deterministic_text(panel):
    panel.fit()
    picture = panel.picture()
    assert picture.text == "digits_cnn: 20 parameters (0 frozen), 3 epochs, best epoch 3: val_loss 0.500, acc 0.500"
    assert picture.svg.startswith("<svg") and len(picture.svg) < 20 * 1024


def test_the_worker_prints_nothing(panel, capsys):
    panel.fit()
    assert capsys.readouterr() == ("", "")


def test_a_page_that_is_loaded_again_finds_the_whole_curve_in_the_trait(panel):
    panel.fit()
    assert panel.curve["run"]["logs"]["loss"] == [1.0, 0.5, 1 / 3]


def test_an_error_while_the_picture_is_drawn_is_shown_and_the_fit_is_over(panel, monkeypatch):
    def breaks():
        raise OSError("no fonts")

    monkeypatch.setattr(panel, "leave_picture", breaks)
    panel.fit()
    assert panel.error["message"] == "OSError: no fonts" and panel.state == "idle"
