#!/usr/bin/env bash
# Keras 3.15.1 (on TensorFlow 2.21.0): the order of a nested model's weights in an .h5 file depends on which of its layers are trainable,
# and reading it back goes by count and shape, not by the names that the file holds. A model saved with one inner layer frozen
# and loaded into the same model unfrozen computes something else, without an error or a warning. The same weights by way of
# .weights.h5 arrive.
# Seen (Python 3.11):
#   .weights.h5: the same outputs True
#   .h5: the same outputs False
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/python" -m pip install -q tensorflow-cpu==2.21.0 keras==3.15.1
export TF_CPP_MIN_LOG_LEVEL=3 CUDA_VISIBLE_DEVICES=-1
cd "$folder"
"$folder/venv/bin/python" - <<'PYTHON'
import warnings

import keras
import numpy as np

assert keras.__version__ == "3.15.1", keras.__version__


def build(frozen):
    inner = keras.Sequential([keras.layers.Input((4,)), *(keras.layers.Dense(4) for _ in range(3))])
    inner.layers[1].trainable = not frozen
    return keras.Sequential([keras.layers.Input((4,)), inner])


saved, loaded = build(frozen=True), build(frozen=False)
x = np.random.RandomState(0).rand(5, 4).astype("float32")
saved.save_weights("a.weights.h5")
saved.save("a.h5")
same = {}
with warnings.catch_warnings(record=True) as warned:
    for ending in (".weights.h5", ".h5"):
        loaded.load_weights("a" + ending)
        same[ending] = bool(np.allclose(saved(x), loaded(x), atol=1e-5))
        print(f"{ending}: the same outputs {same[ending]}")
assert not warned
assert same == {".weights.h5": True, ".h5": False}, "the behaviour has changed"
PYTHON
