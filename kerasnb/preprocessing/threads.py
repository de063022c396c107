"""Work on all cores by threads, for functions that let Python's lock go: Pillow's decoding does."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

__all__ = ["run_each"]


def run_each(work: Callable[[Any], object], items: Sequence) -> None:
    """Call the function with each item; of the errors raised, the first item's is raised.

    The threads live for this call only: a forked process would find none of those it had before.
    """
    count = min(_cores(), len(items))
    if count < 2:
        for item in items:
            work(item)
        return
    with ThreadPoolExecutor(count) as threads:
        for _ in threads.map(work, items):
            pass


def _cores() -> int:
    """How many this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
