"""Every public name of Keras 3 is there, or says by itself what to do instead, at every door."""

import importlib
import json
import warnings
from pathlib import Path

import pytest

from kerasnb import layers, models, optimizers
from kerasnb.absent import ABSENT
from kerasnb.engine.files.known import check_layers
from kerasnb.engine.layer import Layer
from kerasnb.errors import UnknownNameError
from kerasnb.widgets.builder.document.document import Document

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    import keras

MODULES = (
    """activations callbacks constraints initializers layers losses metrics optimizers regularizers utils""".split()
)
FEATURES = Path(__file__).resolve().parents[1] / "docs" / "features.md"


@pytest.mark.parametrize("module", MODULES)
def test_every_public_name_of_keras_3_is_there_or_in_the_table(module):
    ours, theirs = importlib.import_module(f"kerasnb.{module}"), getattr(keras, module)
    absent = ABSENT.get(module, {})
    assert [name for name in dir(theirs) if not name.startswith("_") and not hasattr(ours, name)] == []
    assert [name for name in absent if getattr(ours, name).__module__ != "kerasnb.only_named"] == []


def test_a_name_that_is_not_there_is_imported_and_says_more_when_used():
    from kerasnb.layers import Pipeline
    from kerasnb.utils import FeatureSpace, bounding_boxes

    for use in (Pipeline, FeatureSpace, lambda _: bounding_boxes.convert_format):
        with pytest.raises(UnknownNameError, match="is not there"):
            use([])
    with pytest.raises(UnknownNameError, match=r"Pipeline is not there.*\n.*Write Sequential\(\[\.\.\.\]\)"):
        Pipeline([])
    assert not isinstance(1, Pipeline) and not hasattr(bounding_boxes, "convert_format")


def test_such_a_name_in_a_file_is_told_not_taken_for_a_mistake_in_spelling():
    config = {"class_name": "RandAugment", "config": {"name": "augment"}}
    with pytest.raises(UnknownNameError, match='"augment".*RandAugment is not there') as error:
        layers.deserialize(config)
    assert "Did you mean" not in str(error.value) and "custom_objects" in str(error.value)
    several = [config, {"class_name": "AugMix", "config": {"name": "mix"}}]
    with pytest.raises(UnknownNameError, match='"AugMix" .layer "mix".. not there: Change the images'):
        check_layers({"class_name": "Sequential", "config": several}, "the file")
    with pytest.raises(UnknownNameError, match="RandAugment is not there"):
        models.model_from_json(json.dumps({"class_name": "Sequential", "config": [config]}))


def test_a_class_of_the_program_may_have_such_a_name():
    class Pipeline(Layer, listed=False):
        pass

    made = layers.deserialize({"class_name": "Pipeline", "config": {"name": "own"}}, {"Pipeline": Pipeline})
    assert type(made) is Pipeline


def test_optimizers_say_it_in_the_spelling_of_keras_3():
    with pytest.raises(UnknownNameError, match="^LossScaleOptimizer is not there"):
        optimizers.get("LossScaleOptimizer")


def test_the_builder_says_it():
    with pytest.raises(UnknownNameError, match="MixUp is not there.*\n.*labels"):
        Document(input_shape=(4,), name="one").add("MixUp")


def test_the_documentation_lists_what_is_not_there():
    text = FEATURES.read_text()
    rows = [
        f"| `{module}` | {', '.join(f'`{name}`' for name, one in names.items() if one == instead)} | {instead} |"
        for module, names in ABSENT.items()
        for instead in dict.fromkeys(names.values())
    ]
    assert [row for row in rows if row not in text] == []
    assert text.count("\n| `") == len(rows)
