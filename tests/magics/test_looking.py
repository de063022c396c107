"""Commands that show a model without training it: build, summary, shapes, graph, code, inspect."""

from xml.etree import ElementTree

import numpy as np
import pytest
from IPython.core.error import UsageError

from kerasnb.models import Sequential
from tests.report.connected_models import with_backbone


def test_build_takes_the_shape_from_an_array(kerasnb, samples):
    builder = kerasnb("build net")
    builder.add("Flatten")
    assert builder.model.output_shape == (None, 64)


def test_build_opens_a_model_with_its_weights(kerasnb, digits_cnn):
    builder = kerasnb("build digits_cnn")
    builder.add("Dense", output_dim=3, after="dense_1")
    kept = builder.model.get_layer("conv_1").get_weights()[0]
    np.testing.assert_array_equal(kept, digits_cnn.get_layer("conv_1").get_weights()[0])


def test_build_refuses_an_input_for_a_model_that_exists(kerasnb, digits_cnn):
    with pytest.raises(UsageError, match="--input is for a new model"):
        kerasnb("build digits_cnn --input 4")


def test_summary_gives_rows_and_a_table(kerasnb, digits_cnn):
    rows = kerasnb("summary digits_cnn")
    assert rows["conv_1"].output_shape == (None, 6, 6, 4)
    assert repr(rows).splitlines()[0] == "digits_cnn: 5 layers, 1,490 parameters, 1,490 trainable"
    assert "conv_1" in repr(rows) and "1,450" in repr(rows)


def test_summary_marks_what_is_frozen(kerasnb, digits_cnn):
    digits_cnn.get_layer("conv_1").trainable = False
    line = next(line for line in repr(kerasnb("summary digits_cnn")).splitlines() if "conv_1" in line)
    assert " frozen " in line


def test_plan_says_how_a_step_runs_and_why(kerasnb, digits_cnn):
    digits_cnn.compile("sgd", "categorical_crossentropy")
    rows = kerasnb("plan digits_cnn")
    assert repr(rows).startswith("digits_cnn: the train step on ") and rows[0].about == "compiler"
    assert kerasnb("plan digits_cnn --step predict --json")["rows"][0].keys() == {"about", "chosen", "reason"}


def test_shapes_go_from_layer_to_layer(kerasnb, digits_cnn):
    assert "dense_1    " in repr(kerasnb("shapes digits_cnn"))
    assert "(None, 144)      -> (None, 10)" in repr(kerasnb("shapes digits_cnn"))


def test_shapes_of_a_broken_model_tell_where_it_breaks(kerasnb):
    builder = kerasnb("build net --input 4,4,1")
    builder.add("Convolution2D", nb_filter=1, nb_row=9, nb_col=9, name="conv_1")
    builder.add("Flatten", name="flatten_1")
    text = repr(kerasnb("shapes net"))
    assert text.startswith("net: 1 of 3 layers do not fit")
    assert "Flatten, waiting for conv_1" in text


def test_graph_is_an_svg(kerasnb, digits_cnn, tmp_path):
    drawing = kerasnb(f"graph digits_cnn --save '{tmp_path}/net.svg'")
    assert ElementTree.fromstring(drawing.svg).tag.endswith("svg")
    assert (tmp_path / "net.svg").read_text() == drawing.svg
    assert repr(drawing) == "digits_cnn: 5 layers, 1,490 parameters"


def test_code_builds_the_same_model(kerasnb, digits_cnn):
    names: dict = {}
    exec(kerasnb("code digits_cnn"), names)
    assert isinstance(names["model"], Sequential)
    assert [layer.name for layer in names["model"].layers] == [layer.name for layer in digits_cnn.layers]


def test_code_shows_in_colours(kerasnb, digits_cnn, shell):
    shown = shell.display_formatter.format(kerasnb("code digits_cnn --style keras2"))[0]
    assert shown["text/markdown"].startswith("```python\nfrom keras.layers import")


def test_code_can_be_put_into_the_next_cell(kerasnb, digits_cnn, shell, monkeypatch):
    asked = []
    monkeypatch.setattr(shell, "set_next_input", asked.append)
    answer = kerasnb("code digits_cnn --insert")
    assert asked == [str(answer)]
    assert repr(answer) == f"digits_cnn as code, {len(answer.splitlines())} lines, is in the cell below."


def test_inspect_looks_at_the_layer_asked_for(kerasnb, digits_cnn, samples, backend):
    inspector = kerasnb("inspect digits_cnn conv_1 --sample 3 --tab weights")
    assert (inspector.layer, inspector.sample, inspector.phase, inspector.tab) == ("conv_1", 3, 0, "Weights")


def test_inspect_in_the_learning_phase_drops(kerasnb, digits_cnn, samples, backend):
    whole = kerasnb("inspect digits_cnn drop_1").output
    dropped = kerasnb("inspect digits_cnn drop_1 --train").output
    assert (dropped == 0).sum() > (whole == 0).sum()


def test_inspect_offers_the_close_layer(kerasnb, digits_cnn, samples):
    with pytest.raises(UsageError, match='no layer "conv1".*Did you mean "conv_1"'):
        kerasnb("inspect digits_cnn conv1")


def test_inspect_without_samples_says_how_to_get_some(kerasnb, digits_cnn):
    with pytest.raises(UsageError, match="no samples to look at.*\n.*%kerasnb data digits"):
        kerasnb("inspect digits_cnn")


def test_inspect_compares_and_looks_for_the_input_of_a_unit(kerasnb, digits_cnn, samples):
    inspector = kerasnb("inspect digits_cnn conv_1 --tab maximizes --unit 2 --beside-sample 3")
    assert (inspector.tab, inspector.unit, inspector.beside) == ("Maximizes", 2, {"layer": "conv_1", "sample": 3})
    with pytest.raises(UsageError, match='no layer "dense_9"'):
        kerasnb("inspect digits_cnn --beside dense_9")
    with pytest.raises(UsageError, match='no variable "words"'):
        kerasnb("inspect digits_cnn --vocabulary words")


def test_a_layer_inside_a_model_is_inspected_and_frozen_by_its_path(kerasnb, shell):
    shell.user_ns["net"], shell.user_ns["x"] = with_backbone(), np.random.RandomState(0).rand(2, 6, 6, 1)
    assert kerasnb("inspect net backbone/conv_1").output.shape == (1, 4, 4, 2)
    panel = kerasnb("freeze net backbone/conv_1")
    assert [row["name"] for row in panel.rows if row["frozen"]] == ["backbone/conv_1"]
    kerasnb("unfreeze net backbone/*")
    assert panel.totals["frozen"] == 0
    with pytest.raises(UsageError, match='Did you mean "backbone/conv_1"'):
        kerasnb("freeze net backbone/conv_2")
