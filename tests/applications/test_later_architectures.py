"""The architectures that came with Keras 2: counts, names, shapes, weights, without a download."""

import numpy as np
import pytest

from kerasnb import applications
from kerasnb import backend as K
from kerasnb.applications import densenet, imagenet_utils, inception_resnet_v2, mobilenet, mobilenet_v2, nasnet
from kerasnb.engine.container import Container
from kerasnb.errors import ArgumentError, UnknownNameError
from kerasnb.utils.layer_utils import convert_all_kernels_in_model

# as Keras's documentation has them: with the top; the size of images, the model's name
WITH_TOP = {
    "MobileNet": (4_253_864, 224, "mobilenet_1.00_224"),
    "MobileNetV2": (3_538_984, 224, "mobilenetv2_1.00_224"),
    "DenseNet121": (8_062_504, 224, "densenet121"),
    "DenseNet169": (14_307_880, 224, "densenet169"),
    "DenseNet201": (20_242_984, 224, "densenet201"),
    "NASNetMobile": (5_326_716, 224, "NASNet"),
    "NASNetLarge": (88_949_818, 331, "NASNet"),
    "InceptionResNetV2": (55_873_736, 299, "inception_resnet_v2"),
}
# without it; the least size of images, the features at the end
WITHOUT_TOP = {
    "MobileNet": (3_228_864, 32, 1024),
    "MobileNetV2": (2_257_984, 32, 1280),
    "DenseNet121": (7_037_504, 32, 1024),
    "InceptionResNetV2": (54_336_736, 75, 1536),
}
NARROW = {"penultimate_filters": 96, "stem_block_filters": 4, "classes": 5}


def make(name, **kwargs):
    return getattr(applications, name)(weights=None, **kwargs)


@pytest.mark.parametrize("name", WITH_TOP)
def test_count_of_weights_is_the_known_one(name):
    count, side, model_name = WITH_TOP[name]
    model = make(name)
    assert (model.count_params(), model.name) == (count, model_name)
    assert (model.input_shape, model.output_shape) == ((None, side, side, 3), (None, 1000))


@pytest.mark.parametrize("name", WITHOUT_TOP)
def test_features_come_first_in_th_ordering(name):
    K.set_image_dim_ordering("th")
    count, least, features = WITHOUT_TOP[name]
    model = make(name, include_top=False)
    assert (model.count_params(), model.output_shape) == (count, (None, features, None, None))
    with pytest.raises(ArgumentError, match=f"rows and cols must be at least {least}"):
        make(name, include_top=False, input_shape=(3, least - 1, least))


def test_layers_have_the_names_of_keras_2():
    def names(model):
        return [layer.name for layer in model.layers if layer.weights]

    assert names(make("MobileNet"))[2:6] == ["conv_dw_1", "conv_dw_1_bn", "conv_pw_1", "conv_pw_1_bn"]
    assert names(make("MobileNetV2"))[2:4] == ["expanded_conv_depthwise", "expanded_conv_depthwise_BN"]
    assert names(densenet.DenseNet([1], weights=None))[:3] == ["conv1/conv", "conv1/bn", "conv2_block1_0_bn"]
    found = names(nasnet.NASNet((32, 32, 3), num_blocks=2, **NARROW))
    assert found[:3] == ["stem_conv1", "stem_bn1", "reduction_conv_1_stem_1"]
    cells = [f"normal_conv_1_{number}" for number in (0, 1, 3, 4, 5, 6)]
    assert [name for name in found if name.startswith("normal_conv_1")] == cells


def test_a_small_densenet_computes_the_same_on_both_backends():
    before = K.backend()
    model = densenet.DenseNet([1, 1], weights=None, input_shape=(32, 32, 1), classes=3)
    image = np.random.rand(2, 32, 32, 1)
    try:
        K.use("tensorflow")
        expected = model.predict(image)
        K.use("theano")
        convert_all_kernels_in_model(model)
        np.testing.assert_allclose(model.predict(image), expected, rtol=1e-4, atol=1e-6)
    finally:
        K.use(before)
    np.testing.assert_allclose(expected.sum(axis=1), 1, rtol=1e-5)


@pytest.fixture
def fetched(monkeypatch):
    """What is asked of get_file and load_weights, which do nothing."""
    asked = []

    def get_file(fname, origin, **kwargs):
        asked.append((fname, origin.rsplit("/", 2)[1], kwargs.get("md5_hash", "")[:4]))
        return f"/cache/{fname}"

    for module in (densenet, inception_resnet_v2, mobilenet, mobilenet_v2, nasnet):
        monkeypatch.setattr(module, "get_file", get_file)
    monkeypatch.setattr(Container, "load_weights", lambda self, path, by_name=False: asked.append(path))
    return asked


