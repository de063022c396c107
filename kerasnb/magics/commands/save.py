"""`%kerasnb save`: a model into a file."""

from __future__ import annotations

import argparse
from pathlib import Path

from IPython.core.error import UsageError

from ..kinds import add
from ..results import Text
from ..target_file import add_force, check_free, told
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
        help=".h5 or (for Keras 3) .keras: with weights and training; .json: its layers alone (default: MODEL.h5)",
    )
    add_force(parser)


def run(variables: Variables, options: argparse.Namespace) -> Text:
    """Save a model: whole with weights and the optimizer's state (.h5, or .keras for Keras 3), or its layers (.json).

    What is taken comes first, as for `open` and `attach`.

    %kerasnb save digits_cnn
    %kerasnb save digits_cnn digits_cnn.keras
    %kerasnb save digits_cnn digits_cnn.json
    """
    from ...home import write_text
    from ...widgets.builder.document.storing import written

    if options.path in variables.model_names() and Path(options.model).suffix:
        raise UsageError(f"the model comes first.\nWrite %kerasnb save {options.path} {options.model}")
    path = Path(options.path or f"{options.model}.h5").expanduser()
    kind = path.suffix.lower()
    if kind not in (*MODELS, ".json"):
        raise UsageError(
            f'"{path}" says no kind of file.\nEnd it in .h5 or .keras (a whole model) or .json (layers alone).'
        )
    check_free(path, options)
    if kind == ".json":
        write_text(path, written(variables.editable(options.model).document))
    else:
        subject = variables.whole(options.model)
        subject.refuse_while_training()
        subject.model.save(str(path), overwrite=True)
    return told(options.model, path)
