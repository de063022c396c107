"""`%kerasnb export`: a model as a file for other programs: code, a picture, JSON."""

from __future__ import annotations

import argparse
from pathlib import Path

from IPython.core.error import UsageError

from ..kinds import add
from ..results import Text
from ..target_file import add_force, check_free, told
from ..variables import Variables
from .code import STYLES

__all__ = ["arguments", "run"]


def arguments(parser: argparse.ArgumentParser) -> None:
    add(parser, "model", metavar="MODEL", offers="models", help="a variable that holds a model")
    add(
        parser,
        "path",
        metavar="FILE",
        help=".py: code; .svg: the drawing; .json: Keras's description; .dot: for Graphviz",
    )
    add(
        parser, "--style", choices=STYLES, default="keras1", help="of code: for kerasnb (default), or for Keras 2 and 3"
    )
    add_force(parser)


def run(variables: Variables, options: argparse.Namespace) -> Text:
    """Write a model as code, as a drawing, as JSON or as DOT text.

    %kerasnb export digits_cnn digits_cnn.py --style keras2
    %kerasnb export digits_cnn digits_cnn.svg
    """
    from ...home import write_text

    path = Path(options.path).expanduser()
    write = _WAYS.get(path.suffix.lower())
    if write is None:
        raise UsageError(
            f'"{path}" ends in none of {", ".join(_WAYS)}.\nFor a whole model: %kerasnb save {options.model}'
        )
    check_free(path, options)
    write_text(path, write(variables, options))
    return told(options.model, path)


def _code(variables: Variables, options: argparse.Namespace) -> str:
    return str(variables.editable(options.model).document.to_code(options.style, last_good=True)) + "\n"


def _svg(variables: Variables, options: argparse.Namespace) -> str:
    from ...report.graph_svg import model_svg

    return model_svg(variables.model(options.model))


def _json(variables: Variables, options: argparse.Namespace) -> str:
    return str(variables.model(options.model).to_json())


def _dot(variables: Variables, options: argparse.Namespace) -> str:
    from ...utils.visualize_util import model_to_dot

    return str(model_to_dot(variables.model(options.model)).to_string())


_WAYS = {".py": _code, ".svg": _svg, ".json": _json, ".dot": _dot}
