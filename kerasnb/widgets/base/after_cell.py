"""Something to be done once, when the running cell is over."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any

__all__ = ["when_cell_is_over"]


def when_cell_is_over(act: Callable[[], None]) -> None:
    """Call it when the cell that runs now is over; outside IPython nobody knows when that is."""
    ipython = sys.modules.get("IPython")
    shell = ipython.get_ipython() if ipython is not None else None
    if shell is None:
        return

    def once(_: Any = None) -> None:
        # first, so that an error of what is done does not have it done after every later cell
        shell.events.unregister("post_run_cell", once)
        act()

    shell.events.register("post_run_cell", once)
