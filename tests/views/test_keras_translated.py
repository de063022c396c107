"""Models of Keras 3 as models of kerasnb: what the Builder opens."""

import numpy as np
import pytest

from kerasnb.errors import ArgumentError
from kerasnb.views import as_kerasnb
from kerasnb.widgets import Builder
from tests.views.keras_models import ROWS, Subclassed, chain

# of Keras 3.15 itself, where it writes weights with numpy 2
pytestmark = pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning")


def test_a_copy_computes_the_same():
    model = chain()
    np.testing.assert_allclose(as_kerasnb(model).predict(ROWS), model(ROWS), atol=1e-6)


def test_the_builder_opens_a_copy():
    model = chain()
    builder = Builder(model)
    assert [spec.class_name for spec in builder.document.graph] == ["InputLayer", "Dense", "Dropout", "Dense"]
    assert builder.subject.model is not model


def test_what_kerasnb_does_not_have_is_refused_by_name():
    model = Subclassed()
    with pytest.raises(ArgumentError, match="has no weights yet"):
        as_kerasnb(model)
    model(ROWS)
    with pytest.raises(ArgumentError, match='of Keras cannot be made one of kerasnb: no layer class "Subclassed"'):
        as_kerasnb(model)
    with pytest.raises(ArgumentError, match="needs a model of Keras 3, got int"):
        as_kerasnb(3)
