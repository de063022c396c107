"""When a picture is drawn after an edit."""

import pytest

from kerasnb.widgets.base import quiet_update
from kerasnb.widgets.base.quiet_update import PAUSE, QuietUpdate
from kerasnb.widgets.base.snapshot import Picture, Snapshot


class Timer:
    def __init__(self, seconds, action):
        self.seconds, self.action, self.is_cancelled = seconds, action, False

    def cancel(self):
        self.is_cancelled = True


@pytest.fixture
def timers(monkeypatch):
    made = []
    monkeypatch.setattr(quiet_update, "soon", lambda *given: made.append(Timer(*given)) or made[-1])
    return made


@pytest.fixture
def update():
    return QuietUpdate(Snapshot(is_shown=True))


def test_a_picture_that_is_drawn_quickly_is_replaced_with_the_edit(update, timers):
    update.later(lambda: Picture("one"))
    update.later(lambda: Picture("two"))
    assert update._snapshot.picture.text == "two" and timers == []


def test_a_slow_one_is_drawn_once_for_a_row_of_edits_and_well_within_a_second(update, timers):
    update._cost = 0.2
    for edit in ("one", "two"):
        update.later(lambda edit=edit: Picture(edit))
    assert [timer.is_cancelled for timer in timers] == [True, False] and PAUSE + 0.2 < 1
    timers[-1].action()
    assert update._snapshot.picture.text == "two"


def test_what_is_not_shown_is_not_drawn(timers):
    QuietUpdate(Snapshot()).later(lambda: pytest.fail("drawn"))
