"""What the pages for those who come from other Kerases say is so."""

import inspect
import re
from pathlib import Path

import pytest

from kerasnb.models import Model

MIGRATE = Path(__file__).resolve().parents[2] / "docs" / "migrate"


def model_of(page):
    """The model that a page's first program builds; its training is left out."""
    code = re.search(r"```python\n(.*?)model\.compile", (MIGRATE / page).read_text(), re.DOTALL)[1]
    names = {}
    exec(code, names)
    return names["model"]


def test_the_programs_of_both_pages_build_the_same_shapes():
    shapes = [
        [layer.output_shape for layer in model_of(page).layers] for page in ("from_keras_1.md", "from_keras_3.md")
    ]
    assert shapes[0] == [(None, 8, 8, 16), (None, 4, 4, 16), (None, 256), (None, 10)]
    assert shapes[1] == [(None, 8, 8, 16), (None, 1024), (None, 10)]


@pytest.mark.parametrize("page", ["from_keras_1.md", "from_keras_3.md", "to_keras_3.md"])
def test_programs_of_the_pages_are_python(page):
    for code in re.findall(r"```python\n(.*?)```", (MIGRATE / page).read_text(), re.DOTALL):
        compile(code, page, "exec")


def test_an_epoch_count_left_out_is_keras_1s():
    assert inspect.signature(Model.fit).parameters["nb_epoch"].default == 10
