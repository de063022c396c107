"""Random models that a real Keras builds, trains for two steps and saves, with what they give; needs that Keras alone.

    python tests/random_files/write.py FOLDER COUNT SEED [keras | tf_keras]

Beside each file is its `.npz`: inputs `x0`, ..., targets `t0`, ..., outputs `y0`, ..., names and values of `evaluate`,
the outputs after one more step, `after0`, ..., and how far these hang on rounding, `moves` (see `next_step`).
"""

from __future__ import annotations

import importlib
import os
import sys
from pathlib import Path

os.environ.update(TF_CPP_MIN_LOG_LEVEL="3", CUDA_VISIBLE_DEVICES="-1")

import numpy as np

BATCH, WORDS = 6, 60
OPTIMIZERS = "SGD Momentum Adam Adam RMSprop Adagrad Adadelta Adamax Nadam AdamW Ftrl".split()
ACTIVATIONS = ("relu", "tanh", "sigmoid", "elu", "softplus", "softsign", "selu", "swish", "gelu", "linear")


class Maker:
    """Draws a model out of the layers that this Keras has.

    Args:
        k: the module `keras` or `tf_keras`.
        random: draws what is built, and the data.
    """

    def __init__(self, k, random):
        self.k, self.L, self.random, self.is_masked = k, k.layers, random, False

    def one(self, *choices):
        return choices[self.random.randint(len(choices))]

    def chance(self, share):
        return self.random.rand() < share

    def layer(self, *names, **arguments):
        """The first of these that this Keras has."""
        cls = next(getattr(self.L, name) for name in names if hasattr(self.L, name))
        return cls(**arguments)

    def frozen(self, layer):
        layer.trainable = not self.chance(0.1)
        return layer

    def activation(self):
        return self.one(*ACTIVATIONS)

    def penalties(self):
        found = {}
        if self.chance(0.2):
            found["kernel_regularizer"] = self.one(
                "l2", self.k.regularizers.L1(0.01), self.k.regularizers.L1L2(l1=0.01, l2=0.02)
            )
        if self.chance(0.1):
            found["kernel_constraint"] = self.one(
                "non_neg", self.k.constraints.MaxNorm(1.5), self.k.constraints.UnitNorm()
            )
        if self.chance(0.1):
            found["activity_regularizer"] = self.k.regularizers.L2(0.01)
        return found

    def normalized(self, x):
        axes = len(x.shape)
        kinds = ["BatchNormalization", "BatchNormalization", "LayerNormalization"]
        kinds += [name for name in ("GroupNormalization", "UnitNormalization") if hasattr(self.L, name) and axes > 2]
        kind = self.one(*kinds)
        if kind == "BatchNormalization":
            options = {"momentum": self.one(0.99, 0.9), "scale": self.chance(0.8), "center": self.chance(0.8)}
        else:
            options = {"groups": 1} if kind == "GroupNormalization" else {}
        return self.frozen(self.layer(kind, **options))(x)

    # ---- pieces: each takes a tensor of some rank and gives one of the same

    def picture(self, x):
        L, size = self.L, min(x.shape[1], x.shape[2])
        filters, border = self.one(2, 4, 6), self.one("valid", "same")
        window = self.one(1, 2, 3) if size > 3 else 1
        options = {"padding": border, "activation": self.activation()}
        kind = self.random.randint(12)
        if kind < 3:
            stride = self.one(1, 1, 2) if size > 4 else 1
            return self.frozen(L.Conv2D(filters, window, strides=stride, **options, **self.penalties()))(x)
        if kind == 3:
            return L.SeparableConv2D(filters, window, depth_multiplier=self.one(1, 2), **options)(x)
        if kind == 4:
            return L.DepthwiseConv2D(window, depth_multiplier=self.one(1, 2), **options)(x)
        if kind == 5 and size < 9:
            return L.Conv2DTranspose(filters, self.one(2, 3), strides=self.one(1, 2), **options)(x)
        if kind == 6 and size > 5:
            return L.Conv2D(filters, 2, dilation_rate=2, **options)(x)
        if kind == 7:
            return self.normalized(x)
        if kind == 8 and size > 3:
            return self.one(L.MaxPooling2D, L.AveragePooling2D)(2, padding=border)(x)
        if kind == 9:
            return self.one(L.ZeroPadding2D(1), L.PReLU(shared_axes=[1, 2]), L.LeakyReLU(), L.ELU())(x)
        if kind == 10 and size < 7:
            return L.UpSampling2D(2, interpolation=self.one("nearest", "bilinear"))(x)
        if kind == 11 and x.shape[-1] == filters:
            return L.Add()([x, L.Conv2D(filters, 3, padding="same")(x)])
        return L.Dense(filters, activation=self.activation())(x)

    def sequence(self, x):
        L, units, time = self.L, self.one(2, 3, 5), x.shape[1]
        kind = self.random.randint(13)
        recurrent = {"return_sequences": True}
        if kind == 0:
            return L.LSTM(units, unit_forget_bias=self.chance(0.5), use_bias=self.chance(0.8), **recurrent)(x)
        if kind == 1:
            return L.GRU(units, reset_after=self.chance(0.6), go_backwards=self.chance(0.2), **recurrent)(x)
        if kind == 2:
            return L.SimpleRNN(units, unroll=time is not None and self.chance(0.3), **recurrent)(x)
        if kind == 3:
            inner = self.one(L.LSTM, L.GRU, L.SimpleRNN)(units, **recurrent)
            return L.Bidirectional(inner, merge_mode=self.one("concat", "sum", "ave", "mul"))(x)
        if kind == 4:
            return L.RNN([L.LSTMCell(units), self.one(L.GRUCell, L.SimpleRNNCell)(3)], **recurrent)(x)
        if kind == 5:
            border = self.one("same", "causal")
            return L.Conv1D(units, self.one(1, 2, 3), padding=border, activation=self.activation(), **self.penalties())(
                x
            )
        if kind == 6:
            return self.normalized(x)
        if kind == 7:
            return L.TimeDistributed(L.Dense(units, activation=self.activation()))(x)
        if kind == 8:
            seen = L.MultiHeadAttention(self.one(1, 2), self.one(2, 3))(x, x)
            return L.LayerNormalization()(L.Add()([x, seen]))
        if kind == 9:
            return self.one(L.Attention(use_scale=True), L.AdditiveAttention())([x, x])
        if kind == 10 and time is not None and time > 3:
            return self.one(L.MaxPooling1D(2), L.AveragePooling1D(2), L.Cropping1D(1))(x)
        if kind == 11 and time is not None:
            return self.one(L.SeparableConv1D(units, 2, padding="same"), L.Conv1DTranspose(units, 2, strides=2))(x)
        return L.Dense(units, activation=self.activation())(x)

    def vector(self, x):
        L, kind = self.L, self.random.randint(8)
        if kind == 0:
            return self.normalized(x)
        if kind == 1:
            return L.Dropout(0.0)(x)
        if kind == 2 and len(x.shape) == 2:
            return L.Add()([x, L.Dense(x.shape[-1], activation=self.activation())(x)])
        if kind == 3:
            return self.one(L.LeakyReLU(), L.ELU(), L.PReLU(), L.ReLU(max_value=1.0), L.Softmax())(x)
        if kind == 4 and self.chance(0.5):
            return self.nested(x)
        return self.frozen(L.Dense(self.one(3, 4, 8), activation=self.activation(), **self.penalties()))(x)

    def nested(self, x):
        """A model in the model: in a row or as a graph, some of it frozen, some doubly nested, some called twice."""
        k, L, size = self.k, self.L, x.shape[-1]
        inner = k.Sequential([k.Input((size,)), L.Dense(4, activation="tanh"), L.BatchNormalization()])
        if self.chance(0.4):
            inner = k.Sequential([k.Input((size,)), inner, L.Dense(3)])
        elif self.chance(0.5):
            a = k.Input((size,))
            inner = k.Model(a, L.Concatenate()([L.Dense(2)(a), inner(a)]))
        if self.chance(0.3):
            self.one(*inner.layers[1:]).trainable = False
        return L.Average()([inner(x), inner(x * 0.5)]) if self.chance(0.3) else inner(x)

    # ---- whole models

    def model(self):
        k, L = self.k, self.L
        start = self.one("picture", "picture", "sequence", "sequence", "words", "vector", "volume", "two", "frames")
        if start == "two":
            a, b = k.Input((4,), name="numbers"), k.Input((7, 3), name="series")
            x = L.Concatenate()([self.vector(a), L.GlobalAveragePooling1D()(self.sequence(b))])
            x = self.vector(x)
            # in the order of their names, by which Keras 3.0 and 3.5 give them their losses
            outputs = [L.Dense(1, name="grade")(x), L.Dense(3, activation="softmax", name="kind")(self.vector(x))]
            return k.Model([a, b], outputs)
        if start == "volume":
            a = k.Input((5, 6, 6, 2))
            x = L.Conv3D(3, 2, padding=self.one("valid", "same"), activation="relu")(a)
            x = self.one(L.MaxPooling3D(2), L.AveragePooling3D(2), L.Conv3DTranspose(2, 2))(x)
            x = self.one(L.GlobalAveragePooling3D, L.Flatten)()(x)
        elif start == "frames":
            a = k.Input((3, 6, 6, 2))
            x = self.one(
                lambda x: L.ConvLSTM2D(2, 3, padding="same", return_sequences=self.chance(0.5))(x),
                lambda x: L.TimeDistributed(L.Conv2D(3, 3, activation="relu"))(x),
            )(a)
            x = L.Flatten()(x)
        elif start == "picture":
            x = a = k.Input((8, 9, 3))
            if hasattr(L, "Rescaling") and self.chance(0.3):
                x = L.Rescaling(0.5, offset=0.1)(x)
            for _ in range(self.random.randint(2, 6)):
                x = self.picture(x)
            x = self.one(L.GlobalAveragePooling2D, L.GlobalMaxPooling2D, L.Flatten)()(x)
        elif start in ("sequence", "words"):
            time = self.one(6, 8, None) if start == "sequence" else self.one(7, None)
            if start == "words":
                a = k.Input((time,), dtype="int32")
                self.is_masked = self.chance(0.5)
                x = L.Embedding(WORDS, self.one(3, 4), mask_zero=self.is_masked)(a)
            else:
                x = a = k.Input((time, 3))
                x = L.Masking()(x) if self.chance(0.3) else x
            for _ in range(self.random.randint(1, 4)):
                x = self.sequence(x)
            x = self.one(L.LSTM(3), L.GRU(2), L.GlobalMaxPooling1D(), L.GlobalAveragePooling1D())(x)
        else:
            x = a = k.Input((5,))
        for _ in range(self.random.randint(1, 4)):
            x = self.vector(x)
        return k.Model(a, self.head(x))

    def head(self, x):
        return self.L.Dense(3, activation=self.one("softmax", "softmax", "sigmoid", "linear"))(x)

    def optimizer(self):
        O, schedules = self.k.optimizers, self.k.optimizers.schedules
        rate = self.one(0.01, 0.01, 0.05, schedules.ExponentialDecay(0.02, 3, 0.9), schedules.CosineDecay(0.02, 9))
        options = self.one({}, {}, {"clipnorm": 1.0}, {"clipvalue": 0.1}, {"global_clipnorm": 0.5})
        kind = self.one(
            "SGD", "Momentum", "Adam", "Adam", "RMSprop", "Adagrad", "Adadelta", "Adamax", "Nadam", "AdamW", "Ftrl"
        )
        if kind == "Momentum":
            return O.SGD(rate, momentum=0.9, nesterov=self.chance(0.5), **options)
        if kind == "Adam":
            return O.Adam(rate, amsgrad=self.chance(0.3), **options)
        if kind == "RMSprop":
            return O.RMSprop(rate, momentum=self.one(0.0, 0.5), centered=self.chance(0.3), **options)
        return getattr(O, kind)(rate, **options)

    def compiled(self, model):
        """The model, compiled for targets that it is given, too."""
        losses, metrics, k = [], [], self.k
        for output in model.outputs:
            layer = model.get_layer(output._keras_history[0].name if hasattr(output, "_keras_history") else None)
            if getattr(layer.activation, "__name__", "") == "softmax":
                smooth = k.losses.CategoricalCrossentropy(label_smoothing=0.1)
                losses.append(self.one("categorical_crossentropy", smooth, "kl_divergence"))
                metrics.append(self.one(["accuracy"], [k.metrics.AUC(name="area")], ["categorical_accuracy", "mse"]))
            else:
                losses.append(self.one("mse", "mae", k.losses.Huber(), "log_cosh", k.losses.CosineSimilarity()))
                metrics.append(self.one(["mae"], [k.metrics.RootMeanSquaredError()], []))
        several = len(losses) > 1
        names = list(model.output_names)
        model.compile(
            self.optimizer(),
            dict(zip(names, losses, strict=True)) if several else losses[0],
            metrics=dict(zip(names, metrics, strict=True)) if several else metrics[0],
            loss_weights=dict(zip(names, (0.5, 2.0), strict=True)) if several and self.chance(0.5) else None,
            run_eagerly=True,
        )
        return model

    def data(self, model):
        x = []
        for tensor in model.inputs:
            shape = (BATCH, *(7 if size is None else size for size in tensor.shape[1:]))
            if "int" in str(tensor.dtype):
                # each once: Keras 3 itself trains an Embedding in two ways where a batch repeats a word
                words = self.random.permutation(np.arange(1, WORDS))[: np.prod(shape)].reshape(shape)
                if self.is_masked:
                    words[::2, -2:] = 0
                x.append(words.astype("int32"))
            else:
                x.append(self.random.uniform(-1, 1, shape).astype("float32"))
        targets = []
        for output in model.outputs:
            size = output.shape[-1]
            classes = np.eye(size, dtype="float32")[self.random.randint(0, size, BATCH)]
            targets.append(classes if size > 1 else self.random.uniform(0, 1, (BATCH, 1)).astype("float32"))
        return x, targets


