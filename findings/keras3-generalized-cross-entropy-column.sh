#!/usr/bin/env bash
# Keras 3.15.1 (on TensorFlow 2.21.0): categorical_generalized_cross_entropy says that it takes class numbers of shape (batch,) or
# (batch, 1). With a column it pairs every sample with every label: the values have shape (batch, batch), their mean is another
# number, and a model trains on it without a word. sparse_categorical_crossentropy takes both and gives the same.
# Seen (Python 3.11):
#   row: shape (3,), mean 0.1744
#   column: shape (3, 3), mean 1.0110
#   gradient towards the right classes, row: True, column: False
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/python" -m pip install -q tensorflow-cpu==2.21.0 keras==3.15.1
export TF_CPP_MIN_LOG_LEVEL=3 CUDA_VISIBLE_DEVICES=-1
cd "$folder"
"$folder/venv/bin/python" - <<'PYTHON'
import functools

import keras
import numpy as np
import tensorflow as tf

assert keras.__version__ == "3.15.1", keras.__version__
shares = np.array([[0.8, 0.1, 0.1], [0.1, 0.85, 0.05], [0.05, 0.1, 0.85]], "float32")
classes = np.array([0, 1, 2])
loss = keras.losses.CategoricalGeneralizedCrossEntropy()
each = functools.partial(keras.losses.categorical_generalized_cross_entropy, q=0.5)


def goes_right(labels):
    """Whether a step down would raise each right class's share and no other's."""
    outputs = tf.Variable(shares)
    with tf.GradientTape() as tape:
        value = loss(labels, outputs)
    down = -tape.gradient(value, outputs).numpy()
    return bool((down[np.arange(3), classes] > 0).all() and ((down > 0).sum(axis=1) == 1).all())


row, column = np.asarray(each(classes, shares)), np.asarray(each(classes[:, None], shares))
print(f"row: shape {row.shape}, mean {float(loss(classes, shares)):.4f}")
print(f"column: shape {column.shape}, mean {float(loss(classes[:, None], shares)):.4f}")
right = goes_right(classes), goes_right(classes[:, None])
print(f"gradient towards the right classes, row: {right[0]}, column: {right[1]}")
assert row.shape == (3,) and column.shape == (3, 3) and right == (True, False), "the behaviour has changed"
sparse = keras.losses.sparse_categorical_crossentropy
assert np.array_equal(sparse(classes, shares), sparse(classes[:, None], shares)), "the behaviour has changed"
PYTHON
