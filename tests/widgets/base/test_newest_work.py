"""Work of which only the newest request counts."""

import threading

from kerasnb.report.pieces import between_pieces
from kerasnb.widgets.base.newest_work import NewestWork


def test_work_in_the_background_does_not_hold_up_who_asks():
    work, gate, done = NewestWork(), threading.Event(), []
    work.ask(lambda: gate.wait(10) and done.append(threading.current_thread()), in_background=True)
    assert done == []
    gate.set()
    work.wait()
    assert done and done[0] is not threading.current_thread()


def test_a_newer_request_ends_what_runs_at_its_next_piece_and_drops_what_waits():
    work, began, gate, done = NewestWork(), threading.Event(), threading.Event(), []

    def long():
        began.set()
        gate.wait(10)
        between_pieces()
        done.append("long")

    work.ask(long, in_background=True)
    began.wait(10)
    work.ask(lambda: done.append("waiting"), in_background=True)
    work.ask(lambda: done.append("newest"), in_background=True)
    gate.set()
    work.wait()
    assert done == ["newest"]


def test_what_is_asked_for_at_once_is_done_when_that_returns_and_ends_what_ran():
    work, began, gate, done = NewestWork(), threading.Event(), threading.Event(), []

    def long():
        began.set()
        gate.wait(10)
        between_pieces()
        done.append("long")

    work.ask(long, in_background=True)
    began.wait(10)
    threading.Timer(0.05, gate.set).start()
    work.ask(lambda: done.append("now"), in_background=False)
    assert done == ["now"]
    work.wait()


def test_work_that_breaks_does_not_leave_others_waiting(monkeypatch):
    monkeypatch.setattr(threading, "excepthook", lambda told: None)
    work, done = NewestWork(), []
    work.ask(lambda: 1 / 0, in_background=True)
    work.wait()
    work.ask(lambda: done.append("next"), in_background=True)
    work.wait()
    assert done == ["next"]


def test_pieces_of_work_that_nobody_gives_up_go_on():
    between_pieces()
