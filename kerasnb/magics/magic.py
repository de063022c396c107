"""The line magic itself: parse, run, and turn what went wrong into a message without a traceback."""

from __future__ import annotations

import argparse
import shlex
import sys
from typing import Any

from IPython.core.error import UsageError
from IPython.core.magic import Magics, line_cell_magic, magics_class

from ..errors import KerasnbError
from .results import Json, Text
from .tree import COMMANDS, HelpAsked, command_tree
from .variables import Variables

__all__ = ["KerasnbMagics"]


@magics_class
class KerasnbMagics(Magics):
    """Holds the `%kerasnb` of one shell."""

    def __init__(self, shell: Any, variables: Variables):
        super().__init__(shell)
        self.variables = variables

    @line_cell_magic
    def kerasnb(self, line: str, cell: str | None = None) -> Any:
        """Build, see, train, inspect and freeze neural networks. `%kerasnb help` lists the commands."""
        try:
            options = self._parse(line)
            self._check_cell(options, cell)
            options.cell = cell and self._expanded(cell)
            outcome = self._run(options)
            return Json.of(outcome) if options.json else outcome
        except HelpAsked as asked:
            return Text(asked.text)

    def _parse(self, line: str) -> argparse.Namespace:
        try:
            words = shlex.split(line, comments=True)
        except ValueError as error:
            raise UsageError(f"%kerasnb: {str(error).lower()}: {line}\nClose the quotation.") from None
        return command_tree().parse_args(words or ["help"])

    def _check_cell(self, options: argparse.Namespace, cell: str | None) -> None:
        takes = getattr(COMMANDS[options.command], "TAKES_CELL", False)
        if takes and cell is None:
            raise UsageError(f"%%kerasnb {options.command} takes the lines below it.\nBegin the cell with two % signs.")
        if not takes and (cell or "").strip():
            raise UsageError(f"%kerasnb {options.command} takes one line.\nWrite the rest into a cell of its own.")

    def _expanded(self, cell: str) -> str:
        """The lines of the cell with the user's variables in the place of `{name}` and `$name`.

        IPython does that for the first line only. Each line by itself: what cannot be expanded is left as it is, and
        should not keep the lines beside it from being expanded.
        """
        beyond = sys.getrecursionlimit()  # no frame is so far up: the user's namespace alone, without our own variables
        return "\n".join(self.shell.var_expand(line, beyond) for line in cell.split("\n"))

    def _run(self, options: argparse.Namespace) -> Any:
        who = f"%kerasnb {options.command}"
        self.variables.sync()
        try:
            outcome = COMMANDS[options.command].run(self.variables, options)
            self.variables.sync()  # the next line of the cell finds the model as the command left it
            return outcome
        except UsageError as error:
            raise UsageError(f"{who}: {error}") from error
        except KerasnbError as error:
            # says who, what and what to do; thirty lines of our own files above it would only hide that
            raise UsageError(f"{who}: {type(error).__name__}: {error}") from error
