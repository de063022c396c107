"""What a file of Keras is: its format, and the Keras that wrote it."""

from __future__ import annotations

import os
from typing import Any

from ..engine.files.archive.contents import is_archive, opened_archive
from ..engine.files.archive.shards import is_list_of_shards
from ..engine.files.hdf5 import file_name, read_names, read_text, reading
from ..engine.files.weights import holds_weights_of_keras_3
from ..errors import FileError

__all__ = ["describe_file"]


def describe_file(path: Any) -> str:
    """What a file holds and who wrote it, in words; nothing of it is built.

    Raises:
        MissingFileError: there is none.
        FileError: it is no file of Keras, or a damaged one.

    >>> describe_file("net.keras")  # doctest: +SKIP
    'a model in an archive of Keras 3.15.1, compiled with Adam'
    """
    path = os.fspath(path)
    if is_archive(path):
        with opened_archive(path) as contents:
            return (
                f"a model in an archive of Keras {contents.version}{_compiled(contents.config.get('compile_config'))}"
            )
    if is_list_of_shards(path):
        return "a list of the files into which Keras 3 divided a model's weights"
    with reading(path) as file:
        version = read_text(file, "keras_version")
        writer = f"Keras {version}" if version else "Keras"
        if read_text(file, "model_config") is not None:
            return f"a model in HDF5, as {writer} writes it"
        if holds_weights_of_keras_3(file):
            return "weights as Keras 3 writes them, by class and order"
        if read_names(file, "layer_names") is not None or "nb_layers" in file.attrs:
            return f"weights in HDF5, as {writer} writes them"
        raise FileError(f"{file_name(file)} holds neither a model nor weights of Keras.")


def _compiled(described: Any) -> str:
    optimizer = described.get("optimizer") if isinstance(described, dict) else None
    name = optimizer.get("class_name") if isinstance(optimizer, dict) else optimizer
    return f", compiled with {name}" if isinstance(name, str) else ", not compiled"
