"""The backend is loaded in the background, when nobody is in the middle of clicking."""

import threading

import pytest

from kerasnb.backend.runtime import chosen


@pytest.fixture
def loaded(monkeypatch):
    """The names of the backends that were loaded, where none was before."""
    names = []
    monkeypatch.setattr(chosen, "_runtimes", {})
    monkeypatch.setattr(chosen, "_load", names.append)
    return names


def test_preload_loads_the_chosen_backend_in_another_thread(loaded):
    thread = chosen.preload()
    thread.join()
    assert (loaded, thread is threading.current_thread()) == ([chosen.backend()], False)


def test_asking_again_within_the_pause_begins_it_anew(loaded):
    first = chosen.preload(after=60)
    second = chosen.preload(after=0)
    first.join()
    second.join()
    assert loaded == [chosen.backend()]


def test_a_loaded_backend_is_not_loaded_again(loaded, monkeypatch):
    monkeypatch.setattr(chosen, "_runtimes", {chosen.backend(): object()})
    assert chosen.preload() is None
