"""Layers of the user's own on the canvas."""

import pytest

from kerasnb.engine.layer import LAYERS, Layer
from kerasnb.widgets.builder.document import Document


class Tripled(Layer):
    """Three times its input."""

    def call(self, x, mask=None):
        return 3 * x


class Breaking(Layer):
    """A layer with a mistake in it."""

    def call(self, x, mask=None):
        return {}["a key that is not there"]


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
    assert imports == ["from kerasnb.models import Sequential"]


def test_a_mistake_in_a_custom_layer_stands_at_that_layer(document):
    document.add("Dense", output_dim=2, name="first")
    document.add("Breaking", name="breaking")
    assert str(document.results["breaking"].error).startswith('Breaking "breaking": KeyError')
    assert document.results["first"].output.shape == (None, 2)
