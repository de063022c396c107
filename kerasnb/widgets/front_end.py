"""Who is at the other end of this kernel: a person's notebook, or a program that runs cells one after the other.

A notebook front end (JupyterLab, Notebook 7, VS Code, Colab) says in the metadata of its execute request which cell it
runs; nbclient, nbconvert, nbval and papermill send none, and neither does a plain script.
"""
from __future__ import annotations

import os
import sys
from typing import Any

from .queued_cells import cells_are_queued

__all__ = ["in_kernel", "is_watched"]

CELL_MARKS = ("cellId", "colab", "cell_id")


def in_kernel() -> bool:
    """Whether this process is a Jupyter kernel, so that displaying has a receiver."""
    return getattr(_shell(), "kernel", None) is not None


def is_watched() -> bool:
    """Whether the running cell was sent by a front end in which somebody can see widgets and click.

    Not so where other cells already wait behind it ("Run All"): they need what this one gives.
    `KERASNB_WATCHED=0` or `=1` decides it where the guess is wrong.
    """
    decided = os.environ.get("KERASNB_WATCHED")
    if decided is not None:
        return decided not in ("", "0")
    request = _request()
    if (request.get("header") or {}).get("msg_type") == "comm_msg":
        return True  # a click
    marked = any(mark in (request.get("metadata") or {}) for mark in CELL_MARKS)
    return marked and not cells_are_queued(_shell().kernel)


def _request() -> dict:
    kernel: Any = getattr(_shell(), "kernel", None)
    return (kernel.get_parent("shell") or {}) if kernel is not None else {}


def _shell() -> Any:
    # IPython is asked only when the program has loaded it: a plain script stays plain
    ipython = sys.modules.get("IPython")
    return ipython.get_ipython() if ipython is not None else None
