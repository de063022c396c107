"""Widgets that were closed and let go are freed, and their models with them."""

import gc
import weakref
from types import SimpleNamespace

import IPython
import numpy as np
import pytest

from kerasnb.magics.commands.freeze import panel_of
from kerasnb.widgets import Builder, FitPanel, FreezePanel, Inspector
from kerasnb.widgets.base import superseded
from kerasnb.widgets.curves.history_panel import HistoryPanel
from tests.report.small_models import branching_model
from tests.widgets.fake_model import FakeModel

X, Y = np.ones((8, 5), "float32"), np.eye(2)[[0, 1] * 4]


def fitted(model):
    panel = FitPanel(model, np.ones((8, 3)), np.ones((8, 2)), loss="mse", nb_epoch=2)
    panel.fit(wait=True)
    return panel


WIDGETS = {
    "Builder": (branching_model, Builder),
    "FreezePanel": (branching_model, FreezePanel),
    "Inspector": (branching_model, lambda model: Inspector(model, X)),
    "FitPanel": (branching_model, lambda model: FitPanel(model, X, Y)),
    "a fitted FitPanel": (FakeModel, fitted),
    "the panel of %kerasnb freeze": (branching_model, panel_of),
    "the panel of LiveHistory": (branching_model, lambda model: HistoryPanel(model.name, 1, 0, [])),
}


@pytest.mark.parametrize("make_model, make_widget", WIDGETS.values(), ids=WIDGETS)
def test_a_widget_that_was_closed_and_let_go_is_freed_with_its_model(make_model, make_widget):
    model = make_model()
    widget = make_widget(model)
    alive = [weakref.ref(widget), weakref.ref(model)]
    widget.close()
    del widget, model
    gc.collect()
    assert [each() for each in alive] == [None, None]


@pytest.fixture
def run_of_a_cell(monkeypatch):
    """`run_of_a_cell("b")`: from now on the second run of a cell goes on."""
    monkeypatch.setattr(superseded, "cell_id", lambda: "cell")
    return lambda run: monkeypatch.setattr(superseded, "running_cell", lambda: run)


def test_what_a_cell_made_is_freed_with_its_data_when_the_cell_runs_again(run_of_a_cell):
    model, alive = branching_model(), []
    for run in "abc":
        run_of_a_cell(run)
        x = X.copy()
        panel = FitPanel(model, x, Y)
        alive += [weakref.ref(panel), weakref.ref(x)]
        del panel, x
    gc.collect()
    assert [each() is None for each in alive] == [True] * 4 + [False] * 2


def test_a_panel_in_a_variable_lives_and_answers_when_its_cell_runs_again(run_of_a_cell):
    run_of_a_cell("a")
    kept = FitPanel(branching_model(), X, Y)
    run_of_a_cell("b")
    FitPanel(kept.model, X, Y)
    kept.comm.handle_msg({"content": {"data": {"method": "update", "state": {"batch_size": 4}}}, "buffers": []})
    gc.collect()
    assert kept.batch_size == 4


def test_what_ipython_remembers_of_a_cell_goes_with_its_widget(run_of_a_cell, monkeypatch):
    run_of_a_cell("a")
    panel = FreezePanel(branching_model())
    names = {"_oh": {3: panel, 4: 5}, "_3": panel}
    monkeypatch.setattr(IPython, "get_ipython", lambda: SimpleNamespace(user_ns=names, kernel=None))
    superseded._let_go(panel)
    assert names == {"_oh": {4: 5}}


def test_the_freeze_panel_of_a_model_is_one_until_it_is_closed():
    model = branching_model()
    panel = panel_of(model)
    assert panel_of(model) is panel
    panel.close()
    assert panel_of(model) is not panel


def test_a_model_that_an_edit_replaced_is_freed_with_its_optimizer_and_graph():
    builder = Builder(branching_model())
    panel = FitPanel(builder, X, Y, nb_epoch=1)
    panel.fit(wait=True)
    former = [weakref.ref(panel.model), weakref.ref(panel.model.optimizer)]
    builder.add("Dense", after="left", name="inserted", output_dim=4)
    assert panel.model.get_layer("inserted")
    panel.fit(wait=True)
    gc.collect()
    assert [each() for each in former] == [None, None]


def test_a_subject_is_freed_with_the_last_widget_that_holds_it():
    builder = Builder(input_shape=(4,))
    builder.add("Dense", output_dim=2)
    panel = FreezePanel(builder)
    alive = weakref.ref(builder.subject)
    for widget in (builder, panel):
        widget.close()
    del builder, panel, widget
    gc.collect()
    assert alive() is None
