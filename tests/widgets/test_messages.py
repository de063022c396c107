"""How many messages a training costs, and of how many bytes: all that goes through a comm, traits included."""

import json

import comm
import numpy as np
import pytest

from kerasnb.widgets import FitPanel, LiveHistory
from kerasnb.widgets.curves import live_history, panel
from kerasnb.widgets.curves.feed import CurveFeed
from tests.report.small_models import branching_model

X, Y = np.random.RandomState(0).rand(64, 5).astype("float32"), np.eye(2)[[0, 1] * 32]


class Clock:
    """A clock that moves on by a fixed time whenever it is looked at."""

    def __init__(self, tick):
        self.seconds, self.tick = 0.0, tick

    def __call__(self):
        self.seconds += self.tick
        return self.seconds

    perf_counter = __call__


@pytest.fixture
def model():
    model = branching_model()
    model.compile("sgd", "categorical_crossentropy", metrics=["accuracy"])
    return model


@pytest.fixture
def sent(monkeypatch):
    """The content of every message of a comm since, without those that open one."""
    messages = []

    def publish(self, msg_type, data=None, metadata=None, buffers=None, **keys):
        if msg_type == "comm_msg":
            messages.append({**data, "bytes": len(json.dumps(data)) + sum(map(len, buffers or []))})

    monkeypatch.setattr(comm.DummyComm, "publish_msg", publish)
    return messages


def deltas(sent):
    return [message for message in sent if message["method"] == "custom" and message["content"]["kind"] == "delta"]


def states(sent, name):
    return [message for message in sent if message["method"] == "update" and name in message["state"]]


@pytest.fixture
def at_tick(monkeypatch):
    """Sets how long (seconds) everything takes that a clock is looked at for."""

    def set_tick(tick):
        clock = Clock(tick)
        monkeypatch.setattr(panel, "time", clock)
        monkeypatch.setattr(CurveFeed.__init__, "__defaults__", (clock,))

    return set_tick


@pytest.fixture
def live(monkeypatch):
    monkeypatch.setattr(live_history, "in_kernel", lambda: True)
    monkeypatch.setattr(live_history.HistoryPanel, "show_view", lambda panel: None)
    return LiveHistory()


def fit(model, epochs, *callbacks):
    model.fit(X, Y, nb_epoch=epochs, verbose=0, callbacks=list(callbacks))


@pytest.mark.parametrize("epochs", [5, 200])
def test_a_live_curve_of_short_epochs_costs_the_same_few_messages_however_many(model, sent, at_tick, live, epochs):
    at_tick(0.0)
    fit(model, epochs, live)
    assert (len(deltas(sent)), len(sent)) == (2, 7)
    assert sum(len(message["content"]["epochs"]) for message in deltas(sent)) == epochs


def test_a_message_of_one_epoch_is_small_and_does_not_grow_with_the_curve(model, sent, at_tick, live):
    at_tick(0.2)
    fit(model, 100, live)
    sizes = [message["bytes"] for message in deltas(sent) if len(message["content"]["epochs"]) == 1]
    assert len(sizes) == 100
    assert max(sizes) < 700 and max(sizes[50:]) <= 1.1 * max(sizes[:50])


def test_the_whole_curve_is_written_at_most_once_a_second(model, sent, at_tick, live):
    at_tick(0.02)
    began = panel.time.seconds
    fit(model, 100, live)
    seconds = panel.time.seconds - began
    assert 3 <= len(states(sent, "curve")) <= seconds + 3  # at the beginning and the end too


def test_the_fit_panel_costs_as_few_messages(model, sent, at_tick):
    at_tick(0.0)
    panel = FitPanel(model, X, Y, nb_epoch=200)
    del sent[:]
    panel.fit()
    assert (len(deltas(sent)), len(states(sent, "curve"))) == (2, 2) and len(sent) <= 12


def test_outside_jupyter_nothing_is_sent(model, sent):
    fit(model, 3, LiveHistory())
    assert sent == []
