"""Files of Keras 2 and 3: models, weights, optimizers; and what Keras reads of ours."""

import json

import h5py
import numpy as np
import pytest

from kerasnb import backend as K
from kerasnb import layers as L
from kerasnb.errors import ArgumentError, WeightsError
from kerasnb.models import Sequential, load_model, model_from_json

from .made_by_hand import dense_config, write_model

RANDOM = np.random.RandomState(0)
# Keras 3's own calls of numpy
pytestmark = pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning")


@pytest.fixture(scope="module")
def keras():
    """Keras 3, inside TensorFlow's environment."""
    import keras

    return keras


def _layers(keras):
    """name -> (layers of Keras 3, shape of one sample)."""
    k = keras.layers
    return {
        "dense": (
            [
                k.Dense(3, "tanh", kernel_regularizer="l2", kernel_constraint=keras.constraints.MaxNorm(2)),
                k.BatchNormalization(),
                k.Dropout(0.3),
                k.LeakyReLU(negative_slope=0.1),
                k.PReLU(),
            ],
            (4,),
        ),
        "1D": (
            [
                k.Conv1D(3, 2, dilation_rate=2),
                k.Conv1D(2, 2, padding="same"),
                k.MaxPooling1D(2),
                k.UpSampling1D(2),
                k.GlobalAveragePooling1D(),
            ],
            (8, 2),
        ),
        "2D": (
            [
                k.Conv2D(3, (2, 3)),
                k.Conv2D(2, 2, dilation_rate=2),
                k.SeparableConv2D(2, 2, depth_multiplier=2),
                k.Conv2DTranspose(3, 2, strides=2),
                k.ZeroPadding2D(1),
                k.MaxPooling2D(),
                k.Flatten(),
            ],
            (8, 9, 2),
        ),
        "3D": ([k.Conv3D(2, 2), k.MaxPooling3D(2), k.Conv3DTranspose(2, 2)], (4, 5, 6, 2)),
        "recurrent": (
            [
                k.LSTM(3, return_sequences=True),
                k.GRU(3, reset_after=False, return_sequences=True),
                k.GRU(3, use_bias=False, return_sequences=True),
                k.GRU(3, return_sequences=True),
                k.SimpleRNN(2),
            ],
            (5, 4),
        ),
        "wrapped": ([k.Bidirectional(k.LSTM(3, return_sequences=True)), k.TimeDistributed(k.Dense(2))], (5, 4)),
        "images in time": ([k.ConvLSTM2D(2, 3, padding="same")], (3, 5, 5, 2)),
        "words": ([k.Embedding(9, 3), k.SpatialDropout1D(0.2), k.Reshape((3, 5)), k.Permute((2, 1))], (5,)),
        "initializers": (
            [
                k.Dense(3, kernel_initializer=one)
                for one in (
                    "he_normal",
                    "orthogonal",
                    "lecun_uniform",
                    "truncated_normal",
                    keras.initializers.Constant(2),
                    keras.initializers.VarianceScaling(2.0, "fan_avg"),
                )
            ],
            (3,),
        ),
    }


NAMES = ["dense", "1D", "2D", "3D", "recurrent", "wrapped", "images in time", "words", "initializers"]


def _filled(keras, name):
    layers, shape = _layers(keras)[name]
    model = keras.Sequential([keras.Input(shape), *layers])
    for weight in model.weights:
        weight.assign(RANDOM.uniform(0.1, 0.5, weight.shape))
    x = RANDOM.randint(0, 9, (2, *shape)) if name == "words" else RANDOM.rand(2, *shape).astype("float32")
    return model, x