def given(values):
    return values if len(values) > 1 else values[0]


def listed(values):
    return [np.asarray(one) for one in (values if isinstance(values, list | tuple) else [values])]


def next_step(model, loaded, x, targets):
    """The outputs after one more step, and how far they move if the inputs are rounded otherwise.

    Adam and its kin make whole steps of a gradient that is nothing but rounding, such as that of a bias before a
    BatchNormalization: such outputs tell little of the file.

    Args:
        loaded: makes what this Keras loads of the file; it need not go on with the right step itself.
    """
    found = []
    for factor in (1.0, 1 + 3e-7):
        moved = [one if one.dtype.kind == "i" else (one * factor).astype(one.dtype) for one in x]
        again = loaded()
        again.train_on_batch(given(moved), given(targets))
        found.append(listed(again.predict(given(x), verbose=0)))
    model.train_on_batch(given(x), given(targets))
    after = listed(model.predict(given(x), verbose=0))
    return after, max(float(np.abs(one - other).max()) for one, other in zip(*found, strict=True))


def write(k, number, seed, folder):
    """One model and its files; which ones there are, the number decides."""
    maker = Maker(k, np.random.RandomState(seed))
    k.utils.set_random_seed(seed)
    model = maker.compiled(maker.model())
    x, targets = maker.data(model)
    for _ in range(2):
        model.train_on_batch(given(x), given(targets))
    is_keras_3 = not k.__version__.startswith("2.")
    ending = ".keras" if is_keras_3 and number % 4 else ".h5"
    path = folder / f"{number:03d}{ending}"
    model.save(str(path))
    if is_keras_3:
        model.save_weights(str(folder / f"{number:03d}.weights.h5"))
    values = model.evaluate(given(x), given(targets), verbose=0, batch_size=BATCH, return_dict=True)
    arrays = {f"y{place}": one for place, one in enumerate(listed(model.predict(given(x), verbose=0)))}
    after, moves = [], np.inf
    if (
        ending == ".keras" or not is_keras_3
    ):  # Keras 3 does not go on from its own .h5: it keeps part of the state there
        after, moves = next_step(model, lambda: k.models.load_model(str(path)), x, targets)
    kinds = {"x": x, "t": targets, "after": after}
    arrays |= {f"{kind}{place}": one for kind, list_ in kinds.items() for place, one in enumerate(list_)}
    arrays |= {"names": np.array(list(values)), "values": np.array(list(values.values()), "float64"), "moves": moves}
    np.savez(f"{path}.npz", **arrays)
    return path.name


def main(folder, count, seed, library="keras"):
    k = importlib.import_module(library)
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    left_out = []
    for number in range(int(count)):
        try:
            write(k, number, 1000 * int(seed) + number, folder)
        except Exception as error:  # noqa: BLE001 - a drawn model may be one that this Keras refuses, or cannot load itself
            left_out.append(number)
            for path in folder.glob(f"{number:03d}.*"):
                path.unlink()
            print(f"{number:03d}: {type(error).__name__}: {str(error).strip().splitlines()[0][:150]}", flush=True)
    print(f"{library} {k.__version__}: {int(count) - len(left_out)} models written, {len(left_out)} left out")


if __name__ == "__main__":
    main(*sys.argv[1:])
