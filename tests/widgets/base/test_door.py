"""What the panels refuse at the door."""

import numpy as np
import pytest

from kerasnb.errors import ArgumentError, UnknownNameError
from kerasnb.models import Sequential
from kerasnb.widgets import FitPanel, FreezePanel, Inspector
from tests.report.small_models import branching_model

X, Y = np.zeros((4, 5)), np.eye(2)[[0, 1] * 2]
PANELS = [lambda model: FitPanel(model, X, Y), lambda model: Inspector(model, X), FreezePanel]


@pytest.mark.parametrize("panel", PANELS)
def test_a_model_without_layers_is_refused_with_advice(panel):
    with pytest.raises(ArgumentError, match="has no layers yet"):
        panel(Sequential())


@pytest.mark.parametrize("panel", PANELS)
def test_what_is_no_model_is_refused(panel):
    with pytest.raises(ArgumentError, match="needs a model, got str"):
        panel("model")


def test_an_argument_that_fit_does_not_know_is_refused_with_a_close_one():
    with pytest.raises(UnknownNameError, match='Did you mean "callbacks"'):
        FitPanel(branching_model(), X, Y, callback=[])


def test_callbacks_that_are_no_list_are_refused():
    with pytest.raises(ArgumentError, match="callbacks needs a list, got object"):
        FitPanel(branching_model(), X, Y, callbacks=object())


def test_data_that_do_not_fit_leave_the_panel_as_it_was():
    model = branching_model()
    panel = FitPanel(model, X, Y[:3])
    with pytest.raises(ValueError, match="different numbers of samples"):
        panel.fit()
    assert repr(panel) == "FitPanel(branching: not fitted yet)" and "DataError" in panel.error["message"]