@pytest.mark.parametrize("name", NAMES)
def test_models_of_keras_3_give_its_outputs_and_it_reads_our_weights(name, keras, tmp_path):
    model, x = _filled(keras, name)
    wanted = np.asarray(model(x))
    model.save(tmp_path / "m.h5")
    for backend in ("tensorflow", "theano"):  # kernels are turned over for Theano
        with _using(backend):
            ours = load_model(tmp_path / "m.h5", compile=False)
            np.testing.assert_allclose(ours.predict(x), wanted, rtol=1e-4, atol=1e-5)
            ours.save_weights(tmp_path / "ours.h5", later=True)
        for weight in model.weights:
            weight.assign(0 * weight)
        model.load_weights(tmp_path / "ours.h5")
        np.testing.assert_allclose(np.asarray(model(x)), wanted, rtol=1e-4, atol=1e-5)


class _using:
    def __init__(self, backend):
        self.backend = backend

    def __enter__(self):
        self.before = K.backend()
        K.use(self.backend)

    def __exit__(self, *_):
        K.use(self.before)


@pytest.mark.parametrize("name", ["Adam", "SGD"])
def test_training_goes_on_as_in_keras_3(name, backend, keras, tmp_path):
    k = keras.layers
    keras.utils.set_random_seed(1)
    optimizer = keras.optimizers.Adam(0.05) if name == "Adam" else keras.optimizers.SGD(0.1, momentum=0.9)
    model = keras.Sequential([keras.Input((4, 4, 1)), k.Conv2D(2, 2), k.Reshape((3, 6)), k.LSTM(3), k.Dense(2)])
    model.compile(optimizer, "mse")
    x, y = RANDOM.rand(4, 4, 4, 1).astype("float32"), RANDOM.rand(4, 2).astype("float32")
    model.train_on_batch(x, y)
    model.save(tmp_path / "m.h5")
    ours = load_model(tmp_path / "m.h5")
    for one in (model, model, ours, ours):
        one.train_on_batch(x, y)
    np.testing.assert_allclose(ours.predict(x), np.asarray(model(x)), rtol=1e-3, atol=1e-5)


def test_graphs_of_keras_3_with_models_inside_used_twice(keras, tmp_path):
    k = keras.layers
    a, b, c = keras.Input((4,), name="a"), keras.Input((4,), name="b"), keras.Input((4,))
    tower = keras.Sequential([keras.Input((4,)), k.Dense(4, "tanh"), k.BatchNormalization()], name="tower")
    inner = keras.Model(c, k.Dense(4, "tanh")(c), name="inner")
    joined = k.Concatenate()([tower(inner(tower(a))), k.Add()([inner(b), a])])
    model = keras.Model([a, b], [k.Dense(1, name="one")(joined), inner(tower(b))])
    model.save(tmp_path / "m.h5")
    x = [RANDOM.rand(3, 4).astype("float32") for _ in range(2)]
    ours = load_model(tmp_path / "m.h5", compile=False)
    wanted = [np.asarray(one) for one in model(x)]
    for mine, its in zip(ours.predict(x), wanted, strict=True):
        np.testing.assert_allclose(mine, its, rtol=1e-4, atol=1e-5)
    ours.save_weights(tmp_path / "ours.h5", later=True)
    for weight in model.weights:
        weight.assign(0 * weight)
    model.load_weights(tmp_path / "ours.h5")
    for its, before in zip(model(x), wanted, strict=True):
        np.testing.assert_allclose(np.asarray(its), before, rtol=1e-5, atol=1e-6)


def test_keras_3_reads_our_weights(backend, keras, tmp_path):
    k = keras.layers
    first = L.Convolution2D(3, 2, 2, input_shape=(5, 5, 2))
    ours = Sequential([first, L.BatchNormalization(), L.Flatten(), L.Dense(2)])
    model = keras.Sequential([keras.Input((5, 5, 2)), k.Conv2D(3, 2), k.BatchNormalization(), k.Flatten(), k.Dense(2)])
    ours.set_weights([RANDOM.rand(*weight.shape) for weight in ours.get_weights()])
    ours.save_weights(tmp_path / "ours.h5")
    model.load_weights(tmp_path / "ours.h5")
    for mine, its in zip(ours.layers, model.layers, strict=True):
        for one, other in zip(mine.get_weights(), its.get_weights(), strict=True):
            np.testing.assert_array_equal(one, other)


