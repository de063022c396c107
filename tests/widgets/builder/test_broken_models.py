"""Broken models: the right layer is named in the words of the canvas, and its first fix makes a sane model."""

import re

import pytest

from kerasnb.errors import ArgumentError
from kerasnb.widgets.builder.document.document import Document
from tests.widgets.builder.broken_models import BROKEN
from tests.widgets.builder.broken_networks import NETWORKS

STEPS = 3  # fixes in a row, where a second layer suffers from the same mistake

cases = pytest.mark.parametrize("broken", BROKEN.values(), ids=BROKEN)


@cases
def test_the_layer_to_blame_is_named_and_the_first_fix_is_what_was_meant(broken):
    document = broken.build()
    assert document.failed == [broken.layer]
    assert document.fixes(broken.layer)[0].label == broken.fix


@cases
def test_taking_the_first_fix_leads_to_a_whole_model(broken):
    document = broken.build()
    for _ in range(STEPS):
        if document.failed:
            document.apply(document.fixes(document.failed[0])[0])
    assert document.is_good
    assert document.to_model().count_params() == sum(result.params for result in document.results.values())


@cases
def test_the_message_speaks_of_what_is_on_the_canvas(broken):
    document = broken.build()
    assert_speaks_of_the_canvas(document, broken.layer)


def assert_speaks_of_the_canvas(document, name):
    error, spec = document.results[name].error, document.graph[name]
    assert str(error).startswith(f'{spec.class_name} "{spec.name}": ')
    assert set(re.findall(r'"(\w+_\d+)"', str(error))) <= set(document.graph.names)
    assert not re.search(r"<\w+|Placeholder|batch_dot", str(error))


@cases
def test_every_offer_works_and_is_one_step(broken):
    document = broken.build()
    fixes = document.fixes(broken.layer)
    assert 1 <= len(fixes) <= 4
    for fix in fixes:
        document.apply(fix)
        assert broken.layer not in document.failed, fix.label
        assert document.undo() == fix.label


@pytest.mark.parametrize("broken", NETWORKS.values(), ids=NETWORKS)
def test_the_first_fix_of_a_broken_network_is_what_was_meant_and_makes_it_whole(broken):
    document = broken.build()
    assert document.failed == [broken.layer]
    assert_speaks_of_the_canvas(document, broken.layer)
    fixes = document.fixes(broken.layer)
    assert fixes[0].label == broken.fix
    assert 2 <= len(fixes) <= 4
    document.apply(fixes[0])
    assert document.is_good
    assert document.to_model().count_params() == sum(result.params for result in document.results.values())


REFUSED = [
    ("Dense", {"output_dim": 0}, "output_dim must be at least 1, got 0"),
    ("Dense", {"output_dim": -3}, "output_dim must be at least 1, got -3"),
    ("Dense", {"output_dim": 2.5}, "output_dim is a whole number; got 2.5"),
    ("Dense", {"activation": "softmaxx"}, 'Did you mean "softmax"'),
    ("Dense", {"init": "he_normall"}, 'Did you mean "he_normal"'),
    ("Dense", {"W_regularizer": "l2(lambda_=0.1)"}, "unexpected keyword argument 'lambda_'"),
    ("Convolution2D", {"border_mode": "full"}, 'no border_mode "full"; there are "same", "valid"'),
    ("Convolution2D", {"subsample": (0, 0)}, "subsample must be at least 1, got 0"),
    ("LSTM", {"consume_less": "fast"}, 'no consume_less "fast"'),
    ("Dropout", {"p": 50}, "p must be a fraction from 0 to 1, got 50"),
    ("Embedding", {"input_dim": 0}, "input_dim must be at least 1, got 0"),
    ("Permute", {"dims": (1, 0)}, "dims must be at least 1, got 0"),
    ("Reshape", {"target_shape": (-1, -1)}, "target_shape can have one -1"),
    ("RepeatVector", {"n": 0}, "n must be at least 1, got 0"),
    ("Bidirectional", {"layer": "Dense(3)"}, "layer must be recurrent, got Dense."),
    ("TimeDistributed", {"layer": "Densee(3)"}, 'Did you mean "Dense"'),
    ("TimeDistributed", {"layer": "relu"}, "layer takes a layer, as Dense(32); got 'relu'"),
]


@pytest.mark.parametrize("class_name, arguments, told", REFUSED)
def test_a_value_that_no_such_layer_can_have_is_refused_by_its_name(class_name, arguments, told):
    document = Document(input_shape=(10, 4))
    with pytest.raises(ArgumentError, match=re.escape(told)) as refused:
        document.add(class_name, name="mine", **arguments)
    assert str(refused.value).startswith(f'{class_name} "mine": ')
    assert len(document.graph) == 1


def test_a_renamed_layer_is_named_anew_in_the_errors_of_those_that_read_it():
    document = BROKEN["vectors of two lengths"].build()
    document.rename("dense_1", "left")
    assert '"left" (None, 4) and "dense_2" (None, 5)' in str(document.results["merge_1"].error)
