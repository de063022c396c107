"""The LiveHistory callback."""

import sys
from types import SimpleNamespace

import numpy as np
import pytest

from kerasnb.widgets import LiveHistory
from kerasnb.widgets.base import snapshot
from kerasnb.widgets.curves import live_history as module
from tests.report.small_models import branching_model

X, Y = np.random.RandomState(0).rand(64, 5).astype("float32"), np.eye(2)[[0, 1] * 32]


@pytest.fixture
def model():
    model = branching_model()
    model.compile("sgd", "categorical_crossentropy", metrics=["accuracy"])
    return model


@pytest.fixture
def in_kernel(monkeypatch):
    monkeypatch.setattr(module, "in_kernel", lambda: True)
    monkeypatch.setattr(module.HistoryPanel, "show_view", lambda panel: None)


def test_outside_jupyter_it_shows_nothing_and_keeps_the_run(model, backend, capsys):
    live = LiveHistory()
    history = model.fit(X, Y, nb_epoch=3, verbose=0, callbacks=[live])
    assert live.runs[0].logs["loss"] == pytest.approx(history.history["loss"]) and live.panel is None
    assert capsys.readouterr().out == ""


def test_it_does_not_force_one_step_a_call():
    from kerasnb.callbacks import CallbackList

    assert not CallbackList([LiveHistory()]).needs_batches


def test_in_jupyter_its_panel_holds_the_curve_and_the_picture(model, in_kernel):
    live = LiveHistory()
    model.fit(X, Y, nb_epoch=3, verbose=0, callbacks=[live])
    assert len(live.panel.curve["run"]["logs"]["loss"]) == 3 and live.panel.state == "idle"
    assert repr(live.panel).startswith("HistoryPanel(branching: 3 epochs done, best epoch 3, loss 0.")
    assert live.panel.picture().svg


def test_many_short_epochs_cost_few_messages(model, in_kernel, monkeypatch):
    sent = []
    monkeypatch.setattr(module.HistoryPanel, "send", lambda panel, message: sent.append(message))
    monkeypatch.setattr("kerasnb.widgets.curves.feed.INTERVAL", 1e9)
    model.fit(X, Y, nb_epoch=200, verbose=0, callbacks=[LiveHistory()])
    assert sum(len(message["epochs"]) for message in sent) == 200 and len(sent) == 2


def test_it_verifies_what_is_frozen(model, in_kernel):
    model.get_layer("left").trainable = False
    model.recompile()
    live = LiveHistory()
    model.fit(X, Y, nb_epoch=1, verbose=0, callbacks=[live])
    assert live.panel.status["verified"] == "frozen weights unchanged, verified: left, 24 values, after epoch 1"


def test_its_picture_is_shown_once_and_at_the_end(model, monkeypatch):
    shown = []
    monkeypatch.setattr(module, "in_kernel", lambda: True)
    monkeypatch.setattr(snapshot, "in_kernel", lambda: True)
    monkeypatch.setattr(
        "IPython.core.display_functions.publish_display_data",
        lambda data, *rest, **more: shown.append(data["text/plain"]),
    )
    model.fit(X, Y, nb_epoch=2, verbose=0, callbacks=[LiveHistory()])
    view, picture = shown
    assert view.startswith("HistoryPanel(branching") and picture.startswith(
        "branching: 58 parameters (0 frozen), 2 epochs"
    )


def test_marimo_shows_its_panel_before_and_after_the_fit(model, monkeypatch):
    appended = []
    output = SimpleNamespace(append=appended.append)
    monkeypatch.setitem(sys.modules, "marimo", SimpleNamespace(running_in_notebook=lambda: True, output=output))
    live = LiveHistory()
    history = model.fit(X, Y, nb_epoch=2, verbose=0, callbacks=[live])
    assert appended == [live.panel] and history._display_() is live.panel


def test_a_stop_is_graceful_and_told(model, in_kernel):
    from kerasnb.callbacks import LambdaCallback

    live = LiveHistory()
    stop = LambdaCallback(on_epoch_end=lambda epoch, logs: epoch == 1 and model.control.stop())
    model.fit(X, Y, nb_epoch=50, verbose=0, callbacks=[stop, live])
    assert live.panel.status["outcome"] == "stopped" and live.runs[0].epochs == 2


def test_the_run_before_is_drawn_in_grey(model, in_kernel):
    live = LiveHistory()
    for _ in range(2):
        model.fit(X, Y, nb_epoch=1, verbose=0, callbacks=[live])
    assert live.panel.curve["earlier"]["number"] == 1