# ---- Keras 2, as it wrote its files


def test_a_sequential_of_keras_2_is_read_with_its_optimizer(backend, tmp_path):
    W, b, V, c = (RANDOM.rand(*shape).astype("float32") for shape in ((3, 4), (4,), (4, 2), (2,)))
    moments = [RANDOM.rand(*one.shape) for one in (W, b, V, c)] * 2
    adam = {"lr": 0.01, "beta_1": 0.9, "beta_2": 0.999, "decay": 0.0, "epsilon": 1e-7, "amsgrad": False}
    # the layer named z comes first: Keras 2 lists its state in this order, Keras 1.2 by name
    write_model(
        tmp_path / "m.h5",
        {
            "class_name": "Sequential",
            "config": [dense_config("z", 4, batch_input_shape=[None, 3], dtype="float32"), dense_config("a", 2)],
        },
        {"z": {"kernel": W, "bias": b}, "a": {"kernel": V, "bias": c}},
        {
            "optimizer_config": {"class_name": "Adam", "config": adam},
            "loss": "mean_squared_error",
            "metrics": ["accuracy"],
            "sample_weight_mode": None,
            "loss_weights": None,
        },
        {"Adam/iterations:0": 7, **{f"training/Adam/Variable_{place}:0": one for place, one in enumerate(moments)}},
    )
    model = load_model(tmp_path / "m.h5")
    x = RANDOM.rand(5, 3)
    np.testing.assert_allclose(model.predict(x), np.tanh(np.tanh(x @ W + b) @ V + c), rtol=1e-5)
    state = model.optimizer.get_weights()
    assert state[0] == 7 and model.layers[0].W_regularizer.l2 == pytest.approx(0.01)
    by_name = dict(zip((weight.name for weight in model._collected_trainable_weights), state[1:5], strict=True))
    np.testing.assert_allclose(by_name["z_W"], moments[0], rtol=1e-6)
    np.testing.assert_allclose(by_name["a_b"], moments[3], rtol=1e-6)


def test_kernels_written_by_keras_2_on_theano_are_turned_over(backend, tmp_path):
    kernel = RANDOM.rand(2, 2, 1, 3).astype("float32")
    model = Sequential([L.Convolution2D(3, 2, 2, input_shape=(4, 4, 1), name="c")])
    outputs = {}
    for written in ("theano", "tensorflow"):
        turned = kernel[::-1, ::-1] if written == "theano" else kernel
        write_model(tmp_path / "m.h5", {}, {"c": {"kernel": turned, "bias": np.zeros(3)}}, backend=written)
        model.load_weights(tmp_path / "m.h5")
        outputs[written] = model.predict(np.arange(16.0).reshape(1, 4, 4, 1))
    np.testing.assert_allclose(outputs["theano"], outputs["tensorflow"], rtol=1e-6)
    wanted = sum(kernel[row, col, 0, 0] * (4 * row + col) for row in range(2) for col in range(2))
    assert outputs["theano"][0, 0, 0, 0] == pytest.approx(wanted, rel=1e-5)


