"""The example of a teacher: its commands fit together, its notebook gives on both backends what is stored in it."""

import configparser
import re
from pathlib import Path

import nbformat
import yaml

from kerasnb.backend import available_backends

FOLDER = Path(__file__).resolve().parents[2] / "examples" / "teaching"
NOTEBOOK = FOLDER / "notebooks" / "01_example.ipynb"
CHECKED = "nbval-check-output"


def code_cells():
    return [cell for cell in nbformat.read(NOTEBOOK, as_version=4).cells if cell.cell_type == "code"]


def test_its_workflow_runs_what_its_makefile_has_for_each_backend():
    job = yaml.safe_load((FOLDER / ".github" / "workflows" / "notebooks.yml").read_text())["jobs"]["test"]
    targets = re.findall(r"^([a-z ]+):", (FOLDER / "Makefile").read_text(), re.MULTILINE)
    assert job["steps"][-1]["run"] == "make ${{ matrix.backend }}"
    assert job["strategy"]["matrix"]["backend"] == list(available_backends()) and "tensorflow theano" in targets


def test_what_it_sanitizes_is_what_the_tutorials_sanitize():
    ours, its = configparser.ConfigParser(), configparser.ConfigParser()
    assert ours.read(FOLDER.parents[1] / ".ci" / "nbval_sanitize.cfg") and its.read(FOLDER / "sanitize.cfg")
    assert its.sections() and all(dict(its[name]) == dict(ours[name]) for name in its.sections())


def test_its_notebook_gives_what_is_stored_in_it(backend, capsys):
    names, compared = {}, 0
    for cell in code_cells():
        exec("\n".join(line for line in cell.source.splitlines() if not line.startswith("%")), names)
        printed = capsys.readouterr().out
        if CHECKED in cell.metadata.get("tags", []):
            compared += 1
            assert printed == "".join(output.text for output in cell.outputs)
    assert compared == 2
