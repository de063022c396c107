#!/usr/bin/env bash
# Keras 3.15.1 (on TensorFlow 2.21.0): Tversky says that alpha weighs false positives and beta false negatives, as in its paper
# (Salehi et al. 2017). It computes the reverse: a high alpha makes what was missed dear, not what was found too much. Who sets
# beta above alpha to find more of a rare class trains a model that finds less.
# Seen (Python 3.11), two areas of 4 cells, one output with a false positive, one with a false negative:
#   alpha=0.9, beta=0.1: false positive 0.0476, false negative 0.4737 (the paper: 0.3103 and 0.0909)
#   alpha=0.1, beta=0.9: false positive 0.3103, false negative 0.0909 (the paper: 0.0476 and 0.4737)
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
says = keras.losses.Tversky.__doc__
assert "alpha: The coefficient controlling incidence of false positives" in " ".join(says.split()), says
there = np.array([[1.0, 1, 0, 0]], "float32")
outputs = {"false positive": np.array([[1.0, 1, 1, 0]], "float32"), "false negative": np.array([[1.0, 0, 0, 0]], "float32")}
for alpha, beta in ((0.9, 0.1), (0.1, 0.9)):
    loss = keras.losses.Tversky(alpha=alpha, beta=beta)
    seen = {name: float(loss(there, output)) for name, output in outputs.items()}
    # the paper: both / (both + alpha * false positives + beta * false negatives)
    paper = {"false positive": 1 - 2 / (2 + alpha), "false negative": 1 - 1 / (1 + beta)}
    swapped = {"false positive": 1 - 2 / (2 + beta), "false negative": 1 - 1 / (1 + alpha)}
    print(f"alpha={alpha}, beta={beta}: " + ", ".join(f"{name} {value:.4f}" for name, value in seen.items()))
    print("   the paper: " + ", ".join(f"{name} {value:.4f}" for name, value in paper.items()))
    assert all(abs(seen[name] - swapped[name]) < 1e-4 for name in seen), "the behaviour has changed"
PYTHON
