"""Who is measured: the command and the environment that each needs."""

import os
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.measure import read_report

ROOT = Path(__file__).resolve().parents[1]
PEERS = ROOT / ".venv-peers" / "bin" / "python"
LIMIT = 900  # seconds for one process
QUIET = {"TF_CPP_MIN_LOG_LEVEL": "3", "CUDA_VISIBLE_DEVICES": "-1", "PYTHONPATH": str(ROOT), "PYTHONWARNINGS": "ignore"}


@dataclass(frozen=True)
class Contestant:
    """A library on one of its backends, as the tables name it."""

    name: str
    python: Path
    environment: dict = field(default_factory=dict, hash=False)
    extra: tuple[str, ...] = ()  # further arguments
    script: str = ""  # its own, in place of the benchmark's

    def settings(self, case) -> list[tuple[str, ...]]:
        """The further arguments to try: kerasnb has none, a peer that compiles several steps also runs tuned."""
        is_tuned = case.tuned and self.environment.get("KERAS_BACKEND") in ("tensorflow", "jax")
        return [(), case.tuned] if is_tuned else [()]

    def run(self, script: str, *arguments: str) -> dict:
        """What one process of the script reported; `{"error": ...}` when it failed."""
        command = [str(self.python), "-m", f"benchmarks.{self.script or script}", *arguments, *self.extra]
        environment = os.environ | QUIET | self.environment
        done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=LIMIT)
        return read_report(done.stdout) or {"error": last_line(done.stderr) or f"exit {done.returncode}"}


def last_line(text: str) -> str:
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return lines[-1][:120] if lines else ""


def ours(backend: str, name: str | None = None) -> Contestant:
    return Contestant(name or f"kerasnb, {backend}", Path(sys.executable), {"KERASNB_BACKEND": backend})


def keras(backend: str, method: str = "") -> Contestant:
    """Keras 3 on one backend; `method` is the one of several ways that a script takes."""
    environment = {"KERAS_BACKEND": backend, "KERASNB_PEER": "1"}
    return Contestant(f"Keras 3, {backend}{method and ', ' + method}", PEERS, environment, (method,) if method else ())


def raw(library: str) -> Contestant:
    """Code written by hand for one library."""
    if library == "tensorflow":
        return Contestant("raw tf.function", PEERS, {"KERAS_BACKEND": "tensorflow", "KERASNB_PEER": "1"}, ("raw",))
    return Contestant(f"raw {library}", PEERS, {}, script=f"raw_{library}")


def is_peer() -> bool:
    """Whether this process measures Keras 3 and not kerasnb."""
    return "KERASNB_PEER" in os.environ
