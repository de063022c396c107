"""What a widget's views say of themselves, and what they get."""

import base64

import numpy as np
import pytest

from kerasnb.widgets import FitPanel, FreezePanel
from kerasnb.widgets.base import lasting
from kerasnb.widgets.base.snapshot import Picture
from tests.report.small_models import branching_model
from tests.widgets.fake_model import FakeModel


@pytest.fixture
def panel():
    return FreezePanel(branching_model())


@pytest.fixture
def sent(panel, monkeypatch):
    messages = []
    monkeypatch.setattr(panel, "send", messages.append)
    return messages


def say(panel, view, page="p1"):
    panel._handle_custom_msg({"view": view, "page": page}, [])


def test_a_widget_has_a_view_as_long_as_one_of_its_pages_shows_it(panel):
    say(panel, "open")
    say(panel, "open", "p2")
    say(panel, "close")
    assert panel.has_view
    say(panel, "close", "p2")
    assert not panel.has_view


def test_a_question_whether_it_is_there_is_answered(panel, sent):
    say(panel, "ping")
    assert sent == [{"view": "pong"}]


def test_a_page_that_asks_for_the_picture_gets_it_as_a_file_stores_it(panel, sent):
    panel.snapshot.show(Picture("net", png=b"png", width=960))
    say(panel, "picture")
    ((message),) = sent
    assert message["page"] == "p1" and message["data"] == {
        "text/plain": "net",
        "image/png": base64.b64encode(b"png").decode(),
    }
    assert message["metadata"]["kerasnb"]["picture_of"] == panel.model_id
    assert message["metadata"]["image/png"] == {"width": 960}


def test_what_a_view_says_is_no_step_for_the_widget(panel):
    say(panel, "open")
    assert panel.error == {}


def test_the_text_beside_a_view_says_nothing_that_changes(panel, monkeypatch):
    monkeypatch.setattr(lasting, "in_kernel", lambda: True)
    data, _ = panel._repr_mimebundle_()
    assert data["text/plain"] == "FreezePanel(branching)"
    assert repr(panel) == "FreezePanel(branching: 58 trainable, 0 frozen)"


def test_a_fit_asks_whether_it_is_watched_before_it_begins(monkeypatch):
    def cannot_be_asked(has_view):
        raise TypeError("get_parent() takes 1 positional argument")

    monkeypatch.setattr("kerasnb.widgets.fit.panel.is_watched", cannot_be_asked)
    panel = FitPanel(FakeModel(), np.zeros((4, 3)), np.zeros((4, 2)), loss="mse")
    with pytest.raises(TypeError):
        panel.fit()
    assert panel.runs == [] and panel.state == "idle"
