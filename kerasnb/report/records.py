"""Graphviz's records: boxes of fields, as a label such as `name|{in|out}` describes them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

__all__ = ["FONT_SIZE", "Field", "record"]

FONT_SIZE = 14  # points, as are all sizes here; Graphviz's default
_LINE, _BESIDE, _ABOVE = 17, 8, 4
# the widest of the families that may be at hand, DejaVu Sans, so that letters of any other fit too
_NARROW, _WIDE = frozenset("iIjlft.,:;'|!()[]{}- "), frozenset("mwMW@%")
# an escaped sign, the name of a port (which is not shown), a sign that divides, or plain text
_PIECES = re.compile(r"\\(?P<escaped>.)|(?P<port><[^<>]*>)|(?P<sign>[{}|])|(?P<text>[^\\{}|<]+)", re.DOTALL)


Placed = tuple[str, float, float, float, float]  # text, x, y, width, height


@dataclass
class Field:
    """One field: text, or fields in it, side by side or one above the other."""

    text: str = ""
    inner: tuple[Field, ...] = ()
    is_level: bool = True  # whether the inner ones stand side by side

    @property
    def size(self) -> tuple[int, int]:
        """Width and height that it needs."""
        if not self.inner:
            lines = self.text.split("\n")
            return round(max(map(_text_width, lines))) + 2 * _BESIDE, len(lines) * _LINE + 2 * _ABOVE
        widths, heights = zip(*(field.size for field in self.inner), strict=True)
        return (sum(widths), max(heights)) if self.is_level else (max(widths), sum(heights))

    def places(self, x: float, y: float, width: float, height: float) -> Iterator[Placed]:
        """The texts with their rectangles, when the whole fills the one that is given."""
        if not self.inner:
            yield self.text, x, y, width, height
            return
        own = self.size
        more = ((width - own[0]) if self.is_level else (height - own[1])) / len(self.inner)
        for field in self.inner:
            least = field.size
            wide, high = (least[0] + more, height) if self.is_level else (width, least[1] + more)
            yield from field.places(x, y, wide, high)
            x, y = (x + wide, y) if self.is_level else (x, y + high)


def record(label: str, is_level: bool = True) -> Field:
    """The box that a label describes.

    Args:
        is_level: whether its outermost fields stand side by side.
    """
    # each open brace has its fields so far; braces turn the direction
    open_fields: list[list[Field]] = [[Field()]]

    def write(text: str) -> None:
        open_fields[-1][-1].text += text

    def sign(which: str) -> None:
        if which == "|":
            open_fields[-1].append(Field())
        elif which == "{":
            open_fields.append([Field()])
        elif len(open_fields) > 1:
            fields = open_fields.pop()
            open_fields[-1][-1] = _group(fields, is_level == (len(open_fields) % 2 == 0))

    for piece in _PIECES.finditer(label):
        _take(piece, write, sign)
    while len(open_fields) > 1:
        sign("}")
    return _group(open_fields[0], is_level)


def _take(piece: re.Match, write: Callable[[str], None], sign: Callable[[str], None]) -> None:
    if piece["sign"]:
        sign(piece["sign"])
    elif piece["escaped"]:
        write("\n" if piece["escaped"] in "nlr" else piece["escaped"])
    elif piece["text"]:
        write(re.sub(r"\s+", " ", piece["text"]))


def _group(fields: list[Field], is_level: bool) -> Field:
    for field in fields:
        field.text = field.text.strip()
    return fields[0] if len(fields) == 1 else Field(inner=tuple(fields), is_level=is_level)


def _text_width(text: str) -> float:
    return FONT_SIZE * sum(map(_em, text))


def _em(letter: str) -> float:
    if not letter.isascii():
        return 1.0
    if letter in _NARROW:
        return 0.4
    return 0.98 if letter in _WIDE else 0.7 if letter.isupper() else 0.64