def test_th_kernels_of_keras_2_get_their_filters_first_and_back(tmp_path):
    layers = [
        L.Convolution2D(3, 2, 2, dim_ordering="th", input_shape=(2, 6, 6), name="c"),
        L.SeparableConvolution2D(4, 2, 2, dim_ordering="th", name="s"),
        L.Deconvolution2D(5, 2, 2, output_shape=(None, 5, 5, 5), dim_ordering="th", name="d"),
    ]
    model = Sequential(layers)
    kernel, depth, point, back = (
        RANDOM.rand(*shape).astype("float32") for shape in ((2, 2, 2, 3), (2, 2, 3, 1), (1, 1, 3, 4), (2, 2, 5, 4))
    )
    write_model(
        tmp_path / "m.h5",
        {},
        {
            "c": {"kernel": kernel, "bias": np.zeros(3)},
            "s": {"depth": depth, "point": point, "bias": np.zeros(4)},
            "d": {"kernel": back, "bias": np.zeros(5)},
        },
    )
    model.load_weights(tmp_path / "m.h5")
    c, _, s, p, _, d, _ = model.get_weights()
    np.testing.assert_array_equal(c, kernel.transpose(3, 2, 0, 1))
    np.testing.assert_array_equal(s, depth.transpose(3, 2, 0, 1))
    np.testing.assert_array_equal(p, point.transpose(3, 2, 0, 1))
    np.testing.assert_array_equal(d, back.transpose(2, 3, 0, 1))
    model.save_weights(tmp_path / "later.h5", later=True)
    with h5py.File(tmp_path / "later.h5") as file:
        np.testing.assert_array_equal(file["c/c/weight_0:0"], kernel)
        np.testing.assert_array_equal(file["s/s/weight_1:0"], point)
        np.testing.assert_array_equal(file["d/d/weight_0:0"], back)


@pytest.mark.parametrize("consume_less", ["cpu", "gpu"])
def test_gates_are_parted_as_the_layer_keeps_them(consume_less, tmp_path):
    model = Sequential([L.LSTM(2, consume_less=consume_less, input_shape=(3, 1), name="l")])
    W, U, b = np.arange(8.0).reshape(1, 8), np.arange(16.0).reshape(2, 8), np.arange(8.0)
    write_model(tmp_path / "m.h5", {}, {"l": {"kernel": W, "recurrent_kernel": U, "bias": b}})
    model.load_weights(tmp_path / "m.h5")
    if consume_less == "gpu":
        np.testing.assert_array_equal(model.get_weights()[0], W)
    else:  # columns i, f, c, o; weights i, c, f, o
        assert [one.tolist() for one in model.get_weights()[::3]] == [[[0, 1]], [[4, 5]], [[2, 3]], [[6, 7]]]


def test_weights_of_keras_2_that_do_not_fit_are_refused(tmp_path):
    model = Sequential([L.LSTM(2, input_shape=(3, 1), name="l")])
    write_model(
        tmp_path / "m.h5",
        {},
        {"l": {"kernel": np.ones((1, 7)), "recurrent_kernel": np.ones((2, 8)), "bias": np.ones(8)}},
    )
    with pytest.raises(WeightsError, match='LSTM "l" needs 12 arrays'):
        model.load_weights(tmp_path / "m.h5")


def test_a_graph_of_keras_2_is_read():
    nodes = [[["a", 0, 0, {}]]]
    document = {
        "class_name": "Model",
        "config": {
            "name": "m",
            "input_layers": [["a", 0, 0]],
            "output_layers": [["sum", 0, 0]],
            "layers": [
                {
                    "name": "a",
                    "class_name": "InputLayer",
                    "inbound_nodes": [],
                    "config": {"name": "a", "batch_input_shape": [None, 3], "dtype": "float32", "sparse": False},
                },
                {**dense_config("d", 3), "name": "d", "inbound_nodes": nodes},
                {
                    "name": "sum",
                    "class_name": "Add",
                    "config": {"name": "sum", "trainable": True},
                    "inbound_nodes": [[["d", 0, 0, {}], ["a", 0, 0, {}]]],
                },
            ],
        },
    }
    model = model_from_json(json.dumps(document))
    assert model.output_shape == (None, 3) and [layer.name for layer in model.layers] == ["a", "d", "sum"]
    nodes[0][0][3]["scale"] = True
    with pytest.raises(ArgumentError, match='layer "d" was called with scale in the file'):
        model_from_json(json.dumps(document))


