"""Messages and traits from the browser that make no sense: refused in words by every widget, and nothing is changed."""

import numpy as np
import pytest

from kerasnb.widgets import Builder, FitPanel, FreezePanel, Inspector
from kerasnb.widgets.curves.history_panel import HistoryPanel
from tests.report.small_models import branching_model

X, Y = np.ones((8, 5), "float32"), np.eye(2)[[0, 1] * 4]
WIDGETS = {
    "Builder": Builder,
    "FitPanel": lambda model: FitPanel(model, X, Y),
    "Inspector": lambda model: Inspector(model, X),
    "FreezePanel": FreezePanel,
    "HistoryPanel": lambda model: HistoryPanel(model.name, 1, 0, []),
}
RAW = ("KeyError", "IndexError", "TypeError", "AttributeError")


def said(widget):
    """What the widget's strip says."""
    if isinstance(widget, Builder):
        return (widget.state["refused"] or {}).get("message", "")
    return widget.error.get("message", "")


def check_refused(widget):
    assert said(widget) and not any(name in said(widget) for name in RAW)


@pytest.mark.parametrize("make", WIDGETS.values(), ids=WIDGETS)
@pytest.mark.parametrize(
    "message", [{}, {"kind": "nonsense"}, {"kind": ["fit"]}, {"kind": None}, {"type": {}}, [], "fit", 3]
)
def test_a_message_without_sense_is_refused(make, message):
    widget = make(branching_model())
    widget._handle_custom_msg(message, [])
    check_refused(widget)


@pytest.mark.parametrize(
    "message",
    [
        {"kind": "option"},
        {"kind": "option", "name": "nb_epoch"},
        {"kind": "option", "name": "model", "value": 3},
        {"kind": "option", "name": ["nb_epoch"], "value": 3},
        {"kind": "option", "name": "optimizer", "value": 3},
        {"kind": "option", "name": "loss", "value": "no_such_loss"},
        {"kind": "option", "name": "batch_size", "value": {}},
        {"kind": "fix", "serial": [], "row": {}, "place": None},
        {"kind": "fix"},
    ],
)
def test_the_fit_panel_refuses_options_that_are_none(message):
    panel = FitPanel(branching_model(), X, Y)
    before = panel.model, panel.nb_epoch, panel.optimizer, panel.loss, panel.batch_size
    panel._handle_custom_msg(message, [])
    check_refused(panel)
    assert (panel.model, panel.nb_epoch, panel.optimizer, panel.loss, panel.batch_size) == before


@pytest.mark.parametrize(
    "message", [{"kind": "freeze"}, {"kind": "up_to", "layer": 3}, {"kind": "unfreeze", "layer": ["left"]}]
)
def test_the_freeze_panel_refuses_layers_that_are_none(message):
    panel = FreezePanel(branching_model())
    panel._handle_custom_msg(message, [])
    check_refused(panel)
    assert panel.totals["frozen"] == 0


@pytest.mark.parametrize(
    "message",
    [
        {"type": "add"},
        {"type": "add", "class_name": "Dense", "after": ["left"]},
        {"type": "add", "class_name": "Dense", "after": "left", "before": {}},
        {"type": "connect", "source": ["left"], "target": "right"},
        {"type": "disconnect", "source": "left"},
        {"type": "remove", "name": ["left"]},
        {"type": "remove", "names": []},
        {"type": "remove", "names": "left"},
        {"type": "duplicate", "names": [["left"]]},
        {"type": "duplicate", "names": ["left"], "after": 3},
        {"type": "move", "names": ["left"]},
        {"type": "shift", "names": ["left"], "by": "1"},
        {"type": "shift", "names": ["left"], "by": 7},
        {"type": "again", "name": "left"},
        {"type": "fold", "name": "left", "folded": True},
        {"type": "fold", "name": "left"},
        {"type": "rename", "name": "left"},
        {"type": "set", "name": "left", "argument": "name", "value": "x"},
        {"type": "set", "name": "left", "argument": 3, "value": "x"},
        {"type": "set", "name": "left", "argument": "output_dim"},
        {"type": "replace", "name": "left", "class_name": ["Dense"]},
        {"type": "trainable", "name": "left", "trainable": "no"},
        {"type": "trainable", "name": "left"},
        {"type": "fix", "name": "left", "index": "0"},
        {"type": "fix", "name": "left"},
        {"type": "name", "name": None},
        {"type": "backend", "name": ["theano"]},
        {"type": "backend"},
        {"type": "undo", "version": "12"},
        {"type": "undo", "version": True},
    ],
)
def test_the_builder_refuses_steps_that_are_none(message):
    builder = Builder(branching_model())
    before = builder.document.graph
    builder._handle_custom_msg(message, [])
    check_refused(builder)
    assert builder.document.graph is before


