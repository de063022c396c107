"""Where no thread can start, what threads do is done at once."""

import threading

import numpy as np
import pytest

from kerasnb import backend as K
from kerasnb.widgets import FitPanel
from kerasnb.widgets.base import threads
from kerasnb.widgets.base.quiet_update import QuietUpdate
from kerasnb.widgets.base.snapshot import Picture, Snapshot
from tests.widgets.fake_model import FakeModel


@pytest.fixture
def no_threads(monkeypatch):
    def start(self):
        raise RuntimeError("can't start new thread")

    monkeypatch.setattr(threading.Thread, "start", start)
    threads.threads_start.cache_clear()
    yield
    threads.threads_start.cache_clear()


def test_a_fit_trains_in_the_foreground_and_the_panel_says_so(no_threads):
    panel = FitPanel(FakeModel(), np.zeros((4, 3)), np.zeros((4, 2)), loss="mse", nb_epoch=3)
    assert panel.foreground
    assert panel.fit(wait=False) is None
    assert panel.status["text"].startswith("3 epochs done") and panel.state == "idle"


def test_where_threads_start_a_fit_runs_in_the_background():
    assert not FitPanel(FakeModel(), np.zeros((4, 3)), np.zeros((4, 2)), loss="mse").foreground


def test_a_picture_that_would_be_drawn_soon_is_drawn_now(no_threads):
    snapshot = Snapshot(is_shown=True)
    update = QuietUpdate(snapshot)
    update._cost = 1.0
    update.later(lambda: Picture("drawn"))
    assert snapshot.picture.text == "drawn"


def test_a_backend_that_cannot_be_loaded_in_the_background_is_left_for_later(no_threads, monkeypatch):
    monkeypatch.setattr("kerasnb.backend.runtime.chosen._runtimes", {})
    assert K.preload(0.0) is None
