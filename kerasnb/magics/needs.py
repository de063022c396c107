"""What commands need, with a clear word where it is not there: widgets, and the place where runs are kept."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from IPython.core.error import UsageError

__all__ = ["place_of_runs", "widget"]


def widget(name: str) -> Any:
    """The widget class of that name.

    Raises:
        UsageError: ipywidgets or another library of widgets is not installed.
    """
    from .. import widgets

    try:
        return getattr(widgets, name)
    except ModuleNotFoundError as error:
        if (error.name or "kerasnb").partition(".")[0] == "kerasnb":
            raise
        raise UsageError(
            f"the {name} needs {error.name}, which is not installed here.\n"
            'Install the widgets and restart the kernel: pip install "kerasnb[lab]"'
        ) from error


def place_of_runs() -> Path:
    """The folder in which this notebook's runs are kept.

    Raises:
        UsageError: none are kept.
    """
    from .. import home

    place = home.home()
    if place is None:
        raise UsageError(
            f"no runs are kept: {home.SETTING}={home.OFF}.\nName a folder and train again: %env {home.SETTING}=my_runs"
        )
    return place / "runs"
