"""The servers of other hosts, each a process of its own with the packages of `.venv-hosts` before the environment's."""

import json
import os
import textwrap
from collections.abc import Sequence
from pathlib import Path

from tests.browser.lab import ROOT, LabServer, Server, private_environment

PACKAGES = ROOT / ".venv-hosts"
EXTENSIONS = PACKAGES / "share" / "jupyter" / "labextensions"
APP = """import marimo

app = marimo.App()

{cells}

if __name__ == "__main__":
    app.run()
"""


def with_packages(home: Path) -> dict[str, str]:
    """The variables by which a process finds what `make test-hosts` installed; settings stay in `home`."""
    return {
        "PYTHONPATH": os.pathsep.join(map(str, [PACKAGES, ROOT])),
        "JUPYTER_PATH": str(home / "JUPYTER_PATH"),
        "XDG_CONFIG_HOME": str(home / "xdg"),
        "XDG_STATE_HOME": str(home / "xdg"),
    }


class ExtendedLab(LabServer):
    """JupyterLab with some of the extensions of `.venv-hosts`, and without the others.

    Args:
        home: a folder of its own.
        front_ends: names of extensions of the page, `@owner` or `@owner/name`.
        servers: modules that extend the server.
        options: more of the command line.
    """

    def __init__(self, home: Path, front_ends: Sequence[str], servers: Sequence[str], options: Sequence[str] = ()):
        self._more = options
        for name in front_ends:
            link = home / "JUPYTER_PATH" / "labextensions" / name
            link.parent.mkdir(parents=True, exist_ok=True)
            link.symlink_to(EXTENSIONS / name)
        folder = home / "JUPYTER_CONFIG_DIR" / "jupyter_server_config.d"
        folder.mkdir(parents=True)
        switched_on = {"ServerApp": {"jpserver_extensions": dict.fromkeys(servers, True)}}
        (folder / "hosts.json").write_text(json.dumps(switched_on))
        super().__init__(home, with_packages(home))

    def options(self) -> list[str]:
        return [*super().options(), *self._more]


class VoilaServer(Server):
    """Voila on the notebooks in `files`, which it runs anew for each page."""

    application = "voila"
    answering = "/voila/static/voila.js"

    def __init__(self, home: Path):
        (home / "JUPYTER_PATH").mkdir(parents=True)
        (home / "JUPYTER_PATH" / "voila").symlink_to(PACKAGES / "share" / "jupyter" / "voila")
        super().__init__(home, private_environment(home) | with_packages(home))

    def options(self) -> list[str]:
        return [str(self.files), "--no-browser", "--Voila.ip=127.0.0.1", f"--port={self.port}"]


class MarimoServer(Server):
    """marimo's editor on one notebook of the given cells."""

    application = "marimo"
    answering = "/health"

    def __init__(self, home: Path, cells: Sequence[str]):
        settings = home / "xdg" / "marimo"
        settings.mkdir(parents=True)
        (settings / "marimo.toml").write_text("[runtime]\nauto_instantiate = true\n")  # cells run when it is opened
        self._notebook = home / "notebook.py"
        shown = (f"@app.cell\ndef _():\n{textwrap.indent(cell, '    ')}\n    return" for cell in cells)
        self._notebook.write_text(APP.format(cells="\n\n\n".join(shown)))
        super().__init__(home, private_environment(home) | with_packages(home))

    def options(self) -> list[str]:
        quiet = ["--headless", "--no-token", "--skip-update-check"]
        return ["--yes", "edit", str(self._notebook), *quiet, "--host=127.0.0.1", f"--port={self.port}"]
