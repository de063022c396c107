#!/usr/bin/env bash
# TensorFlow 2.21.0, CPU: tied elements of a window share no convention in the gradient of max pooling.
# tf.nn.max_pool2d gives the whole gradient to the first of the ties. tf.nn.max_pool3d gives the whole gradient to each of them, so a
# window of n equal elements sends back n times what came in; the same function under jit_compile=True gives it to the first only.
# tf.reduce_max shares it equally. Pictures with a flat border and padded volumes are full of ties: a 3-D network trains
# differently with and without XLA, and differently from the 2-D network on one slice.
# Seen (Python 3.11, numpy 2.4):
#   max_pool2d [1.0, 0.0, 0.0, 0.0]
#   max_pool3d [1.0, 1.0, 1.0, 1.0]
#   max_pool3d, jit_compile [1.0, 0.0, 0.0, 0.0]
#   reduce_max [0.25, 0.25, 0.25, 0.25]
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/python" -m pip install -q tensorflow-cpu==2.21.0
export TF_CPP_MIN_LOG_LEVEL=3 CUDA_VISIBLE_DEVICES=-1
cd "$folder"
"$folder/venv/bin/python" - <<'PYTHON'
import tensorflow as tf

assert tf.__version__ == "2.21.0", tf.__version__


def gradient(maximum, shape, jit):
    @tf.function(jit_compile=jit)
    def of_ties(x):
        return tf.gradients(tf.reduce_sum(maximum(x)), x)[0]

    return of_ties(tf.ones(shape)).numpy().ravel().tolist()


def pool2d(x):
    return tf.nn.max_pool2d(x, 2, 2, "VALID")


def pool3d(x):
    return tf.nn.max_pool3d(x, (1, 1, 2, 2, 1), (1, 1, 2, 2, 1), "VALID")


seen = {
    "max_pool2d": gradient(pool2d, (1, 2, 2, 1), False),
    "max_pool3d": gradient(pool3d, (1, 1, 2, 2, 1), False),
    "max_pool3d, jit_compile": gradient(pool3d, (1, 1, 2, 2, 1), True),
    "reduce_max": gradient(tf.reduce_max, (1, 2, 2, 1), False),
}
for name, given in seen.items():
    print(name, given)
first, every = [1.0, 0.0, 0.0, 0.0], [1.0] * 4
assert list(seen.values()) == [first, every, first, [0.25] * 4], "the behaviour has changed"
PYTHON
