"""Makes the files in `written/` with real Kerases, and what each predicts; run by hand, once for each Keras.

    python tests/engine/files/archive/make_files.py keras3 3.15     # with that version of Keras 3 to import
    python tests/engine/files/archive/make_files.py tf_keras 2.21

They are members of `written/<library>_<version>.zip`. Beside each is `<file>.npz`: inputs `x0`, ..., outputs `y0`, ...;
of models that go on training also targets `t0`, ... and the weights after one more step, `after0`, ... in the order of
`get_weights()` there.
"""

from __future__ import annotations

import os
import sys
import tempfile
import zipfile
from pathlib import Path

os.environ.update(TF_CPP_MIN_LOG_LEVEL="3", CUDA_VISIBLE_DEVICES="-1")

import numpy as np

HERE = Path(__file__).parent / "written"
RANDOM = np.random.RandomState(0)
WORDS = {"rnn", "bidirectional", "transformer"}  # whose input are whole numbers


def mlp(k):
    L = k.layers
    return k.Sequential(
        [
            k.Input((4,)),
            L.Dense(6, activation="tanh", kernel_regularizer=k.regularizers.L2(0.01)),
            L.BatchNormalization(),
            L.Dense(5, kernel_constraint=k.constraints.MaxNorm(2.0)),
            L.LeakyReLU(),
            L.Dense(3, activation="softmax"),
        ],
        name="mlp",
    )


def cnn(k):
    L = k.layers
    return k.Sequential(
        [
            k.Input((9, 9, 2)),
            L.Conv2D(3, (2, 3), padding="same", activation="relu"),
            L.SeparableConv2D(4, 2, depth_multiplier=2),
            L.BatchNormalization(scale=False),
            L.DepthwiseConv2D(2, depth_multiplier=1),
            L.MaxPooling2D(2),
            L.Conv2DTranspose(2, 2, strides=2),
            L.Conv2D(2, 2, dilation_rate=2),
            L.ZeroPadding2D(1),
            L.PReLU(shared_axes=[1, 2]),
            L.GlobalAveragePooling2D(),
            L.Dense(2),
        ]
    )


def lines(k):
    L = k.layers
    return k.Sequential(
        [
            k.Input((8, 3)),
            L.Conv1D(4, 3, padding="causal", activation="elu"),
            L.AveragePooling1D(2),
            L.Cropping1D(1),
            L.UpSampling1D(2),
            L.Permute((2, 1)),
            L.Reshape((2, 2, 4, 1)),
            L.Conv3D(2, (1, 2, 2)),
            L.Flatten(),
            L.RepeatVector(2),
            L.GlobalMaxPooling1D(),
        ]
    )


def rnn(k):
    L = k.layers
    return k.Sequential(
        [
            k.Input((5,)),
            L.Embedding(7, 4, mask_zero=True),
            L.LSTM(3, return_sequences=True),
            L.GRU(4, return_sequences=True),
            L.SimpleRNN(3, return_sequences=True),
            L.LSTM(2, use_bias=False),
        ]
    )


def bidirectional(k):
    L = k.layers
    return k.Sequential(
        [
            k.Input((5,)),
            L.Embedding(6, 3),
            L.Bidirectional(L.LSTM(2, return_sequences=True)),
            L.TimeDistributed(L.Dense(3, activation="relu")),
            L.Bidirectional(L.GRU(2), merge_mode="sum"),
        ]
    )


def cells(k):
    L = k.layers
    return k.Sequential(
        [
            k.Input((4, 3)),
            L.RNN([L.LSTMCell(2), L.GRUCell(3)], return_sequences=True),
            L.RNN(L.SimpleRNNCell(2)),
        ]
    )


def pictures_in_time(k):
    L = k.layers
    return k.Sequential(
        [
            k.Input((3, 5, 5, 1)),
            L.ConvLSTM2D(2, 2),
            L.SpatialDropout2D(0.2),
            L.GaussianNoise(0.1),
            L.Flatten(),
            L.Dropout(0.3),
            L.Dense(2),
        ]
    )


def branches(k):
    """Several inputs and outputs, a layer used twice, and layers of one class in branches of other depth."""
    L = k.layers
    a, b = k.Input((4,), name="a"), k.Input((4,), name="b")
    shared = L.Dense(3, activation="tanh", name="shared")
    left, right = shared(a), shared(b)
    deep = L.Dense(3, name="zz")(L.Dense(5, name="aa")(left))
    joined = L.Concatenate()([deep, right, L.Dense(2, name="mm")(a)])
    added = L.Add()([deep, right])
    return k.Model([a, b], [L.Dense(1, name="first")(joined), L.Dense(2, name="second")(added)], name="branches")


def nested(k):
    L = k.layers
    inner = k.Sequential([k.Input((4,)), L.Dense(3, activation="tanh"), L.BatchNormalization()], name="inner")
    x = k.Input((3,), name="deepest_in")
    deepest = k.Model(x, L.Dense(2)(L.Dense(3)(x)), name="deepest")
    a, b = k.Input((4,)), k.Input((5, 4))
    time = L.TimeDistributed(k.Sequential([k.Input((4,)), L.Dense(2), L.Dense(3)]))(b)
    out = L.Add()([deepest(inner(a)), deepest(L.GlobalAveragePooling1D()(time))])
    return k.Model([a, b], L.Dense(2)(out))


def frozen(k):
    model = mlp(k)
    model.layers[0].trainable = False
    return model


def attention(k):
    L = k.layers
    x = k.Input((4, 6))
    seen = L.MultiHeadAttention(num_heads=2, key_dim=3)(x, x)
    x1 = L.LayerNormalization()(L.Add()([x, seen]))
    y = L.EinsumDense("abc,cd->abd", output_shape=(None, 5), bias_axes="d")(x1)
    y = L.GroupNormalization(groups=5)(y)
    return k.Model(x, L.Dense(2)(L.GlobalAveragePooling1D()(L.Activation("gelu")(y))))


