#!/usr/bin/env bash
# TensorFlow 2.21.0, CPU: what the gradient of a 3-D max pooling makes of tied elements depends on who runs it, and not by rounding.
# Eagerly, and in a graph without oneDNN, each of n equal elements of a window gets the whole gradient, so n times what came in goes
# back. In a graph with oneDNN (where TensorFlow's log speaks only of "floating-point round-off errors"), and under
# jit_compile=True, the first of them gets it. tf.nn.max_pool2d always gives it to the first; tf.reduce_max shares it equally.
# Volumes with a flat border or padding are full of ties.
# Seen (Python 3.11, x86-64), TF_ENABLE_ONEDNN_OPTS=0, then 1:
#   oneDNN 0: max_pool2d [1.0, 0.0, 0.0, 0.0]
#   oneDNN 0: max_pool3d, graph [1.0, 1.0, 1.0, 1.0]
#   oneDNN 0: max_pool3d, jit_compile [1.0, 0.0, 0.0, 0.0]
#   oneDNN 0: max_pool3d, eager [1.0, 1.0, 1.0, 1.0]
#   oneDNN 0: reduce_max [0.25, 0.25, 0.25, 0.25]
#   oneDNN 1: max_pool2d [1.0, 0.0, 0.0, 0.0]
#   oneDNN 1: max_pool3d, graph [1.0, 0.0, 0.0, 0.0]
#   oneDNN 1: max_pool3d, jit_compile [1.0, 0.0, 0.0, 0.0]
#   oneDNN 1: max_pool3d, eager [1.0, 1.0, 1.0, 1.0]
#   oneDNN 1: reduce_max [0.25, 0.25, 0.25, 0.25]
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/python" -m pip install -q tensorflow-cpu==2.21.0
export TF_CPP_MIN_LOG_LEVEL=3 CUDA_VISIBLE_DEVICES=-1
cat >"$folder/ties.py" <<'PYTHON'
import os

import tensorflow as tf

assert tf.__version__ == "2.21.0", tf.__version__
ONEDNN = os.environ["TF_ENABLE_ONEDNN_OPTS"]


def gradient(maximum, shape, decorate=tf.function):
    def of_ties(x):
        with tf.GradientTape() as tape:
            tape.watch(x)
            y = maximum(x)
        return tape.gradient(y, x)

    return decorate(of_ties)(tf.ones(shape)).numpy().ravel().tolist()


def pool2d(x):
    return tf.nn.max_pool2d(x, 2, 2, "VALID")


def pool3d(x):
    return tf.nn.max_pool3d(x, (1, 1, 2, 2, 1), (1, 1, 2, 2, 1), "VALID")


volume = (1, 1, 2, 2, 1)
seen = {
    "max_pool2d": gradient(pool2d, (1, 2, 2, 1)),
    "max_pool3d, graph": gradient(pool3d, volume),
    "max_pool3d, jit_compile": gradient(pool3d, volume, tf.function(jit_compile=True)),
    "max_pool3d, eager": gradient(pool3d, volume, lambda plain: plain),
    "reduce_max": gradient(tf.reduce_max, volume),
}
for name, given in seen.items():
    print(f"oneDNN {ONEDNN}: {name} {given}")
first, every, shared = [1.0, 0.0, 0.0, 0.0], [1.0] * 4, [0.25] * 4
assert list(seen.values()) == [first, {"0": every, "1": first}[ONEDNN], first, every, shared], "the behaviour has changed"
PYTHON
for onednn in 0 1; do
  TF_ENABLE_ONEDNN_OPTS=$onednn "$folder/venv/bin/python" "$folder/ties.py"
done
