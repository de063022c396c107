"""A progress bar in text."""

from __future__ import annotations

import sys
import time

import numpy as np

__all__ = ["Progbar"]


class Progbar:
    """A progress bar that prints itself.

    Args:
        target: number of units at the end; None (or -1) if it is not known.
        width: characters of the bar.
        verbose: 1 draws a bar that moves, 2 one line at the end, 0 nothing.
        interval: least time between two drawings, seconds.
    """

    def __init__(self, target, width=30, verbose=1, interval=0.05):
        self.target = target
        self.width = width
        self.verbose = verbose
        self.interval = interval
        self.start = time.time()
        self.last_update = 0.0
        self.seen_so_far = 0
        self.sum_values: dict[str, list] = {}
        self.unique_values: list[str] = []
        self.total_width = 0

    def update(self, current, values=None, force=False):
        """Set how many units are done.

        Args:
            values: pairs (name, value); their averages, weighted by units, are shown.
            force: draw even if the last drawing was a moment ago.
        """
        for name, value in values or []:
            if name not in self.sum_values:
                self.unique_values.append(name)
                self.sum_values[name] = [0.0, 0]
            units = current - self.seen_so_far
            self.sum_values[name][0] += value * units
            self.sum_values[name][1] += units
        self.seen_so_far = current
        averages = [(name, self.sum_values[name][0] / max(1, self.sum_values[name][1])) for name in self.unique_values]
        self.show(current, averages, force)

    def add(self, n, values=None):
        """Count n more units."""
        self.update(self.seen_so_far + n, values)

    def show(self, current, averages, force=False):
        """Draw the bar at `current` with these averages."""
        now = time.time()
        is_done = self._knows_target and current >= self.target
        sent_every = getattr(sys.stdout, "flush_interval", 0)  # seconds, where it is a Jupyter kernel's
        interval = max(self.interval, sent_every)
        if self.verbose == 1 and (force or is_done or now - self.last_update >= interval):
            text = self._bar(current) + self._time(current, now, is_done) + _values(averages)
            padding = " " * max(0, self.total_width - len(text))
            sys.stdout.write("\r" + text + padding + ("\n" if is_done else ""))
            if not sent_every:
                sys.stdout.flush()
            self.total_width, self.last_update = len(text), now
        elif self.verbose == 2 and is_done:
            sys.stdout.write(f"{now - self.start:.0f}s{_values(averages)}\n")

    @property
    def _knows_target(self) -> bool:
        return self.target is not None and self.target >= 0

    def _bar(self, current) -> str:
        if not self._knows_target:
            return f"{current:7d}/Unknown"
        digits = len(str(self.target))
        filled = min(self.width, int(self.width * current / self.target)) if self.target else 0
        arrow = "=" * max(filled - 1, 0) + (">" if current < self.target else "=") if filled else ""
        return f"{current:{digits}d}/{self.target} [{arrow:.<{self.width}}]"

    def _time(self, current, now, is_done) -> str:
        spent = now - self.start
        if is_done or not current or not self._knows_target:
            return f" - {spent:.0f}s"
        return f" - ETA: {spent / current * (self.target - current):.0f}s"


def _values(averages) -> str:
    return "".join(
        f" - {name}: {np.mean(value):.4f}" if abs(np.mean(value)) > 1e-3 else f" - {name}: {np.mean(value):.4e}"
        for name, value in averages
    )
