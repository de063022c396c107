"""A plugin of pytest for nbval: all notebooks but the first English one get kernels that start and compile quickly.

    python -m pytest -p tests.notebooks.kernels -p nbval.plugin notebooks

The first runs as at a user's: in a kernel that starts from nothing, by programs that XLA compiles with all its care.
Cells, packages and the outputs that are compared are the same in all.
"""

import json
import os
import tempfile
from pathlib import Path

import pytest

from tests.quick_compiling import QUICK_COMPILING
from tests.warm_kernels import WARM, WarmKernels
from tests.without_grammars import leave_grammars_out

leave_grammars_out()  # nbval comes after this plugin

FIRST = Path(__file__).resolve().parents[2] / "notebooks" / "01_first_model.ipynb"
# those of the backend only: a kernel on Theano must not find TensorFlow where nobody has asked for it
LIBRARIES = {"tensorflow": ("tensorflow",), "theano": ("pytensor", "jax")}


@pytest.hookimpl(tryfirst=True)
def pytest_sessionstart(session):
    config = session.config
    config.kernels = tempfile.TemporaryDirectory(prefix="kerasnb-kernels-")
    home = Path(config.kernels.name)
    os.environ["JUPYTER_PATH"] = os.pathsep.join(filter(None, [str(home), os.environ.get("JUPYTER_PATH")]))
    libraries = LIBRARIES.get(os.environ.get("KERASNB_BACKEND", ""), ())
    config.warm = WarmKernels(home / "warm", os.environ | QUICK_COMPILING, libraries=libraries)
    spec = {"argv": config.warm.command, "display_name": WARM, "language": "python", "env": QUICK_COMPILING}
    (home / "kernels" / WARM).mkdir(parents=True)
    (home / "kernels" / WARM / "kernel.json").write_text(json.dumps(spec))


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item):
    # nbval starts a notebook's kernel at its first cell, by this option
    item.config.option.nbval_kernel_name = None if item.path == FIRST else WARM


def pytest_sessionfinish(session):
    session.config.warm.stop()
    session.config.kernels.cleanup()
