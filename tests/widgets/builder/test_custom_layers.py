"""Layers of the user's own on the canvas."""

import numpy as np
import pytest

from kerasnb.engine.layer import LAYERS, Layer
from kerasnb.errors import ArgumentError
from kerasnb.widgets.builder.document.document import Document


class Tripled(Layer):
    """Three times its input."""

    def call(self, x, mask=None):
        return 3 * x


class Breaking(Layer):
    """A layer with a mistake in it."""

    def call(self, x, mask=None):
        return {}["a key that is not there"]


class Unmakeable(Layer):
    """A layer whose constructor has a mistake in it."""

    def __init__(self, size=2, **kwargs):
        self.size = {}[size]
        super().__init__(**kwargs)


class Tabled(Layer):
    """A layer that is given an array."""

    def __init__(self, table=None, **kwargs):
        self.table = table
        super().__init__(**kwargs)

    def call(self, x, mask=None):
        return x


@pytest.fixture
def document():
    return Document(input_shape=(4,), name="one")


def test_code_imports_a_custom_layer_from_its_own_module(document):
    document.add("Tripled", name="tripled")
    assert f"from {__name__} import Tripled" in document.to_code()


def test_code_imports_nothing_for_a_layer_of_the_notebook(document, monkeypatch):
    monkeypatch.setattr(LAYERS["Tripled"], "__module__", "__main__")
    document.add("Tripled", name="tripled")
    imports = [line for line in document.to_code().splitlines() if " import " in line]
    assert imports == ["from kerasnb.layers import InputLayer", "from kerasnb.models import Sequential"]


def test_a_mistake_in_a_custom_layer_stands_at_that_layer(document):
    document.add("Dense", output_dim=2, name="first")
    document.add("Breaking", name="breaking")
    assert str(document.results["breaking"].error).startswith('Breaking "breaking": KeyError')
    assert document.results["first"].output.shape == (None, 2)


def test_a_mistake_in_a_constructor_refuses_the_edit_and_names_the_layer(document):
    before = document.graph
    with pytest.raises(ArgumentError, match='Unmakeable "mine": KeyError: 2'):
        document.add("Unmakeable", name="mine")
    assert document.graph is before


def test_an_array_may_be_the_argument_of_a_custom_layer(document):
    document.add("Tabled", name="tabled", table=np.arange(3))
    document.set_argument("tabled", "table", np.arange(4))
    assert document.is_good
    assert document.undo() == "set table of tabled"
