"""What stands beside the package: the commands that the workflow and the texts name, and what a wheel takes along."""

import re
import subprocess
import tomllib
from fnmatch import fnmatch
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
TARGETS = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))


@pytest.mark.parametrize("name", [".github/workflows/test.yml", "README.md", "CONTRIBUTING.md"])
def test_commands_of_make_that_a_text_names_exist(name):
    text = (ROOT / name).read_text()
    named = re.findall(r"(?:`|run: )make ([a-z-]+)", text) + re.findall(r"target: ([a-z-]+)", text)
    assert named and set(named) <= TARGETS


def test_files_and_tests_that_contributing_names_exist():
    words = re.findall(r"[`(]([^`()\s]+)[`)]", (ROOT / "CONTRIBUTING.md").read_text())
    files = [word for word in words if re.match(r"(kerasnb|tests|notebooks|requirements|benchmarks|\.github)/", word)]
    missing = [name for name in files if "NN_" not in name and not (ROOT / name).exists()]
    texts = (path.read_text() for path in (ROOT / "tests").rglob("*.py"))
    defined = {name for text in texts for name in re.findall(r"def (test_\w+)", text)}
    named = {word for word in words if word.startswith("test_")}
    assert len(files) > 30 and missing == []
    assert named and named <= defined


def test_annotations_are_offered_to_type_checkers():
    wheel = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["hatch"]["build"]["targets"]["wheel"]
    assert wheel["packages"] == ["kerasnb"] and (ROOT / "kerasnb" / "py.typed").exists()


def kept_at_the_top():
    """What git keeps; all that is there where git is not, as in a copy."""
    if not (ROOT / ".git").exists():
        ignored = [line.strip("/") for line in (ROOT / ".gitignore").read_text().splitlines()]
        names = (path.name for path in ROOT.iterdir())
        return {name for name in names if not any(fnmatch(name, pattern) for pattern in ignored)}
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    return {name.split("/")[0] for name in listed.splitlines()}


def test_no_stray_file_lies_at_the_top():
    beside = {".ci", ".github", "benchmarks", "docs", "findings", "kerasnb", "notebooks"}
    beside |= {"examples", "requirements", "tests"}
    files = {"setup.cfg", "pyproject.toml", "Makefile", "hatch_build.py", "LICENSE", ".gitignore"}
    files |= {"README.md", "CHANGELOG.md", "CONTRIBUTING.md", ".git-blame-ignore-revs", ".pre-commit-config.yaml"}
    assert kept_at_the_top() <= beside | files


def test_links_and_pictures_of_the_readme_lead_somewhere():
    text = (ROOT / "README.md").read_text()
    named = re.findall(r'(?:\]\(|src(?:set)?=")([^)":#]+)[)"]', text)
    assert len(named) > 10 and [path for path in named if not (ROOT / path).exists()] == []