def test_code_in_files_of_later_keras_is_not_run_either(keras, tmp_path):
    model = keras.Sequential([keras.Input((3,)), keras.layers.Lambda(lambda x: x * 2, output_shape=(3,))])
    model.save(tmp_path / "m.h5")
    with pytest.raises(ArgumentError, match="trust_code=True"):
        load_model(tmp_path / "m.h5", compile=False)
    ours = load_model(tmp_path / "m.h5", compile=False, trust_code=True)
    assert ours.predict(np.ones((1, 3))).tolist() == [[2, 2, 2]]


def _accuracy(name):
    return {"class_name": "MeanMetricWrapper", "config": {"name": "accuracy", "dtype": "float32", "fn": name}}


TRAINING = {  # what later Keras writes -> loss and metrics here
    "names": (("mse", ["accuracy"]), ("mse", ["accuracy"])),
    "objects": (
        ({"class_name": "BinaryCrossentropy", "config": {"from_logits": False}}, [[_accuracy("binary_accuracy")]]),
        ("binary_crossentropy", ["accuracy"]),
    ),
    # before fit a file names this one, whatever the loss: the loss says which it is
    "before fit": (
        ("sparse_categorical_crossentropy", [[_accuracy("categorical_accuracy")]]),
        ("sparse_categorical_crossentropy", ["accuracy"]),
    ),
    "since renamed": (
        ("huber", [{"module": "builtins", "class_name": "function", "config": "kl_divergence"}]),
        ("huber_loss", ["kullback_leibler_divergence"]),
    ),
    "functions": (
        ({"module": "builtins", "class_name": "function", "config": "mean_absolute_error"}, None),
        ("mean_absolute_error", None),
    ),
}


@pytest.mark.parametrize("name", TRAINING)
def test_losses_and_metrics_of_later_keras_are_found(name, tmp_path):
    (loss, metrics), wanted = TRAINING[name]
    optimizer = {"class_name": "SGD", "config": {"name": "SGD", "learning_rate": 0.5, "decay": 0.0, "momentum": 0.0}}
    layers = [dense_config("d", 2, batch_input_shape=[None, 3])]
    write_model(
        tmp_path / "m.h5",
        {"class_name": "Sequential", "config": layers},
        {"d": {"kernel": np.ones((3, 2)), "bias": np.ones(2)}},
        {"optimizer_config": optimizer, "loss": loss, "metrics": metrics, "weighted_metrics": None},
    )
    model = load_model(tmp_path / "m.h5")
    assert (model.compile_arguments["loss"], model.compile_arguments["metrics"]) == wanted
    assert float(K.get_value(model.optimizer.lr)) == 0.5


def test_metrics_of_several_outputs_and_losses_on_logits(keras, tmp_path):
    x = keras.Input((3,))
    model = keras.Model(x, [keras.layers.Dense(2, name="one")(x), keras.layers.Dense(2, name="two")(x)])
    model.compile("sgd", ["mse", "mae"], metrics=[["mae"], ["mse"]])
    model.save(tmp_path / "m.h5")
    assert load_model(tmp_path / "m.h5").metrics_names[-2:] == ["one_mean_absolute_error", "two_mean_squared_error"]
    model.compile("sgd", keras.losses.BinaryCrossentropy(from_logits=True))
    model.save(tmp_path / "m.h5")
    x, y = np.random.rand(4, 3), np.array([[0.0, 1], [1, 1], [0, 0], [1, 0]])
    found = load_model(tmp_path / "m.h5").evaluate(x, [y, y], verbose=0)[0]
    np.testing.assert_allclose(found, model.evaluate(x, [y, y], verbose=0)[0], rtol=1e-4)


