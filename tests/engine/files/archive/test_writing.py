"""Models of ours in Keras 3: the same outputs, and the same next step of training."""

import warnings
import zipfile

import h5py
import numpy as np
import pytest

from kerasnb import backend as K
from kerasnb import layers as L
from kerasnb.callbacks import ModelCheckpoint
from kerasnb.engine.files.archive.places import places
from kerasnb.engine.files.later.export import own_to_later
from kerasnb.errors import ArgumentError
from kerasnb.models import Model, Sequential, load_model
from kerasnb.optimizers import SGD, Adam
from kerasnb.utils import check_export
from kerasnb.widgets import Builder

from .written_files import Written, file

RANDOM = np.random.RandomState(0)
pytestmark = [
    # Keras's own calls of numpy
    pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning"),
]


@pytest.fixture(scope="module")
def keras():
    """Keras 3, inside TensorFlow's environment."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import keras

    return keras


def pictures():
    return Sequential(
        [
            L.Convolution2D(3, 2, 3, border_mode="same", activation="relu", input_shape=(8, 8, 2), dim_ordering="tf"),
            L.AtrousConvolution2D(2, 2, 2, atrous_rate=(2, 2), dim_ordering="tf"),
            L.BatchNormalization(),
            L.SeparableConvolution2D(3, 2, 2, dim_ordering="tf"),
            L.Deconvolution2D(2, 2, 2, output_shape=(None, 6, 6, 2), dim_ordering="tf"),
            L.ZeroPadding2D((1, 0, 2, 1), dim_ordering="tf"),
            L.ThresholdedReLU(0.1),
            L.Flatten(),
            L.Dense(2, W_regularizer="l2", b_constraint="nonneg"),
        ]
    )


def words():
    """The defaults of Keras 1.2: gates by hard_sigmoid, which means something else in Keras 3."""
    x = L.Input((5,), dtype="int32")
    embedded = L.Embedding(7, 3, mask_zero=True)(x)
    both = L.Bidirectional(L.LSTM(2, return_sequences=True))(embedded)
    return Model(
        x, [L.Dense(2)(L.GRU(3)(both)), L.TimeDistributed(L.Dense(2))(L.SimpleRNN(2, return_sequences=True)(both))]
    )


def branches():
    a, b = L.Input((4,), name="a"), L.Input((4,), name="b")
    shared = Sequential([L.Dense(3, input_shape=(4,)), L.Activation("hard_sigmoid")], name="shared")
    inner_in = L.Input((3,))
    inner = Model(inner_in, L.Dense(2)(L.Dense(3)(inner_in)), name="inner")
    joined = L.merge([inner(shared(a)), inner(shared(b))], mode="concat")
    return Model([a, b], [L.Dense(2, name="first")(joined), L.merge([shared(a), shared(b)], mode="cos", dot_axes=1)])


def test_keras_3_gives_the_same_for_kernels_that_theano_turns(backend, keras, tmp_path):
    exported = check_export(pictures(), tmp_path / "m.keras")
    assert exported.is_equal and "gives the same" in repr(exported), exported


@pytest.mark.parametrize("backend", ["tensorflow"], indirect=True)
@pytest.mark.parametrize("make", [words, branches])
def test_keras_3_gives_the_same_for_gates_and_graphs(make, backend, keras, tmp_path):
    exported = check_export(make(), tmp_path / "m.keras")
    assert exported.is_equal and exported.version == keras.__version__, exported


@pytest.mark.parametrize("backend", ["tensorflow"], indirect=True)
def test_what_was_written_is_read_back(backend, tmp_path):
    model = words()
    model.save(tmp_path / "m.keras")
    back = load_model(tmp_path / "m.keras", compile=False)
    x = RANDOM.randint(0, 7, (3, 5))
    for one, other in zip(model.predict(x), back.predict(x), strict=True):
        np.testing.assert_allclose(one, other, atol=1e-6)
    assert back.layers[2].forward_layer.inner_activation.__name__ == "hard_sigmoid"


def small():
    return Sequential([L.Dense(3, activation="tanh", input_shape=(4,)), L.BatchNormalization(), L.Dense(2)])


@pytest.mark.parametrize("backend", ["tensorflow"], indirect=True)
@pytest.mark.parametrize(
    "optimizer",
    [lambda: Adam(0.01, clipnorm=1.0), lambda: SGD(0.1, momentum=0.9, nesterov=True, decay=0.5), lambda: "nadam"],
)
def test_keras_3_goes_on_with_the_step_that_comes_next_here(optimizer, backend, keras, tmp_path):
    x, y = RANDOM.rand(6, 4).astype("float32"), RANDOM.rand(6, 2).astype("float32")
    model = small()
    made = optimizer()
    if made == "nadam":
        model.layers[0].trainable = False
    model.compile(made if made != "nadam" else keras.optimizers.Nadam(0.01), "mse", metrics=["mae"])
    for _ in range(2):
        model.train_on_batch(x, y)
    model.save(tmp_path / "m.keras")
    there = keras.models.load_model(tmp_path / "m.keras")
    there.run_eagerly = True
    there.train_on_batch(x, y)
    model.train_on_batch(x, y)
    ours = [array for place in places(model) for _, array in own_to_later(place.layer, place.weights, K.get_value)]
    for one, other in zip(ours, there.get_weights(), strict=True):
        np.testing.assert_allclose(one, other, atol=2e-6)


@pytest.mark.parametrize("backend", ["tensorflow"], indirect=True)
def test_a_file_of_keras_3_goes_there_and_back_with_its_state(backend, keras, tmp_path):
    written = Written(file("branches.keras_3_5.keras"), tmp_path)
    load_model(written.path).save(tmp_path / "m.keras")
    there = keras.models.load_model(tmp_path / "m.keras")
    there.run_eagerly = True
    there.train_on_batch(written.given("x"), written.given("t"))
    for one, other in zip(there.get_weights(), written.listed("after"), strict=True):
        np.testing.assert_allclose(one, other, atol=2e-6)


@pytest.mark.parametrize("backend", ["tensorflow"], indirect=True)
def test_weights_are_written_as_keras_3_reads_them(backend, keras, tmp_path):
    model = small()
    path = str(tmp_path / "m.weights.h5")
    model.save_weights(path)
    there = keras.Sequential(
        [keras.Input((4,)), keras.layers.Dense(3), keras.layers.BatchNormalization(), keras.layers.Dense(2)]
    )
    there.load_weights(path)
    for one, other in zip(model.layers[0].get_weights(), there.layers[0].get_weights(), strict=True):
        assert (one == other).all()
    other = small()
    other.load_weights(path)
    assert all((one == two).all() for one, two in zip(model.get_weights(), other.get_weights(), strict=True))
    with h5py.File(path) as opened:
        assert opened["layers/dense_1/vars"].attrs["name"].decode() == model.layers[2].name
        assert "vars" in opened  # without which Keras 3.5 reads nothing


@pytest.mark.parametrize(
    "layer, said",
    [
        (lambda: L.Highway(), r'Highway "highway_\d+": Keras 3 has no layer Highway.*\n.*Multiply'),
        (lambda: L.Lambda(lambda x: x), "no layer Lambda"),
        (lambda: L.Dense(2, activation=lambda x: x), "the activation .* has no word in Keras 3"),
        (lambda: L.BatchNormalization(mode=1), r"no BatchNormalization\(mode=1\)"),
        (lambda: L.Dense(2, name="a/b"), "names with a /"),
    ],
)
def test_what_keras_3_has_not_is_refused_before_a_file_is_touched(layer, said, tmp_path):
    path = tmp_path / "m.keras"
    path.write_bytes(b"kept")
    model = Sequential([L.Dense(4, input_shape=(4,)), layer()])
    with pytest.raises(ArgumentError, match=said):
        model.save(path)
    assert path.read_bytes() == b"kept" and [one.name for one in tmp_path.iterdir()] == ["m.keras"]


def test_pictures_with_features_first_are_refused():
    model = Sequential([L.Convolution2D(2, 2, 2, input_shape=(1, 4, 4), dim_ordering="th")])
    with pytest.raises(ArgumentError, match="features first"):
        model.save("m.keras")


@pytest.mark.parametrize("backend", ["tensorflow"], indirect=True)
def test_a_checkpoint_that_is_called_so_is_an_archive(backend, tmp_path):
    model = small()
    model.compile("sgd", "mse")
    model.fit(
        RANDOM.rand(4, 4), RANDOM.rand(4, 2), nb_epoch=1, verbose=0, callbacks=[ModelCheckpoint(tmp_path / "m.keras")]
    )
    assert zipfile.is_zipfile(tmp_path / "m.keras")
    assert load_model(tmp_path / "m.keras").optimizer.get_config()["lr"] == pytest.approx(0.01)


@pytest.mark.parametrize("backend", ["tensorflow"], indirect=True)
def test_a_builder_saves_its_model_as_an_archive_and_opens_it(backend, tmp_path):
    model = small()
    Builder(model).save(tmp_path / "m.keras")
    opened = Builder.from_file(tmp_path / "m.keras").model
    assert all((one == other).all() for one, other in zip(model.get_weights(), opened.get_weights(), strict=True))
