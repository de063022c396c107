"""The six models of the training benchmark, the same in kerasnb and in Keras 3, with their data."""

import numpy as np

from benchmarks.contestants import is_peer

SAMPLES = {"tiny": 320_000, "mlp": 32_000, "lstm": 3_200, "embedding": 3_200, "cnn": 3_200, "conv_bn": 3_200}
SHAPES = {"tiny": (4,), "mlp": (784,), "lstm": (50, 32), "embedding": (80,), "cnn": (28, 28, 1), "conv_bn": (32, 32, 3)}
CLASSES = {"tiny": 2}
WORDS = 5_000


def batch_size(workload: str) -> int:
    return 64 if workload == "cnn" else 32


def classes(workload: str) -> int:
    return CLASSES.get(workload, 10)


def data_for(workload: str, samples: int | None = None) -> tuple[np.ndarray, np.ndarray]:
    """Random samples and labels: speed does not depend on what they show."""
    random = np.random.RandomState(0)
    shape = (samples or SAMPLES[workload], *SHAPES[workload])
    x = random.randint(0, WORDS, shape).astype("int32") if workload == "embedding" else random.rand(*shape)
    return x if workload == "embedding" else x.astype("float32"), random.randint(0, classes(workload), len(x))


def build(workload: str):
    """The model, not compiled."""
    model, layers = library()
    first = model()
    for layer in WORKLOADS[workload](layers):
        first.add(layer)
    return first


def library():
    """`(Sequential, layers)` of the library that this process measures."""
    if is_peer():
        from keras import Sequential, layers

        return Sequential, layers
    from kerasnb import layers
    from kerasnb.models import Sequential

    return Sequential, layers


def tiny(layers):
    return [layers.Dense(2, activation="softmax", input_shape=(4,))]


def mlp(layers):
    return [layers.Dense(128, activation="relu", input_shape=(784,)), layers.Dense(10, activation="softmax")]


def lstm(layers):
    return [layers.LSTM(64, input_shape=(50, 32), **GATES), layers.Dense(10, activation="softmax")]


def embedding(layers):
    if is_peer():
        words = [layers.Input((80,), dtype="int32"), layers.Embedding(WORDS, 128)]
    else:
        words = [layers.Embedding(WORDS, 128, input_length=80)]
    return [*words, layers.LSTM(64, **GATES), layers.Dense(10, activation="softmax")]


def cnn(layers):
    return [
        layers.Conv2D(32, (3, 3), activation="relu", input_shape=(28, 28, 1)),
        layers.Conv2D(64, (3, 3), activation="relu"),
        layers.MaxPooling2D((2, 2)),
        layers.Dropout(0.25),
        layers.Flatten(),
        layers.Dense(128, activation="relu"),
        layers.Dense(10, activation="softmax"),
    ]


def conv_bn(layers):
    return [
        layers.Conv2D(32, (3, 3), input_shape=(32, 32, 3)),
        layers.BatchNormalization(),
        layers.Activation("relu"),
        layers.MaxPooling2D((2, 2)),
        layers.Conv2D(64, (3, 3)),
        layers.BatchNormalization(),
        layers.Activation("relu"),
        layers.MaxPooling2D((2, 2)),
        layers.Flatten(),
        layers.Dense(10, activation="softmax"),
    ]


# the gates are Keras 3's in both: a sigmoid instead of Keras 1.2's piecewise line
GATES = {} if is_peer() else {"inner_activation": "sigmoid"}
WORKLOADS = {"tiny": tiny, "mlp": mlp, "lstm": lstm, "embedding": embedding, "cnn": cnn, "conv_bn": conv_bn}
