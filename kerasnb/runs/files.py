"""How a run lies on disk: the names of its files, its id, and the version of the form that they have."""

from __future__ import annotations

import contextlib
import json
import os
import re
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from ..errors import FileError
from ..home import folder, write_text
from ..utils.damage import read_json
from ..utils.writing import said_by_name

__all__ = [
    "BEST",
    "EVENTS",
    "FORMAT",
    "LAST",
    "POINTS",
    "RUNS",
    "name_in_id",
    "new_folder",
    "read_description",
    "write_description",
]

FORMAT, VERSION = "kerasnb.run", 1
DESCRIPTION, POINTS = "run.json", "points.jsonl"
BEST, LAST = "best.weights.h5", "last.weights.h5"
EVENTS = "tensorboard"  # a folder of event files
RUNS = "runs"


def new_folder(name: str, tell: Callable[[str], None]) -> Path | None:
    """A new folder for a run of that name, called `<time>-<name>-<process>`; None where nothing is kept.

    Args:
        tell: takes why nothing can be kept here; that is said once.

    Raises:
        FileError: this one cannot be made.
    """
    runs = folder(RUNS, tell=tell)
    if runs is None:
        return None
    now = time.time()
    moment = f"{time.strftime('%Y%m%d-%H%M%S', time.localtime(now))}.{int(now * 1000) % 1000:03d}"
    begun = f"{moment}-{name_in_id(name)}-{os.getpid()}"
    for number in range(1, 1000):
        path = runs / (begun if number == 1 else f"{begun}-{number}")
        with said_by_name(path), contextlib.suppress(FileExistsError):  # a second run at the same moment
            path.mkdir()
            return path
    raise FileError(f'there are a thousand runs "{begun}".', f"Remove some of {runs}.")


def name_in_id(name: str) -> str:
    """A name as it stands in ids: of letters, digits and _ . + only."""
    return re.sub(r"[^\w.+]", "_", name)[:60] or "model"


def write_description(path: Path, description: dict[str, Any]) -> None:
    """Write what is known of a run, whole or not at all."""
    text = json.dumps({"format": FORMAT, "version": VERSION} | description, indent=1, ensure_ascii=False, default=str)
    write_text(path / DESCRIPTION, text + "\n")


def read_description(path: Path) -> dict[str, Any]:
    """What is known of a run.

    Raises:
        FileError: there is none, it is damaged, or of a later version, which is left alone.
    """
    file = path / DESCRIPTION
    try:
        text = file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise FileError(f'"{file}" cannot be read ({error}).', "The run is left as it is.") from error
    read = read_json(text, f'"{file}" is damaged', "Its curve may still be whole: see points.jsonl.", FileError)
    if not isinstance(read, dict) or read.get("format") != FORMAT:
        raise FileError(f'"{file}" describes no run of kerasnb.', "It is left as it is.")
    if read.get("version") != VERSION:
        raise FileError(
            f'"{file}" has version {read.get("version")!r} of its form, this kerasnb knows {VERSION}.',
            "It is left as it is. Read it with a later kerasnb.",
        )
    return read
