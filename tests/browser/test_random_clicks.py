"""Thirty random clicks and keys on a real page, each answered by Python: the canvas shows the kernel's document."""

import random

import pytest

from kerasnb.widgets import Builder
from kerasnb.widgets.builder.screen import grouping
from tests.browser.bare_page import BarePage

pytestmark = pytest.mark.browser

KEYS = [
    "Delete",
    "Control+d",
    "Alt+ArrowUp",
    "Alt+ArrowDown",
    "Control+z",
    "Control+Shift+z",
    "f",
    "b",
    "Shift+ArrowDown",
]
PALETTE = ["Dense", "Activation", "Dropout", "Flatten"]


# what the page shows after Python's answer, all of it in sight; wires come frames after the boxes that they join
SHOW = """async ({ traits, wires }) => {
  for (const [name, value] of Object.entries(traits)) python(name, value);
  const frame = () => new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
  await frame();
  document.querySelector("[data-view='0']").click();
  const all = (kind) => [...document.querySelectorAll(kind)];
  const joined = () => all(".react-flow__edge").length === wires;
  await frame();
  for (let frames = 0; frames < 300 && !joined(); frames += 1) await frame();
  const layers = all(".react-flow__node-layer, .react-flow__node-block").map((node) => node.dataset.id);
  return { layers: layers.sort(), wires: all(".react-flow__edge").length, selection: window.traits.selection };
}"""


def answer(shown, widget, told):
    """Python takes what the page sent since, and the page what Python says; what is seen then."""
    messages, selection = shown.page.evaluate("[sent, traits.selection]")
    widget.set_state({"selection": selection})
    for message in messages[told:]:
        if "view" not in message:
            widget._handle_custom_msg(message, [])
    traits = {trait: getattr(widget, trait) for trait in ("selection", "several", "state")}
    return len(messages), shown.page.evaluate(SHOW, {"traits": traits, "wires": len(widget.state["edges"])})


def act(rng, shown):
    kind = rng.random()
    nodes = shown.page.locator(".react-flow__node-layer, .react-flow__node-block")
    if kind < 0.3:
        shown.page.locator(".kn-palette").get_by_role("button", name=rng.choice(PALETTE), exact=True).click()
    elif kind < 0.6:
        modifiers = ["Shift"] if rng.random() < 0.4 else []
        nodes.nth(rng.randrange(nodes.count())).click(modifiers=modifiers, position={"x": 60, "y": 20}, force=True)
    else:
        nodes.nth(rng.randrange(nodes.count())).focus()
        shown.page.keyboard.press(rng.choice(KEYS))


def test_thirty_random_actions_leave_canvas_and_document_equal(chromium, monkeypatch):
    monkeypatch.setattr(grouping, "FROM", 8)
    rng, widget, told = random.Random(5), Builder(input_shape=(6,), name="net"), 0
    page = chromium.new_page(viewport={"width": 1300, "height": 900})
    try:
        shown = BarePage(page, "builder", widget)
        for _ in range(30):
            act(rng, shown)
            told, seen = answer(shown, widget, told)
            drawn = [node["name"] for node in widget.state["nodes"] if not node["box"]]
            boxes = [block["box"] for block in widget.state["blocks"] if block["folded"]]
            wires = len(widget.state["edges"])
            assert seen == {"layers": sorted(drawn + boxes), "wires": wires, "selection": widget.selection}
        assert widget.document.revision > 10 and shown.errors == []
    finally:
        page.close()
