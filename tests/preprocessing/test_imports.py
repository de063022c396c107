"""Keras's import paths load nothing heavy until a picture is read or moved."""

import subprocess
import sys


def test_importing_preprocessing_loads_no_library_for_pictures_and_no_backend():
    heavy = {"PIL", "scipy", "requests", "tensorflow", "pytensor", "jax", "h5py"}
    code = (
        "import sys; from kerasnb.preprocessing import image, sequence, text; from kerasnb.utils import data_utils; "
        "from kerasnb.datasets import cifar, cifar10, cifar100, imdb, mnist, reuters; "
        f"print(*sorted({heavy} & set(sys.modules)))"
    )
    answer = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert answer.stdout.split() == []
