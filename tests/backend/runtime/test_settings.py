"""Choosing a backend, the configuration file and variables, and that building loads nothing."""

import json
import os
import subprocess
import sys

import numpy as np
import pytest

from kerasnb import backend as K
from kerasnb.backend import config
from kerasnb.backend.runtime import imports
from kerasnb.errors import ArgumentError, BackendError, ShapeError


def run(code, home, **environment):
    """What a fresh Python prints that has this home folder."""
    env = {name: value for name, value in os.environ.items() if not name.startswith("KERAS")}
    done = subprocess.run(
        [sys.executable, "-c", code],
        env=env | {"HOME": str(home), "PYTHONPATH": os.getcwd(), **environment},
        capture_output=True,
        text=True,
    )
    return done.stdout.strip() or done.stderr


def write(path, **settings):
    path.parent.mkdir(exist_ok=True)
    path.write_text(json.dumps(settings))


SHOW = "from kerasnb import backend as K; print(K.backend(), K.floatx(), K.epsilon(), K.image_dim_ordering())"


def test_importing_and_building_loads_no_backend(tmp_path):
    code = (
        "import sys; from kerasnb import backend as K; x = K.placeholder((None, 4)); "
        "y = K.softmax(K.dot(K.relu(x), K.ones((4, 2)))); K.gradients(K.mean(y), [x]); K.use('theano'); "
        "print(sorted({'tensorflow', 'pytensor', 'jax', 'keras', 'scipy'} & set(sys.modules)))"
    )
    assert run(code, tmp_path) == "[]"


def test_settings_come_from_the_file(tmp_path):
    write(
        tmp_path / ".kerasnb" / "kerasnb.json",
        backend="theano",
        floatx="float64",
        epsilon=1e-5,
        image_dim_ordering="th",
    )
    assert run(SHOW, tmp_path) == "theano float64 1e-05 th"


def test_file_of_keras_is_read_where_there_is_none_of_ours(tmp_path):
    write(tmp_path / ".keras" / "keras.json", backend="jax", floatx="float16", image_data_format="channels_first")
    assert run(SHOW, tmp_path) == "tensorflow float16 1e-07 th"


@pytest.mark.parametrize("name", ["KERASNB_BACKEND", "KERAS_BACKEND"])
def test_environment_wins_over_the_file(name, tmp_path):
    write(tmp_path / ".kerasnb" / "kerasnb.json", backend="tensorflow")
    assert run(SHOW, tmp_path, **{name: "theano"}).startswith("theano ")


def test_broken_file_is_named(tmp_path):
    write(tmp_path / ".kerasnb" / "kerasnb.json", floatx="float13")
    assert "kerasnb.json cannot be used" in run(SHOW, tmp_path)


@pytest.mark.parametrize(
    "text",
    ['{"backend":', "[]", "[" * 100_000, '{"epsilon": null}', '{"epsilon": 1' + "0" * 400 + "}", '{"floatx": [1]}']
    + ['{"image_dim_ordering": {}}', '{"backend": ["theano"]}', "\xff\xfe"],
)
def test_damaged_file_of_keras_is_passed_over(text, tmp_path, monkeypatch):
    (tmp_path / ".keras").mkdir()
    (tmp_path / ".keras" / "keras.json").write_bytes(text.encode("latin-1"))
    monkeypatch.setenv("HOME", str(tmp_path))
    before = config._settings.copy()
    config._read_file()
    assert config._settings == before
    assert imports._choice_of_keras() in (None, ["theano"])


def test_unknown_backend_offers_the_close_one():
    before = K.backend()
    with pytest.raises(BackendError, match='no backend "theeano".*Did you mean "theano"'):
        K.use("theeano")
    assert K.backend() == before


def test_unknown_backend_in_the_environment_is_refused(tmp_path):
    assert 'no backend "torch"' in run(SHOW, tmp_path, KERASNB_BACKEND="torch")


@pytest.mark.parametrize("name", ["jax", "torch"])
def test_backend_of_keras_3_is_passed_over_with_a_word(name, monkeypatch):
    monkeypatch.setenv("KERAS_BACKEND", name)
    with pytest.warns(UserWarning, match=f'KERAS_BACKEND is "{name}".*computes with tensorflow.*KERASNB_BACKEND'):
        assert config.configured_backend() == "tensorflow"


def test_missing_package_says_what_to_install(monkeypatch):
    monkeypatch.setattr(config, "available_backends", lambda: ["tensorflow"])
    with pytest.raises(BackendError, match=r'needs the package pytensor.*\n.*pip install "kerasnb\[theano\]"'):
        K.use("theano")


def test_models_are_built_without_any_backend_installed(monkeypatch):
    monkeypatch.setattr(config, "available_backends", list)
    assert tuple(K.relu(K.placeholder((None, 3))).shape) == (None, 3)


def test_settings_refuse_what_they_do_not_know():
    for wrong in (
        lambda: K.set_floatx("float13"),
        lambda: K.set_image_dim_ordering("xy"),
        lambda: K.set_learning_phase(2),
    ):
        with pytest.raises(ArgumentError):
            wrong()


def test_later_names_of_orderings_are_taken():
    K.set_image_ordering("channels_first")
    assert K.image_dim_ordering() == K.image_ordering() == "th"


@pytest.mark.parametrize(
    "build",
    [
        lambda: K.dot(K.ones((2, 3)), K.ones((2, 3))),
        lambda: K.conv2d(K.ones((2, 3)), K.ones((1, 1, 1, 1))),
        lambda: K.concatenate([K.ones((2, 3)), K.ones((2,))]),
        lambda: K.reshape(K.ones((2, 3)), (4, 2)),
        lambda: K.ones((2, 3)) + K.ones((2, 4)),
        lambda: K.pool2d(K.ones((1, 2, 2, 1)), (3, 3)),
        lambda: K.sum(K.ones((2,)), axis=1),
        lambda: K.ones((2, 3))[:, 5],
    ],
)
def test_shapes_that_do_not_fit_are_refused_while_building(build):
    with pytest.raises(ShapeError) as caught:
        build()
    assert "test_settings.py" in str(caught.value)


def test_failure_while_compiling_names_op_shapes_and_line(backend):
    from kerasnb.backend.ops.registry import op

    @op(shape=lambda x: tuple(x.shape))
    def broken(x):
        """Fails on every backend."""

    for register in (broken.tensorflow, broken.theano):
        register(lambda library, x: library.no_such_function(x))
    try:
        with pytest.raises(BackendError, match=r"op broken on \(3,\), from .*test_settings.py:\d+"):
            K.eval(broken(K.ones((3,))))
    finally:
        del K.OPS["broken"]


def test_arrays_that_do_not_go_together_name_op_and_line():
    before = K.backend()
    K.use("theano")
    try:
        x, y = K.placeholder((None, 3)), K.placeholder((None, 3))
        with pytest.raises(
            BackendError, match=r"op add on \(None, 3\), \(None, 3\), from .*test_settings.py:\d+.*\(4, 3\), \(5, 3\)"
        ):
            K.function([x, y], [x + y])([np.ones((4, 3)), np.ones((5, 3))])
    finally:
        K.use(before)


def test_op_without_a_lowering_says_where_it_runs():
    from kerasnb.backend.ops.registry import Op

    only = Op(lambda x: None, lambda x: tuple(x.shape), "first", "x", False)
    only.name = "only"
    only.tensorflow(lambda tf, x: x)
    before = K.backend()
    K.use("theano")
    try:
        with pytest.raises(BackendError, match="K.only cannot run on theano.*\n.*tensorflow"):
            K.eval(only(K.ones((3,))))
    finally:
        K.use(before)
