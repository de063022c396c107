"""Damaged files and configs: an error of kerasnb's by name, or a load that is right; never anything else."""

import io
import json
import shutil
import warnings
import zipfile

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from kerasnb.datasets.safe_files import read_arrays, read_json_file, read_pickles
from kerasnb.errors import KerasnbError
from kerasnb.models import Model, Sequential, load_model, model_from_json, model_from_yaml
from kerasnb.preprocessing.image import load_img
from kerasnb.utils.archives import unpack
from kerasnb.utils.io_utils import HDF5Matrix, load_array

from . import damaging

SEEDS = st.integers(0, 2**32)
KINDS = {name: type(model) for name, model in damaging.models().items()}


@pytest.fixture(scope="module")
def sound(tmp_path_factory):
    """A folder of sound files; and the models that they are of."""
    folder = tmp_path_factory.mktemp("sound")
    models = damaging.models()
    for name, model in models.items():
        model.compile("adam", "mse", metrics=["acc"])
        model._step("train")  # so that the optimizer keeps something
        model.save(folder / f"{name}.h5")
        model.save_weights(folder / f"{name}.weights")
        model.save(folder / f"{name}.keras")
    return folder, models


def named_or_right(read, *arguments, **options):
    """What is read, or None after an error of kerasnb's."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # a state that does not fit, a picture that is cut off
        try:
            return read(*arguments, **options)
        except KerasnbError:
            return None


def is_sound(model):
    return model is None or isinstance(model, Model) and bool(model.to_json())


@given(seed=SEEDS, name=st.sampled_from(sorted(KINDS)))
def test_damaged_configs(seed, name, sound):
    data = damaging.damaged_data(json.loads(sound[1][name].to_json()), damaging.seeded(seed))
    made = named_or_right(model_from_json, json.dumps(data))
    assert made is None or made.name
    named_or_right(KINDS[name].from_config, data.get("config"))


@given(seed=SEEDS, name=st.sampled_from(sorted(KINDS)))
def test_damaged_json_and_yaml(seed, name, sound):
    random = damaging.seeded(seed)
    model = sound[1][name]
    assert is_sound(named_or_right(model_from_json, _text(damaging.damaged_bytes(model.to_json().encode(), random))))
    assert is_sound(named_or_right(model_from_yaml, _text(damaging.damaged_bytes(model.to_yaml().encode(), random))))


def _text(data):
    return data.decode("latin1")


def _with_damaged_bytes(path, random):
    path.write_bytes(damaging.damaged_bytes(path.read_bytes(), random))


@pytest.mark.parametrize("damage", [_with_damaged_bytes, damaging.damage_hdf5])
@given(seed=SEEDS, name=st.sampled_from(sorted(KINDS)))
def test_damaged_files_of_models_and_weights(damage, seed, name, sound, tmp_path):
    folder, models = sound
    random = damaging.seeded(seed)
    for file in (f"{name}.h5", f"{name}.weights"):
        path = tmp_path / "damaged.h5"
        shutil.copy(folder / file, path)
        damage(path, random)
        before = models[name].get_weights()
        is_whole = random.random() < 0.5
        named_or_right(models[name].load_weights, path, by_name=is_whole)
        for mine, its in zip(before, models[name].get_weights(), strict=True):
            assert mine.shape == its.shape
        if file.endswith(".h5"):
            assert is_sound(named_or_right(load_model, path, compile=random.random() < 0.2))


def _with_damaged_config(path, random):
    _with_member(path, "config.json", lambda data: json.dumps(damaging.damaged_data(json.loads(data), random)).encode())


def _with_damaged_weights(path, random):
    inside = path.with_suffix(".inside")

    def damaged(data):
        inside.write_bytes(data)
        damaging.damage_hdf5(inside, random)
        return inside.read_bytes()

    _with_member(path, "model.weights.h5", damaged)


def _with_member(path, name, change):
    with zipfile.ZipFile(path) as archive:
        members = {one: archive.read(one) for one in archive.namelist()}
    members[name] = change(members[name])
    with zipfile.ZipFile(path, "w") as archive:
        for one, data in members.items():
            archive.writestr(one, data)


@pytest.mark.parametrize("damage", [_with_damaged_bytes, _with_damaged_config, _with_damaged_weights])
@given(seed=SEEDS, name=st.sampled_from(sorted(KINDS)))
def test_damaged_archives_of_keras_3(damage, seed, name, sound, tmp_path):
    folder, models = sound
    random = damaging.seeded(seed)
    path = tmp_path / "damaged.keras"
    shutil.copy(folder / f"{name}.keras", path)
    damage(path, random)
    before = models[name].get_weights()
    if named_or_right(models[name].load_weights, path, by_name=random.random() < 0.5) is None:
        assert [one.shape for one in before] == [one.shape for one in models[name].get_weights()]
    assert is_sound(named_or_right(load_model, path, compile=random.random() < 0.2))


def _arrays():
    content = io.BytesIO()
    np.savez_compressed(content, x=np.arange(20).reshape(4, 5), y=np.array([[1, 2], [3]], dtype=object))
    return content.getvalue()


def _picture(kind):
    content = io.BytesIO()
    Image.fromarray(np.arange(1200, dtype="uint8").reshape(20, 20, 3)).save(content, kind)
    return content.getvalue()


def _matrix():
    import h5py

    content = io.BytesIO()
    with h5py.File(content, "w") as file:
        file.create_dataset("data", data=np.arange(60.0).reshape(20, 3), chunks=(5, 3), compression="gzip")
    return content.getvalue()


def _archive(kind):
    import tarfile
    import zipfile

    content = io.BytesIO()
    if kind == "zip":
        with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as packed:
            packed.writestr("a/b.txt", "text" * 50)
    else:
        with tarfile.open(fileobj=content, mode=kind) as packed:
            member = tarfile.TarInfo("a/b.txt")
            member.size = 200
            packed.addfile(member, io.BytesIO(b"text" * 50))
    return content.getvalue()


def _pickle(data):
    import pickle

    return pickle.dumps(data, 2)


OTHERS = {
    **{f"picture {kind}": (_picture(kind), load_img) for kind in ("png", "jpeg", "bmp", "gif", "tiff", "webp")},
    **{
        f"archive {kind}": (_archive(kind), lambda path: unpack(path, path.parent / "out"))
        for kind in ("zip", "w", "w:gz", "w:bz2", "w:xz")
    },
    "array": (_matrix(), load_array),
    "matrix": (_matrix(), lambda path: HDF5Matrix(path, "data")[2:9]),
    "arrays": (_arrays(), read_arrays),
    "pickle": (_pickle([[1, 2.5, "a"], {"b": np.arange(4)}]), read_pickles),
    "json": (b'{"a": 1, "b": [2, "c"]}', read_json_file),
}


@pytest.mark.parametrize("name", OTHERS)
@given(seed=SEEDS)
def test_other_damaged_files(name, seed, tmp_path):
    content, read = OTHERS[name]
    random = damaging.seeded(seed)
    for number in range(5):
        path = tmp_path / f"{number}"
        path.write_bytes(damaging.damaged_bytes(content, random))
        HDF5Matrix.refs.clear()
        named_or_right(read, path)


def test_what_is_not_damaged_is_read(tmp_path):
    for name, (content, read) in OTHERS.items():
        (tmp_path / "sound").write_bytes(content)
        HDF5Matrix.refs.clear()
        assert read(tmp_path / "sound") is not None or name.startswith("archive"), name
    assert Sequential in KINDS.values() and Model in KINDS.values()
