"""Timing in one process, and the one line of JSON in which a benchmark process reports."""

import json
import statistics
import time
from collections.abc import Callable

MARK = "RESULT "


def seconds(action: Callable[[], object]) -> float:
    """How long one call takes, in seconds."""
    start = time.perf_counter()
    action()
    return time.perf_counter() - start


def median_seconds(action: Callable[[], object], times: int) -> float:
    """The median of several calls, in seconds."""
    return statistics.median(seconds(action) for _ in range(times))


def report(**figures) -> None:
    """Tell the process that started this one what was measured."""
    print(MARK + json.dumps(figures), flush=True)


def read_report(output: str) -> dict:
    lines = [line for line in output.splitlines() if line.startswith(MARK)]
    return json.loads(lines[-1].removeprefix(MARK)) if lines else {}
