"""What a file holds, as something that a Builder opens."""

from __future__ import annotations

import os
import warnings
from pathlib import Path
from typing import Any

from ...engine.shown import load_to_show
from ...errors import ArgumentError, FileError, KerasnbError, MissingFileError, UnknownNameError
from ...models import load_model
from ...workspace import Subject, here
from .document.storing import read_document

__all__ = ["opened_file"]


def opened_file(path: str | os.PathLike) -> Any:
    """The model of a saved model, or the subject of a document that a Builder saved or of what can only be shown.

    Raises:
        FileError: it is missing, damaged, or neither.
    """
    file = Path(path).expanduser()
    if not file.is_file():
        raise MissingFileError(f'there is no file "{file}".', "Builder.save writes one.")
    with open(file, "rb") as opened:
        begins = opened.read(8)
    # told by what is in it, as anybody may have named it anyhow
    if begins.startswith((b"\x89HDF", b"PK")):
        with warnings.catch_warnings():
            # who goes on building compiles later anyhow
            warnings.filterwarnings("ignore", "the file does not say how the model was compiled")
            return _model_in(str(file))
    try:
        text = file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise FileError(
            f'"{file}" holds no model of a Builder ({error}).', "Give a file that a Builder saved."
        ) from None
    subject: Subject = here.begun(read_document(text, f'"{file}"'))
    return subject


def _model_in(file: str) -> Any:
    """The model; where kerasnb does not have some of its layers, a subject that shows the others and these."""
    try:
        return load_model(file)
    except FileError:
        raise
    except KerasnbError as error:
        try:
            return here.shown(load_to_show(file))
        except ArgumentError as other:  # of a class that only a program knows, it says what to do in a notebook
            raise (other if isinstance(error, UnknownNameError) else error) from None
