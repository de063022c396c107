"""What commands return: text that shows as it is, a string that shows as a sentence, code, a table, a drawing."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from numbers import Real
from pathlib import Path
from typing import Any

from ..utils.writing import whole_file

__all__ = ["Answer", "Code", "Drawing", "Json", "Rows", "Text", "aligned"]


class Text(str):
    """A string that a cell shows without quotes."""

    def __repr__(self) -> str:
        return str(self)

    def _repr_pretty_(self, printer: Any, cycle: bool) -> None:
        printer.text(str(self))


class Answer(Text):
    """A string, such as a name, that a cell shows as a sentence about it."""

    def __new__(cls, value: str, sentence: str):
        answer = super().__new__(cls, value)
        answer.sentence = sentence
        return answer

    def __repr__(self) -> str:
        return self.sentence

    def _repr_pretty_(self, printer: Any, cycle: bool) -> None:
        printer.text(self.sentence)


class Code(Text):
    """Python code; a notebook shows it in colours, which follow its theme."""

    def _repr_markdown_(self) -> str:
        return f"```python\n{self}\n```"


@dataclass(frozen=True)
class Drawing:
    """An SVG with its text."""

    svg: str
    text: str

    def save(self, path: str | Path) -> None:
        """Write the SVG to a file."""
        with whole_file(path) as temporary:
            Path(temporary).write_text(self.svg, encoding="utf-8")

    def _repr_svg_(self) -> str:
        return self.svg

    def __repr__(self) -> str:
        return self.text


class Rows(Sequence):
    """Rows of a report, shown as a table.

    Args:
        rows: one object for each row; what indexing gives.
        title: the line above the table.
        table: the cells as text, the heading first.
        right: indexes of the columns that are aligned to the right.
    """

    def __init__(self, rows: Iterable[Any], title: str, table: Sequence[Sequence[str]], right: Sequence[int] = ()):
        self.rows, self.title = list(rows), title
        self._lines = aligned(table, right)

    def __getitem__(self, index: Any) -> Any:
        if isinstance(index, str):
            return next(row for row in self.rows if row.name == index)
        return self.rows[index]

    def __len__(self) -> int:
        return len(self.rows)

    def __repr__(self) -> str:
        return "\n".join([self.title, *("  " + line for line in self._lines)])


class Json(dict):
    """A result as JSON has it, for programs: its text in `text`, its rows or drawing beside it."""

    @classmethod
    def of(cls, result: Any) -> Json:
        """What a command returned, without what JSON cannot hold."""
        made = cls(text=repr(result))
        if isinstance(result, Rows):
            made["rows"] = [_plain(row) for row in result]
        elif isinstance(result, Drawing):
            made["svg"] = result.svg
        elif hasattr(result, "facts"):
            made["facts"] = _plain(result.facts)
        elif isinstance(getattr(result, "history", None), dict):  # of a fit that waited
            made["facts"] = {"epochs": len(result.epoch), "logs": _plain(result.history)}
        return made

    def __repr__(self) -> str:
        return json.dumps(self, indent=1)


def _plain(value: Any) -> Any:
    """Numbers, words and lists as they are, objects by their fields or as text."""
    if value is None or isinstance(value, bool | int | float | str):
        return value
    if isinstance(value, Real):  # numpy's
        return float(value)
    if isinstance(value, dict):
        return {str(name): _plain(each) for name, each in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(each) for each in value]
    if hasattr(value, "facts"):
        return _plain(value.facts)
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {field.name: _plain(getattr(value, field.name)) for field in dataclasses.fields(value)}
    return repr(value)


def aligned(table: Sequence[Sequence[str]], right: Sequence[int] = ()) -> list[str]:
    """The rows as lines of one width for each column."""
    if not table:
        return []
    widths = [max(len(row[column]) for row in table) for column in range(len(table[0]))]
    return [
        "  ".join(
            cell.rjust(width) if column in right else cell.ljust(width)
            for column, (cell, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in table
    ]
