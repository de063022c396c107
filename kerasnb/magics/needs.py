"""Widgets for the commands, with a clear word where a library for them is not installed."""

from __future__ import annotations

from typing import Any

from IPython.core.error import UsageError

__all__ = ["widget"]


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
