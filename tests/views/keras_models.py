"""Small models of Keras 3 of every kind: chain, branches with operator steps, nested, shared, subclassed."""

import keras
import numpy as np

ROWS = np.random.RandomState(0).rand(6, 5).astype("float32")
IMAGES = np.random.RandomState(1).rand(6, 6, 6, 1).astype("float32")
CLASSES = np.array([0, 1, 0, 1, 1, 0])


def chain():
    first = keras.layers.Dense(4, activation="relu", kernel_initializer="ones", name="first")
    last = keras.layers.Dense(2, activation="softmax", name="last")
    return keras.Sequential([keras.Input((5,)), first, keras.layers.Dropout(0.5, seed=1, name="drop"), last])


def nested():
    """A model in a model, an operator step, and a layer that is called twice."""
    inner = [keras.layers.Conv2D(2, 3, name="conv"), keras.layers.BatchNormalization(name="norm")]
    backbone = keras.Sequential([keras.Input((6, 6, 1)), *inner], name="backbone")
    image = keras.Input((6, 6, 1), name="image")
    flat = keras.layers.Flatten(name="flat")(backbone(image))
    shared = keras.layers.Dense(32, activation="relu", name="shared")
    end = keras.layers.Dense(2, activation="softmax", name="last")(shared(shared(flat * 2)))
    return keras.Model(image, end, name="net")


class Block(keras.layers.Layer):
    """A layer that holds others."""

    def __init__(self, units, **arguments):
        super().__init__(**arguments)
        self.dense, self.norm = keras.layers.Dense(units, name="dense"), keras.layers.LayerNormalization(name="norm")

    def call(self, x):
        return self.norm(self.dense(x))


class Subclassed(keras.Model):
    def __init__(self):
        super().__init__(name="written")
        self.blocks = [Block(4, name="block_1"), Block(4, name="block_2")]
        self.head = keras.layers.Dense(2, activation="softmax", name="head")

    def call(self, x, training=False):
        for block in self.blocks:
            x = block(x)
        return self.head(x)
