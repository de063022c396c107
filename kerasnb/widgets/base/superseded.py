"""Widgets that an earlier run of the same cell made: nobody sees them any more, so nothing here keeps them alive.

ipywidgets keeps every widget until it is closed, and IPython what a cell gave: a Fit cell that runs 200 times would
keep 200 panels with their data. Who holds one in a variable keeps it, and it goes on answering.
"""

from __future__ import annotations

import sys
import weakref
from typing import Any

from ipywidgets.widgets import widget as registry

from .front_end import cell_id, is_click, running_cell

__all__ = ["made_here"]

# cell -> (run of it, widget)
_made: dict[str, list[tuple[str, weakref.ref]]] = {}


def made_here(widget: Any) -> None:
    """Note that the running cell made a widget, and let go of those that its earlier runs made."""
    cell, run = cell_id(), running_cell()
    # a click has no cell of its own: what it makes is not made anew when the cell runs again
    if cell is None or run is None or is_click():
        return
    of_this_run = []
    for made_by, reference in _made.get(cell, ()):
        if made_by == run:
            of_this_run.append((made_by, reference))
        elif (former := reference()) is not None:
            _let_go(former)
    _made[cell] = [*of_this_run, (run, weakref.ref(widget))]


def _let_go(widget: Any) -> None:
    """Have it live only as long as somebody holds it."""
    comm = widget.comm
    if comm is None:  # closed
        return
    # ipywidgets' own handler holds the widget, and the comm lives in the kernel's list
    handle = weakref.WeakMethod(widget._handle_msg)
    comm.on_msg(lambda message: (alive := handle()) and alive(message))
    getattr(registry, "_instances", {}).pop(widget.model_id, None)
    weakref.finalize(widget, _end, comm, widget.layout)
    _forget_output(widget)


def _end(comm: Any, layout: Any) -> None:
    layout.close()
    comm.close()


def _forget_output(widget: Any) -> None:
    """Take it out of what IPython remembers of cells: `Out[3]`, `_3`."""
    ipython = sys.modules.get("IPython")
    shell = ipython.get_ipython() if ipython is not None else None
    if shell is None:
        return
    remembered = shell.user_ns.get("_oh", {})
    for number in [number for number, value in remembered.items() if value is widget]:
        del remembered[number]
        shell.user_ns.pop(f"_{number}", None)
