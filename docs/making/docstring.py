"""Docstrings as Markdown: they are written in it, but for sections of arguments and examples."""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterable

__all__ = ["as_markdown"]

_SECTION = re.compile(r"(Args|Raises|Returns|Yields|Attributes):$")
_SENTENCE = re.compile(r"(Shape|Source|Inputs): ")
_ITEM = re.compile(r" {4}(\S[^:]*?): +(.*)")
_CODE = re.compile(r"(`+[^`]*`+)")


def as_markdown(docstring: str) -> str:
    """The docstring of an object as Markdown: sections as lists, examples and figures as code."""
    blocks = []
    for block in re.split(r"\n\s*\n", inspect.cleandoc(docstring)):
        blocks += _written(block.splitlines())
    return "\n\n".join(blocks)


def _written(lines: list[str]) -> Iterable[str]:
    """One paragraph, which may end in sections of its own."""
    if lines[0].startswith(">>>"):
        yield _fenced(lines, "pycon")
    elif all(line.startswith("    ") for line in lines):
        yield _fenced([line[4:] for line in lines], "text")
    else:
        yield from _parts(lines)


def _parts(lines: list[str]) -> Iterable[str]:
    held: list[str] = []
    for number, line in enumerate(lines):
        if section := _SECTION.match(line):
            yield from _prose(held)
            yield f"**{section[1]}**"
            yield "\n".join(_items(lines[number + 1 :]))
            return
        if line.startswith(">>>"):
            yield from _prose(held)
            yield _fenced(lines[number:], "pycon")
            return
        if _SENTENCE.match(line):
            yield from _prose(held)
            held = []
        held.append(line)
    yield from _prose(held)


def _prose(lines: list[str]) -> Iterable[str]:
    if lines:
        first = _SENTENCE.sub(r"**\1** ", _escaped(lines[0]), count=1)
        yield "\n".join([first, *(_escaped(line.strip() if not _is_item(line) else line) for line in lines[1:])])


def _is_item(line: str) -> bool:
    return line.lstrip().startswith("- ")


def _items(lines: list[str]) -> Iterable[str]:
    for line in lines:
        item = _ITEM.match(line)
        if item and not line.startswith(" " * 5):
            yield f"- `{item[1].strip('`')}`: {_escaped(item[2])}"
        elif re.match(r" {4}\S", line):
            yield f"- {_escaped(line.strip())}"
        else:
            yield f"  {_escaped(line.strip())}"


def _fenced(lines: list[str], language: str) -> str:
    return "\n".join([f"```{language}", *lines, "```"])


def _escaped(line: str) -> str:
    """The line with nothing in it that Markdown takes for markup outside of code."""
    parts = _CODE.split(line)
    return "".join(part if part.startswith("`") else re.sub(r"([<*_\[\]$])", r"\\\1", part) for part in parts)
