#!/usr/bin/env bash
# TensorFlow 2.21.0, CPU: with oneDNN, a convolution of an empty batch has the shape of its input: other sizes and another number of
# channels than it declares for a batch of unknown size, and than the same call gives without oneDNN or under jit_compile=True.
# Pooling is right. So what follows a filter over the data that left none (a last, empty shard, say) fails elsewhere, on the sizes.
# Seen (Python 3.11, x86-64) for x (0, 4, 4, 3) and a kernel (2, 2, 3, 2), 'VALID'; TF_ENABLE_ONEDNN_OPTS=0, then 1:
#   oneDNN 0: declared (None, 3, 3, 2), conv2d (0, 3, 3, 2), jit_compile (0, 3, 3, 2), max_pool2d (0, 2, 2, 3)
#   oneDNN 1: declared (None, 3, 3, 2), conv2d (0, 4, 4, 3), jit_compile (0, 3, 3, 2), max_pool2d (0, 2, 2, 3)
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/python" -m pip install -q tensorflow-cpu==2.21.0
export TF_CPP_MIN_LOG_LEVEL=3 CUDA_VISIBLE_DEVICES=-1
cat >"$folder/empty.py" <<'PYTHON'
import os

import tensorflow as tf

assert tf.__version__ == "2.21.0", tf.__version__
ONEDNN = os.environ["TF_ENABLE_ONEDNN_OPTS"]
kernel, empty = tf.ones((2, 2, 3, 2)), tf.ones((0, 4, 4, 3))


def convolved(x):
    return tf.nn.conv2d(x, kernel, 1, "VALID")


declared = tf.function(convolved).get_concrete_function(tf.TensorSpec((None, 4, 4, 3))).output_shapes
seen = {
    "declared": tuple(declared),
    "conv2d": tuple(convolved(empty).shape),
    "jit_compile": tuple(tf.function(convolved, jit_compile=True)(empty).shape),
    "max_pool2d": tuple(tf.nn.max_pool2d(empty, 2, 2, "VALID").shape),
}
print(f"oneDNN {ONEDNN}:", ", ".join(f"{name} {shape}" for name, shape in seen.items()))
right = (0, 3, 3, 2)
expected = [(None, 3, 3, 2), {"0": right, "1": (0, 4, 4, 3)}[ONEDNN], right, (0, 2, 2, 3)]
assert list(seen.values()) == expected, "the behaviour has changed"
PYTHON
for onednn in 0 1; do
  TF_ENABLE_ONEDNN_OPTS=$onednn "$folder/venv/bin/python" "$folder/empty.py"
done
