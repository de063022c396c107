"""Timing in one process, and the one line of JSON in which a benchmark process reports."""

import json
import resource
import statistics
import time
from collections.abc import Callable

MARK = "RESULT "
KILO = 1024  # Linux counts memory in them


def seconds(action: Callable[[], object]) -> float:
    """How long one call takes, in seconds."""
    start = time.perf_counter()
    action()
    return time.perf_counter() - start


def median_seconds(action: Callable[[], object], times: int) -> float:
    """The median of several calls, in seconds."""
    return statistics.median(seconds(action) for _ in range(times))


def report(**figures) -> None:
    """Tell the process that started this one what was measured, and what this process has used in all."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    costs = {"cpu_seconds": used.ru_utime + used.ru_stime, "peak_bytes": KILO * used.ru_maxrss}
    print(MARK + json.dumps(figures | costs), flush=True)


def read_report(output: str) -> dict:
    lines = [line for line in output.splitlines() if line.startswith(MARK)]
    return json.loads(lines[-1].removeprefix(MARK)) if lines else {}
