"""A process of its own that computes batches when asked, on a copy of the generator."""

from __future__ import annotations

import contextlib
import multiprocessing
import multiprocessing.connection
import pickle
import random
import signal
import threading
import traceback
import warnings
from typing import Any

import numpy as np

from ...backend.runtime import chosen
from ...errors import BackendError, DataError

__all__ = ["WorkerProcess"]

# seconds: how long each try to start may take, since a fork can catch a lock that another thread holds
_START = (5, 10, 30)
# seconds until a process that was asked to end is killed
_END = 1


class WorkerProcess:
    """Asks a forked process for batches, over a pipe of its own: when it dies, the pipe's end says so.

    Forking is what lets a generator, which cannot be pickled, move to the process. The process runs nothing but the
    generator: a backend that it asks for is refused, since TensorFlow's and JAX's threads do not survive a fork.

    Args:
        source: what to compute batches with.
        seed: of the process's random numbers.

    Raises:
        DataError: the system cannot fork, or the process does not start.
    """

    def __init__(self, source: Any, seed: int):
        if "fork" not in multiprocessing.get_all_start_methods():
            raise DataError("pickle_safe=True needs a system that can fork processes.", "Use pickle_safe=False.")
        self.source, self.seed = source, seed
        self._ending = threading.Lock()
        self._closed = False
        self._start()

    def _start(self) -> None:
        for patience in _START:
            self._fork()
            if self.connection.poll(patience):
                self._receive()
                return
            self._end()
            self.connection.close()
        raise DataError(f"a worker process did not start within {_START[-1]} s.", "Use pickle_safe=False.")

    def _fork(self) -> None:
        context = multiprocessing.get_context("fork")
        self._order = self.source.order_of_epoch
        self.connection, theirs = context.Pipe()
        self.process = context.Process(
            target=_serve, args=(self.source, theirs, self.connection, self.seed), name="kerasnb-generator", daemon=True
        )
        # what another thread holds now would stay locked in the process for ever
        with self.source.lock, _lock_of_numpy(), warnings.catch_warnings():
            # Python 3.12 and JAX warn of forks beside threads: see above
            warnings.simplefilter("ignore")
            self.process.start()
        # held open here, it would keep the pipe from ending with the process, and reading would wait for ever
        theirs.close()

    def reserve(self, number: int) -> int:
        """The number itself: the process's copy of the generator knows what to compute."""
        return number

    def produce(self, number: int) -> Any:
        """The batch with this number.

        Raises:
            StopIteration: the process's copy of the generator has ended.
            DataError: the process died.
            Exception: what the generator raised there.
        """
        if self.source.order_of_epoch is not self._order:
            self._start_anew()
        try:
            self.connection.send(number)
        except OSError:
            pass  # it died; receiving says so
        kind, value = self._receive()
        if kind == "end":
            raise StopIteration
        if kind == "error":
            raise value
        return value

    def _start_anew(self) -> None:
        """Fork again: the sequence has prepared its next epoch, which the process's copy knows nothing of."""
        self._end()
        self.connection.close()
        if not self._closed:
            self._start()
        if self._closed:
            self._end()  # closed meanwhile

    def _receive(self) -> tuple[str, Any]:
        try:
            return self.connection.recv()
        except (EOFError, OSError):
            with self._ending:
                self.process.join(_END)
            raise DataError(
                f"a worker process of the generator died (exit code {self.process.exitcode}).",
                "It may have run out of memory; pickle_safe=False computes batches in threads.",
            ) from None

    def close(self) -> None:
        """End the process, whatever it does."""
        self._closed = True
        self._end()

    def _end(self) -> None:
        with self._ending:
            for end in (self.process.terminate, self.process.kill):
                if self.process.is_alive():
                    end()
                    self.process.join(_END)


def _lock_of_numpy() -> Any:
    """What is held while numpy's own generator of random numbers draws."""
    return np.random.get_bit_generator().lock  # type: ignore[attr-defined]  # missing from numpy's stubs


def _serve(source: Any, connection: Any, theirs: Any, seed: int) -> None:
    """What the process does: answer until nobody asks any more."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent decides what an interrupt means
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    theirs.close()
    # these were held during the fork; here is nobody else
    source.lock = contextlib.nullcontext()
    _lock_of_numpy().release()
    np.random.seed(seed)
    random.seed(seed)
    chosen.load = _no_backend
    # a fork that caught a lock of another thread never gets here, which its parent then knows by the silence
    connection.send(("ready", None))
    parent = multiprocessing.parent_process()
    assert parent is not None  # this runs in a process of its own
    while connection in multiprocessing.connection.wait([connection, parent.sentinel]):
        try:
            number = connection.recv()
        except EOFError:
            return
        _answer(source, connection, number)


def _answer(source: Any, connection: Any, number: int) -> None:
    try:
        connection.send(("batch", source.produce(source.reserve(number))))
    except StopIteration:
        connection.send(("end", None))
    except Exception as error:  # noqa: BLE001 - it travels to who asked
        connection.send(("error", _portable(error)))


def _portable(error: Exception) -> Exception:
    """The error as it can travel, with the traceback of this process in a note."""
    text = "".join(traceback.format_exception(error))
    try:
        copied = pickle.loads(pickle.dumps(error))
    except Exception:  # noqa: BLE001 - of whatever kind: its text travels instead
        copied = DataError(f"{type(error).__name__}: {error}")
    copied.add_note(f"In the worker process:\n{text}")
    return copied


def _no_backend(name: str) -> Any:
    raise BackendError(
        f"a generator in a worker process cannot compute with {name}.",
        "Use pickle_safe=False, or prepare with numpy what the generator needs.",
    )
