"""Who is at the other end of this process: a person's notebook, or a program that runs cells one after the other.

A notebook front end (JupyterLab, Notebook 7, VS Code, Colab) says in the metadata of its execute request which cell it
runs; nbclient, nbconvert, nbval and papermill send none, and neither does a plain script.
"""

from __future__ import annotations

import os
import sys
from typing import Any

from .queued_cells import cells_are_queued

__all__ = [
    "cell_id",
    "in_kernel",
    "in_marimo",
    "is_click",
    "is_watched",
    "running_cell",
    "running_kernel",
    "takes_updates",
]

CELL_MARKS = ("cellId", "colab", "cell_id")


def in_kernel() -> bool:
    """Whether this process is a Jupyter kernel, so that displaying has a receiver."""
    return running_kernel() is not None


def in_marimo() -> bool:
    """Whether this process runs a marimo notebook, which has no Jupyter kernel."""
    marimo = sys.modules.get("marimo")
    return marimo is not None and marimo.running_in_notebook()


def running_kernel() -> Any:
    """The Jupyter kernel that this process is, None where it is none."""
    return getattr(_shell(), "kernel", None)


def is_watched(has_view: bool = False) -> bool:
    """Whether the running cell was sent by a front end in which somebody can see widgets and click.

    Not so where other cells already wait behind it ("Run All"): they need what this one gives.
    `KERASNB_WATCHED=0` or `=1` decides it where the guess is wrong.

    Args:
        has_view: whether a page shows the widget at this moment. Cells that the server runs for a page
            (jupyter-server-nbmodel) have no mark of their own.
    """
    decided = _decided()
    if decided is not None:
        return decided
    return is_click() or ((has_view or _is_marked()) and not cells_are_queued(running_kernel()))


def takes_updates() -> bool:
    """Whether a picture that was shown can be replaced: a front end keeps its cells, a program reads each only once."""
    decided = _decided()
    return decided if decided is not None else is_click() or _is_marked()


def cell_id() -> str | None:
    """The cell that runs, the same in each run of it; None where the front end does not say."""
    metadata = _request().get("metadata") or {}
    found = metadata.get("cellId") or metadata.get("cell_id")
    return found if isinstance(found, str) else None


def running_cell() -> str | None:
    """What tells this run of a cell from every other, None where no cell runs."""
    return (_request().get("header") or {}).get("msg_id")


def _decided() -> bool | None:
    decided = os.environ.get("KERASNB_WATCHED")
    return None if decided is None else decided not in ("", "0")


def is_click() -> bool:
    """Whether what runs now was asked by the browser's half of a widget."""
    return (_request().get("header") or {}).get("msg_type") == "comm_msg"


def _is_marked() -> bool:
    return any(mark in (_request().get("metadata") or {}) for mark in CELL_MARKS)


def _request() -> dict:
    """The message that the kernel handles; empty where it cannot be asked, which then counts as unwatched."""
    ask = getattr(running_kernel(), "get_parent", None)
    if not callable(ask):
        return {}
    try:
        return ask("shell") or {}
    except TypeError:  # xeus-python has one channel, and asks for none
        return ask() or {}


def _shell() -> Any:
    # IPython is asked only when the program has loaded it: a plain script stays plain
    ipython = sys.modules.get("IPython")
    return ipython.get_ipython() if ipython is not None else None
