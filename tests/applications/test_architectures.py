"""The architectures: names, shapes and counts of weights, without a backend."""

import subprocess
import sys

import pytest

from kerasnb import applications
from kerasnb import backend as K
from kerasnb.errors import ArgumentError, UnknownNameError
from kerasnb.layers import Input

# with the top, without it; ResNet's, VGG's and Xception's are known from the papers' releases
COUNTS = {
    "VGG16": (138_357_544, 14_714_688),
    "VGG19": (143_667_240, 20_024_384),
    "ResNet50": (25_636_712, 23_587_712),
    "InceptionV3": (23_660_968, 21_611_968),
    "Xception": (22_910_480, 20_861_480),
    "MusicTaggerCRNN": (400_562, 398_912),
}
IMAGE_MODELS = {"VGG16": (224, 48), "VGG19": (224, 48), "ResNet50": (224, 197), "InceptionV3": (299, 139),
                "Xception": (299, 71)}  # fmt: skip
FEATURES = {"VGG16": 512, "VGG19": 512, "ResNet50": 2048, "InceptionV3": 2048, "Xception": 2048}
IN_BOTH_ORDERINGS = sorted(FEATURES.keys() - {"Xception"})


def make(name, **kwargs):
    return getattr(applications, name)(weights=None, **kwargs)


def names_of(model, *kinds):
    return [layer.name for layer in model.layers if type(layer).__name__ in kinds or not kinds]


@pytest.mark.parametrize("name", COUNTS)
def test_count_of_weights_is_the_known_one(name):
    assert (make(name).count_params(), make(name, include_top=False).count_params()) == COUNTS[name]


@pytest.mark.parametrize("name", IMAGE_MODELS)
def test_top_says_classes_and_the_rest_gives_features_for_any_size(name):
    side, _ = IMAGE_MODELS[name]
    model = make(name, classes=7)
    assert model.input_shape == (None, side, side, 3) and model.output_shape == (None, 7)
    assert model.name == model.name.lower()
    assert make(name, include_top=False).output_shape == (None, None, None, FEATURES[name])


@pytest.mark.parametrize("name", IN_BOTH_ORDERINGS)
def test_features_come_first_in_th_ordering(name):
    K.set_image_dim_ordering("th")
    side, least = IMAGE_MODELS[name]
    assert make(name).input_shape == (None, 3, side, side)
    small = make(name, include_top=False, input_shape=(3, least, least))
    assert small.output_shape[1] == FEATURES[name]
    assert small.count_params() == COUNTS[name][1]


def test_xception_keeps_its_own_ordering_and_says_so():
    K.set_image_dim_ordering("th")
    with pytest.warns(UserWarning, match="Xception exists in image ordering"):
        model = make("Xception", include_top=False, pooling="avg")
    assert model.input_shape == (None, None, None, 3) and model.output_shape == (None, 2048)
    assert K.image_dim_ordering() == "th"


def test_vgg_layers_have_their_names():
    names = names_of(make("VGG16"))
    assert names[1:5] == ["block1_conv1", "block1_conv2", "block1_pool", "block2_conv1"]
    assert names[-5:] == ["block5_pool", "flatten", "fc1", "fc2", "predictions"]
    assert len(names_of(make("VGG19"), "Convolution2D")) == 16
    assert names_of(make("VGG19"))[-6] == "block5_conv4"


def test_resnet_layers_have_their_names():
    model = make("ResNet50")
    convolutions = names_of(model, "Convolution2D")
    assert convolutions[:5] == ["conv1", "res2a_branch2a", "res2a_branch2b", "res2a_branch2c", "res2a_branch1"]
    assert convolutions[-1] == "res5c_branch2c" and len(convolutions) == 53
    assert names_of(model, "BatchNormalization")[:2] == ["bn_conv1", "bn2a_branch2a"]
    assert names_of(model)[-3:] == ["avg_pool", "flatten_1", "fc1000"]
    assert [model.get_layer(f"res{stage}a_branch1").output_shape[1] for stage in (2, 3, 4, 5)] == [55, 28, 14, 7]


def test_inception_layers_have_their_names_and_sizes():
    model = make("InceptionV3")
    shapes = {layer.name: layer.output_shape[1:] for layer in model.layers if layer.name.startswith("mixed")}
    assert shapes == {
        **{f"mixed{n}": (35, 35, 256) for n in (0, 1, 2)},
        "mixed3": (17, 17, 736),  # the release pools into 32 features in mixed1 and mixed2 too, the paper into 64
        **{f"mixed{n}": (17, 17, 768) for n in (4, 5, 6, 7)},
        "mixed8": (8, 8, 1280),
        "mixed9_0": (8, 8, 768),
        "mixed9_1": (8, 8, 768),
        **{f"mixed{n}": (8, 8, 2048) for n in (9, 10)},
    }
    assert names_of(model)[-3:] == ["avg_pool", "flatten", "predictions"]
    assert len(names_of(model, "Convolution2D")) == 94 and model.layers[1].name == "convolution2d_1"


