"""The line magic itself: parse, run, and turn what went wrong into a message without a traceback."""

from __future__ import annotations

import argparse
import shlex
from typing import Any

from IPython.core.error import UsageError
from IPython.core.magic import Magics, line_magic, magics_class

from ..errors import KerasnbError
from .results import Text
from .tree import COMMANDS, HelpAsked, command_tree
from .workspace import Workspace

__all__ = ["KerasnbMagics"]


@magics_class
class KerasnbMagics(Magics):
    """Holds the `%kerasnb` of one shell."""

    def __init__(self, shell: Any, workspace: Workspace):
        super().__init__(shell)
        self.workspace = workspace
        self.tree = command_tree()

    @line_magic
    def kerasnb(self, line: str) -> Any:
        """Build, see, train, inspect and freeze neural networks. `%kerasnb help` lists the commands."""
        try:
            options = self._parse(line)
            return self._run(options)
        except HelpAsked as asked:
            return Text(asked.text)

    def _parse(self, line: str) -> argparse.Namespace:
        try:
            words = shlex.split(line, comments=True)
        except ValueError as error:
            raise UsageError(f"%kerasnb: {str(error).lower()}: {line}\nClose the quotation.") from None
        return self.tree.parse_args(words or ["help"])

    def _run(self, options: argparse.Namespace) -> Any:
        who = f"%kerasnb {options.command}"
        self.workspace.sync()
        try:
            return COMMANDS[options.command].run(self.workspace, options)
        except UsageError as error:
            raise UsageError(f"{who}: {error}") from error
        except KerasnbError as error:
            # says who, what and what to do; thirty lines of our own files above it would only hide that
            raise UsageError(f"{who}: {type(error).__name__}: {error}") from error
