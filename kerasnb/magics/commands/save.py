"""`%kerasnb save`: a model into a file."""

from __future__ import annotations

import argparse
from pathlib import Path

from IPython.core.error import UsageError

from ..kinds import add
from ..results import Text
from ..variables import Variables

__all__ = ["arguments", "run"]

MODELS = (".h5", ".hdf5", ".keras")


def arguments(parser: argparse.ArgumentParser) -> None:
    add(parser, "model", metavar="MODEL", offers="models", help="a variable that holds a model")
    add(
        parser,
        "path",
        nargs="?",
        metavar="FILE",
        help=".h5: with weights and training; .json: its layers alone (default: MODEL.h5)",
    )
    add(parser, "--force", action="store_true", help="write over a file that is there")


def run(variables: Variables, options: argparse.Namespace) -> Text:
    """Save a model: whole with weights and the optimizer's state (.h5), or its layers as a document (.json).

    %kerasnb save digits_cnn
    %kerasnb save digits_cnn digits_cnn.json
    """
    from ...home import write_text
    from ...widgets.builder.document.storing import written

    path = Path(options.path or f"{options.model}.h5").expanduser()
    kind = path.suffix.lower()
    if kind not in (*MODELS, ".json"):
        raise UsageError(f'"{path}" says no kind of file.\nEnd it in .h5 (a whole model) or .json (layers alone).')
    if path.exists() and not options.force:
        raise UsageError(f'there is a file "{path}".\nGive another name, or write over it: --force')
    if kind == ".json":
        write_text(path, written(variables.editable(options.model).document))
    else:
        subject = variables.whole(options.model)
        subject.refuse_while_training()
        subject.model.save(str(path), overwrite=True)
    return Text(f"{options.model} is in {path}, {path.stat().st_size:,} bytes")
