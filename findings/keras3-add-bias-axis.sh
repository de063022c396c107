#!/usr/bin/env bash
# Keras 3.15.1 on TensorFlow 2.21.0: keras.ops.add(x, b) and `x + b` do not broadcast as numpy does where b has one axis that is not 1,
# and x has axes of that size elsewhere, too: b is taken for a bias of the last axis (else of axis 1), whatever axis it is on.
# The same call on JAX, and keras.ops.subtract(x, -b), broadcast. EinsumDense with bias_axes on an axis that is as long as the last
# one adds its bias to the wrong axis. No error, no warning.
# Seen (Python 3.11), x zeros of shape (1, 2, 2, 2), b [10, 100] of shape (2, 1, 1):
#   add on tensorflow: x[0, 0] is [[10.0, 100.0], [10.0, 100.0]], numpy's [[10.0, 10.0], [10.0, 10.0]]
#   EinsumDense on tensorflow: bias added along the last axis
#   add on jax: x[0, 0] is [[10.0, 10.0], [10.0, 10.0]], numpy's [[10.0, 10.0], [10.0, 10.0]]
#   EinsumDense on jax: bias added along axis 1, as asked
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
backend = keras.backend.backend()
x, b = np.zeros((1, 2, 2, 2), "float32"), np.array([10.0, 100.0], "float32").reshape(2, 1, 1)
added, subtracted = np.asarray(keras.ops.add(x, b)), np.asarray(keras.ops.subtract(x, -b))
print(f"add on {backend}: x[0, 0] is {added[0, 0].tolist()}, numpy's {(x + b)[0, 0].tolist()}")
assert np.array_equal(subtracted, x + b), "the behaviour has changed"
assert np.array_equal(added, x + b) == (backend == "jax"), "the behaviour has changed"
layer = keras.layers.EinsumDense("abcd,be->aecd", (2, None, None), bias_axes="e")
layer(x)
layer.bias.assign(b)
seen = np.asarray(layer(x))
along = "axis 1, as asked" if np.array_equal(seen, x + b) else "the last axis"
print(f"EinsumDense on {backend}: bias added along {along}")
assert (along == "the last axis") == (backend == "tensorflow"), "the behaviour has changed"
PYTHON
for backend in tensorflow jax; do KERAS_BACKEND=$backend "$folder/venv/bin/python" look.py; done
