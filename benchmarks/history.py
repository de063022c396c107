"""Ratios by commit: how much better than Keras 3 each question was answered, so that a loss is seen.

python -m benchmarks.history         what has become worse than it was at its best, and what better
python -m benchmarks.history --all   every question, commit by commit

`benchmarks.run` appends to history.jsonl one line for each commit, question and contestant of ours that has a Keras 3
beside it.
"""

from __future__ import annotations

import argparse
import datetime
import json
import statistics
import subprocess
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from benchmarks.contestants import ROOT
from benchmarks.plan import Benchmark, Case
from benchmarks.tables import best_setting, median, values

HISTORY = Path(__file__).with_name("history.jsonl")
FALL = 0.9  # of the best ratio: a smaller one is a loss, if the rounds of both do not overlap either

Line = dict[str, Any]


def lines_of(benchmark: Benchmark, runs: dict, commit: str) -> Iterator[Line]:
    """The lines of one benchmark that was run, for each contestant of ours beside a Keras 3."""
    best = {key: best_setting(benchmark, settings)[1] for key, settings in runs.items()}
    for case, who in best:
        if who.name.startswith("kerasnb") and (peer := best_peer(benchmark, case, best)):
            name, theirs = peer
            if ratios := list(ratios_of(benchmark, best[case, who], theirs)):
                yield line(benchmark, case, who.name, best[case, who], ratios, name, commit)


def best_peer(benchmark: Benchmark, case: Case, best: dict) -> tuple[str, list[dict]] | None:
    """The Keras 3 with the best median in this case, and its reports."""
    main, choose = benchmark.figures[0], max if benchmark.more_is_better else min
    peers = [(who.name, reports) for (asked, who), reports in best.items() if asked is case and "Keras 3" in who.name]
    usable = [(name, reports) for name, reports in peers if median(reports, main)]
    return choose(usable, key=lambda peer: median(peer[1], main), default=None)


def ratios_of(benchmark: Benchmark, mine: list[dict], theirs: list[dict]) -> Iterator[float]:
    """How many times better than theirs, round by round: what slowed a round down slowed both."""
    main = benchmark.figures[0]
    for own, other in zip(values(mine, main), values(theirs, main), strict=False):
        if min(own, other) > 0:
            yield own / other if benchmark.more_is_better else other / own


def line(
    benchmark: Benchmark, case: Case, who: str, reports: list[dict], ratios: list[float], against: str, commit: str
) -> Line:
    """One line of the history. Units: `median` as in the table, CPU seconds and peak bytes of one process."""
    return {
        "commit": commit,
        "date": datetime.date.today().isoformat(),
        "question": f"{benchmark.title}: {case.label}",
        "who": who,
        "against": against,
        "ratio": rounded(statistics.median(ratios)),
        "lowest": rounded(min(ratios)),
        "highest": rounded(max(ratios)),
        "rounds": len(ratios),
        "median": rounded(median(reports, benchmark.figures[0])),
        "cpu_seconds": rounded(median_of(reports, "cpu_seconds")),
        "peak_bytes": median_of(reports, "peak_bytes"),
    }


def median_of(reports: list[dict], key: str) -> float | None:
    found = [report[key] for report in reports if key in report]
    return statistics.median(found) if found else None


def rounded(number: float | None) -> float | None:
    """With four digits: what comes after them is chance."""
    return None if number is None else float(f"{number:.4g}")


def append(lines: Iterable[Line], path: Path = HISTORY) -> None:
    with path.open("a") as file:
        file.writelines(json.dumps(each) + "\n" for each in lines)


def read(path: Path = HISTORY) -> list[Line]:
    """All lines in their order; of several for one commit, question and contestant the last one."""
    text = path.read_text() if path.exists() else ""
    lines = [json.loads(each) for each in text.splitlines() if each.strip()]
    last = {(each["commit"], each["question"], each["who"]): each for each in lines}
    return [each for each in lines if last[each["commit"], each["question"], each["who"]] is each]


def by_question(lines: Iterable[Line]) -> dict[tuple[str, str], list[Line]]:
    """The lines of each question and contestant, the oldest first."""
    kept: dict[tuple[str, str], list[Line]] = {}
    for each in lines:
        kept.setdefault((each["question"], each["who"]), []).append(each)
    return kept


def changes(lines: Iterable[Line]) -> list[tuple[str, Line, Line]]:
    """('loss' or 'gain', the line compared with, the newest line) of what changed by more than its rounds differ.

    A loss is looked for against the best line before, a gain against the newest of those.
    """
    found = []
    for kept in by_question(lines).values():
        *earlier, newest = kept
        if not earlier:
            continue
        best, previous = max(earlier, key=lambda each: each["ratio"]), earlier[-1]
        if newest["ratio"] < FALL * best["ratio"] and newest["highest"] < best["lowest"]:
            found.append(("loss", best, newest))
        elif FALL * newest["ratio"] > previous["ratio"] and newest["lowest"] > previous["highest"]:
            found.append(("gain", previous, newest))
    return found


def shown(each: Line) -> str:
    """A line in words."""
    spread = f"{each['lowest']:.3g} to {each['highest']:.3g} in {each['rounds']} rounds"
    return f"{each['ratio']:.3g} times {each['against']} at {each['commit']} ({spread})"


def commit_now() -> str:
    """The commit of the working copy, with a + where files differ from it."""
    name = git("rev-parse", "--short", "HEAD").strip()
    return name + "+" * bool(git("status", "--porcelain", "-uno").strip())


def git(*arguments: str) -> str:
    return subprocess.run(["git", *arguments], cwd=ROOT, capture_output=True, text=True, check=True).stdout


def told(lines: list[Line], everything: bool) -> Iterator[str]:
    """The text that the command prints."""
    if everything:
        for (question, who), each in by_question(lines).items():
            yield f"{question}; {who}"
            yield from (f"  {shown(one)}" for one in each)
        return
    found = changes(lines)
    for kind, before, after in sorted(found, key=lambda change: change[0] != "loss"):
        yield f"{kind}: {after['question']}; {after['who']}: {shown(after)}, was {shown(before)}"
    yield f"{len(by_question(lines))} questions, {sum(kind == 'loss' for kind, *_ in found)} losses."


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.history", description=__doc__.splitlines()[0])
    parser.add_argument("--all", action="store_true", help="every question, commit by commit")
    print("\n".join(told(read(), parser.parse_args().all)))


if __name__ == "__main__":
    main()
