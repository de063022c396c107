"""Pictures of models."""

import subprocess
import sys
from pathlib import Path

import pytest

from kerasnb.errors import ArgumentError
from kerasnb.layers import LSTM, Bidirectional, Dense, Embedding, Input, Merge, TimeDistributed, merge
from kerasnb.models import Model, Sequential
from kerasnb.report import dot_rendering
from kerasnb.utils.vis_utils import plot_model
from kerasnb.utils.visualize_util import model_to_dot, plot

PNG = b"\x89PNG\r\n\x1a\n"


def png_size(path: Path) -> tuple[int, int]:
    header = path.read_bytes()[16:24]
    return int.from_bytes(header[:4], "big"), int.from_bytes(header[4:], "big")


@pytest.fixture(autouse=True)
def no_system_graphviz(monkeypatch):
    """Our own layout draws, whatever is on the system."""
    monkeypatch.setattr(dot_rendering.shutil, "which", lambda program: None)


@pytest.fixture
def model():
    return Sequential([Dense(3, input_shape=(4,)), Dense(2)])


def test_each_layer_is_a_box_with_its_name_and_class(model):
    source = model_to_dot(model).source
    labels = [line.split('"')[1] for line in source.splitlines() if "label=" in line]
    assert labels == ["dense_input_1: InputLayer", "dense_1: Dense", "dense_2: Dense"]
    assert source.count("->") == 2 and "rankdir=TB" in source


def test_names_can_be_left_out_and_shapes_shown(model):
    source = model_to_dot(model, show_shapes=True, show_layer_names=False).to_string()
    assert '"Dense\n|{input:|output:}|{{(None, 4)}|{(None, 3)}}"' in source
    assert "dense_1" not in source


def test_wrappers_say_what_is_inside_and_nested_models_are_one_box():
    inner = Sequential([Embedding(9, 3, input_length=4), TimeDistributed(Dense(3)), Bidirectional(LSTM(2))])
    assert ": TimeDistributed(Dense)" in model_to_dot(inner).source
    assert "(lstm_1): Bidirectional(LSTM)" in model_to_dot(inner).source
    start, other = Input((4,)), Input((4,))
    source = model_to_dot(Model([start, other], merge([inner(start), other], mode="concat")), show_shapes=True).source
    assert ": Sequential" in source and "Embedding" not in source
    assert "{[(None, 4), (None, 4)]}|{(None, 8)}" in source


def test_arrows_of_a_merge_that_starts_a_sequential_come_from_its_branches(model):
    branches = Sequential([Merge([model, Sequential([Dense(2, input_shape=(3,))])], mode="sum"), Dense(1)])
    source = model_to_dot(branches).source
    boxes = {line.split()[0] for line in source.splitlines() if "label=" in line}
    ends = {end.strip() for line in source.splitlines() if "->" in line for end in line.split("->")}
    assert ends == boxes


def test_shapes_that_differ_between_calls_are_multiple():
    shared, short, long = TimeDistributed(Dense(2)), Input((3, 4)), Input((5, 4))
    outputs = [shared(short), shared(long)]
    assert "{{multiple}|{multiple}}" in model_to_dot(Model([short, long], outputs), show_shapes=True).source


def test_signs_of_graphviz_in_a_name_stay_signs(tmp_path):
    model = Sequential([Dense(3, input_shape=(4,), name="<a>|{b}")])
    plot(model, tmp_path / "model.svg", show_shapes=True)
    assert "&lt;a&gt;|{b}: Dense" in (tmp_path / "model.svg").read_text()


