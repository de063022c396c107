"""The lasting picture as an output."""

import pytest

from kerasnb.widgets.base import snapshot as module
from kerasnb.widgets.base.snapshot import Picture, Snapshot


@pytest.fixture
def published(monkeypatch):
    calls = []
    monkeypatch.setattr(module, "in_kernel", lambda: True)
    monkeypatch.setattr(module, "takes_updates", lambda: True)
    monkeypatch.setattr(
        "IPython.core.display_functions.publish_display_data", lambda data, metadata, **rest: calls.append((data, rest))
    )
    return calls


def test_a_picture_always_has_text_beside_it():
    assert Picture("a net", png=b"png", width=960).bundle() == {"image/png": b"png", "text/plain": "a net"}


def test_updates_go_to_the_output_by_its_display_id(published):
    snapshot = Snapshot()
    snapshot.show(Picture("before"))
    snapshot.update(Picture("after"))
    (first, shown), (second, updated) = published
    assert (first["text/plain"], second["text/plain"]) == ("before", "after")
    assert not shown["update"] and updated["update"] and shown["transient"] == updated["transient"]


def test_a_picture_that_is_not_shown_yet_is_kept_for_later(published):
    snapshot = Snapshot()
    snapshot.update(Picture("kept"))
    assert published == [] and snapshot.picture.text == "kept"


@pytest.fixture
def unwatched(published, monkeypatch):
    monkeypatch.setattr(module, "takes_updates", lambda: False)
    return published


def test_where_nobody_watches_a_picture_is_never_replaced(unwatched):
    snapshot = Snapshot()
    snapshot.show(Picture("as it was"))
    snapshot.update(Picture("later"))
    assert [data["text/plain"] for data, _ in unwatched] == ["as it was"]


def test_where_nobody_watches_a_result_is_shown_once_and_when_it_is_there(unwatched):
    snapshot = Snapshot()
    snapshot.show(Picture("not fitted yet"), is_final=False)
    assert snapshot.is_waiting and unwatched == []
    snapshot.update(Picture("5 epochs"))
    snapshot.show_result(Picture("5 epochs"))
    ((data, rest),) = unwatched
    assert data["text/plain"] == "5 epochs" and not rest["update"] and not rest["transient"]
    assert not snapshot.is_waiting


@pytest.fixture
def running(monkeypatch):
    def run(cell):
        monkeypatch.setattr(module, "running_cell", lambda: cell)

    run("the panel's")
    return run


def test_a_result_takes_the_place_of_what_waited_for_it_in_the_same_cell(published, running):
    snapshot = Snapshot()
    snapshot.show(Picture("not fitted yet"), is_final=False)
    snapshot.update(Picture("5 epochs"))
    snapshot.show_result(Picture("5 epochs"))
    assert [rest["update"] for _, rest in published] == [False, True]


def test_a_result_is_shown_in_another_cell_that_waited_for_it_too(published, running):
    snapshot = Snapshot()
    snapshot.show(Picture("not fitted yet"), is_final=False)
    running("the fit's")
    snapshot.update(Picture("5 epochs"))
    snapshot.show_result(Picture("5 epochs"))
    data, rest = published[-1]
    assert data["text/plain"] == "5 epochs" and not rest["update"] and not rest["transient"]


def test_a_picture_says_whose_it_is_and_which(monkeypatch):
    metadata, told = [], []
    monkeypatch.setattr(module, "in_kernel", lambda: True)
    monkeypatch.setattr(module, "takes_updates", lambda: True)
    monkeypatch.setattr(
        "IPython.core.display_functions.publish_display_data", lambda data, about, **rest: metadata.append(about)
    )
    snapshot, picture = Snapshot(owner="w1", tell=lambda picture: told.append(picture.text)), Picture("one")
    snapshot.show(picture)
    snapshot.update(Picture("two"))
    assert metadata[0]["kerasnb"] == {"picture_of": "w1", "digest": picture.digest}
    assert metadata[1]["kerasnb"]["digest"] != picture.digest and told == ["one", "two"]


def test_a_picture_that_no_program_will_replace_says_whose_it_is_too_for_the_view_may(monkeypatch):
    published = []
    monkeypatch.setattr(module, "in_kernel", lambda: True)
    monkeypatch.setattr(module, "takes_updates", lambda: False)
    monkeypatch.setattr(
        "IPython.core.display_functions.publish_display_data", lambda *args, **rest: published.append((args[1], rest))
    )
    Snapshot(owner="w1").show(Picture("one"))
    ((about, rest),) = published
    assert about["kerasnb"]["picture_of"] == "w1" and rest["transient"] == {}


def test_outside_jupyter_nothing_is_published():
    Snapshot().show(Picture("nowhere"))
