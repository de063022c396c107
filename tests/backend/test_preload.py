"""The backend is loaded in the background, when nobody is in the middle of clicking."""

import threading

import pytest

from kerasnb.backend import runtime


@pytest.fixture
def loaded(monkeypatch):
    """The names of the backends that were loaded, where none was before."""
    names = []
    monkeypatch.setattr(runtime, "_runtimes", {})
    monkeypatch.setattr(runtime, "_load", names.append)
    return names


def test_preload_loads_the_chosen_backend_in_another_thread(loaded):
    thread = runtime.preload()
    thread.join()
    assert (loaded, thread is threading.current_thread()) == ([runtime.backend()], False)


def test_asking_again_within_the_pause_begins_it_anew(loaded):
    first = runtime.preload(after=60)
    second = runtime.preload(after=0)
    first.join()
    second.join()
    assert loaded == [runtime.backend()]


def test_a_loaded_backend_is_not_loaded_again(loaded, monkeypatch):
    monkeypatch.setattr(runtime, "_runtimes", {runtime.backend(): object()})
    assert runtime.preload() is None
