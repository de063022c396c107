"""What `%load_ext kerasnb` puts into IPython, and how it is taken out again."""

from __future__ import annotations

from typing import Any

from .completion import Completion
from .magic import KerasnbMagics
from .variables import Variables

__all__ = ["load", "unload"]

_loaded: dict[int, tuple[Variables, Any]] = {}  # by the shell's id: a shell cannot be weakly referenced everywhere


def load(shell: Any) -> None:
    """Register the magic, its completion, and the hook that keeps built models in their variables."""
    unload(shell)
    variables = Variables(shell)
    matcher = Completion(variables).matcher
    shell.register_magics(KerasnbMagics(shell, variables))
    shell.events.register("pre_run_cell", variables.on_cell)
    shell.events.register("post_run_cell", variables.after_cell)
    if getattr(shell, "Completer", None) is not None:
        shell.Completer.custom_matchers.append(matcher)
    _loaded[id(shell)] = variables, matcher


def unload(shell: Any) -> None:
    """Take out what `load` put in; harmless where nothing was."""
    if id(shell) not in _loaded:
        return
    variables, matcher = _loaded.pop(id(shell))
    shell.events.unregister("pre_run_cell", variables.on_cell)
    shell.events.unregister("post_run_cell", variables.after_cell)
    variables.close()
    for kind in ("line", "cell"):
        shell.magics_manager.magics[kind].pop("kerasnb", None)
    if matcher in getattr(getattr(shell, "Completer", None), "custom_matchers", ()):
        shell.Completer.custom_matchers.remove(matcher)
