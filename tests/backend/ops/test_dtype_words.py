"""Words for dtypes."""

import numpy as np
import pytest

from kerasnb import backend as K
from kerasnb.layers import Input


@pytest.mark.parametrize(
    "word, dtype",
    [("float", "float32"), ("double", "float64"), ("half", "float16"), ("single", "float32"), ("int", "int64")],
)
def test_dtypes_may_be_named_by_words(word, dtype):
    made = [
        K.placeholder((2,), dtype=word),
        Input((2,), dtype=word),
        K.variable(np.ones(2), dtype=word),
        K.zeros((2,), dtype=word),
        K.cast(K.placeholder((2,)), word),
    ]
    assert {str(one.dtype) for one in made} == {dtype}
