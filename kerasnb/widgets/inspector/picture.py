"""What the Inspector leaves in the notebook: what it shows, of a layer's output also in figures."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from ...report.figures import statistics
from ...report.output_picture import DPI, WIDTH, output_png
from ...report.presentation import Presentation, present
from ..base.snapshot import Picture
from .tiles import statistics_rows

__all__ = ["drawn_picture", "inspector_picture"]


def inspector_picture(described: str, output: np.ndarray | None, ordering: str, row: dict[str, Any]) -> Picture:
    """Of one layer's output for one sample (batch axis of 1)."""
    if output is None:
        return Picture(described)
    figures = ", ".join(f"{word} {number}" for word, number in statistics_rows(statistics(output)))
    title = f"{row['name']}: {row['phrase']}, output {row['output_shape']}"
    text = f"{described}\n  {title}\n  {figures}"
    return Picture(text, png=output_png(present(output[0], ordering), f"{title}.  {figures}"), width=int(WIDTH * DPI))


def drawn_picture(described: str, parts: Sequence[tuple[Presentation, str]]) -> Picture:
    """Of what is drawn, each part with its title."""
    titles = "".join(f"\n  {title}" for _, title in parts)
    (shown, title), *others = parts
    return Picture(described + titles, png=output_png(shown, title, *others), width=int(WIDTH * DPI))
