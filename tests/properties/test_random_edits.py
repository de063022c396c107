"""Random edits of the Builder's document, sensible and not: made whole or refused whole, and true to the model."""

from hypothesis import given
from hypothesis import strategies as st

from kerasnb.errors import KerasnbError
from kerasnb.widgets.builder.document.document import Document
from kerasnb.widgets.builder.document.evaluation import Evaluator
from kerasnb.widgets.builder.document.fields import fields_of
from kerasnb.widgets.builder.document.making import make_layer
from kerasnb.widgets.builder.document.registry import class_of, layer_class
from tests.report.connected_models import CONNECTED

SHAPES = [(8, 8, 3), (6, 4), (12,), (3, 8, 8), (None, 4), (4, 6, 6, 2)]
CLASSES = (
    "Dense Convolution2D Convolution1D MaxPooling2D Flatten LSTM GRU Dropout Merge Reshape Permute Embedding "
    "Activation BatchNormalization RepeatVector TimeDistributed Bidirectional "
    "GlobalAveragePooling2D UpSampling2D ZeroPadding2D Cropping2D Masking Concatenate Dot Lambda Highway InputLayer"
).split()
VALUES = [
    *(1, 2, 3, 0, -1, 2.5, 10**9, None, True, False, float("nan")),
    *("", "same", "relu", "th", "int32", "(2, 2)", "l2(0.1)", "[1, 2]", "\\"),
    *((), (2, 2), (-1,), (2, 1), [1, 2], {"a": 1}, {1, 2}, b"x", "((", "f(", "Dense(3)", "LSTM(2, foo=1)", "no_such"),
    *(object(), len, lambda x: x.nope, lambda x: {}["missing"], lambda x: x + 1, Exception, "concat", "dot"),
]
KINDS = ["add"] * 6 + ["set"] * 4 + "fix remove connect again undo redo rename freeze replace".split()
NAMES = ["input_1", "a", "b", "dense_1", "conv_1", "", "two words", 7, None, ["a"]]


@st.composite
def steps(draw):
    """One edit: the name of a method, and what picks its arguments."""
    kind = draw(st.sampled_from(KINDS))
    picks = draw(st.tuples(*[st.integers(0, 1000)] * 4))
    return kind, picks, draw(st.sampled_from(VALUES)), draw(st.sampled_from(CLASSES + ["Nonsense"]))


def layer(document, pick):
    names = [*document.graph.names, *document.graph.names, *document.graph.names, *NAMES]
    return names[pick % len(names)]


def argument(document, name, pick):
    known = isinstance(name, str) and name in document.graph
    fields = fields_of(class_of(document.graph[name])) if known else ()
    words = [*(field.name for field in fields), "no_such"]
    return words[pick % len(words)]


def take(document, step):
    kind, (one, two, three, _), value, class_name = step
    name, other = layer(document, one), layer(document, two)
    if kind == "add":
        arguments = {field.name: value for field in _fields(class_name)[three % 9 : three % 9 + 1]} if three % 3 else {}
        document.add(class_name, after=name, branch=two % 3 == 0, **arguments)
    elif kind == "set":
        document.set_argument(name, argument(document, name, two), value)
    elif kind == "fix":
        broken = document.failed
        fixes = document.fixes(broken[one % len(broken)]) if broken else []
        if fixes:
            document.apply(fixes[two % len(fixes)])
    elif kind == "rename":
        document.rename(name, NAMES[two % len(NAMES)])
    elif kind == "freeze":
        document.set_trainable(name, bool(two % 2))
    elif kind == "replace":
        document.replace(name, class_name)
    elif kind == "connect":
        document.connect(name, other) if three % 2 else document.disconnect(name, other)
    elif kind == "again":
        document.call_again(name, other, branch=bool(three % 2))
    elif kind == "remove":
        document.remove(name)
    else:
        getattr(document, kind)()


def _fields(class_name):
    return fields_of(layer_class(class_name)) if class_name != "Nonsense" else ()


def state(document):
    return document.graph, document.results, document.revision, document.undo_label, document.redo_label, document.good


def check_against_the_model(document):
    good, model = document.good, document.to_model()
    results = Evaluator().evaluate(good)
    for made in model.network.layers:
        if not good.is_shared(made.name) and not results[made.name].output.others:
            assert tuple(made.output_shape) == results[made.name].output.shape
        assert made.count_params() == results[made.name].params
        assert made.trainable == good[made.name].trainable or good[made.name].is_input
    assert configs(Document.from_model(model).graph) == configs(good)


def configs(graph):
    """Every layer's configuration; functions are code, which no two configurations write alike."""
    left_out = ("InputLayer", "Lambda", "PickOutput")
    made = [make_layer(spec) for spec in graph if spec.class_name not in left_out and spec.live is None]
    return {layer.name: {**layer.get_config(), "layer": None} for layer in made}


@given(st.sampled_from([*SHAPES, *CONNECTED]), st.lists(steps(), min_size=4, max_size=14))
def test_an_edit_is_made_whole_or_not_at_all_and_undo_leads_back_to_the_start(begin, edits):
    document = Document.from_model(begin()) if callable(begin) else Document(input_shape=begin)
    start = document.graph
    for step in edits:
        before = state(document)
        try:
            take(document, step)
        except KerasnbError:
            assert all(now is then or now == then for now, then in zip(state(document), before, strict=True))
        assert list(document.results) == [spec.name for spec in document.graph.ordered]
    fresh = Evaluator().evaluate(document.graph)
    assert {name: result.output for name, result in fresh.items()} == {
        name: result.output for name, result in document.results.items()
    }
    if document.good:
        check_against_the_model(document)
    while document.undo():
        pass
    assert document.graph is start