def test_configs_of_tf_keras_that_say_more_than_they_mean_are_read():
    separable = {
        "name": "s",
        "filters": 3,
        "kernel_size": [2, 2],
        "depthwise_initializer": "he_uniform",
        "pointwise_initializer": "he_uniform",
        "kernel_initializer": "glorot_uniform",
        "kernel_regularizer": None,
        "kernel_constraint": None,
        "batch_input_shape": [None, 4, 4, 2],
    }
    normal = {"name": "b", "axis": [3], "momentum": 0.9, "epsilon": 0.001}
    document = {
        "class_name": "Sequential",
        "config": {
            "name": "m",
            "layers": [
                {"class_name": "SeparableConv2D", "config": separable},
                {"class_name": "BatchNormalization", "config": normal},
            ],
        },
    }
    model = model_from_json(json.dumps(document))
    assert model.layers[0].init.__name__ == "he_uniform" and model.layers[1].axis == 3
    normal["axis"] = [1, 2]
    with pytest.raises(ArgumentError, match=r"axis=\[1, 2\] in this config names 2 axes"):
        model_from_json(json.dumps(document))


def test_metrics_of_several_outputs_saved_before_fit_follow_from_the_losses(tmp_path):
    """tf-keras calls them by their outputs then, and there may be none for an output."""
    ends = [["one", 0, 0], ["two", 0, 0]]
    layers = [
        {
            "class_name": "InputLayer",
            "name": "a",
            "inbound_nodes": [],
            "config": {"name": "a", "batch_input_shape": [None, 3], "dtype": "float32"},
        },
        *({**dense_config(one, 2), "name": one, "inbound_nodes": [[["a", 0, 0, {}]]]} for one in ("one", "two")),
    ]
    config = {"name": "m", "layers": layers, "input_layers": [["a", 0, 0]], "output_layers": ends}
    metric = {**_accuracy("categorical_accuracy"), "config": {"name": "two_accuracy", "fn": "categorical_accuracy"}}
    training = {
        "optimizer_config": {"class_name": "SGD", "config": {"learning_rate": 0.5}},
        "loss": {"one": "mse", "two": "sparse_categorical_crossentropy"},
        "metrics": [[None], [metric, {"class_name": "Precision", "config": {"name": "two_right"}}]],
    }
    weights = {name: {"kernel": np.ones((3, 2)), "bias": np.ones(2)} for name in ("one", "two")}
    write_model(tmp_path / "m.h5", {"class_name": "Functional", "config": config}, weights, training)
    model = load_model(tmp_path / "m.h5")
    assert model.compile_arguments["metrics"]["two"][0] == "accuracy"
    assert model.metrics_names[-2:] == ["two_acc", "two_right"]


@pytest.mark.parametrize(
    "version, parts",
    [("2.3.1", 1), ("2.3.0-tf", 2), ("2.21.0", 2), ("3.5.0", 1), ("3.13.0", 1), ("3.14.0", 2), ("3.15.1", 2)],
)
def test_a_penalty_on_outputs_is_divided_by_the_batch_where_it_is_in_that_keras(version, parts, tmp_path):
    penalty = {"class_name": "L1L2", "config": {"l1": 0.0, "l2": 0.01}}
    layer = dense_config("d", 2, batch_input_shape=[None, 3], activity_regularizer=penalty)
    write_model(
        tmp_path / "m.h5",
        {"class_name": "Sequential", "config": [layer]},
        {"d": {"kernel": np.ones((3, 2)), "bias": np.ones(2)}},
        {"optimizer_config": {"class_name": "SGD", "config": {}}, "loss": "mse"},
        version=version,
    )
    model = load_model(tmp_path / "m.h5")
    x = np.ones((2, 3))
    of_outputs, of_kernel = 0.01 * 4 * np.tanh(4.0) ** 2, 0.01 * 6
    assert model.evaluate(x, model.predict(x), verbose=0) == pytest.approx(of_kernel + of_outputs / parts, rel=1e-5)


@pytest.mark.parametrize("version, expected", [("2.21.0", 0.8), ("3.15.1", 0.75)])
def test_a_function_that_means_something_else_in_keras_3_means_what_it_meant_there(version, expected, tmp_path):
    layer = dense_config("d", 1, batch_input_shape=[None, 1], activation="hard_sigmoid")
    write_model(
        tmp_path / "m.h5",
        {"class_name": "Sequential", "config": [layer]},
        {"d": {"kernel": np.ones((1, 1)), "bias": np.zeros(1)}},
        version=version,
    )
    output = load_model(tmp_path / "m.h5", compile=False).predict(np.array([[1.5]]))
    np.testing.assert_allclose(output, [[expected]], atol=1e-6)


