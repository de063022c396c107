"""Models of many kinds that nobody tuned for, each the same code in kerasnb and in Keras 3, with their data."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from benchmarks.contestants import is_peer
from benchmarks.models import library

# those of Keras 3: a sigmoid instead of Keras 1.2's piecewise line
GATES = {"recurrent_activation": "sigmoid"}


@dataclass(frozen=True)
class Words:
    """A sentence of whole numbers below `vocabulary`."""

    vocabulary: int
    length: int


@dataclass(frozen=True)
class Workload:
    """A model and the data that it is trained on.

    Args:
        make: a function of `layers` and the input tensors that gives the outputs.
        inputs: for each input its shape, or what words it takes.
        targets: for each output a number of classes, or the shape of what is to be met by least squares.
        batches: in an epoch.
    """

    label: str
    make: Callable
    inputs: tuple[tuple | Words, ...]
    targets: tuple[int | tuple, ...]
    batch: int = 32
    batches: int = 64

    def build(self) -> Any:
        """The model, not compiled."""
        layers = library()[1]
        inputs = [placeholder(layers, one) for one in self.inputs]
        outputs = self.make(layers, *inputs)
        return model_class()(inputs, outputs)

    def data(self, batches: int | None = None) -> tuple[list[np.ndarray], list[np.ndarray]]:
        """Random inputs and targets: speed does not depend on what they show."""
        random, samples = np.random.RandomState(0), self.batch * (batches or self.batches)
        return tuple([drawn(random, samples, one) for one in kinds] for kinds in (self.inputs, self.targets))

    @property
    def losses(self) -> list[str]:
        return ["sparse_categorical_crossentropy" if isinstance(one, int) else "mse" for one in self.targets]


def model_class() -> Any:
    if is_peer():
        from keras import Model
    else:
        from kerasnb.models import Model
    return Model


def placeholder(layers: Any, kind: tuple | Words) -> Any:
    return layers.Input((kind.length,), dtype="int32") if isinstance(kind, Words) else layers.Input(kind)


def drawn(random: Any, samples: int, kind: tuple | Words | int) -> np.ndarray:
    """Words, classes or numbers."""
    if isinstance(kind, Words):
        return random.randint(1, kind.vocabulary, (samples, kind.length)).astype("int32")
    if isinstance(kind, int):
        return random.randint(0, kind, samples)
    return random.random_sample((samples, *kind)).astype("float32")


# ---- those that the table of the issue names


def text_cnn(layers, x):
    x = layers.Embedding(20_000, 128)(x)
    x = layers.GlobalMaxPooling1D()(layers.Conv1D(128, 5, activation="relu")(x))
    return layers.Dense(1, activation="sigmoid")(x)


def small_cnn(layers, x):
    x = layers.MaxPooling2D()(layers.Conv2D(8, 3, activation="relu")(x))
    return layers.Dense(10, activation="softmax")(layers.Flatten()(x))


def tabular(layers, x):
    for _ in range(3):
        x = layers.Dense(256, activation="relu")(x)
        x = layers.Dropout(0.2)(layers.BatchNormalization()(x))
    return layers.Dense(1)(x)


def seq2seq(layers, x):
    x = layers.RepeatVector(20)(layers.LSTM(64, **GATES)(x))
    return layers.TimeDistributed(layers.Dense(8))(layers.LSTM(64, **GATES, return_sequences=True)(x))


def bidirectional(layers, x):
    x = layers.Embedding(5_000, 64, mask_zero=True)(x)
    return layers.Dense(2, activation="softmax")(layers.Bidirectional(layers.LSTM(64, **GATES))(x))


def conv3d(layers, x):
    x = layers.MaxPooling3D()(layers.Conv3D(16, 3, activation="relu")(x))
    return layers.Dense(10, activation="softmax")(layers.Flatten()(x))


def autoencoder(layers, x):
    for size in (256, 64, 256):
        x = layers.Dense(size, activation="relu")(x)
    return layers.Dense(784, activation="sigmoid")(x)


# ---- other kinds


def gru_text(layers, x):
    x = layers.GRU(64, **GATES)(layers.Embedding(10_000, 64)(x))
    return layers.Dense(2, activation="softmax")(x)


def stacked_lstm(layers, x):
    x = layers.LSTM(32, **GATES)(layers.LSTM(32, **GATES, return_sequences=True)(x))
    return layers.Dense(1)(x)


def separable_cnn(layers, x):
    for filters in (32, 64):
        x = layers.SeparableConv2D(filters, 3, padding="same", activation="relu")(x)
        x = layers.MaxPooling2D()(x)
    return layers.Dense(10, activation="softmax")(layers.GlobalAveragePooling2D()(x))


def residual_cnn(layers, x):
    x = layers.Conv2D(16, 3, padding="same", activation="relu")(x)
    for _ in range(2):
        inner = layers.BatchNormalization()(layers.Conv2D(16, 3, padding="same", activation="relu")(x))
        x = layers.Activation("relu")(layers.Add()([x, layers.Conv2D(16, 3, padding="same")(inner)]))
    return layers.Dense(10, activation="softmax")(layers.GlobalAveragePooling2D()(x))


def unet(layers, x):
    one = layers.Conv2D(16, 3, padding="same", activation="relu")(x)
    two = layers.Conv2D(32, 3, padding="same", activation="relu")(layers.MaxPooling2D()(one))
    up = layers.Concatenate()([layers.UpSampling2D()(two), one])
    return layers.Conv2D(1, 1, activation="sigmoid")(layers.Conv2D(16, 3, padding="same", activation="relu")(up))


def dilated(layers, x):
    for rate in (1, 2, 4, 8):
        x = layers.Conv1D(32, 2, dilation_rate=rate, padding="causal", activation="relu")(x)
    return layers.Conv1D(1, 1)(x)


def transformer(layers, x):
    x = layers.Embedding(10_000, 64)(x)
    x = layers.LayerNormalization()(layers.Add()([x, layers.MultiHeadAttention(4, 16)(x, x)]))
    inner = layers.Dense(64)(layers.Dense(128, activation="relu")(x))
    x = layers.LayerNormalization()(layers.Add()([x, inner]))
    return layers.Dense(2, activation="softmax")(layers.GlobalAveragePooling1D()(x))


def wide_mlp(layers, x):
    for _ in range(2):
        x = layers.Dense(1024, activation="relu")(x)
    return layers.Dense(10, activation="softmax")(x)


def tiny_mlp(layers, x):
    return layers.Dense(1, activation="sigmoid")(layers.Dense(8, activation="tanh")(x))


def siamese(layers, a, b):
    encoded = layers.Dense(128, activation="relu")
    return layers.Dense(1, activation="sigmoid")(layers.Concatenate()([encoded(a), encoded(b)]))


def two_ways(layers, words, numbers):
    text = layers.GlobalAveragePooling1D()(layers.Embedding(10_000, 32)(words))
    both = layers.Concatenate()([text, layers.Dense(32, activation="relu")(numbers)])
    return [layers.Dense(1)(both), layers.Dense(5, activation="softmax")(both)]


def word_bag(layers, x):
    x = layers.GlobalAveragePooling1D()(layers.Embedding(100_000, 64)(x))
    return layers.Dense(2, activation="softmax")(x)


def conv_lstm(layers, x):
    return layers.Dense(1)(layers.Flatten()(layers.ConvLSTM2D(8, 3, padding="same", **GATES)(x)))


def depthwise_cnn(layers, x):
    x = layers.Conv2D(16, 3, strides=2, padding="same", activation="relu")(x)
    for _ in range(2):
        x = layers.DepthwiseConv2D(3, padding="same", activation="relu")(x)
        x = layers.Conv2D(32, 1, activation="relu")(x)
    return layers.Dense(10, activation="softmax")(layers.GlobalAveragePooling2D()(x))


def line(layers, x):
    return layers.Dense(1)(x)


def frames(layers, x):
    x = layers.TimeDistributed(layers.Conv2D(8, 3, activation="relu"))(x)
    x = layers.LSTM(32, **GATES)(layers.TimeDistributed(layers.GlobalAveragePooling2D())(x))
    return layers.Dense(3, activation="softmax")(x)


def batchnorm_cnn(layers, x):
    for filters in (16, 32):
        x = layers.BatchNormalization()(layers.Conv2D(filters, 3, activation="relu")(x))
        x = layers.MaxPooling2D()(x)
    return layers.Dense(10, activation="softmax")(layers.Flatten()(x))


WORKLOADS = {
    "text_cnn": Workload(
        "Embedding 20000x128 on 200, Conv1D 128, max", text_cnn, (Words(20_000, 200),), ((1,),), 32, 32
    ),
    "small_cnn": Workload("Conv2D 8, pool, dense on 28x28", small_cnn, ((28, 28, 1),), (10,)),
    "tabular": Workload("3 x (dense 256, batch norm, dropout), batch 128", tabular, ((32,),), ((1,),), 128),
    "seq2seq": Workload("LSTM 64, repeat 20, LSTM 64, dense", seq2seq, ((20, 8),), ((20, 8),)),
    "bidirectional": Workload("Embedding 5000x64, mask, BiLSTM 64 on 60", bidirectional, (Words(5_000, 60),), (2,)),
    "conv3d": Workload("Conv3D 16 on 12x24x24, batch 16", conv3d, ((12, 24, 24, 1),), (10,), 16, 48),
    "autoencoder": Workload("784-256-64-256-784, batch 128", autoencoder, ((784,),), ((784,),), 128),
    "gru_text": Workload("Embedding 10000x64, GRU 64 on 80", gru_text, (Words(10_000, 80),), (2,), 32, 48),
    "stacked_lstm": Workload("two LSTM 32 on (30, 8)", stacked_lstm, ((30, 8),), ((1,),)),
    "separable_cnn": Workload("two separable convolutions on 32x32x3", separable_cnn, ((32, 32, 3),), (10,), 32, 40),
    "residual_cnn": Workload("two residual blocks of 16 on 32x32x3", residual_cnn, ((32, 32, 3),), (10,), 32, 40),
    "unet": Workload("a U-Net of one level on 32x32", unet, ((32, 32, 1),), ((32, 32, 1),), 16, 40),
    "dilated": Workload("4 dilated Conv1D 32 on 128", dilated, ((128, 1),), ((128, 1),)),
    "transformer": Workload("attention of 4 heads on 64 words", transformer, (Words(10_000, 64),), (2,), 32, 40),
    "wide_mlp": Workload("784-1024-1024-10, batch 128", wide_mlp, ((784,),), (10,), 128, 48),
    "tiny_mlp": Workload("4-8-1", tiny_mlp, ((4,),), ((1,),), 32, 2_000),
    "siamese": Workload("a dense layer shared by two inputs", siamese, ((64,), (64,)), ((1,),), 32, 1_200),
    "two_ways": Workload("words and numbers, two outputs", two_ways, (Words(10_000, 30), (16,)), ((1,), 5), 32, 200),
    "word_bag": Workload("Embedding 100000x64 on 40, mean", word_bag, (Words(100_000, 40),), (2,), 32, 32),
    "conv_lstm": Workload("ConvLSTM2D 8 on 6x16x16, batch 16", conv_lstm, ((6, 16, 16, 1),), ((1,),), 16, 40),
    "depthwise_cnn": Workload("depthwise convolutions on 32x32x3", depthwise_cnn, ((32, 32, 3),), (10,), 32, 40),
    "line": Workload("one feature, one weight, batch 8", line, ((1,),), ((1,),), 8, 2_000),
    "frames": Workload("Conv2D over 6 frames of 20x20, LSTM 32", frames, ((6, 20, 20, 1),), (3,), 16, 40),
    "batchnorm_cnn": Workload("convolutions, batch norm on 28x28", batchnorm_cnn, ((28, 28, 1),), (10,), 32, 40),
}
