"""Five hundred random steps of the browser leave the document, what the canvas was sent and the code equal."""

import random

from kerasnb.report.numbers import shape_text
from kerasnb.widgets import Builder
from kerasnb.widgets.builder import Document
from kerasnb.widgets.builder.screen import grouping

CLASSES = "Dense Flatten Activation Dropout Convolution2D MaxPooling2D BatchNormalization Merge Nonsense".split()
KINDS = "add add add remove duplicate duplicate move shift again connect disconnect rename set replace".split()
KINDS += "trainable fix undo undo redo fold select".split()
VALUES = ("same", "relu", "3", "(2, 2)", "0", "nonsense", [1])
MOST = 10  # layers; with more, steps only take some away


def step(rng, builder):
    """A message as the front end sends it, now and then at a layer that is gone, or late."""
    names = builder.document.graph.names
    names = names if names and rng.random() > 0.05 else [*names, "gone"]
    kind = rng.choice(KINDS) if len(names) < MOST else "remove"
    kind = "undo" if builder.document.failed and rng.random() < 0.85 else kind
    name, other = rng.choice(names), rng.choice(names)
    late = {"version": builder.document.revision - 1} if rng.random() < 0.03 else {}
    given = {
        "add": {"class_name": rng.choice(CLASSES), "after": name, "branch": rng.random() < 0.2},
        "connect": {"source": name, "target": other},
        "disconnect": dict(
            zip(("source", "target"), rng.choice(builder.document.graph.connections or [("", "")]), strict=True)
        ),
        "rename": {"name": name, "new_name": rng.choice(["x", "y", "z", other])},
        "set": {
            "name": name,
            "argument": rng.choice(["border_mode", "activation", "nb_row"]),
            "value": rng.choice(VALUES),
        },
        "replace": {"name": name, "class_name": rng.choice(CLASSES)},
        "again": {"name": name, "after": other},
        "fix": {"name": rng.choice(builder.document.failed or names), "index": 0},
        "fold": {"name": name, "folded": rng.random() < 0.7},
        "move": {"after": other},
        "shift": {"by": rng.choice([1, -1])},
        "trainable": {"trainable": rng.random() < 0.5},
    }.get(kind, {})
    several = {"names": rng.sample(names, rng.randint(1, min(3, len(names))))}
    given |= several if kind in ("remove", "duplicate", "move", "shift", "trainable") else {}
    return {"type": kind, **given, **late}


def take(rng, builder):
    message = step(rng, builder)
    if message["type"] == "select":
        names = builder.document.graph.names
        builder.set_state({"selection": rng.sample(names, rng.randint(0, len(names)))})
    else:
        builder._handle_custom_msg(message, [])


def check_canvas(builder):
    """What the canvas was sent is the document: layers with their shapes, and each connection once."""
    document, state = builder.document, builder.state
    sent = [(node["name"], node["class_name"], node["shape"], node["status"]) for node in state["nodes"]]
    assert sent == [
        (
            name,
            document.graph[name].class_name,
            shape_text(result.output.shape) if result.output else "?",
            result.status,
        )
        for name, result in document.results.items()
    ]
    boxes = {node["name"]: node["box"] or node["name"] for node in state["nodes"]}
    drawn = [tuple(pair) for edge in state["edges"] for pair in edge["connections"]]
    inside = [pair for pair in document.graph.connections if boxes[pair[0]] == boxes[pair[1]]]
    assert sorted(drawn + inside) == sorted(document.graph.connections)
    assert set(builder.selection) <= set(document.graph.names)


def check_code(builder):
    """The code on its tab builds the layers of the canvas, connected, shaped and called as there."""
    names = {}
    exec(builder.sources["keras1"], names)
    assert calls(Document.from_model(names["model"])) == calls(builder.document)


def calls(document):
    """Each layer's calls by their inputs and shapes; which of several calls is the first, a drawing alone says."""
    graph, found = document.graph, {}
    for name, result in document.results.items():
        sources = [graph[source].layer_name for source in graph.inputs_of(name)]
        found.setdefault(graph[name].layer_name, []).append((sources, result.output.shape, name in graph.outputs))
    return {name: sorted(each) for name, each in found.items()}


def test_five_hundred_random_steps_leave_document_canvas_and_code_equal(monkeypatch):
    monkeypatch.setattr(grouping, "FROM", 8)
    rng = random.Random(11)
    builder, coded = Builder(input_shape=(6, 6, 2), name="net"), 0
    for number in range(500):
        take(rng, builder)
        check_canvas(builder)
        if builder.document.is_good and number % 5 == 0:
            check_code(builder)
            coded += 1
    assert coded > 50 and builder.document.revision > 200
