"""Unpacking tar and zip archives, so that nothing is written outside the folder they are unpacked into."""

from __future__ import annotations

import lzma
import os
import shutil
import tarfile
import uuid
import zipfile
from collections.abc import Callable
from pathlib import Path, PurePosixPath

from ..errors import FileError, unknown_name
from .damage import check_unpacked_size, damage_named

__all__ = ["unpack"]

FORMATS = ("auto", "tar", "zip")


def unpack(archive: str | Path, folder: str | Path, archive_format: str = "auto") -> None:
    """Unpack an archive into a folder; files of the same names are replaced, others stay.

    Args:
        archive_format: 'tar' (gz, bz2 and xz too), 'zip' or 'auto'.

    Raises:
        FileError: it is no archive, a damaged one, or one that would write outside the folder.
        UnknownNameError: there is no such format.
    """
    if archive_format not in FORMATS:
        raise unknown_name("archive_format", archive_format, FORMATS)
    archive, folder = Path(archive), Path(folder)
    aside = folder / f".{archive.name}.{uuid.uuid4().hex}.unpacking"
    aside.mkdir(parents=True)
    try:
        with damage_named(f'the archive "{archive}"', "Remove it and try again.", FileError):
            _unpacker(archive, archive_format)(archive, aside)
            _move(aside, folder)
    except (tarfile.TarError, zipfile.BadZipFile, lzma.LZMAError) as error:
        raise FileError(f'the archive "{archive}" cannot be unpacked ({error}).', "Remove it and try again.") from error
    finally:
        shutil.rmtree(aside, ignore_errors=True)


def _unpacker(archive: Path, archive_format: str) -> Callable[[Path, Path], None]:
    if archive_format != "zip" and tarfile.is_tarfile(archive):
        return _unpack_tar
    if archive_format != "tar" and zipfile.is_zipfile(archive):
        return _unpack_zip
    kind = "tar or zip" if archive_format == "auto" else archive_format
    raise FileError(f'"{archive}" is no {kind} archive, or a damaged one.', "Remove it and try again.")


def _unpack_tar(archive: Path, folder: Path) -> None:
    if not hasattr(tarfile, "data_filter"):
        raise FileError("this Python cannot unpack tar archives safely.", "Use Python 3.11.4 or later.")
    with tarfile.open(archive) as tar:
        _check_names(archive, tar.getnames())
        check_unpacked_size(archive, sum(max(member.size, 0) for member in tar.getmembers()))
        # the filter refuses links that lead outside, and devices
        tar.extractall(folder, filter="data")


def _unpack_zip(archive: Path, folder: Path) -> None:
    with zipfile.ZipFile(archive) as packed:
        _check_names(archive, packed.namelist())
        check_unpacked_size(archive, sum(member.file_size for member in packed.infolist()))
        packed.extractall(folder)


def _check_names(archive: Path, names: list[str]) -> None:
    for name in names:
        path = PurePosixPath(name.replace("\\", "/"))
        if path.is_absolute() or ".." in path.parts or ":" in path.parts[:1]:
            raise FileError(
                f'the archive "{archive}" would write outside its folder: it has a member "{name}".',
                "Nothing was unpacked. Do not use this archive.",
            )


def _move(source: Path, folder: Path) -> None:
    """Move what is in one folder into another, whole folders in one step where there is none of the name."""
    for member in sorted(source.iterdir()):
        place = folder / member.name
        if member.is_dir() and not member.is_symlink() and place.is_dir():
            _move(member, place)
        else:
            os.replace(member, place)
