"""`%kerasnb data`: bundled data sets, put into variables."""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Mapping
from typing import Any

from IPython.core.error import UsageError

from ...errors import unknown_name
from ..kinds import add, fraction, sample_index
from ..results import Text, aligned
from ..variables import Variables

__all__ = ["DATASETS", "arguments", "run"]

DATASETS = {
    "digits": "1,797 handwritten digits of 8x8 pixels",
    "iris": "150 flowers, 4 measures of each; which of 3 kinds?",
    "wine": "178 wines, 13 measured values of each; which of 3 growers?",
    "breast_cancer": "569 tumours, 30 measured values of each; malignant (0) or benign (1)?",
    "diabetes": "442 patients, 10 values of each; how far the illness has gone a year later",
    "linnerud": "20 men, 3 exercises of each; weight, waist and pulse",
    "sample_images": "2 photographs of 427x640 pixels, without targets",
}
SOURCE = "All are real and come with scikit-learn (digits with kerasnb, too): nothing is downloaded."
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
    add(
        parser,
        "name",
        nargs="?",
        metavar="NAME",
        offers="datasets",
        help=f"{', '.join(DATASETS)}; left out, tells of each",
    )
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

    Tables are as they were measured, not scaled. sample_images fills the first variable only.

    %kerasnb data
    %kerasnb data digits
    %kerasnb data wine
    %kerasnb data digits --split 0.3 --names x y x_test y_test
    """
    if options.name is None:
        return Text("\n".join([*aligned(list(DATASETS.items())), SOURCE, "Load one: %kerasnb data digits"]))
    if options.name not in DATASETS:
        raise UsageError(f"{unknown_name('data set', options.name, DATASETS)}")
    for name in options.names:
        if not name.isidentifier():
            raise UsageError(f'--names: "{name}" cannot name a variable.\nWrite, say, --names {" ".join(NAMES)}.')
    if options.name == "sample_images":
        return _load_images(variables, options.names[0])
    return _load(variables, options)


def _load(variables: Variables, options: argparse.Namespace) -> Loaded:
    from ...report import data_summary

    (x, y), (x_val, y_val) = _arrays(options)
    filled = dict(zip(options.names, (x, y, x_val, y_val), strict=True))
    variables.names.update(filled)
    summary = data_summary(x, y, (x_val, y_val))
    first, second, third, fourth = options.names
    return Loaded(
        filled,
        f"{options.name}: {summary.train:,} samples in {first} and {second}, "
        f"{summary.validation:,} in {third} and {fourth}\n{summary.text()}",
    )


def _arrays(options: argparse.Namespace) -> Any:
    from ...datasets import digits, scikit_learn

    how = {"test_split": options.split, "seed": options.seed}
    return digits.load_data(**how) if options.name == "digits" else scikit_learn.load_data(options.name, **how)


def _load_images(variables: Variables, name: str) -> Loaded:
    from ...datasets import scikit_learn

    images = variables.names[name] = scikit_learn.load_images()
    text = f"sample_images: {len(images)} photographs in {name}\nx {images.shape[1:]} {images.dtype}, 0 to 1; no y"
    return Loaded({name: images}, text)
