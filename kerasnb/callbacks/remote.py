"""A callback that sends the figures of each epoch to a server."""

from __future__ import annotations

import json
import threading
from typing import Any

import numpy as np

from ..caller import warn_user
from ..spelling.door import accepts
from .base import Callback

__all__ = ["RemoteMonitor"]

# seconds that an epoch waits for the server's answer
_PATIENCE = 10


class RemoteMonitor(Callback):
    """Posts `{field: json of {"epoch": ..., figures}}` to a server after each epoch; needs the package requests.

    A server that cannot be reached, or does not answer within 10 s, is a warning.

    Args:
        root: the server, such as 'http://localhost:9000'.
        path: path on it.
        field: name of the form's field.
        headers: HTTP headers; by default they say JSON.
    """

    @accepts({})
    def __init__(
        self,
        root="http://localhost:9000",
        path="/publish/epoch/end/",
        field="data",
        headers=None,
        *,
        send_as_json=False,
    ):
        super().__init__()
        self.root = root
        self.path = path
        self.field = field
        self.headers = headers or {"Accept": "application/json", "Content-Type": "application/json"}
        self.send_as_json = send_as_json

    def on_epoch_end(self, epoch, logs=None):
        try:
            import requests
        except ImportError:
            raise ImportError("RemoteMonitor requires the `requests` library: pip install requests") from None
        send = {"epoch": epoch, **{name: _plain(value) for name, value in (logs or {}).items()}}
        content = {"json": send} if self.send_as_json else {"data": {self.field: json.dumps(send)}}
        problem = self._post(requests, content)
        if problem:
            warn_user(f"could not reach RemoteMonitor root server at {self.root} ({problem})", RuntimeWarning)

    def _post(self, requests: Any, content: dict) -> str:
        """Send it; gives what went wrong, in words.

        A thread sends, since requests has no limit for a server that answers slowly but never ends.
        """
        failed: list[BaseException] = []

        def send():
            try:
                if "data" in content:
                    requests.post(self.root + self.path, content["data"], headers=self.headers)
                else:
                    requests.post(self.root + self.path, json=content["json"], headers=self.headers)
            except Exception as error:  # noqa: BLE001 - sorted out below, in the thread that trains
                failed.append(error)

        thread = threading.Thread(target=send, name="kerasnb-remote-monitor", daemon=True)
        thread.start()
        thread.join(_PATIENCE)
        if thread.is_alive():
            return f"no answer within {_PATIENCE} s"
        if failed and not isinstance(failed[0], requests.exceptions.RequestException | OSError):
            raise failed[0]
        return f"{type(failed[0]).__name__}: {failed[0]}" if failed else ""


def _plain(value: Any) -> Any:
    """The value as JSON knows it: numbers of numpy, and arrays, as Python's."""
    if isinstance(value, np.generic) or (isinstance(value, np.ndarray) and value.size == 1):
        return value.item()
    if isinstance(value, np.ndarray):
        return value.tolist()
    return [_plain(one) for one in value] if isinstance(value, list | tuple) else value
