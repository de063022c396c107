"""What is special about noise."""

import numpy as np
import pytest

from kerasnb.errors import ArgumentError
from kerasnb.layers import GaussianDropout, GaussianNoise

from .running import run

ONES = np.ones((50, 200), "float32")


def test_noise_has_its_deviation_while_training(backend):
    value = run(GaussianNoise(0.3), ONES, phase=1)
    assert value.mean() == pytest.approx(1, abs=0.02) and value.std() == pytest.approx(0.3, rel=0.05)


def test_multiplied_noise_has_the_deviation_of_dropout(backend):
    value = run(GaussianDropout(0.2), ONES, phase=1)
    assert value.mean() == pytest.approx(1, abs=0.02) and value.std() == pytest.approx(0.5, rel=0.05)


def test_testing_leaves_values_alone(backend):
    assert (run(GaussianNoise(0.3), ONES) == 1).all() and (run(GaussianDropout(0.2), ONES) == 1).all()


def test_negative_noise_is_refused():
    with pytest.raises(ArgumentError, match="sigma must be at least 0"):
        GaussianNoise(-1)
