#!/usr/bin/env bash
# Keras 3.15.1 (on TensorFlow 2.21.0): the configurations of Huber, CosineSimilarity and SparseCategoricalCrossentropy leave out delta
# and axis. A model compiled with Huber(delta=0.1), saved as .keras and loaded, is compiled with delta 1: its loss is another number,
# and training goes on for another goal. Nothing says so.
# Seen (Python 3.11):
#   Huber(delta=0.1): 0.0950 before saving, 0.5000 after loading
#   kept of the arguments: Huber [], CosineSimilarity [], SparseCategoricalCrossentropy ['ignore_class'], Tversky ['alpha', 'axis', 'beta']
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/python" -m pip install -q tensorflow-cpu==2.21.0 keras==3.15.1
export TF_CPP_MIN_LOG_LEVEL=3 CUDA_VISIBLE_DEVICES=-1
cd "$folder"
"$folder/venv/bin/python" - <<'PYTHON'
import keras
import numpy as np

assert keras.__version__ == "3.15.1", keras.__version__
losses = keras.losses
model = keras.Sequential([keras.Input((1,)), keras.layers.Identity()])
model.compile("sgd", losses.Huber(delta=0.1))
x, y = np.ones((4, 1), "float32"), np.zeros((4, 1), "float32")
before = model.evaluate(x, y, verbose=0)
model.save("model.keras")
after = keras.models.load_model("model.keras").evaluate(x, y, verbose=0)
print(f"Huber(delta=0.1): {before:.4f} before saving, {after:.4f} after loading")
given = [
    losses.Huber(delta=0.1),
    losses.CosineSimilarity(axis=1),
    losses.SparseCategoricalCrossentropy(axis=1, ignore_class=3),
    losses.Tversky(alpha=0.1, beta=0.9, axis=1),
]
asked = ("alpha", "axis", "beta", "delta", "ignore_class")
kept = {type(one).__name__: [name for name in asked if name in one.get_config()] for one in given}
print("kept of the arguments: " + ", ".join(f"{name} {names}" for name, names in kept.items()))
wanted = {"Huber": [], "CosineSimilarity": [], "SparseCategoricalCrossentropy": ["ignore_class"], "Tversky": ["alpha", "axis", "beta"]}
assert kept == wanted, "the behaviour has changed"
assert abs(before - 0.095) < 1e-5 and abs(after - 0.5) < 1e-5, "the behaviour has changed"
PYTHON
