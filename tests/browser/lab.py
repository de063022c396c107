"""Private servers of notebooks, JupyterLab above all: own configuration, own kernels, nothing of the user's."""

import json
import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from importlib.metadata import version
from pathlib import Path
from types import MappingProxyType

from tests.warm_kernels import LAUNCHER, WARM, WarmKernels

ROOT = Path(__file__).resolve().parents[2]
TOKEN = "t"
START_SECONDS = 120
OPTIONS = (
    "--no-browser",
    "--allow-root",
    "--ip=127.0.0.1",
    f"--IdentityProvider.token={TOKEN}",
    "--expose-app-in-browser",
    "--JupyterNotebookApp.expose_app_in_browser=True",
    "--LabApp.extension_manager=readonly",
    "--ServerApp.port_retries=0",
)
PRIVATE = (
    "JUPYTER_CONFIG_DIR",
    "JUPYTER_DATA_DIR",
    "JUPYTER_RUNTIME_DIR",
    "JUPYTERLAB_SETTINGS_DIR",
    "JUPYTERLAB_WORKSPACES_DIR",
    "IPYTHONDIR",
)
NO_NEWS = {"fetchNews": "false", "checkForUpdates": False}


class Server:
    """A server of notebooks on a free port, with the folder `files`; stop it with `stop()`.

    Args:
        home: a folder of its own.
        environment: that of the process.
    """

    application: str  # the module that is run
    answering: str  # the path that is asked to see whether it is up

    def __init__(self, home: Path, environment: Mapping[str, str]):
        self.home = home
        self.files = home / "files"
        self.files.mkdir(parents=True)
        self.environment = environment
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.log = (home / "server.log").open("w")
        command = [sys.executable, "-m", self.application, *self.options()]
        self.process = subprocess.Popen(
            command, cwd=self.files, env=environment, stdout=self.log, stderr=subprocess.STDOUT
        )

    def options(self) -> list[str]:
        """What follows the module on the command line."""
        raise NotImplementedError

    def wait_until_up(self) -> None:
        deadline = time.monotonic() + START_SECONDS
        while not self._answers():
            if self.process.poll() is not None or time.monotonic() > deadline:
                said = (self.home / "server.log").read_text()[-3000:]
                raise RuntimeError(f"{self.application} did not start:\n{said}")
            time.sleep(0.1)

    def _answers(self) -> bool:
        try:
            self.ask(self.answering)
        except OSError:
            return False
        return True

    def ask(self, path: str, method: str = "GET") -> bytes:
        """What the server answers."""
        headers = {"Authorization": f"token {TOKEN}"}
        request = urllib.request.Request(self.url + path, headers=headers, method=method)
        with urllib.request.urlopen(request, timeout=30) as answer:
            return answer.read()

    def stop(self) -> None:
        self.process.terminate()
        try:
            self.process.wait(timeout=30)
        except subprocess.TimeoutExpired:  # a loaded machine: its kernels are down, so nothing is lost
            self.process.kill()
            self.process.wait()
        self.log.close()


class LabServer(Server):
    """JupyterLab.

    Args:
        home: a folder of its own.
        more: variables of the environment beside those of every such server.
    """

    application = "jupyterlab"
    answering = "/api/status"

    def __init__(self, home: Path, more: Mapping[str, str] = MappingProxyType({})):
        write_settings(home)
        for name, packages in kernels().items():
            add_kernelspec(home, name, LAUNCHER, packages)
        super().__init__(home, private_environment(home) | more)

    def options(self) -> list[str]:
        return [*OPTIONS, f"--port={self.port}"]

    def request(self, path: str, method: str = "GET"):
        """The decoded answer of the server's REST interface, None when it is empty."""
        body = self.ask(path, method)
        return json.loads(body) if body else None

    def shut_kernels_down(self) -> None:
        for session in self.request("/api/sessions"):
            self.request(f"/api/sessions/{session['id']}", method="DELETE")

    def stop(self) -> None:
        if self.process.poll() is None:
            self.shut_kernels_down()
        super().stop()


def serve(server: Server) -> Iterator[Server]:
    """Give a server when it is up, with a kernel that starts quickly; stop both at the end."""
    warm = WarmKernels(server.home / "warm", server.environment, server.log)
    add_kernelspec(server.home, WARM, warm.command)
    try:
        server.wait_until_up()
        warm.wait_until_up()
        yield server
    finally:
        server.stop()
        warm.stop()


def add_kernelspec(home: Path, name: str, command: list[str], packages: Sequence[Path] = ()) -> None:
    """A kernel that finds `packages` before the environment's own, for the server whose folder is `home`."""
    folder = home / "JUPYTER_DATA_DIR" / "kernels" / name
    folder.mkdir(parents=True)
    path = os.pathsep.join(map(str, [*packages, ROOT]))
    spec = {"argv": command, "display_name": name, "language": "python", "env": {"PYTHONPATH": path}}
    (folder / "kernel.json").write_text(json.dumps(spec))


def private_environment(home: Path) -> dict[str, str]:
    """The environment of server and kernels: this checkout importable, backends quiet, no GPU."""
    places = {name: str(home / name) for name in PRIVATE}
    quiet = {"TF_CPP_MIN_LOG_LEVEL": "3", "CUDA_VISIBLE_DEVICES": "-1", "PYDEVD_DISABLE_FILE_VALIDATION": "1"}
    return os.environ | places | quiet | {"PYTHONPATH": str(ROOT)}


def write_settings(home: Path) -> None:
    """No news toast over the notebook."""
    folder = home / "JUPYTERLAB_SETTINGS_DIR" / "@jupyterlab" / "apputils-extension"
    folder.mkdir(parents=True)
    (folder / "notification.jupyterlab-settings").write_text(json.dumps(NO_NEWS))


def kernels() -> dict[str, list[Path]]:
    """`kerasnb-ipykernel-7.4` and kin: one for each that `make kernels` installed, and for the environment's own."""
    own = ".".join(version("ipykernel").split(".")[:2])
    installed = {"kerasnb-" + one.name.removeprefix(".venv-"): [one] for one in ROOT.glob(".venv-ipykernel-*")}
    return {f"kerasnb-ipykernel-{own}": [], **installed}


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
