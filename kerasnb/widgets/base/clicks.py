"""Clicks that reach Python while a cell runs: on kernels with subshells, to which JupyterLab sends what widgets say.

ipykernel 7.1 handles such a message on the subshell that it names. 7.4 handles it on the shell from which the widget
last sent something, which for a widget made in a cell is the main one: the click waits for the running cell. 6.29 has
one shell. Tried with all three (tests/browser/test_fit.py).
"""

from __future__ import annotations

from typing import Any

from .front_end import running_kernel

__all__ = ["answer_where_asked", "clicks_wait"]


def answer_where_asked(comm: Any) -> None:
    """Let what the browser says on this comm be handled on the subshell that the message names."""
    # private to ipykernel 7.4; where it is called otherwise nothing is changed
    if callable(getattr(comm, "_reply_subshell_for", None)):
        comm._reply_subshell_for = _named_by_the_message


def _named_by_the_message(data: Any, subshell_id: str | None) -> str | None:
    return subshell_id


def clicks_wait() -> bool:
    """Whether this kernel has one shell only, so that clicks are handled after the running cell."""
    kernel = running_kernel()
    features = getattr(kernel, "kernel_info", {}).get("supported_features", ())
    return kernel is not None and "kernel subshells" not in features
