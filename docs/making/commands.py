"""The commands of `%kerasnb` as Markdown, from the tree that parses them and writes their help."""

from __future__ import annotations

import argparse
import inspect
import textwrap

from kerasnb.magics.tree import COMMANDS, command_tree

from .docstring import as_markdown

__all__ = ["document_commands"]

WIDTH = 90  # of a line of code on a page


def document_commands() -> str:
    """Each command: what it does, how it is called, its arguments, examples."""
    tree = command_tree()
    (parsers,) = (action.choices for action in tree._actions if isinstance(action, argparse._SubParsersAction))
    return "\n\n".join(_command(name, parser) for name, parser in parsers.items())


def _command(name: str, parser: argparse.ArgumentParser) -> str:
    lines = (inspect.getdoc(COMMANDS[name].run) or "").splitlines()
    told = "\n".join(line for line in lines if not line.startswith("%"))
    examples = [line for line in lines if line.startswith("%")]
    parts = [f"## {name}", as_markdown(told), f"```text\n{_usage(parser)}\n```", _arguments(parser)]
    if examples:
        parts += ["Examples:", "```ipython\n" + "\n".join(examples) + "\n```"]
    return "\n\n".join(part for part in parts if part)


def _usage(parser: argparse.ArgumentParser) -> str:
    """How it is called, without what every command takes."""
    usage = " ".join(
        parser.format_usage().removeprefix("usage: ").replace("[-h] ", "").replace(" [--json]", "").split()
    )
    return textwrap.fill(usage, WIDTH, subsequent_indent="    ", break_long_words=False, break_on_hyphens=False)


def _arguments(parser: argparse.ArgumentParser) -> str:
    rows = []
    for action in parser._actions:
        if not action.help or {"--help", "--json"} & set(action.option_strings):
            continue
        name = ", ".join(action.option_strings) or action.metavar or action.dest
        text = (action.help % {"default": action.default}).replace("|", r"\|").replace("<", r"\<").replace("*", r"\*")
        rows.append(f"| `{name}` | {text} |")
    return "\n".join(["| argument | what it says |", "|---|---|", *rows]) if rows else ""