@pytest.mark.parametrize(
    ("name", "arguments", "file", "release", "md5"),
    [
        ("MobileNet", {"alpha": 0.5, "input_shape": (128, 128, 3)}, "mobilenet_5_0_128_tf_no_top.h5", "v0.6", ""),
        ("MobileNetV2", {"alpha": 1}, "mobilenet_v2_weights_tf_dim_ordering_tf_kernels_1.0_224_no_top.h5", "v1.1", ""),
        ("DenseNet121", {}, "densenet121_weights_tf_dim_ordering_tf_kernels_notop.h5", "densenet", "30ee"),
        ("NASNetMobile", {"include_top": True}, "NASNet-mobile.h5", "v1.2", "020f"),
    ],
)
def test_the_released_file_is_fetched_and_left_to_the_loader(name, arguments, file, release, md5, fetched, monkeypatch):
    turned = []
    monkeypatch.setattr("kerasnb.applications.released.convert_all_kernels_in_model", turned.append)
    getattr(applications, name)(**{"include_top": False, **arguments})
    assert fetched == [(file, release, md5), f"/cache/{file}"] and not turned


def test_what_was_not_released_is_refused_before_anything_is_fetched(fetched):
    with pytest.raises(ArgumentError, match=r"MobileNet: weights were released for alpha of 0\.25, .*, got 0\.3"):
        applications.MobileNet(alpha=0.3)
    with pytest.raises(ArgumentError, match="have depth_multiplier=1, got 2"):
        applications.MobileNet(depth_multiplier=2)
    with pytest.raises(ArgumentError, match=r"DenseNet: weights were released for blocks of .*, got \(1, 1\)"):
        densenet.DenseNet([1, 1])
    with pytest.raises(ArgumentError, match="got default_size=100"):
        nasnet.NASNet(default_size=100, weights="imagenet")
    with pytest.raises(ArgumentError, match="end in 1000 classes, got classes=7"):
        applications.DenseNet169(classes=7)
    with pytest.raises(UnknownNameError, match='no pooling "mean"'):
        applications.MobileNetV2(pooling="mean")
    assert not fetched


def test_pooling_at_the_end_has_the_name_of_keras_2():
    model = densenet.DenseNet([1, 1], False, None, input_shape=(32, 32, 1), pooling="max")
    assert (model.name, model.layers[-1].name, model.output_shape) == ("densenet", "max_pool", (None, 80))


def test_nasnet_keeps_its_own_ordering_and_needs_known_sizes():
    with pytest.raises(ArgumentError, match="must be a multiple of 24 .* here 96, got 100"):
        nasnet.NASNet(penultimate_filters=100)
    with pytest.raises(ArgumentError, match="must have known sizes"):
        nasnet.NASNet((None, None, 3), num_blocks=1, **NARROW)
    K.set_image_dim_ordering("th")
    with pytest.warns(UserWarning, match="NASNet exists in image ordering"):
        model = nasnet.NASNet((33, 40, 3), num_blocks=1, **NARROW)
    assert model.input_shape == (None, 33, 40, 3) and model.output_shape == (None, 5)
    assert K.image_dim_ordering() == "th"


def test_densenet_wants_mean_0_and_deviation_1_over_imagenet():
    mean = 255 * np.array([0.485, 0.456, 0.406])
    np.testing.assert_allclose(densenet.preprocess_input(mean[None, None]), np.zeros((1, 1, 3)), atol=1e-12)
    brighter = mean + 255 * np.array([0.229, 0.224, 0.225])
    images = np.broadcast_to(brighter[:, None, None], (2, 3, 4, 4))
    np.testing.assert_allclose(densenet.preprocess_input(images, "channels_first"), np.ones((2, 3, 4, 4)))


def test_one_function_prepares_images_for_every_model():
    image = np.random.uniform(0, 255, (1, 2, 2, 3))
    scaled = imagenet_utils.preprocess_input(image, mode="tf")
    for module in (mobilenet, mobilenet_v2, nasnet, inception_resnet_v2):
        np.testing.assert_array_equal(module.preprocess_input(image), scaled)
    with pytest.raises(UnknownNameError, match='no mode "torhc".*Did you mean "torch"'):
        imagenet_utils.preprocess_input(image, mode="torhc")


def test_activation_of_earlier_files_is_found_where_programs_look():
    assert {"relu6", "DepthwiseConv2D"} <= set(dir(mobilenet))
    np.testing.assert_array_equal(K.eval(mobilenet.relu6(K.variable([-1.0, 3.0, 7.0]))), [0, 3, 6])
