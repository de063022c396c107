"""The user's line that led here: what errors name and warnings point at."""

from __future__ import annotations

import os
import sys
import warnings
from pathlib import Path
from types import FrameType

# with a separator at the end: a user's folder may be called kerasnb_lessons
_PACKAGE = str(Path(__file__).parent) + os.sep


def user_line() -> tuple[str, int]:
    """File and line of the innermost caller outside this package."""
    frame = _user_frame()
    return (frame.f_code.co_filename, frame.f_lineno) if frame else ("?", 0)


def warn_user(message: str, category: type[Warning] = UserWarning) -> None:
    """Warn at the line outside of kerasnb that led here, however many of our calls lie between.

    A fixed `stacklevel` points elsewhere as soon as a call is added on the way.
    """
    frame = _user_frame()
    if frame is None:  # a thread of ours
        warnings.warn(message, category, stacklevel=2)
        return
    scope = frame.f_globals
    name = scope.get("__name__")
    # the registry keeps a warning of one line from being said at each of its runs
    registry = scope.setdefault("__warningregistry__", {})
    warnings.warn_explicit(message, category, frame.f_code.co_filename, frame.f_lineno, name, registry)


def _user_frame() -> FrameType | None:
    frame: FrameType | None = sys._getframe(2)
    # frames alone: `traceback` would read the source of each, for every op of every layer
    while frame is not None and frame.f_code.co_filename.startswith(_PACKAGE):
        frame = frame.f_back
    return frame
