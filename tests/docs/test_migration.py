"""What the pages for those who come from other Kerases say is so."""

import inspect
import re
from pathlib import Path

import numpy as np
import pytest

from kerasnb import backend as K
from kerasnb.callbacks import ReduceLROnPlateau
from kerasnb.errors import NotCompiledError
from kerasnb.layers import Dense, Input, Layer
from kerasnb.models import Model
from kerasnb.preprocessing.text import Tokenizer
from kerasnb.utils.np_utils import to_categorical

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


def test_an_epoch_count_left_out_is_keras_1s():
    assert inspect.signature(Model.fit).parameters["nb_epoch"].default == 10


def untrained():
    x = Input((3,))
    return Model(inputs=x, outputs=Dense(2)(x))


def is_asked(method, **arguments):
    """Whether a method of a model that is not compiled knows these arguments: it refuses for want of a compile only."""
    with pytest.raises(NotCompiledError):
        getattr(untrained(), method)(iter([]) if "generator" in method else np.ones((4, 3)), **arguments)
    return True


class Doubled(Layer):
    def call(self, x):
        return x * 2

    def compute_output_shape(self, input_shape):
        return input_shape


# what the page says of methods and functions, by a use of each later name
LATER = {
    "Model(inputs=, outputs=)": lambda: untrained().output_shape == (None, 2),
    "fit(epochs=)": lambda: is_asked("fit", y=np.ones((4, 2)), epochs=1),
    "fit_generator(steps_per_epoch=, validation_steps=)": lambda: is_asked(
        "fit_generator", steps_per_epoch=1, validation_steps=1
    ),
    "fit_generator(max_queue_size=, workers=, use_multiprocessing=)": lambda: is_asked(
        "fit_generator", steps_per_epoch=1, max_queue_size=1, workers=1, use_multiprocessing=False
    ),
    "evaluate_generator(steps=)": lambda: is_asked("evaluate_generator", steps=1),
    "to_categorical(y, num_classes=)": lambda: to_categorical([0, 2], num_classes=4).shape == (2, 4),
    "ReduceLROnPlateau(min_delta=)": lambda: ReduceLROnPlateau(min_delta=0.5).epsilon == 0.5,
    "Tokenizer(num_words=)": lambda: Tokenizer(num_words=5).nb_words == 5,
    "compute_output_shape": lambda: K.int_shape(Doubled()(Input((3,)))) == (None, 3),
    'K.set_image_data_format("channels_last")': lambda: (
        (K.set_image_data_format("channels_last"), K.image_dim_ordering())[1] == "tf"
    ),
}


def test_the_table_of_methods_and_functions_is_what_is_tried_here():
    table = (MIGRATE / "names.md").read_text().partition("## Methods and functions")[2]
    assert re.findall(r"\| `([^`]+)` \|$", table, re.MULTILINE) == list(LATER)


@pytest.mark.parametrize("name", LATER)
def test_a_later_name_of_the_page_is_taken(name):
    assert LATER[name]()