TRAITS = [
    ("Builder", "selection", ["gone"]),
    ("Builder", "selection", "conv_1"),
    ("Builder", "selection", [3]),
    ("Builder", "tab", "Nowhere"),
    ("Inspector", "layer", "gone"),
    ("Inspector", "sample", 99),
    ("Inspector", "sample", "first"),
    ("Inspector", "phase", 7),
    ("FreezePanel", "selected", ["left"]),
    ("FitPanel", "nb_epoch", -1),
]


@pytest.mark.parametrize("kind, trait, value", TRAITS)
def test_a_trait_that_the_browser_sets_to_nonsense_keeps_its_value_and_is_sent_back(kind, trait, value, monkeypatch):
    widget = WIDGETS[kind](branching_model())
    before, sent = getattr(widget, trait), []
    monkeypatch.setattr(widget, "send_state", lambda key=None: sent.append(key))
    widget.set_state({trait: value})
    check_refused(widget)
    assert getattr(widget, trait) == before and trait in sent


# ---- stale steps


@pytest.fixture
def broken():
    """A Builder with a layer that breaks, and fixes offered."""
    builder = Builder(input_shape=(8, 8, 1))
    builder.add("Convolution2D", name="conv_1", nb_filter=2, nb_row=3, nb_col=3)
    builder.add("Convolution2D", name="conv_2", nb_filter=2, nb_row=9, nb_col=9)
    return builder


def test_a_fix_that_is_sent_twice_is_taken_once(broken):
    message = {"type": "fix", "name": "conv_2", "index": 0, "version": broken.state["revision"], "id": "page:1"}
    broken._handle_custom_msg(message, [])
    mended = broken.document.graph
    assert broken.document.is_good and broken.state["refused"] is None
    broken._handle_custom_msg(message | {"id": "page:2"}, [])
    assert broken.document.graph is mended and "nothing was done" in broken.state["refused"]["message"]
    assert broken.state["answered"] == "page:2"


def test_a_fix_whose_offer_is_another_by_now_does_nothing(broken):
    broken._handle_custom_msg({"type": "fix", "name": "conv_2", "index": 0, "label": "remove everything"}, [])
    assert not broken.document.is_good and "not offered" in broken.state["refused"]["message"]


@pytest.mark.parametrize(
    "step", [{"type": "add", "class_name": "Flatten"}, {"type": "undo"}, {"type": "remove", "name": "conv_2"}]
)
def test_a_step_meant_for_an_older_version_does_nothing(broken, step):
    message = step | {"version": broken.state["revision"]}
    broken._handle_custom_msg(message, [])
    graph = broken.document.graph
    broken._handle_custom_msg(message, [])
    assert broken.document.graph is graph and "nothing was done" in broken.state["refused"]["message"]


@pytest.mark.parametrize(
    "step",
    [
        {"type": "set", "argument": "nb_filter", "value": "3"},
        {"type": "rename", "new_name": "other"},
        {"type": "trainable", "trainable": False},
        {"type": "fix", "index": 0},
        {"type": "remove"},
    ],
    ids=lambda step: step["type"],
)
def test_a_step_at_a_layer_that_is_gone_does_nothing(broken, step):
    broken.remove("conv_2")
    graph = broken.document.graph
    broken._handle_custom_msg(step | {"name": "conv_2"}, [])
    assert broken.document.graph is graph and 'layer "conv_2" is gone' in broken.state["refused"]["message"]
