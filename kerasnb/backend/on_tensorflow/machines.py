"""Sums of arrays over several processes, by connections that only they can open.

TensorFlow's own collectives need a server in each process that listens on all of the machine's addresses and runs
what anybody sends it; for 400 KB between two processes they take 4.9 ms.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from multiprocessing.connection import Client, Connection, Listener

import numpy as np

__all__ = ["join", "Star"]


class Star:
    """Number 0 adds up what all send it, in the order of their numbers, and sends each the same sum.

    Args:
        connections: of number 0, those to the others by their numbers; of any other, the one to number 0.
        number: of this process.
        seconds: how long to wait for another process.
    """

    def __init__(self, connections: Sequence[Connection], number: int, seconds: float):
        self.connections, self.number, self.seconds = connections, number, seconds

    def total(self, array: np.ndarray) -> np.ndarray:
        """The sum of the arrays of all processes."""
        array = np.ascontiguousarray(array)
        if self.number:
            self.connections[0].send_bytes(array.data.cast("B"))
            return self._received(self.connections[0], array)
        total = array.copy()
        for connection in self.connections:
            total += self._received(connection, array)
        for connection in self.connections:
            connection.send_bytes(total.data.cast("B"))
        return total

    def _received(self, connection: Connection, like: np.ndarray) -> np.ndarray:
        if not connection.poll(self.seconds):
            raise TimeoutError(f"no part of a sum came from another machine within {self.seconds:g} s")
        return np.frombuffer(connection.recv_bytes(), like.dtype).reshape(like.shape)


def join(
    number: int, count: int, address: str, secret: bytes, seconds: float, host: str
) -> Callable[[np.ndarray], np.ndarray]:
    """Make this process one of several that add up arrays; gives the function that does.

    Args:
        number: of this one, from 0 on.
        address: where number 0 listens, as host:port.
        secret: what all of them know, and nobody else.
        seconds: how long to wait for a part of a sum.
        host: that of this one, which is not needed: the others do not connect to each other.
    """
    host, _, port = address.rpartition(":")
    place = (host, int(port))
    if number:
        return Star([_connected(place, number, secret, seconds)], number, seconds).total
    others: dict[int, Connection] = {}
    with Listener(place, backlog=count, authkey=secret) as listener:
        while len(others) < count - 1:
            connection = listener.accept()
            others[connection.recv()] = connection
    return Star([others[other] for other in range(1, count)], number, seconds).total


def _connected(place: tuple[str, int], number: int, secret: bytes, seconds: float) -> Connection:
    until = time.monotonic() + seconds
    while True:
        try:
            connection = Client(place, authkey=secret)
            break
        except ConnectionRefusedError:  # number 0 does not listen yet
            if time.monotonic() > until:
                raise
            time.sleep(0.05)
    connection.send(number)
    return connection
