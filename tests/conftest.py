"""What all tests share: quiet backends on the CPU, the `backend` fixture, and browser tests last."""

import functools
import gc
import os
import signal

from tests.quick_compiling import QUICK_COMPILING
from tests.without_grammars import leave_grammars_out

os.environ.update(TF_CPP_MIN_LOG_LEVEL="3", CUDA_VISIBLE_DEVICES="-1", MPLBACKEND="agg", KERASNB_HOME="off")
for setting, value in QUICK_COMPILING.items():  # the first notebook and the benchmarks compile as users do
    os.environ.setdefault(setting, value)
leave_grammars_out()
for setting in ("KERASNB_BACKEND", "KERAS_BACKEND"):
    os.environ.pop(setting, None)
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:  # what a script starts in the background ignores interrupts
    signal.signal(signal.SIGINT, signal.default_int_handler)

import numpy as np  # noqa: E402
import pytest  # noqa: E402

BACKENDS = os.environ.get("KERASNB_TEST_BACKENDS", "tensorflow theano").split()


@pytest.fixture(params=BACKENDS)
def backend(request):
    """Runs the test once on each backend; gives its name."""
    from kerasnb import backend as K

    before = K.backend()
    K.use(request.param)
    yield request.param
    K.use(before)
    leave_out_of_collections(request.param)


@functools.cache
def leave_out_of_collections(loaded):
    """Once for each library: from then on garbage is looked for among later objects only."""
    gc.collect()
    gc.freeze()


@pytest.fixture(autouse=True)
def clean_state():
    """The same random numbers, layer names and settings for every test."""
    from kerasnb import backend as K

    np.random.seed(1)
    settings = K.floatx(), K.epsilon(), K.image_dim_ordering()
    yield
    K.set_floatx(settings[0])
    K.set_epsilon(settings[1])
    K.set_image_dim_ordering(settings[2])
    K.clear_session()


def pytest_collection_modifyitems(items):
    """Browser tests last: the quick ones speak first, and Playwright's event loop stays out of their way."""
    items.sort(key=lambda item: item.get_closest_marker("browser") is not None)
