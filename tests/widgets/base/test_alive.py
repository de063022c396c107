"""A kernel that trains says so now and then."""

import threading

from kerasnb.widgets import FitPanel
from kerasnb.widgets.base.alive import SECONDS, kept_alive
from kerasnb.widgets.fit import job as job_module
from tests.widgets.fake_model import FakeModel
from tests.widgets.fit.test_panel import X, Y


class Clock:
    """Waits without waiting: so many times, then for the end."""

    def __init__(self, times):
        self.times, self.waited, self.is_through = times, [], threading.Event()

    def __call__(self, seconds):
        self.waited.append(seconds)
        if len(self.waited) <= self.times:
            return False
        self.is_through.set()
        return True


def test_a_long_epoch_is_told_each_half_minute():
    sent, clock = [], Clock(80)
    with kept_alive(sent.append, clock):
        clock.is_through.wait(10)
    assert sent == [{"kind": "alive"}] * 80 and set(clock.waited) == {SECONDS} == {30}


def test_nothing_is_told_once_training_is_over():
    sent = []
    with kept_alive(sent.append):
        pass
    assert sent == [] and not any(thread.name == "kerasnb alive" for thread in threading.enumerate())


def test_a_fit_panel_tells_while_it_trains_but_not_while_it_is_paused(monkeypatch):
    model, clock, sent = FakeModel(), Clock(3), []
    monkeypatch.setattr(job_module, "kept_alive", lambda send: kept_alive(send, clock))
    panel = FitPanel(model, X, Y, nb_epoch=2)
    monkeypatch.setattr(panel, "send", lambda message: sent.append(message["kind"]))
    gate = model.hold()
    panel.fit(wait=False)
    clock.is_through.wait(10)
    gate.set()
    panel.wait()
    assert sent.count("alive") == 3

    model.control.pause()
    panel._job._alive({"kind": "alive"})
    assert sent.count("alive") == 3
    model.control.resume()
