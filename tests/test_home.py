import os
import sys
from pathlib import Path

import pytest

from kerasnb import home as keeping
from kerasnb.errors import FileError


@pytest.fixture
def main_names(monkeypatch, tmp_path):
    """The names of a kernel's `__main__`, which has no file, in a working directory of its own."""
    monkeypatch.delitem(vars(sys.modules["__main__"]), "__file__", raising=False)
    monkeypatch.delenv("KERASNB_HOME", raising=False)
    monkeypatch.delenv("JPY_SESSION_NAME", raising=False)
    monkeypatch.chdir(tmp_path)
    return vars(sys.modules["__main__"])


def test_work_of_a_notebook_in_jupyterlab_is_kept_beside_it_under_its_name(main_names, monkeypatch, tmp_path):
    (tmp_path / "deep").mkdir()
    monkeypatch.setenv("JPY_SESSION_NAME", str(tmp_path / "deep" / "digits cnn.ipynb"))
    assert keeping.home() == tmp_path / "deep" / ".kerasnb" / "digits cnn"


def test_a_session_name_relative_to_the_working_directory_is_understood(main_names, monkeypatch, tmp_path):
    monkeypatch.setenv("JPY_SESSION_NAME", "digits.ipynb")
    assert keeping.home() == tmp_path / ".kerasnb" / "digits"


def test_work_of_a_notebook_in_vs_code_is_kept_beside_it(main_names, monkeypatch, tmp_path):
    monkeypatch.setitem(main_names, "__vsc_ipynb_file__", str(tmp_path / "digits.ipynb"))
    assert keeping.home() == tmp_path / ".kerasnb" / "digits"


def test_a_console_keeps_its_work_in_the_working_directory(main_names, monkeypatch, tmp_path):
    monkeypatch.setenv("JPY_SESSION_NAME", "console-1-0c5f")
    assert keeping.notebook() is None
    assert keeping.home() == tmp_path / ".kerasnb" / "kernel"


def test_a_script_that_a_notebook_starts_keeps_its_work_under_its_own_name(main_names, monkeypatch, tmp_path):
    monkeypatch.setenv("JPY_SESSION_NAME", str(tmp_path / "digits.ipynb"))
    monkeypatch.setitem(main_names, "__file__", str(tmp_path / "train.py"))
    assert keeping.home() == tmp_path / ".kerasnb" / "train"


def test_the_setting_names_another_folder_or_none(main_names, monkeypatch, tmp_path):
    monkeypatch.setenv("KERASNB_HOME", str(tmp_path / "elsewhere"))
    assert keeping.home() == tmp_path / "elsewhere" / "kernel"
    monkeypatch.setenv("KERASNB_HOME", "off")
    assert keeping.home() is None
    assert keeping.folder("runs") is None
    assert os.listdir(tmp_path) == []


def test_a_folder_is_made_with_a_readme_that_says_what_it_is_for(main_names, tmp_path):
    assert keeping.folder("runs") == tmp_path / ".kerasnb" / "kernel" / "runs"
    assert "KERASNB_HOME" in (tmp_path / ".kerasnb" / "README").read_text()


def test_where_nothing_can_be_written_it_is_said_once_and_nothing_is_kept(main_names, tmp_path):
    Path(".kerasnb").write_text("a file in the folder's place")
    with pytest.warns(RuntimeWarning, match="(?s)cannot be written.*KERASNB_HOME"):
        assert keeping.folder("runs") is None
    assert keeping.folder("runs") is None


def test_a_file_is_written_whole_and_the_older_one_kept_on_request(tmp_path):
    file = tmp_path / "net.json"
    keeping.write_text(file, "one", keeps_older=True)
    keeping.write_text(file, "two", keeps_older=True)
    assert (file.read_text(), (tmp_path / "net.json.bak").read_text()) == ("two", "one")
    with pytest.raises(FileError, match="no folder"):
        keeping.write_text(tmp_path / "gone" / "net.json", "three")
