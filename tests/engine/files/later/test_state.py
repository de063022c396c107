"""States of later Kerases' optimizers: found by the names in the file, whatever their order."""

import numpy as np
import pytest

from kerasnb import backend as K
from kerasnb.models import load_model

from .made_by_hand import dense_config, write_model

RANDOM = np.random.RandomState(0)
# the layer named z comes first; all kernels and all that is kept of them have one shape
WEIGHTS = {"z": {"kernel": RANDOM.rand(2, 2)}, "a": {"kernel": RANDOM.rand(2, 2)}}
SINCE_2_11 = {"name": "any", "use_ema": False, "is_legacy_optimizer": False}

# optimizer -> what Keras 3, tf-keras and TensorFlow's optimizers until 2.10 call that which they keep
KEPT = {
    "SGD": (["momentum"], ["m"], ["momentum"]),
    "RMSprop": (["velocity"], ["velocity"], ["rms"]),
    "Adagrad": (["accumulator"], ["accumulator"], ["accumulator"]),
    "Adadelta": (["accumulated_grad", "accumulated_delta_var"],) * 2 + (["accum_grad", "accum_var"],),
    "Adam": (["momentum", "velocity"], ["m", "v"], ["m", "v"]),
    "Adamax": (["momentum", "norm"], ["m", "u"], ["m", "v"]),
    "Nadam": (["momentum", "velocity"], ["m", "v"], ["m", "v"]),
    "Adam amsgrad": (["momentum", "velocity", "velocity_hat"],) + (["m", "v", "vhat"],) * 2,
    "AdamW": (["momentum", "velocity"], ["m", "v"]),
    "Lion": (["momentum"], ["m"]),
    "Ftrl": (["accumulator", "linear"],) * 3,
}


def keras_3(name, kept, values):
    """Weight by weight, after the number of steps and the rate; names as they are since 3.15."""
    start = {f"{name}/iteration": 3, f"{name}/learning_rate": 0.5}
    return {
        **start,
        **{f"{name}/model_{layer}_{layer}_kernel_{one}": values[one, layer] for layer in "za" for one in kept},
    }


def tf_keras(name, kept, values):
    """Weight by weight; here some of them the other way round."""
    order = [(one, layer) for layer in "za" for one in kept[:: -1 if layer == "a" else 1]]
    return {"iteration:0": 3, **{f"{name}/{one}/{layer}/kernel:0": values[one, layer] for one, layer in order}}


def legacy(name, kept, values):
    """All of one kind, then all of the other."""
    return {
        f"{name}/iter:0": 3,
        **{f"{name}/{layer}/kernel/{one}:0": values[one, layer] for one in kept for layer in "za"},
    }


STYLES = {
    "keras 3": (keras_3, 0, SINCE_2_11),
    "tf-keras": (tf_keras, 1, SINCE_2_11),
    "until 2.10": (legacy, 2, {"name": "any"}),
}


@pytest.mark.parametrize(
    ("kind", "style"), [(kind, style) for kind in KEPT for style in STYLES if STYLES[style][1] < len(KEPT[kind])]
)
def test_what_an_optimizer_keeps_goes_to_the_weight_it_is_named_for(kind, style, tmp_path):
    write, column, settings = STYLES[style]
    kept, name = KEPT[kind][column], kind.split()[0]
    settings = settings | dict.fromkeys(kind.split()[1:], True)
    values = {(one, layer): RANDOM.rand(2, 2).astype("float32") for one in kept for layer in "za"}
    layers = [dense_config("z", 2, batch_input_shape=[None, 2], use_bias=False), dense_config("a", 2, use_bias=False)]
    weights = WEIGHTS
    if style == "keras 3":
        weights = {layer: {f"model_{layer}/{layer}/kernel": one["kernel"]} for layer, one in WEIGHTS.items()}
    training = {"loss": "mse", "optimizer_config": {"class_name": name, "config": {**settings, "learning_rate": 0.5}}}
    write_model(
        tmp_path / "m.h5",
        {"class_name": "Sequential", "config": layers},
        weights,
        training,
        write(name, kept, values),
        version="2.21.0",
    )
    optimizer = load_model(tmp_path / "m.h5").optimizer
    states = {weight.name[0]: [K.get_value(one) for one in state] for weight, state in optimizer._state.items()}
    for layer in "za":
        np.testing.assert_array_equal(states[layer], [values[one, layer] for one in kept])
    assert K.get_value(optimizer.iterations) == 3


def test_the_momentum_of_nadam_goes_on_from_its_number_of_steps(tmp_path):
    layers = [dense_config("z", 2, batch_input_shape=[None, 2], use_bias=False)]
    settings = {**SINCE_2_11, "learning_rate": 0.5, "beta_1": 0.5}
    training = {"loss": "mse", "optimizer_config": {"class_name": "Nadam", "config": settings}}
    write_model(
        tmp_path / "m.h5",
        {"class_name": "Sequential", "config": layers},
        {"z": WEIGHTS["z"]},
        training,
        {"iteration:0": 2, "Nadam/m/z/kernel:0": np.ones((2, 2)), "Nadam/v/z/kernel:0": np.ones((2, 2))},
    )
    wanted = 0.5 * (1 - 0.5 * 0.96) * 0.5 * (1 - 0.5 * 0.96**2)
    assert K.get_value(load_model(tmp_path / "m.h5").optimizer.m_schedule) == pytest.approx(wanted)


def test_a_state_named_after_other_weights_is_not_guessed(tmp_path):
    layers = [dense_config("z", 2, batch_input_shape=[None, 2], use_bias=False)]
    training = {"loss": "mse", "optimizer_config": {"class_name": "Adam", "config": SINCE_2_11}}
    write_model(
        tmp_path / "m.h5",
        {"class_name": "Sequential", "config": layers},
        {"z": WEIGHTS["z"]},
        training,
        {"iteration:0": 2, "Adam/m/q/kernel:0": np.ones((2, 2)), "Adam/v/q/kernel:0": np.ones((2, 2))},
    )
    with pytest.warns(UserWarning, match="Adam starts anew .the file names its arrays after no weights"):
        assert K.get_value(load_model(tmp_path / "m.h5").optimizer.iterations) == 0
