"""Released weights: where they come from, and what is done with them."""

import numpy as np
import pytest

from kerasnb import applications
from kerasnb import backend as K
from kerasnb.applications import music_tagger_crnn, resnet50, vgg16, vgg19
from kerasnb.backend.ops.convolve import flips_kernels
from kerasnb.engine.container import Container
from tests.file_server import serving

RELEASES = "https://github.com/fchollet/deep-learning-models/releases/download/"


@pytest.fixture(autouse=True)
def cache(tmp_path, monkeypatch):
    monkeypatch.setenv("KERASNB_HOME", str(tmp_path / "ours"))
    monkeypatch.setenv("KERAS_HOME", str(tmp_path / "keras"))
    return tmp_path / "ours" / "models"


@pytest.fixture
def fetched(monkeypatch):
    """What is asked of get_file and load_weights, which do nothing."""
    asked = []

    def get_file(fname, origin, **kwargs):
        asked.append((fname, origin, kwargs))
        return f"/cache/{fname}"

    for module in (vgg16, vgg19, resnet50, applications.inception_v3, applications.xception):
        monkeypatch.setattr(module, "get_file", get_file)
    monkeypatch.setattr(Container, "load_weights", lambda self, path, by_name=False: asked.append((path, by_name)))
    return asked


@pytest.mark.parametrize(
    ("name", "version", "ordering", "md5"),
    [
        ("vgg16", "v0.1", "tf", "6d6bbae143d832006294945121d1f1fc"),
        ("vgg16", "v0.1", "th", None),
        ("vgg19", "v0.1", "tf", "253f8cb515780f3b799900260a226db6"),
        ("resnet50", "v0.2", "tf", "a268eb855778b3df3c7506639542a6af"),
        ("resnet50", "v0.2", "th", "f64f049c92468c9affcd44b0976cdafe"),
        ("inception_v3", "v0.2", "th", "79aaa90ab4372b4593ba3df64e142f05"),
        ("xception", "v0.4", "tf", "b0042744bf5b25fce3cb969f33bebb97"),
    ],
)
def test_the_file_of_the_ordering_is_fetched_and_checked(name, version, ordering, md5, fetched):
    K.set_image_dim_ordering(ordering)
    application = {name.lower().replace("_", ""): getattr(applications, name) for name in applications.__all__}
    application[name.replace("_", "")](include_top=False)
    file = f"{name}_weights_{ordering}_dim_ordering_{ordering}_kernels_notop.h5"
    wanted = {"cache_subdir": "models"} | ({"md5_hash": md5} if md5 else {})
    assert fetched == [(file, f"{RELEASES}{version}/{file}", wanted), (f"/cache/{file}", False)]


def test_the_file_with_the_top_is_another(fetched):
    applications.VGG16()
    assert fetched[0][0] == "vgg16_weights_tf_dim_ordering_tf_kernels.h5"


@pytest.mark.parametrize("ordering", ["tf", "th"])
def test_kernels_are_turned_over_where_the_file_suits_the_other_backend(backend, ordering, fetched, monkeypatch):
    K.set_image_dim_ordering(ordering)
    turned = []
    monkeypatch.setattr("kerasnb.applications.released.convert_all_kernels_in_model", turned.append)
    model = applications.VGG16(include_top=False)
    suits = "theano" if ordering == "th" else "tensorflow"
    assert turned == ([] if suits == backend else [model])
    assert flips_kernels() == (backend == "theano")


@pytest.mark.parametrize("ordering", ["tf", "th"])
def test_weights_come_over_the_network_into_the_layers_of_their_names(backend, ordering, cache, tmp_path, monkeypatch):
    K.set_image_dim_ordering(ordering)
    released = applications.MusicTaggerCRNN(weights=None)
    released.save_weights(str(tmp_path / "released.h5"))
    with serving() as server:
        url = server.put("tagger.h5", (tmp_path / "released.h5").read_bytes())
        monkeypatch.setattr(music_tagger_crnn, f"{ordering.upper()}_WEIGHTS_PATH", url)
        model = applications.MusicTaggerCRNN()
        again = applications.MusicTaggerCRNN(include_top=False)
    assert server.asked == ["tagger.h5"] and (cache / "tagger.h5").exists()
    for name in ("bn_0_freq", "gru2"):
        weights = (one.get_layer(name).get_weights() for one in (model, released))
        for mine, theirs in zip(*weights, strict=True):
            np.testing.assert_array_equal(mine, theirs)
    spatial = (slice(None, None, -1),) * 2
    turned = spatial if ordering == "tf" else (..., *spatial)
    kernel = released.get_layer("conv2").get_weights()[0]
    np.testing.assert_array_equal(
        again.get_layer("conv2").get_weights()[0], kernel[turned] if backend == "theano" else kernel
    )


def test_a_file_of_one_s_own_is_loaded_as_it_is(backend, tmp_path):
    trained = applications.MusicTaggerCRNN(weights=None, classes=3)
    trained.save_weights(str(tmp_path / "mine.h5"))
    model = applications.MusicTaggerCRNN(weights=str(tmp_path / "mine.h5"), classes=3)
    for mine, theirs in zip(model.get_weights(), trained.get_weights(), strict=True):
        np.testing.assert_array_equal(mine, theirs)
