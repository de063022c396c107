"""Where Keras 1.2's file of a data set is not served any more, its later file is taken."""

from __future__ import annotations

from collections.abc import Callable

from ..errors import DownloadError

__all__ = ["first_or_later"]


def first_or_later(path: str, first: Callable[[], str], later: Callable[[str], str], later_name: str) -> str:
    """The path of the file: the one asked for, or the later one if that cannot be fetched.

    Args:
        path: name that the user asked for; one of the later kind (.npz, .json) is fetched from the later place.
        first: fetches the file of Keras 1.2.
        later: fetches the later file, under the name it is given.
        later_name: its usual name.

    Raises:
        DownloadError: neither could be fetched.
    """
    if str(path).endswith((".npz", ".json")):
        return later(path)
    try:
        return first()
    except DownloadError as error:
        missing = error
    try:
        print(f"{missing.message}\nTaking the later file {later_name}.")
        return later(later_name)
    except DownloadError as error:
        raise DownloadError(f"{missing.message}\n{error.message}", error.advice) from missing
