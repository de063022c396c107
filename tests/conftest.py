"""What all tests share: quiet backends on the CPU, the `backend` fixture, and browser tests last."""

import functools
import gc
import os
from importlib.metadata import version

os.environ.update(TF_CPP_MIN_LOG_LEVEL="3", CUDA_VISIBLE_DEVICES="-1", MPLBACKEND="agg", KERASNB_HOME="off")
# Most programs here run once, and compile for longer than they run: XLA makes plain machine code of JAX's. Its
# rewrites of the graph stay; the notebooks and benchmarks compile as users do.
os.environ.setdefault("JAX_DISABLE_MOST_OPTIMIZATIONS", "1")
# XLA's older way to fuse operations compiles in a quarter of the time, in one piece. Jaxlib 0.12 has it no more, and
# ends the process at a flag that it does not know. TensorFlow 2.21 takes both.
_OLDER_FUSION = "--xla_cpu_use_fusion_emitters=false " if version("jaxlib").startswith("0.10.") else ""
os.environ.setdefault("XLA_FLAGS", _OLDER_FUSION + "--xla_cpu_parallel_codegen_split_count=1")
for setting in ("KERASNB_BACKEND", "KERAS_BACKEND"):
    os.environ.pop(setting, None)

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
