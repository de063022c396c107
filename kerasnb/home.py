"""Where work is kept: a folder for the running notebook, `.kerasnb/<notebook>/` beside it."""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from .caller import warn_user
from .errors import FileError
from .utils.writing import said_by_name, whole_file

__all__ = ["BACKUP", "folder", "home", "notebook", "write_text"]

# the setting that decides by hand: another folder in the place of `.kerasnb`, or `off`, where nothing is kept
SETTING, OFF = "KERASNB_HOME", "off"
BACKUP = ".bak"
README = """\
kerasnb keeps work here, in a folder for each notebook: the edits of Builders and the runs of training, with their
curves and weights. It is read when a cell runs again, also after the kernel was restarted.

Remove what you do not need; nothing else refers to it. Where a notebook gets another name, give its folder that name.
In a git repository you may want a line in .gitignore:

    .kerasnb/

KERASNB_HOME=/another/folder keeps work there, KERASNB_HOME=off keeps none.
"""

_refused: set[str] = set()  # folders that could not be written, which is said once


def notebook() -> Path | None:
    """The file of the running notebook; None where nobody says which it is (nbclient, a script, a console)."""
    names = vars(sys.modules["__main__"])
    told = names.get("__vsc_ipynb_file__")  # VS Code puts it among the user's names
    if told is None and "__file__" not in names:  # a script inherits the notebook's environment and is none
        told = os.environ.get("JPY_SESSION_NAME")
    path = Path(str(told)) if told else None
    # a console's session has a name, too; and the file itself may be gone: it was given another name meanwhile
    return path.absolute() if path is not None and path.suffix and path.absolute().parent.is_dir() else None


def home() -> Path | None:
    """The folder in which this notebook's work is kept, there or not yet; None where nothing is to be kept."""
    setting, file = os.environ.get(SETTING, ""), notebook()
    if setting.lower() == OFF:
        return None
    beside = file.parent if file is not None else Path.cwd()
    return (Path(setting).expanduser().absolute() if setting else beside / ".kerasnb") / _name(file)


def folder(*parts: str, tell: Callable[[str], None] | None = None) -> Path | None:
    """A folder in `home()`, made where it is not there; None where nothing is kept, or can be, which is said once.

    Args:
        tell: takes what is said; by default it is a RuntimeWarning.
    """
    try:
        top = home()
        if top is None:
            return None
        path = top.joinpath(*parts)
        with said_by_name(path):
            path.mkdir(parents=True, exist_ok=True)
            _explain(top.parent)
    except OSError as error:  # also where the working directory itself is gone
        _refuse(error, tell or _warn)
        return None
    return path


def write_text(path: Path, text: str, keeps_older: bool = False) -> None:
    """Write a file whole or not at all.

    Args:
        keeps_older: whether what was there stays beside it, as `NAME.bak`.

    Raises:
        FileError: it cannot be written; the old one stays.
    """
    with whole_file(path) as temporary:
        Path(temporary).write_text(text, encoding="utf-8")
        if keeps_older and path.exists():
            shutil.copy2(path, path.with_name(path.name + BACKUP))


def _name(file: Path | None) -> str:
    """How the folder is called: as the notebook, else as the script."""
    script: Any = getattr(sys.modules["__main__"], "__file__", None)
    path = file or Path(script or "kernel")
    # python -m package runs package/__main__.py
    name = path.absolute().parent.name if path.stem == "__main__" else path.stem
    return re.sub(r"[^\w .+-]", "_", name).strip(" .") or "kernel"


def _explain(top: Path) -> None:
    file = top / "README"
    if not file.exists():
        with contextlib.suppress(FileExistsError), open(file, "x", encoding="utf-8") as written:
            written.write(README)


def _refuse(error: OSError, tell: Callable[[str], None]) -> None:
    said = str(error if isinstance(error, FileError) else f"no folder to keep work in ({error})")
    if said not in _refused:
        _refused.add(said)
        tell(f"{said}\nRuns and edits are not kept. Set {SETTING} to a folder that can be written, or to {OFF}.")


def _warn(said: str) -> None:
    warn_user(said, RuntimeWarning)
