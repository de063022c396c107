"""Loading a backend leaves the user's random numbers alone, and the Keras 3 beside it to itself."""

import json
import os
import random
import subprocess
import sys
import threading

import numpy as np
import pytest

from kerasnb.backend.runtime import imports

OLD = {"backend": "theano", "floatx": "float32", "image_dim_ordering": "th"}


# ---- random numbers


def drawn_by_both():
    return [float(np.random.rand()), float(np.random.normal()), random.random(), random.randint(0, 10**9)]


def seed_both():
    np.random.seed(3)
    random.seed(3)


def test_imports_draw_from_generators_of_their_own():
    seed_both()
    expected = drawn_by_both()
    seed_both()
    with imports.untouched():
        during = drawn_by_both()
    assert during != expected and drawn_by_both() == expected


def test_other_threads_draw_on_while_a_backend_is_imported():
    seed_both()
    expected, found = [drawn_by_both() for _ in range(2)], []
    seed_both()
    found.append(drawn_by_both())
    with imports.untouched():
        thread = threading.Thread(target=lambda: found.append(drawn_by_both()))
        thread.start()
        thread.join()
    assert found == expected


def test_random_functions_are_the_old_ones_after_an_import():
    before = np.random.rand, random.random
    with imports.untouched():
        kept = np.random.rand
    np.random.seed(3)
    assert (np.random.rand, random.random) == before and kept(2).tolist() == np.random.RandomState(3).rand(2).tolist()


def test_a_program_may_have_replaced_random_functions_by_its_own(monkeypatch):
    monkeypatch.setattr(random, "random", lambda: 0.25)
    monkeypatch.setattr(np.random, "random", lambda: 0.5)
    with imports.untouched():
        assert (random.random(), np.random.random()) == (0.25, 0.5)


# ---- Keras 3


@pytest.fixture
def keras_says(tmp_path, monkeypatch):
    """The backend that a Keras imported now would read, in a home with this `keras.json`."""
    (tmp_path / "packages" / "keras").mkdir(parents=True)
    told = "import os, json, pathlib; file = pathlib.Path.home() / '.keras' / 'keras.json'\n"
    told += "backend = os.environ.get('KERAS_BACKEND') or json.loads(file.read_text())['backend']\n"
    (tmp_path / "packages" / "keras" / "__init__.py").write_text(told)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.delenv("KERAS_HOME", raising=False)
    monkeypatch.syspath_prepend(tmp_path / "packages")
    monkeypatch.setitem(sys.modules, "keras", None)  # so that it is put back as it was

    def says(file, environment=None):
        (tmp_path / ".keras").mkdir(exist_ok=True)
        (tmp_path / ".keras" / "keras.json").write_text(file)
        monkeypatch.delenv("KERAS_BACKEND", raising=False)
        if environment:
            monkeypatch.setenv("KERAS_BACKEND", environment)
        monkeypatch.delitem(sys.modules, "keras", raising=False)
        import keras

        assert os.environ.get("KERAS_BACKEND") == environment
        return keras.backend

    return says


def test_keras_is_not_asked_for_a_backend_that_only_keras_1_has(keras_says):
    assert keras_says(json.dumps(OLD)) == keras_says("{}", "theano") == keras_says("damaged", "cntk") == "tensorflow"


def test_choice_that_keras_3_can_follow_stays_the_users(keras_says):
    assert keras_says(json.dumps(OLD), "torch") == "torch"
    assert keras_says(json.dumps({"backend": "jax"})) == "jax"


def test_keras_is_kept_out_while_a_backend_is_imported_and_can_be_had_after(keras_says):
    with imports.untouched(), pytest.raises(ImportError, match="do without Keras"):
        keras_says("{}", "jax")
    assert keras_says("{}", "jax") == "jax"


# ---- with the libraries themselves

FIRST_FIT_AND_RERUN = """
import os, sys, numpy as np
from kerasnb import backend as K
from kerasnb.layers import Dense, Dropout
from kerasnb.models import Sequential

def weights():
    np.random.seed(7)
    model = Sequential([Dense(2, input_dim=3), Dropout(0.5)])
    model.compile("sgd", "mse")
    model.fit(np.ones((8, 3)), np.random.rand(8, 2), nb_epoch=1, batch_size=4, verbose=0)
    return np.concatenate([one.ravel() for one in model.get_weights()] + [np.random.rand(1)])

first = weights()
assert (first == weights()).all(), first
assert K.backend() == os.environ["KERASNB_BACKEND"] and "keras" not in sys.modules
"""
THEIRS_AFTERWARDS = {
    "tensorflow": """
import tensorflow as tf
assert float(tf.keras.activations.relu(tf.constant(-1.0))) == 0
assert os.environ["KERAS_BACKEND"] == "theano"
""",
    "theano": """
import jax
assert jax.numpy.ones(1).dtype == "float64"
""",
}


@pytest.mark.slow
def test_first_seeded_fit_of_a_process_is_its_rerun_and_changes_no_setting_of_the_user(backend, tmp_path):
    (tmp_path / ".keras").mkdir()
    (tmp_path / ".keras" / "keras.json").write_text(json.dumps(OLD))
    code = FIRST_FIT_AND_RERUN + THEIRS_AFTERWARDS[backend]
    settings = {"HOME": str(tmp_path), "PYTHONPATH": os.getcwd(), "KERASNB_BACKEND": backend}
    theirs = {"KERAS_BACKEND": "theano", "JAX_ENABLE_X64": "1"}
    env = os.environ | settings | theirs
    done = subprocess.run([sys.executable, "-c", code], env=env, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert json.loads((tmp_path / ".keras" / "keras.json").read_text()) == OLD
