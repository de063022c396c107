"""Runs the benchmarks in turns, prints their tables, writes RESULTS.md and adds to history.jsonl.

python -m benchmarks.run                       everything (about an hour)
python -m benchmarks.run training --rounds 1   one of them, once; RESULTS.md keeps the others' tables
python -m benchmarks.run workloads --only unet  some of its cases; RESULTS.md stays
"""

import argparse
import dataclasses

from benchmarks import history
from benchmarks.contestants import Contestant
from benchmarks.plan import BENCHMARKS, Benchmark, Case
from benchmarks.tables import table, write_results


def main() -> None:
    options = parse()
    chosen = [benchmark for benchmark in BENCHMARKS if not options.scripts or benchmark.script in options.scripts]
    commit = history.commit_now()
    for benchmark in chosen:
        print(f"{benchmark.title} ...", flush=True)
        benchmark = only(benchmark, options.only)
        runs = measure(benchmark, options.rounds or benchmark.rounds)
        text = table(benchmark, runs)
        print(text, flush=True)
        history.append(history.lines_of(benchmark, runs, commit))
        if not options.only:
            write_results(benchmark, text)


def parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.run", description=__doc__.splitlines()[0])
    names = [benchmark.script for benchmark in BENCHMARKS]
    parser.add_argument("scripts", nargs="*", metavar="SCRIPT", help=f"of {', '.join(names)}; all when left out")
    parser.add_argument("--rounds", type=int, help="how often each contestant has its turn")
    parser.add_argument("--only", nargs="+", metavar="CASE", help="cases, by the first argument that they are run with")
    options = parser.parse_args()
    unknown = set(options.scripts) - set(names)
    if unknown:
        parser.error(f"no benchmark {', '.join(sorted(unknown))}; there are {', '.join(names)}")
    return options


def only(benchmark: Benchmark, names: list[str] | None) -> Benchmark:
    """The benchmark, with these cases alone."""
    kept = tuple(case for case in benchmark.cases if not names or {*case.arguments[:1]} & {*names})
    return dataclasses.replace(benchmark, cases=kept)


def measure(benchmark: Benchmark, rounds: int) -> dict[tuple[Case, Contestant], dict[tuple, list[dict]]]:
    """The reports of every contestant in every setting, taken in turns: one of each, then one of each again."""
    runs = {(case, who): {setting: [] for setting in who.settings(case)} for case, who in pairs(benchmark)}
    for number in range(rounds):
        for (case, who), settings in runs.items():
            for setting, reports in settings.items():
                reports.append(who.run(benchmark.script, *case.arguments, *setting))
                name = " ".join([who.name, *setting])
                print(f"  {number + 1}/{rounds} {case.label}, {name}: {reports[-1]}", flush=True)
    return runs


def pairs(benchmark: Benchmark) -> list[tuple[Case, Contestant]]:
    return [(case, who) for case in benchmark.cases for who in case.contestants]


if __name__ == "__main__":
    main()
