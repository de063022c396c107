"""What kerasnb makes of the files that `write.py` left in a folder; says each difference, and how many there are.

    KERASNB_BACKEND=theano python tests/random_files/compare.py FOLDER

Equal are: outputs, those after one more step, and the values of `evaluate` to 1e-5 (values: of their size). Steps that
hang on rounding are left out of the count, and those from an .h5 of Keras 3, which lacks some of the optimizer's state.
"""

from __future__ import annotations

import collections
import os
import re
import sys
from pathlib import Path

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import numpy as np

from kerasnb import backend as K
from kerasnb.engine.node import to_list
from kerasnb.models import load_model

KINDS = ("loaded", "outputs", "weights files", "names", "values", "steps")
_ROUNDING = 1e-4
# names of metrics in Keras 1.2, which models have here whatever their file is
_HERE = {"accuracy": "acc", "mae": "mean_absolute_error", "mse": "mean_squared_error"}


class Written:
    """One file and what its model gives there."""

    def __init__(self, path):
        self.path = path
        with np.load(f"{path}.npz") as arrays:
            self.arrays = dict(arrays)

    def listed(self, kind):
        found = (self.arrays.get(f"{kind}{place}") for place in range(len(self.arrays)))
        return [one for one in found if one is not None]

    def given(self, kind):
        listed = self.listed(kind)
        return listed if len(listed) > 1 else listed[0]


def farthest(some, others):
    """The largest difference of numbers that belong together; infinity where they do not fit."""
    if [one.shape for one in some] != [one.shape for one in others]:
        return np.inf
    pairs = zip(some, others, strict=True)
    return max((float(np.abs(one - other).max()) for one, other in pairs if one.size), default=0.0)


def compared(written):
    """What is equal, of KINDS, and what is said of the rest."""
    model = load_model(written.path)
    equal, said = {"loaded"}, []

    def judge(kind, difference, limit):
        if difference <= limit:
            equal.add(kind)
        else:
            said.append(f"{kind} differ by {difference:.1e}")

    x, targets = written.given("x"), written.given("t")
    judge("outputs", farthest(to_list(model.predict(x)), written.listed("y")), 1e-5)
    weights = written.path.with_suffix("").with_suffix(".weights.h5")
    if weights.exists():
        fresh = load_model(written.path)
        fresh.set_weights([one * 0 + 0.5 for one in fresh.get_weights()])
        fresh.load_weights(weights)
        judge("weights files", farthest(to_list(fresh.predict(x)), written.listed("y")), 1e-5)
    names, values = written.arrays["names"].tolist(), written.arrays["values"]
    theirs = _but_of_outputs({_named_here(name): value for name, value in zip(names, values, strict=True)})
    figures = np.ravel(model.evaluate(x, targets, batch_size=len(to_list(x)[0]), verbose=0)).tolist()
    ours = _but_of_outputs(dict(zip(model.metrics_names, figures, strict=True)))
    if sorted(theirs) == sorted(ours):
        equal.add("names")
    else:
        said.append(f"names {list(theirs)} are here {list(ours)}")
    both = theirs.keys() & ours.keys()
    judge("values", max(abs(ours[name] - theirs[name]) / max(1, abs(theirs[name])) for name in both), 1e-5)
    model.train_on_batch(x, targets)
    moves = float(written.arrays["moves"])
    if moves > _ROUNDING:
        equal.add("not firm")
    else:
        judge("steps", farthest(to_list(model.predict(x)), written.listed("after")), 1e-5 + 3 * moves)
    return equal, said


def _named_here(name):
    return re.sub(r"(?<!categorical_)(?<!binary_)(accuracy|mae|mse)$", lambda found: _HERE[found[0]], name)


def _but_of_outputs(figures):
    """Without the losses of single outputs: Keras 3.5 gives them times their weights, Keras 3.0 not at all."""
    return {name: value for name, value in figures.items() if not name.endswith("_loss")}


def main(folder):
    counts = collections.Counter()
    paths = [Path(str(path)[: -len(".npz")]) for path in sorted(Path(folder).glob("*.npz"))]
    for path in paths:
        try:
            equal, said = compared(Written(path))
        except Exception as error:  # noqa: BLE001 - said, and the next one is looked at
            equal, said = set(), [f"{type(error).__name__}: {str(error).strip().splitlines()[0][:200]}"]
        counts.update(equal)
        counts["weights files written"] += path.with_suffix("").with_suffix(".weights.h5").exists()
        for one in said:
            print(f"{path.name}: {one}", flush=True)
    whole = dict.fromkeys(KINDS, len(paths)) | {"weights files": counts["weights files written"]}
    whole["steps"] -= counts["not firm"]
    print(f"{K.backend()}, {folder}: " + ", ".join(f"{kind} {counts[kind]} of {whole[kind]}" for kind in KINDS))


if __name__ == "__main__":
    main(*sys.argv[1:])