def test_inception_block_names_its_layers():
    from kerasnb.applications.inception_v3 import conv2d_bn

    output = conv2d_bn(Input((8, 8, 3)), 4, 3, 1, "valid", (2, 1), name="first")
    assert output.shape == (None, 3, 8, 4)
    bn = output._keras_history[0]
    assert (bn.name, bn.inbound_nodes[0].inbound_layers[0].name) == ("first_bn", "first_conv")


def test_xception_layers_have_their_names():
    model = make("Xception")
    separable = names_of(model, "SeparableConvolution2D")
    assert separable[:4] == ["block2_sepconv1", "block2_sepconv2", "block3_sepconv1", "block3_sepconv2"]
    assert len(separable) == 34 and separable[-1] == "block14_sepconv2"
    assert names_of(model)[1:4] == ["block1_conv1", "block1_conv1_bn", "block1_conv1_act"]
    assert names_of(model)[-2:] == ["avg_pool", "predictions"]
    assert not {"block2_sepconv1_act", "block1_pool"} & set(names_of(model))


def test_music_tagger_has_its_layers_in_both_orderings():
    model = make("MusicTaggerCRNN")
    assert model.input_shape == (None, 96, 1366, 1) and model.output_shape == (None, 50)
    assert model.get_layer("pool4").output_shape == (None, 1, 15, 128)
    assert names_of(model)[-3:] == ["gru1", "gru2", "output"]
    K.set_image_dim_ordering("th")
    model = make("MusicTaggerCRNN", include_top=False)
    assert model.input_shape == (None, 1, 96, 1366) and model.output_shape == (None, 32)
    assert model.get_layer("pool4").output_shape == (None, 128, 1, 15)


def test_model_starts_from_what_a_given_tensor_was_computed_from():
    image = Input((64, 64, 3), name="image")
    model = make("VGG16", include_top=False, input_tensor=image)
    assert model.inputs == [image] and model.output_shape == (None, 2, 2, 512)
    again = make("VGG16", include_top=False, input_tensor=K.placeholder((None, 64, 64, 3)))
    assert again.output_shape == (None, 2, 2, 512)


@pytest.mark.parametrize("pooling", ["avg", "max"])
def test_later_pooling_argument_ends_in_a_row_of_features(pooling):
    K.set_image_dim_ordering("th")
    model = make("VGG16", include_top=False, input_shape=(3, 64, 64), pooling=pooling)
    assert model.output_shape == (None, 512) and model.name == "vgg16"
    with pytest.raises(UnknownNameError, match='no pooling "mean"'):
        make("VGG16", include_top=False, pooling="mean")


@pytest.mark.parametrize("name", IMAGE_MODELS)
def test_wrong_shapes_are_refused(name):
    side, least = IMAGE_MODELS[name]
    application = getattr(applications, name)
    with pytest.raises(ArgumentError, match=rf"must be \({side}, {side}, 3\), got \(100, 100, 3\)"):
        application(input_shape=(100, 100, 3))
    with pytest.raises(ArgumentError, match="3 channels"):
        application(include_top=False, input_shape=(300, 300, 1))
    with pytest.raises(ArgumentError, match="must have no None"):
        make(name, input_shape=(300, None, 3))
    make(name, include_top=False, input_shape=(least, None, 3))
    for shape, wanted in (((least - 1, 300, 3), f"at least {least}"), ((300, 3), "three sizes")):
        with pytest.raises(ValueError, match=wanted):
            make(name, include_top=False, input_shape=shape)


def test_a_model_without_released_weights_may_have_another_shape_under_its_top():
    model = make("VGG16", input_shape=(48, 64, 1), classes=2)
    assert model.input_shape == (None, 48, 64, 1) and model.output_shape == (None, 2)


@pytest.mark.parametrize("name", COUNTS)
def test_wrong_weights_and_classes_are_refused_before_anything_is_fetched(name):
    application = getattr(applications, name)
    released, count = ("msd", 50) if name == "MusicTaggerCRNN" else ("imagenet", 1000)
    with pytest.raises(ArgumentError, match=f"{name}: weights must be None"):
        application(weights="no_such_weights")
    with pytest.raises(ValueError, match=f"end in {count} classes, got classes=7"):
        application(weights=released, classes=7)


def test_building_loads_no_backend_and_takes_no_time():
    code = """
import sys, time
from kerasnb.applications import InceptionV3, ResNet50
start = time.process_time()
ResNet50(weights=None), InceptionV3(weights=None)
print(time.process_time() - start < 2, {"tensorflow", "pytensor", "jax", "h5py", "requests"} & set(sys.modules))
"""
    answer = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert answer.stdout.strip() == "True set()"


def test_both_backends_compute_the_same_once_kernels_are_turned_over():
    import numpy as np

    from kerasnb.utils.layer_utils import convert_all_kernels_in_model

    before = K.backend()
    model = make("VGG16", include_top=False, input_shape=(48, 48, 3))
    image = np.random.rand(1, 48, 48, 3)
    try:
        K.use("tensorflow")
        expected = model.predict(image)
        K.use("theano")
        convert_all_kernels_in_model(model)
        assert expected.shape == (1, 1, 1, 512) and expected.std() > 0
        np.testing.assert_allclose(model.predict(image), expected, rtol=1e-3, atol=1e-6)
    finally:
        K.use(before)
