#!/usr/bin/env bash
# TensorFlow 2.21.0, CPU: whether a maximum over a nan is nan depends on the op, on where the nan stands, and on the compiler.
# tf.reduce_max gives nan, and 1.0 for the same input under jit_compile=True: compiling hides a nan. tf.math.segment_max gives what
# stands last. Max pooling never shows a nan. A check for nan behind a maximum is therefore no check.
# Seen for [nan, 1] and [1, nan] (Python 3.11, numpy 2.4):
#   reduce_max nan nan
#   reduce_max, jit_compile 1.0 1.0
#   segment_max 1.0 nan
#   max_pool2d 1.0 1.0
#   max_pool3d 1.0 1.0
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/python" -m pip install -q tensorflow-cpu==2.21.0
export TF_CPP_MIN_LOG_LEVEL=3 CUDA_VISIBLE_DEVICES=-1
cd "$folder"
"$folder/venv/bin/python" - <<'PYTHON'
import math

import tensorflow as tf

assert tf.__version__ == "2.21.0", tf.__version__
OPS = {
    "reduce_max": tf.reduce_max,
    "reduce_max, jit_compile": tf.function(tf.reduce_max, jit_compile=True),
    "segment_max": lambda x: tf.math.segment_max(x, [0, 0])[0],
    "max_pool2d": lambda x: tf.nn.max_pool2d(tf.reshape(x, (1, 1, 2, 1)), (1, 2), 1, "VALID"),
    "max_pool3d": lambda x: tf.nn.max_pool3d(tf.reshape(x, (1, 1, 1, 2, 1)), (1, 1, 1, 2, 1), 1, "VALID"),
}
seen = {}
for name, op in OPS.items():
    values = [float(tf.reshape(op(tf.constant(x)), ())) for x in ([math.nan, 1.0], [1.0, math.nan])]
    seen[name] = [math.isnan(value) for value in values]
    print(name, *values)
assert list(seen.values()) == [[True, True], [False] * 2, [False, True], [False] * 2, [False] * 2], "the behaviour has changed"
PYTHON
