"""Fetching a file from a URL, so that its name holds the whole file or nothing new."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from ..errors import DownloadError, FileError
from .writing import whole_file

__all__ = ["fetch", "folder_for", "written_whole"]

BLOCK = 64 * 1024  # bytes
TIMEOUTS = (10, 60)  # seconds to connect, seconds between two blocks
UNKNOWN = -1
ELSEWHERE = "Set KERASNB_HOME to a directory that can be written to, or give get_file(..., cache_dir=...)."
Report = Callable[[int, int, int], Any]


def fetch(
    url: str,
    target: str | Path,
    report: Report | None = None,
    data: bytes | None = None,
    check: Callable[[Path], Any] | None = None,
) -> dict[str, str]:
    """Write what is at a URL to a file, and give the headers of the answer.

    Args:
        url: http, https, ftp or file.
        report: called before the first block and after each with (blocks so far, bytes a block, bytes in all); the
            last is -1 where the server does not say.
        data: what to send by POST; None asks by GET.
        check: called with the whole file before it gets its name; raises if it must not get it.

    Raises:
        DownloadError: the server is not there, has no such file, or stopped in the middle.
        FileError: the target cannot be written.
    """
    source = _http if url.lower().startswith(("http://", "https://")) else _other
    with source(url, data) as (read, headers), written_whole(target, check) as file:
        total = int(headers.get("Content-Length", UNKNOWN))
        received = _copy(read, file, total, report)
        if total not in (UNKNOWN, received):
            raise DownloadError(f"{url}: the connection ended after {received} of {total} bytes.", "Try again.")
        return dict(headers)


def _copy(read: Callable[[], bytes], file: Any, total: int, report: Report | None) -> int:
    """The number of bytes copied."""
    received = blocks = 0
    if report:
        report(0, BLOCK, total)
    while block := read():
        file.write(block)
        received, blocks = received + len(block), blocks + 1
        if report:
            report(blocks, BLOCK, total)
    return received


@contextmanager
def _http(url: str, data: bytes | None) -> Iterator[tuple]:
    try:
        import requests
        import urllib3
    except ImportError as error:
        raise DownloadError(f"{url}: fetching needs the package requests.", "pip install requests") from error
    try:
        answer = requests.request(
            "GET" if data is None else "POST",
            url,
            data=data,
            stream=True,
            timeout=TIMEOUTS,
            headers={"Accept-Encoding": "identity"},
        )
        with answer:
            if not answer.ok:
                raise DownloadError(f"{url}: the server answered {answer.status_code} {answer.reason}.")
            # as it is: a server that calls a .gz file's content "gzip-encoded" must not get it unpacked
            yield lambda: answer.raw.read(BLOCK, decode_content=False), answer.headers
    except (requests.RequestException, urllib3.exceptions.HTTPError) as error:
        raise DownloadError(f"{url}: could not be fetched ({error}).", "Is the network up? Try again.") from error


@contextmanager
def _other(url: str, data: bytes | None) -> Iterator[tuple]:
    import urllib.error
    import urllib.request

    try:
        answer = urllib.request.urlopen(url, data=data, timeout=TIMEOUTS[1])
    except (urllib.error.URLError, ValueError) as error:
        raise DownloadError(f"{url}: could not be fetched ({error}).") from error
    with answer:
        yield lambda: answer.read(BLOCK), answer.headers


@contextmanager
def written_whole(target: str | Path, check: Callable[[Path], Any] | None = None) -> Iterator[Any]:
    """A binary file to write to, which gets its name when all is written; an error or a crash leaves the old one.

    Raises:
        FileError: it cannot be written.
    """
    target = Path(target)
    folder_for(target)
    with whole_file(target, ELSEWHERE) as partial:
        with open(partial, "xb") as file:
            yield file
        if check:
            check(Path(partial))


def folder_for(target: Path) -> Path:
    """The folder that a file goes into, made if need be.

    Raises:
        FileError: it cannot be made or written to.
    """
    folder = target.parent
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise FileError(f'the cache directory "{folder}" cannot be made ({error}).', ELSEWHERE) from error
    return folder
