"""Seconds to build a chain of dense layers and read every output shape; the library is loaded, no backend need be."""

import sys

from benchmarks.contestants import is_peer
from benchmarks.measure import report, seconds

WIDTH = 8


def shapes_of_keras_3(layers: int) -> list:
    import keras

    x = first = keras.Input((WIDTH,))
    for _ in range(layers):
        x = keras.layers.Dense(WIDTH)(x)
    return [layer.output.shape for layer in keras.Model(first, x).layers]


def shapes_of_kerasnb(layers: int) -> list:
    from kerasnb.layers import Dense, Input
    from kerasnb.models import Model

    x = first = Input((WIDTH,))
    for _ in range(layers):
        x = Dense(WIDTH)(x)
    return [layer.output_shape for layer in Model(first, x).layers]


def main(layers: int) -> None:
    build = shapes_of_keras_3 if is_peer() else shapes_of_kerasnb
    build(2)  # loads what the library loads late
    try:
        report(seconds=seconds(lambda: build(layers)))
    except RecursionError:
        report(error="RecursionError")


if __name__ == "__main__":
    main(int(sys.argv[1]))
