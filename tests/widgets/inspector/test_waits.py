"""What the Inspector says while it computes, and that it holds up nobody meanwhile."""

import threading

import numpy as np
import pytest

from kerasnb.widgets import Inspector
from kerasnb.widgets.inspector import panel as module
from tests.report.small_models import small_cnn

X = np.random.RandomState(0).rand(6, 8, 8, 1).astype("float32")


@pytest.fixture
def gate(monkeypatch):
    """Somebody watches, and each output is computed only when the gate is open."""
    gate = threading.Event()
    looked_at = module.looked_at
    monkeypatch.setenv("KERASNB_WATCHED", "1")
    monkeypatch.setattr(module, "looked_at", lambda *given: gate.wait(10) and looked_at(*given))
    yield gate
    gate.set()


def state_of(inspector):
    return inspector.look.get("of"), inspector.look.get("state")


def test_where_somebody_watches_nothing_waits_but_who_asks_for_the_output(gate):
    inspector = Inspector(small_cnn(), X)
    assert inspector.view == {}
    gate.set()
    assert inspector.output.shape == (1, 6, 6, 4)
    assert state_of(inspector) == (["conv", 0, 0, "Output"], "ready")


def test_of_a_row_of_choices_the_newest_is_computed(gate):
    inspector = Inspector(small_cnn(), X)
    for sample in range(1, 6):
        inspector.sample = sample
    gate.set()
    inspector._work.wait()
    assert (inspector.view["sample"], inspector.sample_view["index"]) == (5, 5)


def test_a_layer_has_no_weights_only_when_they_were_looked_for(monkeypatch):
    inspector = Inspector(small_cnn(), X)
    inspector.tab = "Weights"
    assert state_of(inspector) == (["conv", 0, 0, "Weights"], "ready")
    inspector.layer = "flat"
    assert state_of(inspector) == (["flat", 0, 0, "Weights"], "empty") and inspector.weights == []


def test_weights_are_shown_one_by_one_as_they_are_read(monkeypatch):
    inspector, shown = Inspector(small_cnn(), X), []
    inspector.observe(lambda change: shown.append((len(inspector.weights), change["new"]["state"])), "look")
    inspector.tab = "Weights"
    assert shown == [(1, "pending"), (2, "pending"), (2, "ready")]


def test_what_could_not_be_computed_has_failed_and_is_no_more_pending(monkeypatch):
    monkeypatch.setattr(module, "looked_at", lambda *given: 1 / 0)
    inspector = Inspector(small_cnn(), X)
    assert state_of(inspector)[1] == "failed" and inspector.error


def test_an_error_goes_from_the_strip_when_something_else_could_be_shown():
    inspector = Inspector(small_cnn(), X)
    inspector.show_error("it broke")
    inspector.tab = "Weights"
    assert inspector.error == {}


def test_an_inspector_that_watches_over_nobody_looks_at_once():
    assert Inspector(small_cnn(), X).view["layer"] == "conv"
