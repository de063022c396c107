"""Messages between the notebook's process and one of its machines: pickles with their length before them, in pipes."""

from __future__ import annotations

import pickle
import struct
import threading
from typing import Any, BinaryIO

__all__ = ["Channel"]

_LENGTH = struct.Struct("<Q")


class Channel:
    """Both directions of a connection.

    Args:
        incoming, outgoing: pipes; several threads may send, one receives.
    """

    def __init__(self, incoming: BinaryIO, outgoing: BinaryIO):
        self.incoming, self.outgoing = incoming, outgoing
        self._sending = threading.Lock()

    def send(self, message: Any) -> None:
        """Send one message.

        Raises:
            OSError: nobody is there to receive it.
        """
        data = pickle.dumps(message, protocol=pickle.HIGHEST_PROTOCOL)
        with self._sending:
            self.outgoing.write(_LENGTH.pack(len(data)))
            self.outgoing.write(data)
            self.outgoing.flush()

    def receive(self) -> Any:
        """The next message.

        Raises:
            EOFError: the other end is gone.
        """
        return pickle.loads(self._read(_LENGTH.unpack(self._read(_LENGTH.size))[0]))

    def _read(self, size: int) -> bytes:
        data = self.incoming.read(size)
        if len(data) < size:
            raise EOFError
        return data
