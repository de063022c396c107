"""Keep a library's start-up chatter out of the notebook."""

from __future__ import annotations

import contextlib
import os
import sys
import tempfile
from collections.abc import Iterator

__all__ = ["without_lines"]


@contextlib.contextmanager
def without_lines(*parts: str) -> Iterator[None]:
    """While inside, hold back what C code writes to standard error; then write it, less lines with one of `parts`.

    Python's own sys.stderr is not touched in a notebook, where it does not go through the file descriptor.
    """
    try:
        saved = os.dup(2)
    except OSError:  # no standard error at all, as under some services
        yield
        return
    with tempfile.TemporaryFile() as held:
        os.dup2(held.fileno(), 2)
        try:
            yield
        finally:
            os.dup2(saved, 2)
            os.close(saved)
            held.seek(0)
            kept = [
                line
                for line in held.read().decode(errors="replace").splitlines(True)
                if not any(part in line for part in parts)
            ]
            sys.stderr.write("".join(kept))
