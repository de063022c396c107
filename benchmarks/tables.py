"""Turns reports into Markdown tables and keeps them in RESULTS.md."""

import re
import statistics
from pathlib import Path

from benchmarks.machine import describe_machine
from benchmarks.plan import BENCHMARKS, Benchmark, Case, Figure

RESULTS = Path(__file__).with_name("RESULTS.md")
HEAD = """# Results

Made by `make bench`; how it is measured, and why so, is in [README.md](README.md). Each number is the median of the
rounds, with the lowest and highest beside it. "kerasnb is" compares the first column of numbers.
"""


def table(benchmark: Benchmark, runs: dict) -> str:
    """One Markdown table: a row for each case and contestant."""
    main = benchmark.figures[0]
    others = [figure.column for figure in benchmark.figures[1:]]
    columns = ["", "", main.column, "lowest - highest", *others, "kerasnb is"]
    best = {key: best_setting(benchmark, settings) for key, settings in runs.items()}
    rows = [row(benchmark, case, who, best) for case, who in runs]
    lines = [columns, ["---"] * len(columns), *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def best_setting(benchmark: Benchmark, settings: dict) -> tuple[tuple, list[dict]]:
    """The setting whose median is the better one, with its reports."""
    choose = max if benchmark.more_is_better else min
    main = benchmark.figures[0]
    usable = [(setting, reports) for setting, reports in settings.items() if values(reports, main)]
    if not usable:
        return next(iter(settings.items()))
    return choose(usable, key=lambda one: median(one[1], main))


def row(benchmark: Benchmark, case: Case, who, best: dict) -> list[str]:
    setting, reports = best[case, who]
    name = who.name + (f" (steps_per_execution={setting[0]})" if setting else "")
    shown = [shown_median(reports, figure) for figure in benchmark.figures]
    between = spread(reports, benchmark.figures[0])
    return [case.label, name, shown[0], between, *shown[1:], ratio(benchmark, case, who, best)]


def values(reports: list[dict], figure: Figure) -> list[float]:
    return [report[figure.key] * figure.factor for report in reports if figure.key in report]


def median(reports: list[dict], figure: Figure) -> float | None:
    found = values(reports, figure)
    return statistics.median(found) if found else None


def shown_median(reports: list[dict], figure: Figure) -> str:
    middle = median(reports, figure)
    return reports[0].get("error", "-") if middle is None else f"{middle:{figure.format}}"


def spread(reports: list[dict], figure: Figure) -> str:
    found = values(reports, figure)
    return f"{min(found):{figure.format}} - {max(found):{figure.format}}" if found else ""


def ratio(benchmark: Benchmark, case: Case, who, best: dict) -> str:
    """How many times better the first contestant of the case is than this one."""
    first = case.contestants[0]
    mine, other = (median(best[case, one][1], benchmark.figures[0]) for one in (first, who))
    if who is first or not mine or not other or min(mine, other) <= 0:
        return ""
    times = mine / other if benchmark.more_is_better else other / mine
    return f"{times:.2g}x" if times < 10 else f"{times:.0f}x"


def write_results(benchmark: Benchmark, text: str) -> None:
    """Put this table into RESULTS.md, in place of the one it had: tables as planned, then what was written by hand."""
    section = f"## {benchmark.title}\n\n{describe_machine()}\n\n{text}\n"
    old = RESULTS.read_text() if RESULTS.exists() else HEAD
    head, *parts = re.split(r"^(?=## )", old, flags=re.MULTILINE)
    sections = {title_of(part): part.rstrip("\n") + "\n" for part in [*parts, section]}
    planned = [one.title for one in BENCHMARKS]
    titles = sorted(sections, key=lambda title: planned.index(title) if title in planned else len(planned))
    RESULTS.write_text("\n".join([head.rstrip("\n") + "\n", *(sections[title] for title in titles)]))


def title_of(section: str) -> str:
    return section.split("\n", 1)[0].removeprefix("## ")
