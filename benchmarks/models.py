"""The three models of the training benchmark, the same in kerasnb and in Keras 3, with their data."""

import numpy as np

from benchmarks.contestants import is_peer

SAMPLES = {"mlp": 32_000, "lstm": 3_200, "cnn": 3_200}
SHAPES = {"mlp": (784,), "lstm": (50, 32), "cnn": (28, 28, 1)}
CLASSES = 10
BATCH = 32


def data_for(workload: str) -> tuple[np.ndarray, np.ndarray]:
    """Random samples and labels: speed does not depend on what they show."""
    random = np.random.RandomState(0)
    x = random.rand(SAMPLES[workload], *SHAPES[workload]).astype("float32")
    return x, random.randint(0, CLASSES, len(x))


def build(workload: str):
    """The model, not compiled."""
    make = {"mlp": mlp, "lstm": lstm, "cnn": cnn}[workload]
    return make(*library())


def library():
    """`(Sequential, layers)` of the library that this process measures."""
    if is_peer():
        from keras import Sequential, layers

        return Sequential, layers
    from kerasnb import layers
    from kerasnb.models import Sequential

    return Sequential, layers


def mlp(sequential, layers):
    hidden = layers.Dense(128, activation="relu", input_shape=(784,))
    return sequential([hidden, layers.Dense(CLASSES, activation="softmax")])


def lstm(sequential, layers):
    # the gates are Keras 3's in both: a sigmoid instead of Keras 1.2's piecewise line
    gates = {} if is_peer() else {"inner_activation": "sigmoid"}
    recurrent = layers.LSTM(64, input_shape=(50, 32), **gates)
    return sequential([recurrent, layers.Dense(CLASSES, activation="softmax")])


def cnn(sequential, layers):
    convolution = layers.Conv2D if is_peer() else convolution_of(layers)
    return sequential([
        convolution(32, (3, 3), activation="relu", input_shape=(28, 28, 1)),
        convolution(64, (3, 3), activation="relu"),
        layers.MaxPooling2D((2, 2)),
        layers.Flatten(),
        layers.Dense(128, activation="relu"),
        layers.Dense(CLASSES, activation="softmax"),
    ])


def convolution_of(layers):
    """Keras 1.2's layer, which takes the kernel's rows and columns one by one."""
    return lambda filters, size, **arguments: layers.Convolution2D(filters, *size, dim_ordering="tf", **arguments)
