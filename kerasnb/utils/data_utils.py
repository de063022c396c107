"""Files from the network, kept in a cache.

The cache is `~/.kerasnb` (or KERASNB_HOME), where kerasnb's settings are too. Keras's own `~/.keras` (or KERAS_HOME) is
looked into as well, so that what Keras has fetched is not fetched again; nothing is written there.
"""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

from ..carried import carry
from ..errors import ArgumentError, DownloadError, unknown_name
from ..spelling.door import accepts
from .archives import unpack
from .downloads import UNKNOWN, fetch
from .progbar import Progbar
from .sequences import Sequence

__all__ = ["get_file", "validate_file", "urlretrieve", "Sequence"]

ALGORITHMS = ("auto", "md5", "sha256")
SHA256_DIGITS = 64
BLOCK = 64 * 1024  # bytes


def get_file(
    fname,
    origin,
    untar=False,
    md5_hash=None,
    cache_subdir="datasets",
    *,
    file_hash=None,
    hash_algorithm="auto",
    extract=False,
    archive_format="auto",
    cache_dir=None,
):
    """The path of a file in the cache, fetched if it is not there yet or not what the hash says.

    Args:
        fname: its name in the cache; an absolute path is taken as it is.
        origin: the URL to fetch it from.
        untar: the file is an archive of a folder: it is kept as `fname` + '.tar.gz' and unpacked beside it, and the
            path of the folder, named `fname`, is given.
        md5_hash: its hash, md5 or sha256 in hexadecimal digits; None accepts any content.
        cache_subdir: folder below the cache.
        file_hash: the later name of `md5_hash`.
        hash_algorithm: 'md5', 'sha256', or 'auto' to tell by its length.
        extract: unpack the archive beside itself, and give the archive's path.
        archive_format: 'tar', 'zip' or 'auto'.
        cache_dir: another cache; None takes the ones above.

    Raises:
        DownloadError: it could not be fetched, or is not what the hash says.
        FileError: the cache cannot be written to, or the archive cannot be unpacked.
    """
    if not fname or not isinstance(fname, str | os.PathLike):
        raise ArgumentError(f"get_file: fname must be a file's name, got {fname!r}.", arguments=("fname",))
    wanted = file_hash or md5_hash
    name = f"{os.fspath(fname)}.tar.gz" if untar else os.fspath(fname)
    folders = [home / cache_subdir for home in _homes(cache_dir)]
    if untar and not wanted and (folder := _unpacked_only(folders, fname, name)):
        return folder
    path = _cached(folders, name, wanted, hash_algorithm)
    is_new = path is None
    if is_new:
        path = folders[0] / name
        _fetch_checked(origin, path, wanted, hash_algorithm)
    if untar:
        return _untarred(path, folders[0], fname, is_new, archive_format)
    if extract:
        unpack(path, path.parent if is_new else (folders[0] / name).parent, archive_format)
    return str(path)


def _homes(cache_dir) -> list[Path]:
    """The caches: the first one is written to."""
    if cache_dir is not None:
        return [Path(cache_dir).expanduser()]
    ours = os.environ.get("KERASNB_HOME") or "~/.kerasnb"
    return [Path(home).expanduser() for home in (ours, os.environ.get("KERAS_HOME") or "~/.keras")]


def _unpacked_only(folders: list[Path], fname, archive: str) -> str | None:
    """The folder of an archive that is not there any more, or never was."""
    found = (folder / fname for folder in folders if (folder / fname).is_dir() and not (folder / archive).exists())
    return next(map(str, found), None)


def _cached(folders: list[Path], name: str, wanted: str | None, algorithm: str) -> Path | None:
    for path in (folder / name for folder in folders):
        if path.is_file():
            if wanted is None or validate_file(path, wanted, algorithm):
                return path
            print(f"A local file was found, but it seems to be incomplete or outdated: {path}")
    return None


def _fetch_checked(origin: str, path: Path, wanted: str | None, algorithm: str) -> None:
    """Fetch a file; only one with the right hash gets its name."""

    def check(fetched: Path) -> None:
        if wanted is not None and not validate_file(fetched, wanted, algorithm):
            found = _hash_file(fetched, _algorithm(wanted, algorithm))
            raise DownloadError(f"{origin}: the file has the hash {found}, expected {wanted}.", "Nothing was kept.")

    print("Downloading data from", origin)
    try:
        fetch(origin, path, _bar(), check=check)
    except DownloadError as error:
        error.advice = f'{error.advice} Or get the file elsewhere and put it at "{path}".'.strip()
        raise


def _bar():
    """Shows how much has come, where the server says how much there is."""
    bars = []

    def show(blocks, block_size, total):
        if total == UNKNOWN:
            return
        if not bars:
            bars.append(Progbar(total))
        bars[0].update(min(blocks * block_size, total))

    return show


def _untarred(archive: Path, home: Path, fname, is_new: bool, archive_format: str) -> str:
    """The folder beside the archive, unpacked if it is not there; from Keras's cache it is unpacked into ours."""
    beside, ours = archive.with_name(Path(fname).name), home / fname
    for folder in (beside, ours):
        if folder.exists() and not is_new:
            return str(folder)
    print("Untaring file...")
    unpack(archive, ours.parent, archive_format)
    return str(ours)


@accepts({"file_hash": "md5_hash"})
def validate_file(fpath, md5_hash, algorithm="auto"):
    """Whether a file has this hash, md5 or sha256 in hexadecimal digits."""
    return _hash_file(fpath, _algorithm(md5_hash, algorithm)) == str(md5_hash).lower()


def _algorithm(wanted: str, algorithm: str) -> str:
    if algorithm not in ALGORITHMS:
        raise unknown_name("hash_algorithm", algorithm, ALGORITHMS)
    if algorithm != "auto":
        return algorithm
    return "sha256" if len(str(wanted)) == SHA256_DIGITS else "md5"


def _hash_file(fpath, algorithm="sha256", chunk_size=BLOCK):
    """The hash of a file in hexadecimal digits."""
    digest = hashlib.new(algorithm, usedforsecurity=False)
    with open(fpath, "rb") as file:
        while block := file.read(chunk_size):
            digest.update(block)
    return digest.hexdigest()


def urlretrieve(url, filename, reporthook=None, data=None):
    """Fetch a URL into a file: (filename, headers).

    Args:
        reporthook: called with (blocks so far, bytes a block, bytes in all or -1).
        data: what to send by POST.

    Raises:
        DownloadError: it could not be fetched; a file that was there stays as it was.
    """
    return filename, fetch(url, filename, reporthook, data)


carry(__name__)