@pytest.mark.parametrize("version, parts", [("2.21.0", 2), ("3.13.0", 1), ("3.15.1", 2)])
def test_so_is_that_of_a_layer_for_it(version, parts, tmp_path):
    arguments = {"name": "p", "l2": 0.01, "batch_input_shape": [None, 3]}
    layer = {"class_name": "ActivityRegularization", "config": arguments}
    training = {"optimizer_config": {"class_name": "SGD", "config": {}}, "loss": "mse"}
    write_model(tmp_path / "m.h5", {"class_name": "Sequential", "config": [layer]}, {}, training, version=version)
    model = load_model(tmp_path / "m.h5")
    model.save(tmp_path / "again.h5")
    for one in (model, load_model(tmp_path / "again.h5")):
        assert one.evaluate(np.ones((2, 3)), np.ones((2, 3)), verbose=0) == pytest.approx(0.06 / parts)


def function(name, which, *inbound):
    """A function of TensorFlow's as tf.keras writes it into a graph."""
    kind = "SlicingOpLambda" if which.endswith("getitem") else "TFOpLambda"
    config = {"name": name, "trainable": True, "dtype": "float32", "function": which}
    return {"class_name": kind, "name": name, "config": config, "inbound_nodes": list(inbound)}


def graph_of_functions(*functions):
    begin = {"name": "x", "batch_input_shape": [None, 2, 3], "dtype": "float32"}
    layers = [{"class_name": "InputLayer", "name": "x", "config": begin, "inbound_nodes": []}, *functions]
    ends = {"input_layers": [["x", 0, 0]], "output_layers": [[functions[-1]["name"], 0, 0]]}
    return json.dumps({"class_name": "Functional", "config": {"layers": layers, **ends}, "keras_version": "2.15.0"})


def test_functions_of_tensorflow_in_a_graph_of_tf_keras(backend):
    whole = {"start": None, "stop": None, "step": None}
    model = model_from_json(
        graph_of_functions(
            function("product", "linalg.matmul", ["x", 0, 0, {"b": ["x", 0, 0], "transpose_b": True}]),
            function("less", "math.subtract", ["_CONSTANT_VALUE", -1, 1.0, {"y": ["product", 0, 0], "name": None}]),
            function("first", "__operators__.getitem", ["less", 0, 0, {"slice_spec": [whole, 0]}]),
            function("sum", "math.reduce_sum", ["x", 0, 0, {"axis": [2], "keepdims": False}]),
            function("both", "concat", [["first", 0, 0, {"axis": -1}], ["sum", 0, 0, {"axis": -1}]]),
            function("above", "math.greater", ["both", 0, 0, {"y": 0.5, "name": None}]),
            function("minus", "math.negative", ["both", 0, 0, {"name": None}]),
            function("end", "where", ["above", 0, 0, {"x": ["both", 0, 0], "y": ["minus", 0, 0]}]),
        )
    )
    x = np.random.RandomState(0).rand(4, 2, 3).astype("float32")
    both = np.concatenate([1 - (x @ x.transpose(0, 2, 1))[:, 0], x.sum(2)], axis=-1)
    np.testing.assert_allclose(model.predict(x), np.where(both > 0.5, both, -both), atol=1e-6)


def test_a_function_of_tensorflow_that_is_not_read_is_named():
    with pytest.raises(ArgumentError, match=r'"tf.signal.fft" \(wave\) in this file is not among those that are read'):
        model_from_json(graph_of_functions(function("wave", "signal.fft", ["x", 0, 0, {}])))
    with pytest.raises(ArgumentError, match=r'"tf.cast" \(c\) in this file is called with to'):
        model_from_json(graph_of_functions(function("c", "cast", ["x", 0, 0, {"to": "int32"}])))
