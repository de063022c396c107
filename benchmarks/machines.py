"""What training on `local:2`, one core each, costs beside one process with as many cores; and what a sum costs."""

import os
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from statistics import median

from benchmarks.measure import median_seconds, report, seconds
from benchmarks.models import batch_size, build, data_for
from benchmarks.training import compile_model
from kerasnb import backend as K
from kerasnb.backend.ops.machines import mean_over_machines
from kerasnb.backend.runtime import chosen
from kerasnb.machines import close
from kerasnb.machines.runtime import MachinesRuntime, Remote
from kerasnb.machines.using import computing_on

WHERE = "local:2"
FITS = 3
SAMPLES = {"mlp": 16_000, "cnn": 1_600}
SUMS = 64  # in one call, beside which the call is little
TICKS = os.sysconf("SC_CLK_TCK")


def main(workload: str) -> None:
    start = seconds(begin)
    x, y = data_for(workload, SAMPLES[workload])
    model = build(workload)
    compile_model(model, 1)

    def fit(where: str | None) -> None:
        model.fit(x, y, batch_size=batch_size(workload), nb_epoch=1, verbose=0, machines=where)

    for where in (None, WHERE):
        fit(where)  # the first time compiles
    took, work = in_turns(fit)
    numbers = [weight.size for weight in model.get_weights()]
    sums, of_nothing = sum_seconds(sum(numbers)), sum_seconds(1)
    close()
    report(
        wall_percent=100 * (median(took[WHERE]) / median(took[None]) - 1),
        cpu_percent=100 * (median(work[WHERE]) / median(work[None]) - 1),
        one_seconds=median(took[None]) / steps(workload),
        two_seconds=median(took[WHERE]) / steps(workload),
        sum_seconds=sums,
        latency=of_nothing,
        sum_bytes=sum(numbers) * 4,
        start_seconds=start,
    )


def begin() -> None:
    """Start the machines."""
    with computing_on(WHERE):
        pass


def in_turns(fit) -> tuple[dict, dict]:
    """The seconds, and the CPU seconds, of each fit here and there; either goes first in turn."""
    took: dict = {None: [], WHERE: []}
    work: dict = {None: [], WHERE: []}
    processes = machines_processes()
    for number in range(FITS):
        for where in (None, WHERE) if number % 2 else (WHERE, None):
            before = cpu_seconds(processes)
            took[where].append(seconds(lambda where=where: fit(where)))
            work[where].append(cpu_seconds(processes) - before)
    return took, work


def machines_processes() -> list[int]:
    with computing_on(WHERE):
        return [process.pid for process in machines_now().group.processes]


def machines_now() -> MachinesRuntime:
    runtime = chosen.active()
    assert isinstance(runtime, MachinesRuntime)
    return runtime


def cpu_seconds(processes: Sequence[int]) -> float:
    """What this process and those have used; theirs is read from the system, which counts hundredths."""
    return time.process_time() + sum(map(_ticks, processes)) / TICKS


def _ticks(process: int) -> int:
    # fields 14 and 15 of proc(5): in user mode and in the kernel; the name in brackets may hold blanks
    fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return int(fields[11]) + int(fields[12])


def sum_seconds(size: int) -> float:
    """How long one sum of so many numbers over the machines takes."""
    with computing_on(WHERE):
        total = K.zeros((size,))
        for _ in range(SUMS):
            total = mean_over_machines(total)
        remote = Remote(machines_now(), K.function([], [K.sum(total)]).program(1), is_collective=True)
        remote.step([])
        return median_seconds(lambda: remote.step([]), 5) / SUMS


def steps(workload: str) -> int:
    return -(-SAMPLES[workload] // batch_size(workload))


if __name__ == "__main__":
    main(sys.argv[1])
