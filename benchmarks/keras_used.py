"""The Keras that the table of models is made with: Keras 3, or Keras 2 where KERAS_OF_TABLE=tf_keras."""

import importlib
import os
from types import SimpleNamespace

import numpy as np

LIBRARY = os.environ.get("KERAS_OF_TABLE", "keras")
IS_KERAS_2 = LIBRARY == "tf_keras"

keras = importlib.import_module(LIBRARY)
layers = keras.layers


def _of_tensorflow():
    """The operations of Keras 3 that the models use, by TensorFlow, which Keras 2 makes layers of."""
    import tensorflow as tf

    return SimpleNamespace(
        concatenate=tf.concat,
        mean=lambda x, axis, keepdims=False: tf.reduce_mean(x, axis, keepdims),
        max=tf.reduce_max,
        sum=tf.reduce_sum,
        exp=tf.exp,
        matmul=tf.matmul,
        transpose=tf.transpose,
        softmax=tf.nn.softmax,
        einsum=tf.einsum,
        tree=tf.nest,
        to_numpy=np.asarray,
    )


def _of_keras_3():
    return SimpleNamespace(**vars(keras.ops), tree=keras.tree, to_numpy=keras.ops.convert_to_numpy)


ops = _of_tensorflow() if IS_KERAS_2 else _of_keras_3()
map_structure, flatten = ops.tree.map_structure, ops.tree.flatten


def title():
    """What stands above the models that were made with it."""
    if IS_KERAS_2:
        return f"tf_keras {keras.__version__} (Keras 2)"
    return f"Keras {keras.__version__} on {keras.backend.backend()}"
