"""What stands beside the package: the commands that the workflow and the texts name, and what a wheel takes along."""

import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
TARGETS = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))


@pytest.mark.parametrize("name", [".github/workflows/test.yml", "README.md"])
def test_commands_of_make_that_a_text_names_exist(name):
    text = (ROOT / name).read_text()
    named = re.findall(r"(?:`|run: )make ([a-z-]+)", text) + re.findall(r"target: ([a-z-]+)", text)
    assert named and set(named) <= TARGETS


def test_annotations_are_offered_to_type_checkers():
    wheel = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["hatch"]["build"]["targets"]["wheel"]
    assert wheel["packages"] == ["kerasnb"] and (ROOT / "kerasnb" / "py.typed").exists()
