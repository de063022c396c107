"""Pages whose text the program writes: where a page holds a mark, what the mark asks for is put in its place.

    <!-- names: kerasnb.layers core merge -->     the public names of a package, here those of two of its modules
    <!-- commands -->                             the commands of %kerasnb
    <!-- table: arguments -->                     names that changed: layers, arguments or values

A picture whose name ends in `-light.png` brings its `-dark.png` along for the dark theme; where Markdown is shown as
it is, the light one is seen.
"""

from __future__ import annotations

import re

from .commands import document_commands
from .reference import document
from .spellings import table_of_arguments, table_of_layers, table_of_values

__all__ = ["filled", "marks"]

_MARK = re.compile(r"^<!-- (names|commands|table)(?:: (.+?))? -->$", re.MULTILINE)
_PICTURE = re.compile(r"^!\[(.+)\]\((\S+)-light\.png\)$", re.MULTILINE)
_TABLES = {"layers": table_of_layers, "arguments": table_of_arguments, "values": table_of_values}


def filled(text: str) -> str:
    """The page with what its marks ask for."""
    text = _PICTURE.sub(
        lambda picture: "\n".join(_picture(*picture.groups(), theme) for theme in ("light", "dark")), text
    )
    return _MARK.sub(lambda mark: _asked(*mark.groups()), text)


def marks(text: str) -> list[list[str]]:
    """What a page asks names of: a package and its modules, for each mark."""
    return [rest.split() for kind, rest in _MARK.findall(text) if kind == "names"]


def _picture(alt: str, path: str, theme: str) -> str:
    return f"```{{image}} {path}-{theme}.png\n:class: only-{theme}\n:alt: {alt}\n```\n"


def _asked(kind: str, rest: str | None) -> str:
    if kind == "commands":
        return document_commands()
    if kind == "table":
        return _TABLES[rest or ""]()
    package, *parts = (rest or "").split()
    return document(package, parts)
