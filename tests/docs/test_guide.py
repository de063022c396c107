"""The guide's lines are such as are taken: commands are parsed by the tree of `%kerasnb`, programs are Python."""

import re
import shlex
from pathlib import Path

import pytest

from kerasnb.magics.tree import command_tree

DOCS = Path(__file__).resolve().parents[2] / "docs"
TEXTS = {path.relative_to(DOCS).as_posix(): path.read_text() for path in sorted(DOCS.rglob("*.md"))}
COMMANDS = sorted({line for text in TEXTS.values() for line in re.findall(r"^%kerasnb .+$", text, re.MULTILINE)})


@pytest.mark.parametrize("line", COMMANDS)
def test_a_command_in_a_block_of_the_docs_is_one(line):
    command_tree().parse_args(shlex.split(line)[1:])


@pytest.mark.parametrize("page", [page for page, text in TEXTS.items() if "```python" in text])
def test_programs_of_a_page_are_python(page):
    for code in re.findall(r"```python\n(.*?)```", TEXTS[page], re.DOTALL):
        compile(code, page, "exec")
