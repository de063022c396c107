"""Files as later Kerases write them, made by hand."""

import json

import h5py
import numpy as np


def dense_config(name, units, **more):
    """A Dense as Keras 2 writes it."""
    scaling = {"scale": 1.0, "mode": "fan_avg", "distribution": "uniform", "seed": None}
    return {
        "class_name": "Dense",
        "config": {
            "name": name,
            "trainable": True,
            "units": units,
            "activation": "tanh",
            "use_bias": True,
            "kernel_initializer": {"class_name": "VarianceScaling", "config": scaling},
            "bias_initializer": {"class_name": "Zeros", "config": {}},
            "kernel_regularizer": {"class_name": "L1L2", "config": {"l1": 0.0, "l2": 0.01}},
            "bias_regularizer": None,
            "activity_regularizer": None,
            "kernel_constraint": None,
            "bias_constraint": None,
            **more,
        },
    }


def write_model(path, config, weights, training=None, state=(), backend="tensorflow", version="2.1.2"):
    """A file as Keras 2 wrote it: strings of variable length, a group in each layer's group.

    Args:
        weights: layer -> name -> array; a name that has a folder is taken as it is.
        state: name -> array of the optimizer.
    """
    with h5py.File(path, "w") as file:
        file.attrs["keras_version"], file.attrs["backend"] = version, backend
        file.attrs["model_config"] = json.dumps(config)
        if training:
            file.attrs["training_config"] = json.dumps(training)
            _write_arrays(file.create_group("optimizer_weights"), state)
        group = file.create_group("model_weights")
        group.attrs["keras_version"], group.attrs["backend"] = version, backend
        group.attrs["layer_names"] = list(weights)
        for layer, arrays in weights.items():
            _write_arrays(
                group.create_group(layer),
                {name if "/" in name else f"{layer}/{name}:0": one for name, one in arrays.items()},
            )


def _write_arrays(group, arrays):
    group.attrs["weight_names"] = list(arrays) or np.zeros(0)
    for name, array in dict(arrays).items():
        group[name] = array
