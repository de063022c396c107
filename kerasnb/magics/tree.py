"""The one argparse tree that parses `%kerasnb`, writes its help and feeds its completion."""

from __future__ import annotations

import argparse
import difflib
import functools
import importlib
import inspect
from collections.abc import Sequence
from types import ModuleType
from typing import Any, NoReturn

from IPython.core.error import UsageError

from . import commands

__all__ = ["COMMANDS", "HelpAsked", "Parser", "command_tree"]

COMMANDS: dict[str, ModuleType] = {
    name: importlib.import_module(f"{commands.__name__}.{name}") for name in commands.__all__
}
WIDTH = 100


class HelpAsked(Exception):
    """Carries the help of a command to the cell; argparse would print it and leave the program."""

    def __init__(self, text: str):
        super().__init__(text)
        self.text = text


class Parser(argparse.ArgumentParser):
    """An ArgumentParser that never prints or exits: help and errors travel as exceptions."""

    def __init__(self, **arguments: Any):
        super().__init__(add_help=False, allow_abbrev=False, formatter_class=_Formatter, **arguments)
        self.color = False  # from Python 3.14 on, where it would write escape codes into the cell
        self.add_argument("-h", "--help", action=_Help, help="show this help")

    def error(self, message: str) -> NoReturn:
        raise UsageError(f"{self.prog}: {message}.\nSee {self.prog} -h.")

    def parse_known_args(self, args: Any = None, namespace: Any = None) -> tuple:
        """Parse a line, or the part of it that belongs to a command.

        A command that nobody knows is named before argparse would refuse it; words that a command does not take are
        refused here, since argparse would leave them to the whole tree, which knows neither its options nor its help.

        Raises:
            UsageError: no such command or option; a close one is offered.
        """
        if self._subparsers is not None:
            if args and not args[0].startswith("-") and args[0] not in COMMANDS:
                asks = _did_you_mean(difflib.get_close_matches(args[0], COMMANDS, n=1))
                raise UsageError(f'{self.prog}: no command "{args[0]}"; there are {", ".join(COMMANDS)}.{asks}')
            return super().parse_known_args(args, namespace)
        options, left = super().parse_known_args(args, namespace)
        if left:
            raise UsageError(f"{self.prog}: {self._not_taken(left)}\nSee {self.prog} -h.")
        return options, left

    def _not_taken(self, words: Sequence[str]) -> str:
        """What is said of words that the command does not take; an option among them is named first."""
        word = next((word for word in words if word.startswith("-")), words[0])
        name, mark, _ = word.partition("=")
        if not word.startswith("-") and not mark:
            return f'nothing can be done with "{word}", the command is whole without it.'
        known = [option for option in self._option_string_actions if option.startswith("--")]
        wanted = "--" + name.lstrip("-").replace("_", "-")
        begun = [option for option in known if option.startswith(wanted)]
        return f'there is no "{name}".{_did_you_mean(sorted(begun) or difflib.get_close_matches(wanted, known, n=1))}'


class _Formatter(argparse.RawDescriptionHelpFormatter):
    def __init__(self, prog: str, **arguments: Any):
        super().__init__(prog, max_help_position=30, **{**arguments, "width": WIDTH})

    def add_argument(self, action: argparse.Action) -> None:
        is_indented = isinstance(action, argparse._SubParsersAction)  # which argparse leaves out where it counts
        self._current_indent += is_indented * self._indent_increment
        super().add_argument(action)
        self._current_indent -= is_indented * self._indent_increment


class _Help(argparse.Action):
    def __init__(self, option_strings: Sequence[str], dest: str, help: str | None = None):
        super().__init__(option_strings, argparse.SUPPRESS, nargs=0, help=help)

    def __call__(self, parser: argparse.ArgumentParser, *_: Any) -> NoReturn:
        raise HelpAsked(parser.format_help().rstrip())


@functools.cache  # made when the first line is typed, since `%load_ext` would take twice as long by it
def command_tree() -> Parser:
    """The whole tree: `%kerasnb` with one parser for each command."""
    tree = Parser(
        prog="%kerasnb",
        description="Build a neural network while seeing it.",
        epilog="%kerasnb COMMAND -h tells more. Tab completes commands, options, layers and variables.",
    )
    parsers = tree.add_subparsers(
        dest="command", metavar="COMMAND", title="commands", required=True, parser_class=Parser
    )
    for name, module in COMMANDS.items():
        text, examples = _text_and_examples(inspect.getdoc(module.run) or "")
        first = text.partition("\n")[0].rstrip(".")
        parser = parsers.add_parser(
            name, help=(first[:1].lower() + first[1:]).replace("%", "%%"), description=text, epilog=examples
        )
        parser.set_defaults(tree=tree)  # which `help` asks
        module.arguments(parser)
        parser.add_argument("--json", action="store_true", help="give the result as lists, dicts and numbers")
    return tree


def _text_and_examples(text: str) -> tuple[str, str]:
    """A command's docstring in two: what it does, and the lines that show its use."""
    lines = text.splitlines()
    examples = [f"  {line}" for line in lines if line.startswith("%")]
    told = "\n".join(line for line in lines if not line.startswith("%"))
    return told.strip(), "\n".join(["examples:", *examples])


def _did_you_mean(close: Sequence[str]) -> str:
    named = " or ".join(f'"{name}"' for name in close)
    return f" Did you mean {named}?" if close else ""
