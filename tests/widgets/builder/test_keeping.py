"""Edits made by hand are kept beside the notebook, and come back where the Builder's cell runs again."""

import json
import sys

import numpy as np
import pytest

from kerasnb.errors import FileError
from kerasnb.widgets import Builder
from kerasnb.widgets.builder.document.document import Document
from kerasnb.widgets.builder.keeping import MIME, Keeping


@pytest.fixture(autouse=True)
def home(tmp_path, monkeypatch):
    monkeypatch.setenv("KERASNB_HOME", str(tmp_path / "kept"))
    return tmp_path / "kept"


class Cell:
    """What a cell makes each time it runs: a document, shown; `click` edits it by hand, `code` as a later cell does."""

    def __init__(self, is_on=True, input_shape=(8,)):
        self.by_hand = False
        self.document = Document(input_shape=input_shape, name="net")
        self.document.add("Dense", output_dim=4)
        self.keeping = Keeping(self.document, lambda: self.by_hand)
        self.keeping.shown(is_on)

    def click(self, output_dim):
        self.by_hand = True
        self.document.set_argument("dense_1", "output_dim", output_dim)
        self.by_hand = False
        return self

    def code(self):
        self.document.add("Dense", output_dim=2)
        return self

    @property
    def width(self):
        return self.document.graph["dense_1"].arguments["output_dim"]


def files(home):
    return sorted(path.name for path in home.rglob("*.json*"))


def test_an_edit_by_hand_comes_back_and_undo_takes_it_away():
    Cell().click(32)
    again = Cell()
    assert again.width == 32 and "are back" in again.keeping.note
    again.document.undo()
    assert again.width == 4


def test_edits_go_on_from_what_came_back():
    Cell().click(32)
    Cell().click(64)
    assert Cell().width == 64


def test_a_cell_that_makes_another_model_gets_no_edits_of_the_former_one():
    Cell().click(32)
    assert Cell(input_shape=(9,)).width == 4


def test_what_only_code_did_is_not_kept(home):
    Cell().code()
    assert files(home) == []


def test_edits_mixed_with_code_of_later_cells_wait_until_they_are_asked_for():
    Cell().click(32).code()
    again = Cell()
    assert len(again.document.graph) == 2 and again.keeping.is_waiting
    assert again.keeping.bring_back() and len(again.document.graph) == 3
    assert not again.keeping.bring_back()


def test_the_file_of_another_session_stays_as_a_copy(home):
    Cell().click(32)
    (file,) = home.rglob("*.json")
    before = file.read_text()
    Cell().click(64).click(65)
    assert file.with_name(file.name + ".bak").read_text() == before


def test_a_damaged_file_is_said_and_left_until_an_edit_and_then_kept_as_a_copy(home):
    Cell().click(32)
    (file,) = home.rglob("*.json")
    file.write_text("{")
    again = Cell()
    assert "could not be brought back" in again.keeping.note and file.read_text() == "{"
    again.click(16)
    assert file.with_name(file.name + ".bak").read_text() == "{"
    assert Cell().width == 16


def test_a_file_of_a_later_release_is_left_alone(home):
    Cell().click(32)
    (file,) = home.rglob("*.json")
    file.write_text(json.dumps(json.loads(file.read_text()) | {"version": 9}))
    again = Cell()
    assert again.width == 4 and "Install a later release" in again.keeping.note


def test_a_notebook_that_was_sent_alone_brings_its_edits_along(home, tmp_path, monkeypatch):
    held = {"output_type": "display_data", "data": {MIME: Cell().click(32).keeping.data()}, "metadata": {}}
    notebook = tmp_path / "sent" / "lesson.ipynb"
    notebook.parent.mkdir()
    notebook.write_text(json.dumps({"cells": [{"cell_type": "code", "outputs": [held]}]}))
    monkeypatch.delenv("KERASNB_HOME")
    monkeypatch.setattr("kerasnb.home.notebook", lambda: notebook)
    assert Cell().width == 32


def test_what_is_kept_is_made_once_for_an_edit_and_says_when_that_was(monkeypatch):
    monkeypatch.setattr("time.strftime", lambda form: "2026-11-30 18:00")
    Cell().click(32)
    monkeypatch.setattr("time.strftime", lambda form: "2026-12-01 09:00")
    again = Cell()
    assert again.keeping.data()["saved"] == "2026-11-30 18:00" and again.keeping.data() is again.keeping.data()
    assert again.click(64).keeping.data()["saved"] == "2026-12-01 09:00"


def test_keeping_can_be_put_off(home):
    cell = Cell(is_on=False).click(32)
    assert files(home) == [] and cell.keeping.data() is None


def test_a_builder_keeps_what_is_clicked_and_brings_it_back_when_shown(home, monkeypatch):
    monkeypatch.setattr(sys.modules[Keeping.__module__], "is_click", lambda: True)
    monkeypatch.setenv("KERASNB_WATCHED", "1")

    def shown():
        builder = Builder(input_shape=(8,), name="net")
        builder._ipython_display_()
        return builder

    builder = shown()
    builder._handle_custom_msg({"type": "add", "class_name": "Dense"}, [])
    assert MIME in builder.picture().bundle()
    again = shown()
    assert again.document.graph == builder.document.graph and "are back" in again.state["kept"]["note"]


def test_a_builder_writes_its_document_to_a_file_and_opens_it(tmp_path):
    builder = Builder(input_shape=(8,), name="net")
    builder.add("Dense", output_dim=3)
    builder.save(tmp_path / "net.json")
    assert Builder.from_file(tmp_path / "net.json").document.graph == builder.document.graph


def test_a_builder_opens_a_saved_model_with_its_weights(tmp_path, backend):
    builder = Builder(input_shape=(8,), name="net")
    builder.add("Dense", output_dim=3)
    builder.model.save(str(tmp_path / "net.h5"))
    again = Builder.from_file(tmp_path / "net.h5")
    np.testing.assert_array_equal(again.model.get_weights()[0], builder.model.get_weights()[0])


@pytest.mark.parametrize(
    "content, says", [(None, "there is no file"), (b"\xff\xfe", "holds no model"), (b"{}", "holds no model")]
)
def test_a_builder_refuses_a_file_that_is_none_of_its_own(tmp_path, content, says):
    file = tmp_path / "net.json"
    if content is not None:
        file.write_bytes(content)
    with pytest.raises(FileError, match=says):
        Builder.from_file(file)
