"""The file that a command writes: not over one that is there, unless it is told to."""

from __future__ import annotations

import argparse
from pathlib import Path

from IPython.core.error import UsageError

from .kinds import add
from .results import Text

__all__ = ["add_force", "check_free", "told"]


def add_force(parser: argparse.ArgumentParser) -> None:
    """Let the command be told to write over a file."""
    add(parser, "--force", action="store_true", help="write over a file that is there")


def check_free(path: Path, options: argparse.Namespace) -> None:
    """Refuse a file that is there.

    Raises:
        UsageError: it is, and --force was not given.
    """
    if path.exists() and not options.force:
        raise UsageError(f'there is a file "{path}".\nGive another name, or write over it: --force')


def told(name: str, path: Path) -> Text:
    """That a model is in a file now, and how large that is."""
    return Text(f"{name} is in {path}, {path.stat().st_size:,} bytes")
