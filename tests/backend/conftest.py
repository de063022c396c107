"""What tests of several files in this room begin with."""

import pytest

from kerasnb import backend as K


@pytest.fixture
def on_tensorflow():
    before = K.backend()
    K.use("tensorflow")
    yield
    K.use(before)
