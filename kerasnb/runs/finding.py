"""The runs of a notebook: all of them, one by its id or a part of it, the newest kept and the others removed."""

from __future__ import annotations

import shutil
from pathlib import Path

from .. import home
from ..caller import warn_user
from ..errors import FileError, unknown_name
from ..utils.writing import said_by_name
from .files import RUNS, name_in_id
from .record import RunRecord

__all__ = ["all_runs", "name_in", "open_run", "prune", "run_ids"]


def run_ids(folder: Path | None = None, name: str | None = None) -> list[str]:
    """The ids of the runs that are there, the oldest first; nothing is read.

    Args:
        folder: a folder of runs; by default the running notebook's.
        name: only runs that are called so.
    """
    where = _runs_folder(folder)
    if where is None or not where.is_dir():
        return []
    found = (path.name for path in where.iterdir() if path.is_dir() and not path.name.startswith("."))
    return sorted(run for run in found if name is None or name_in(run) == name_in_id(name))


def all_runs(folder: Path | str | None = None, name: str | None = None) -> list[RunRecord]:
    """The runs of this notebook, the oldest first; one that cannot be read is said and left alone.

    Args:
        folder: a folder of runs; by default the running notebook's.
        name: only runs that are called so.
    """
    found = []
    for run in run_ids(_path(folder), name):
        record = _read(run, _path(folder))
        if record is not None:
            found.append(record)
    return found


def open_run(run: str, folder: Path | str | None = None) -> RunRecord:
    """A run by its id, by a part that only one id has, or `last`.

    Raises:
        UnknownNameError: there is no such run.
        FileError: it cannot be read.
    """
    ids = run_ids(_path(folder))
    matching = [run] if run in ids else ids[-1:] if run == "last" else [each for each in ids if run in each]
    if len(matching) != 1 or not run:
        raise unknown_name("run", run, matching or ids, "List them: kerasnb.runs.all(), or %kerasnb runs.")
    where = _runs_folder(_path(folder))
    assert where is not None
    return RunRecord(where / matching[0])


def prune(keep: int, folder: Path | str | None = None, name: str | None = None) -> list[str]:
    """Remove all but the newest `keep` runs; those that go on stay. Returns the ids that are gone.

    Args:
        folder: a folder of runs; by default the running notebook's.
        name: only of runs that are called so.

    Raises:
        FileError: one cannot be removed.
    """
    old = [record for record in all_runs(folder, name) if record.outcome != "running"]
    removed = old[: max(len(old) - keep, 0)]
    for record in removed:
        with said_by_name(record.path):
            shutil.rmtree(record.path)
    return [record.id for record in removed]


def _read(run: str, folder: Path | None) -> RunRecord | None:
    where = _runs_folder(folder)
    assert where is not None
    try:
        return RunRecord(where / run)
    except FileError as error:
        warn_user(str(error), RuntimeWarning)
        return None


def _path(folder: Path | str | None) -> Path | None:
    return Path(folder) if folder is not None else None


def _runs_folder(folder: Path | None) -> Path | None:
    top = home.home()
    return folder if folder is not None else top and top / RUNS


def name_in(run: str) -> str:
    """The model's name in a run's id: `20261130-162734.120-digits_cnn-4711` -> `digits_cnn`."""
    return [*run.split("-"), "", "", ""][2]
