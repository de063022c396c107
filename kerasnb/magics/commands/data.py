"""`%kerasnb data`: bundled data sets, put into variables."""

from __future__ import annotations

import argparse
import importlib
from collections.abc import Iterator, Mapping
from typing import Any

from IPython.core.error import UsageError

from ..kinds import add, fraction, sample_index
from ..results import Text
from ..variables import Variables

__all__ = ["DATASETS", "arguments", "run"]

DATASETS = {"digits": "1,797 handwritten digits of 8x8 pixels, from scikit-learn; nothing is downloaded"}
NAMES = ("x_train", "y_train", "x_val", "y_val")


class Loaded(Mapping):
    """The variables that were filled, by name; a cell shows what is in them."""

    def __init__(self, arrays: dict[str, Any], text: str):
        self._arrays, self.text = arrays, text

    def __getitem__(self, name: str) -> Any:
        return self._arrays[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._arrays)

    def __len__(self) -> int:
        return len(self._arrays)

    def __repr__(self) -> str:
        return self.text


def arguments(parser: argparse.ArgumentParser) -> None:
    add(parser, "name", nargs="?", metavar="NAME", offers="datasets", help="digits; left out, lists what there is")
    add(
        parser,
        "--names",
        nargs=4,
        default=NAMES,
        metavar=("X", "Y", "X_VAL", "Y_VAL"),
        help=f"the variables to fill (default: {' '.join(NAMES)})",
    )
    add(parser, "--split", type=fraction, default=0.2, metavar="FRACTION", help="kept for validation (default: 0.2)")
    add(parser, "--seed", type=sample_index, default=0, help="of the shuffle before the split (default: 0)")


def run(variables: Variables, options: argparse.Namespace) -> Any:
    """Load a bundled data set into variables.

    %kerasnb data digits
    %kerasnb data digits --split 0.3 --names x y x_test y_test
    """
    if options.name is None:
        return Text("\n".join(f"{name}: {what}" for name, what in DATASETS.items()) + "\nLoad it: %kerasnb data digits")
    if options.name not in DATASETS:
        raise UsageError(f'no data set "{options.name}"; there are {", ".join(DATASETS)}.')
    for name in options.names:
        if not name.isidentifier():
            raise UsageError(f'--names: "{name}" cannot name a variable.\nWrite, say, --names {" ".join(NAMES)}.')
    return _load(variables, options)


def _load(variables: Variables, options: argparse.Namespace) -> Loaded:
    from ...report import data_summary

    load_data = importlib.import_module(f"kerasnb.datasets.{options.name}").load_data
    (x, y), (x_val, y_val) = load_data(test_split=options.split, seed=options.seed)
    filled = dict(zip(options.names, (x, y, x_val, y_val), strict=True))
    variables.names.update(filled)
    summary = data_summary(x, y, (x_val, y_val))
    first, second, third, fourth = options.names
    return Loaded(
        filled,
        f"{options.name}: {summary.train:,} samples in {first} and {second}, "
        f"{summary.validation:,} in {third} and {fourth}\n{summary.text()}",
    )