def operators(k):
    x, y = k.Input((4,)), k.Input((4,))
    z = k.layers.Dense(4)(x) * 2.0 + y
    return k.Model([x, y], k.layers.Dense(2)(k.ops.mean(k.ops.stack([z, 1 - y], axis=1), axis=1)))


# name -> (model, optimizer, loss, metrics); without an optimizer it is not compiled
def kinds(k):
    O = k.optimizers
    return {
        "mlp": (mlp, O.Adam(0.01), "categorical_crossentropy", ["accuracy"]),
        "cnn": (cnn, O.SGD(0.01, momentum=0.9, nesterov=True), "mse", ["mae"]),
        "lines": (lines, O.RMSprop(0.01), "mse", None),
        "rnn": (rnn, O.Adagrad(0.05), k.losses.MeanSquaredError(), None),
        "bidirectional": (bidirectional, O.Adamax(0.01), "mae", None),
        "cells": (cells, O.SGD(0.05, momentum=0.9), "mse", None),
        "pictures_in_time": (pictures_in_time, None, None, None),
        "branches": (
            branches,
            O.Adam(0.01, global_clipnorm=1.0),
            {"first": "mse", "second": k.losses.Huber()},
            {"first": ["mae"], "second": [k.metrics.MeanSquaredError(name="squares")]},
        ),
        "nested": (nested, O.Adadelta(1.0), "mse", None),
        "frozen": (frozen, O.Nadam(0.01), k.losses.CategoricalCrossentropy(label_smoothing=0.1), ["accuracy"]),
        "attention": (attention, O.Nadam(0.01), "mse", None),
        "operators": (operators, None, None, None),
    }


def inputs(name, model):
    shapes = [tuple(one.shape) for one in model.inputs]
    if name in WORDS:
        return [RANDOM.randint(0, 6, (3, *shape[1:])) for shape in shapes]
    return [RANDOM.uniform(-1, 1, (3, *shape[1:])).astype("float32") for shape in shapes]


def made(k, name):
    build, optimizer, loss, metrics = kinds(k)[name]
    k.utils.set_random_seed(3)
    model = build(k)
    x = inputs(name, model)
    y = [np.asarray(one) for one in listed(model(one_of(x), training=False))]
    targets = []
    if optimizer is not None:
        model.compile(optimizer=optimizer, loss=loss, metrics=metrics, run_eagerly=True)
        targets = [RANDOM.uniform(0, 1, one.shape).astype("float32") for one in y]
        if "entropy" in str(loss).lower():
            targets = [np.eye(one.shape[-1], dtype="float32")[np.arange(len(one)) % one.shape[-1]] for one in y]
        for _ in range(2):
            model.train_on_batch(one_of(x), one_of(targets))
    return model, x, targets


def listed(value):
    return list(value) if isinstance(value, list | tuple) else [value]


def one_of(values):
    return values if len(values) > 1 else values[0]


def write(k, name, path, how):
    """The file, and its `.npz`; models that are compiled have no chance in them."""
    model, x, targets = made(k, name)
    how(model, str(path))
    y = [np.asarray(one) for one in listed(model(one_of(x), training=False))]
    arrays = {f"x{place}": one for place, one in enumerate(x)} | {f"y{place}": one for place, one in enumerate(y)}
    if targets:
        arrays |= {f"t{place}": one for place, one in enumerate(targets)}
        model.train_on_batch(one_of(x), one_of(targets))
        arrays |= {f"after{place}": one for place, one in enumerate(model.get_weights())}
    np.savez_compressed(f"{path}.npz", **arrays)


def save(model, path):
    model.save(path)


def save_weights(model, path):
    model.save_weights(path)


def main(library, version):
    import importlib

    k = importlib.import_module("keras" if library == "keras3" else "tf_keras")
    assert k.__version__.startswith(version), k.__version__
    HERE.mkdir(exist_ok=True)
    tag = f"{library.replace('keras3', 'keras')}_{version.replace('.', '_')}"
    with (
        tempfile.TemporaryDirectory() as folder,
        zipfile.ZipFile(HERE / f"{tag}.zip", "w", zipfile.ZIP_DEFLATED) as packed,
    ):
        for name, ending in FILES[library, version]:
            path = Path(folder) / f"{name}.{tag}{ending}"
            write(k, name, path, save_weights if ending.endswith(".weights.h5") else save)
            packed.write(path, path.name)
            packed.write(f"{path}.npz", f"{path.name}.npz")
            print(path.name, path.stat().st_size, packed.getinfo(path.name).compress_size, flush=True)


_ALL = ("mlp", "cnn", "lines", "rnn", "bidirectional", "cells", "pictures_in_time", "branches", "nested", "frozen")
FILES = {
    ("keras3", "3.15"): [
        *((name, ".keras") for name in (*_ALL, "attention", "operators")),
        ("nested", ".weights.h5"),
        ("bidirectional", ".weights.h5"),
        *((name, ".h5") for name in ("mlp", "rnn", "branches", "nested")),
    ],
    ("keras3", "3.5"): [(name, ".keras") for name in ("mlp", "rnn", "branches", "nested")] + [("cells", ".weights.h5")],
    ("keras3", "3.0"): [(name, ".keras") for name in ("cnn", "bidirectional")] + [("mlp", ".weights.h5")],
    ("tf_keras", "2.21"): [(name, ".h5") for name in ("mlp", "cnn", "rnn", "bidirectional", "branches", "nested")],
}

if __name__ == "__main__":
    main(*sys.argv[1:])