def test_plot_writes_what_the_ending_says(model, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    plot(model)
    plot(model, to_file="small", show_shapes=True)
    plot(model, "model.svg")
    plot(model, "model.dot")
    assert (tmp_path / "model.png").read_bytes().startswith(PNG)
    assert (tmp_path / "small").read_bytes().startswith(PNG)
    assert "dense_1: Dense" in (tmp_path / "model.svg").read_text()
    assert (tmp_path / "model.dot").read_text().startswith("digraph")


def test_png_has_letters(model):
    """With no font at all, text would be left out in silence."""
    named, unnamed = (model_to_dot(model, show_layer_names=show).create_png() for show in (True, False))
    assert len(named) != len(unnamed)


def test_graph_has_the_methods_of_pydot(model, tmp_path):
    graph = model_to_dot(model)
    assert graph.create(prog="dot", format="svg").startswith(b"<?xml")
    assert graph.create_svg(prog=["dot"]).startswith(b"<?xml") and graph.create_png().startswith(PNG)
    assert graph.write_png(tmp_path / "a.png") and graph.write(tmp_path / "a.dot")
    assert (tmp_path / "a.dot").read_text() == graph.to_string() == graph.source
    with pytest.raises(AttributeError, match="no attribute 'made_up'"):
        _ = graph.made_up


def test_graph_draws_itself_in_a_notebook(model):
    assert "<svg" in model_to_dot(model)._repr_mimebundle_()["image/svg+xml"]


def test_plot_model_takes_a_direction_and_a_density(model, tmp_path):
    graph = plot_model(model, tmp_path / "small.png", rankdir="LR", dpi=48)
    plot_model(model, tmp_path / "large.png", rankdir="LR", dpi=192)
    assert "rankdir=LR" in graph.source
    small, large = (png_size(tmp_path / name)[0] for name in ("small.png", "large.png"))
    assert large == pytest.approx(4 * small, abs=4)
    with pytest.raises(ArgumentError, match="expand_nested"):
        plot_model(model, tmp_path / "x.png", expand_nested=True)


def test_pdf_without_graphviz_says_what_to_do_and_leaves_the_old_file(model, tmp_path):
    (tmp_path / "model.pdf").write_text("old")
    with pytest.raises(ArgumentError, match='needs Graphviz\'s program "dot"'):
        plot(model, tmp_path / "model.pdf")
    assert (tmp_path / "model.pdf").read_text() == "old"


def test_layouts_other_than_dot_need_graphviz(model):
    with pytest.raises(ArgumentError, match='layout "neato" needs'):
        model_to_dot(model).create(prog="neato", format="svg")


def test_shapes_names_and_direction_count_without_graphviz(model, tmp_path):
    plot_model(model, tmp_path / "all.png", show_shapes=True, rankdir="LR")
    plot_model(model, tmp_path / "little.png", show_layer_names=False)
    plot_model(model, tmp_path / "all.svg", show_shapes=True, rankdir="LR")
    (wide, low), (narrow, high) = (png_size(tmp_path / name) for name in ("all.png", "little.png"))
    assert wide > 3 * narrow and low < high
    drawn = (tmp_path / "all.svg").read_text()
    assert ">dense_1: Dense<" in drawn and drawn.count(">(None, 3)<") == 2


def test_direction_that_graphviz_does_not_know_is_refused(model, tmp_path):
    with pytest.raises(ArgumentError, match="rankdir must be one of TB, BT, LR, RL"):
        plot_model(model, tmp_path / "model.svg", rankdir="XY")
    assert not (tmp_path / "model.svg").exists()


def test_nodes_and_edges_of_your_own_are_drawn_and_what_only_graphviz_draws_is_refused(model):
    graph = model_to_dot(model)
    graph.node("note", 'say "hi"')
    graph.edge("note", "other")
    drawn = graph.create_svg().decode()
    assert 'say "hi"' in drawn and ">other<" in drawn
    graph.edge("note", "other", color="red")
    with pytest.raises(ArgumentError, match="color=red"):
        graph.create_svg()


def test_graphviz_of_the_system_is_preferred(model, tmp_path, monkeypatch):
    program = tmp_path / "dot"
    program.write_text(f'#!{sys.executable}\nimport sys\nprint("drawn", *sys.argv[1:], len(sys.stdin.read()) > 50)\n')
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=":")  # in front
    monkeypatch.setattr(dot_rendering.shutil, "which", lambda name: str(program))
    assert model_to_dot(model).create(format="pdf") == b"drawn -Tpdf True\n"
    program.write_text(f'#!{sys.executable}\nimport sys\nsys.exit("no such layout")\n')
    with pytest.raises(ArgumentError, match="no such layout"):
        model_to_dot(model).create(format="pdf")


@pytest.mark.parametrize("package", ["graphviz", "resvg_py"])
def test_a_missing_package_is_named(package):
    code = f"""
import shutil, sys
sys.modules["{package}"] = None
shutil.which = lambda program: None
from kerasnb.layers import Dense
from kerasnb.models import Sequential
from kerasnb.utils.visualize_util import plot
try:
    plot(Sequential([Dense(2, input_shape=(3,))]), "/tmp/never.png")
except ImportError as error:
    print(error)
"""
    answer = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert "pip install" in answer.stdout and package.split("_")[0] in answer.stdout
