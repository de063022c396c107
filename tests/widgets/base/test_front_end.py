"""Guessing who is at the other end of the kernel."""

import asyncio
from types import SimpleNamespace

import pytest

from kerasnb.widgets.base import front_end
from kerasnb.widgets.base.queued_cells import cells_are_queued


@pytest.fixture
def request_of(monkeypatch):
    def receive(metadata=None, msg_type="execute_request", **kernel):
        parent = {"header": {"msg_type": msg_type}, "metadata": metadata or {}}
        fake = SimpleNamespace(get_parent=lambda channel: parent, **kernel)
        monkeypatch.setattr(front_end, "_shell", lambda: SimpleNamespace(kernel=fake))

    monkeypatch.delenv("KERASNB_WATCHED", raising=False)
    return receive


def test_a_plain_script_is_no_kernel_and_not_watched(monkeypatch):
    monkeypatch.delenv("KERASNB_WATCHED", raising=False)
    assert not front_end.in_kernel() and not front_end.is_watched()


def test_a_notebook_front_end_names_its_cell(request_of):
    request_of({"cellId": "ab12"})
    assert front_end.is_watched()


def test_a_program_that_runs_cells_names_none(request_of):
    request_of({})
    assert not front_end.is_watched()


def test_a_click_is_somebody_watching(request_of):
    request_of(msg_type="comm_msg")
    assert front_end.is_watched()


def test_a_page_that_shows_the_widget_is_somebody_watching_unless_cells_wait(request_of):
    request_of({})
    assert front_end.is_watched(has_view=True)
    request_of({}, msg_queue=SimpleNamespace(qsize=lambda: 2))
    assert not front_end.is_watched(has_view=True)


def test_a_kernel_that_asks_for_no_channel_is_asked_as_it_wants(monkeypatch):
    class XeusKernel:
        def get_parent(self):
            return {"header": {"msg_id": "m1", "msg_type": "execute_request"}}

    monkeypatch.delenv("KERASNB_WATCHED", raising=False)
    monkeypatch.setattr(front_end, "_shell", lambda: SimpleNamespace(kernel=XeusKernel()))
    assert not front_end.is_watched() and front_end.running_cell() == "m1"


def test_a_kernel_that_cannot_be_asked_counts_as_unwatched(monkeypatch):
    monkeypatch.delenv("KERASNB_WATCHED", raising=False)
    monkeypatch.setattr(front_end, "_shell", lambda: SimpleNamespace(kernel=object()))
    assert not front_end.is_watched() and front_end.running_cell() is None


def test_cells_that_wait_behind_this_one_need_its_result(request_of):
    request_of({"cellId": "ab12"}, msg_queue=SimpleNamespace(qsize=lambda: 2))
    assert not front_end.is_watched()


def test_cells_that_wait_do_not_keep_a_notebook_from_replacing_pictures(request_of):
    request_of({"cellId": "ab12"}, msg_queue=SimpleNamespace(qsize=lambda: 2))
    assert front_end.takes_updates()
    request_of({})
    assert not front_end.takes_updates()


def test_a_task_for_another_message_means_queued_cells():
    def _async_in_context():
        async def run_in_context(others):
            await asyncio.sleep(0)
            queued.append(cells_are_queued(SimpleNamespace()))

        return run_in_context

    async def run(cells):
        await asyncio.gather(*(_async_in_context()(cells) for _ in range(cells)))

    queued = []
    for wrapper in (1, 2):
        asyncio.run(run(wrapper))
    assert queued == [False, True, False]


def test_the_environment_overrules_the_guess(request_of, monkeypatch):
    request_of({"cellId": "ab12"})
    monkeypatch.setenv("KERASNB_WATCHED", "0")
    assert not front_end.is_watched()
