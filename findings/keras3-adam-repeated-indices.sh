#!/usr/bin/env bash
# Keras 3.15.1 on TensorFlow 2.21.0: where a batch looks up one row of an Embedding twice, Adam, Nadam, RMSprop, Adagrad, Adadelta and Ftrl
# square the gradient of each look-up by itself and add the squares, instead of squaring the row's gradient, their sum. The same table as a
# Dense layer on one-hot rows is trained as the papers say, and so is the Embedding if no index repeats. SGD, Adamax and Lion agree.
# Words that are frequent in a batch therefore get too large or too small a step, without a word.
# Seen (Python 3.11), learning rate 0.1, two steps from 0, row 1 of the table as Embedding and as Dense:
#   Adam, indices [1, 1]: Embedding 0.25188, Dense 0.19983
#   Adam, indices [1, 2]: Embedding 0.19959, Dense 0.19959
#   Adagrad, indices [1, 1]: Embedding 0.21157, Dense 0.16846
#   SGD, indices [1, 1]: Embedding 0.72000, Dense 0.72000
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/python" -m pip install -q tensorflow-cpu==2.21.0 keras==3.15.1
export TF_CPP_MIN_LOG_LEVEL=3 CUDA_VISIBLE_DEVICES=-1 KERAS_BACKEND=tensorflow
cat >"$folder/repeats.py" <<'PYTHON'
import keras
import numpy as np
import tensorflow as tf

assert (keras.__version__, tf.__version__) == ("3.15.1", "2.21.0"), (keras.__version__, tf.__version__)
TARGETS = np.array([[[1.0], [3.0]]], "float32")


def row_after_two_steps(layer, rows, optimizer):
    model = keras.Sequential([keras.layers.Input(rows.shape[1:]), layer])
    model.compile(optimizer(0.1), "mse")
    for _ in range(2):
        model.train_on_batch(rows, TARGETS)
    return float(model.get_weights()[0][1, 0])


def seen(optimizer, indices):
    indices = np.array([indices])
    table = keras.layers.Embedding(5, 1, embeddings_initializer="zeros")
    dense = keras.layers.Dense(1, use_bias=False, kernel_initializer="zeros")
    found = [
        row_after_two_steps(table, indices, optimizer),
        row_after_two_steps(dense, np.eye(5, dtype="float32")[indices], optimizer),
    ]
    print(f"{optimizer.__name__}, indices {indices[0].tolist()}: Embedding {found[0]:.5f}, Dense {found[1]:.5f}")
    return found


one = keras.optimizers
pairs = [seen(one.Adam, [1, 1]), seen(one.Adam, [1, 2]), seen(one.Adagrad, [1, 1]), seen(one.SGD, [1, 1])]
expected = [(0.25188, 0.19983), (0.19959, 0.19959), (0.21157, 0.16846), (0.72, 0.72)]
assert np.allclose(pairs, expected, atol=1e-4), "the behaviour has changed"
PYTHON
"$folder/venv/bin/python" "$folder/repeats.py" 2>&1 | grep -vE "absl|oneDNN|^WARNING"
