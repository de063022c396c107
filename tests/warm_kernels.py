"""Kernels for tests, each forked from one process that has imported what all of them import.

    python -P warm_kernels.py import ADDRESS LIBRARY ...  the process that imports, and forks when it is asked to
    python -P warm_kernels.py kernel ADDRESS CONNECTION   what Jupyter takes for a kernel: it asks, lives with the fork

An import of TensorFlow costs more than most tests. Nothing of kerasnb is imported before the fork, and nothing of a
backend's library has run. Not matplotlib either, which asks the kernel while it is imported where to draw.
"""

import atexit
import contextlib
import gc
import importlib
import json
import os
import random
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import IO

__all__ = ["LAUNCHER", "WARM", "WarmKernels"]

WARM = "kerasnb-warm"
LAUNCHER = [sys.executable, "-m", "ipykernel_launcher", "-f", "{connection_file}"]  # as a user's kernel starts
LONGEST = 1 << 20  # bytes of a request: the environment is most of it


class WarmKernels:
    """The process that forks; `stop()` ends it.

    Args:
        address: the socket where it is asked, a path that is not there yet.
        environment: that of the process; a kernel gets the one that it is started with.
        log: where the process writes what it says.
        libraries: of the backend, to be imported beside what every kernel needs.

    `command` is the `argv` of a kernelspec.
    """

    def __init__(
        self,
        address: Path,
        environment: Mapping[str, str],
        log: IO | int = subprocess.DEVNULL,
        libraries: Sequence[str] = ("tensorflow",),
    ):
        self.address = str(address)
        program = [sys.executable, "-P", __file__]  # -P: this folder stays out of the kernels' path
        self.command = [*program, "kernel", self.address, "{connection_file}"]
        command = [*program, "import", self.address, *libraries]
        self.process = subprocess.Popen(command, env=environment, stdout=log, stderr=subprocess.STDOUT)

    def wait_until_up(self) -> None:
        """Wait until it has imported everything; kernels that start earlier wait for it themselves."""
        while not os.path.exists(self.address):
            if self.process.poll() is not None:
                raise RuntimeError("the process that forks kernels has ended: the server's log says why")
            time.sleep(0.1)

    def stop(self) -> None:
        self.process.terminate()
        self.process.wait()


# ---- the process that forks


def fork_when_asked(address: str, *libraries: str) -> None:
    import_what_all_import(libraries)
    gc.collect()
    gc.freeze()  # no fork need walk through it
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(address)
        listener.listen()
        signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # the system buries the kernels
        while True:
            asked, _ = listener.accept()
            request, outputs, _, _ = socket.recv_fds(asked, LONGEST, 2)
            if not (kernel := os.fork()):
                listener.close()
                be_a_kernel(asked, json.loads(request), outputs)
            asked.sendall(str(kernel).encode())
            asked.close()
            for output in outputs:
                os.close(output)


def import_what_all_import(libraries: Sequence[str]) -> None:
    sys.modules["keras"] = None  # as kerasnb does, which has TensorFlow do without Keras 3
    for name in ("anywidget", "ipykernel.kernelapp", "ipywidgets", *libraries):
        importlib.import_module(name)
    del sys.modules["keras"]


def be_a_kernel(asked: socket.socket, request: dict, outputs: list[int]) -> None:
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    os.setsid()
    for output, number in zip(outputs, (1, 2), strict=True):
        os.dup2(output, number)
    os.chdir(request["folder"])
    os.environ.clear()
    os.environ.update(request["environment"], JPY_PARENT_PID=str(os.getppid()))  # whose end is the kernel's
    threading.Thread(target=end_with, args=[asked], daemon=True).start()
    random.seed()
    sys.modules["numpy"].random.seed()
    sys.argv = ["ipykernel_launcher", "-f", request["connection"]]
    code = 1
    try:
        sys.modules["ipykernel.kernelapp"].launch_new_instance()
        code = 0
    finally:
        atexit._run_exitfuncs()
        os._exit(code)  # never back into the loop of the process that forks


def end_with(asked: socket.socket) -> None:
    """End this kernel when the process is killed that Jupyter takes for it."""
    asked.recv(1)
    os._exit(1)


# ---- what Jupyter takes for the kernel


def stand_for_a_kernel(address: str, connection: str) -> None:
    with socket.socket(socket.AF_UNIX) as asking:
        connect(asking, address)
        request = {"connection": connection, "folder": os.getcwd(), "environment": dict(os.environ)}
        socket.send_fds(asking, [json.dumps(request).encode()], [1, 2])
        kernel = int(asking.recv(20))
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda number, frame: os.kill(kernel, number))
        while asking.recv(1):
            pass


def connect(asking: socket.socket, address: str) -> None:
    """Wait until the process that forks has imported all it will."""
    while True:
        with contextlib.suppress(FileNotFoundError, ConnectionRefusedError):
            return asking.connect(address)
        time.sleep(0.05)


if __name__ == "__main__":
    {"import": fork_when_asked, "kernel": stand_for_a_kernel}[sys.argv[1]](*sys.argv[2:])
