"""What `%load_ext kerasnb` puts into IPython, and how it is taken out again."""

from __future__ import annotations

from typing import Any

from .completion import Completion
from .magic import KerasnbMagics
from .workspace import Workspace

__all__ = ["load", "unload"]

_loaded: dict[int, tuple[Workspace, Any]] = {}  # by the shell's id: a shell cannot be weakly referenced everywhere


def load(shell: Any) -> None:
    """Register the magic, its completion, and the hook that keeps built models in their variables."""
    unload(shell)
    workspace = Workspace(shell)
    matcher = Completion(workspace).matcher
    shell.register_magics(KerasnbMagics(shell, workspace))
    shell.events.register("pre_run_cell", workspace.on_cell)
    shell.events.register("post_run_cell", workspace.after_cell)
    if getattr(shell, "Completer", None) is not None:
        shell.Completer.custom_matchers.append(matcher)
    _loaded[id(shell)] = workspace, matcher


def unload(shell: Any) -> None:
    """Take out what `load` put in; harmless where nothing was."""
    if id(shell) not in _loaded:
        return
    workspace, matcher = _loaded.pop(id(shell))
    shell.events.unregister("pre_run_cell", workspace.on_cell)
    shell.events.unregister("post_run_cell", workspace.after_cell)
    workspace.close()
    for kind in ("line", "cell"):
        shell.magics_manager.magics[kind].pop("kerasnb", None)
    if matcher in getattr(getattr(shell, "Completer", None), "custom_matchers", ()):
        shell.Completer.custom_matchers.remove(matcher)
