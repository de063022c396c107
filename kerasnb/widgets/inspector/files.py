"""The picture of the Inspector as a file."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

from ...errors import ArgumentError
from ...report.output_picture import output_png, output_svg
from ...report.presentation import Presentation
from ...utils.writing import whole_file

__all__ = ["picture_bytes", "write_picture"]


def picture_bytes(kind: str, parts: Sequence[tuple[Presentation, str]]) -> bytes:
    """What is drawn, each with its title, one below the other, as `png` or `svg`.

    Raises:
        ArgumentError: of another kind.
    """
    (shown, title), *others = parts
    if kind == "png":
        return output_png(shown, title, *others)
    if kind == "svg":
        return output_svg(shown, title, *others).encode()
    raise ArgumentError(f'a picture is written as png or svg, got "{kind}".', 'For example save("conv_1.png").')


def write_picture(path: str | os.PathLike, parts: Sequence[tuple[Presentation, str]]) -> None:
    """Write it, whole or not at all.

    Raises:
        ArgumentError: the name ends with neither `.png` nor `.svg`.
        FileError: it cannot be written.
    """
    data = picture_bytes(Path(path).suffix[1:].lower(), parts)
    with whole_file(path) as temporary:
        Path(temporary).write_bytes(data)
