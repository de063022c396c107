#!/usr/bin/env bash
# Keras 3.15.1: keras.activations.sparsemax gives no probabilities. Its values should add up to 1 for each sample (Martins and Astudillo
# 2016, equation 2); on TensorFlow and on JAX they add up to less, to 0 for most samples: where two or more values are in the support,
# the sums of sums are summed once more before they are divided. With one value in the support the result is right.
# Seen (Python 3.11):
#   tensorflow: [3.0, 1.0, 0.0] gives [1.0, 0.0, 0.0]; [1, 0.9, 0.8] gives [0.0, 0.0, 0.0], by the paper [0.4333, 0.3333, 0.2333]
#   jax: [3.0, 1.0, 0.0] gives [1.0, 0.0, 0.0]; [1, 0.9, 0.8] gives [0.0, 0.0, 0.0], by the paper [0.4333, 0.3333, 0.2333]
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/python" -m pip install -q tensorflow-cpu==2.21.0 keras==3.15.1 jax==0.10.2
export TF_CPP_MIN_LOG_LEVEL=3 CUDA_VISIBLE_DEVICES=-1
cd "$folder"
cat > look.py <<'PYTHON'
import keras
import numpy as np

assert keras.__version__ == "3.15.1", keras.__version__


def by_the_paper(z):
    ordered = np.sort(z)[::-1]
    sums, numbers = np.cumsum(ordered), np.arange(1, len(z) + 1)
    size = numbers[1 + numbers * ordered > sums][-1]
    return np.maximum(z - (sums[size - 1] - 1) / size, 0)


one, several = np.array([3.0, 1, 0], "float32"), np.array([1.0, 0.9, 0.8], "float32")
seen = [np.asarray(keras.activations.sparsemax(z[None]))[0].round(4).tolist() for z in (one, several)]
print(f"{keras.backend.backend()}: {one.tolist()} gives {seen[0]}; [1, 0.9, 0.8] gives {seen[1]}, "
      f"by the paper {by_the_paper(several).round(4).tolist()}")
assert np.allclose(seen[0], by_the_paper(one)) and seen[1] == [0, 0, 0], "the behaviour has changed"
PYTHON
for backend in tensorflow jax; do KERAS_BACKEND=$backend "$folder/venv/bin/python" look.py; done
