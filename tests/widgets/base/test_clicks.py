"""Clicks while a cell runs: sent to the subshell that they name, or said to wait."""

from types import SimpleNamespace

import numpy as np
import pytest

from kerasnb.widgets import FitPanel
from kerasnb.widgets.base import clicks
from tests.widgets.fake_model import FakeModel


def kernel_with(*features):
    return SimpleNamespace(kernel_info={"supported_features": list(features)})


def new_panel():
    return FitPanel(FakeModel(), np.zeros((4, 3)), np.zeros((4, 2)), loss="mse")


KERNELS = [(kernel_with(), True), (kernel_with("kernel subshells"), False), (None, False)]


@pytest.mark.parametrize("kernel, waits", KERNELS)
def test_a_panel_says_whether_clicks_wait_for_a_running_cell(monkeypatch, kernel, waits):
    monkeypatch.setattr(clicks, "running_kernel", lambda: kernel)
    assert new_panel().clicks_wait is waits


def test_a_click_is_handled_on_the_subshell_that_it_names():
    comm = SimpleNamespace(_reply_subshell_for=lambda data, default: "the shell that sent last")
    clicks.answer_where_asked(comm)
    assert comm._reply_subshell_for({}, "the subshell of the message") == "the subshell of the message"


def test_a_comm_of_another_ipykernel_is_left_as_it_is():
    comm = SimpleNamespace()
    clicks.answer_where_asked(comm)
    clicks.answer_where_asked(None)
    assert vars(comm) == {}
