"""What the front end draws and sends by itself, on an empty page: drafts, refused choices, the focus."""

import json

import numpy as np
import pytest
from playwright.sync_api import expect

from kerasnb.layers import Activation, Convolution2D, Dense, Flatten
from kerasnb.models import Model, Sequential
from kerasnb.widgets import Builder, FreezePanel, Inspector
from tests.browser.bare_page import BarePage
from tests.report.connected_models import Scaled, siamese, with_backbone

pytestmark = pytest.mark.browser


@pytest.fixture
def bare(chromium):
    context = chromium.new_context(viewport={"width": 1100, "height": 800})
    yield lambda name, widget: BarePage(context.new_page(), name, widget)
    context.close()


@pytest.fixture
def builder(bare):
    widget = Builder(input_shape=(8, 8, 1), name="digits_cnn")
    widget.add("Convolution2D", name="conv_1", nb_filter=16, nb_row=3, nb_col=3)
    widget.add("Flatten", name="flatten_1")
    shown = bare("builder", widget)
    shown.page.locator(".react-flow__node[data-id='conv_1']").click()
    return shown


@pytest.fixture
def freezing(bare):
    denses = [Dense(size, name=name) for size, name in ((4, "hidden"), (3, "last"), (2, "end"))]
    return bare("freeze", FreezePanel(Sequential([Flatten(input_shape=(8, 8, 1), name="flat"), *denses])))


def field(shown, name):
    return shown.page.get_by_role("textbox", name=name, exact=True)


def test_enter_commits_a_draft_and_so_does_leaving_the_field(builder):
    field(builder, "nb_filter").fill("8")
    field(builder, "nb_filter").press("Enter")
    field(builder, "nb_row").fill("5")
    field(builder, "nb_col").focus()
    edit = {"type": "set", "name": "conv_1"}
    assert builder.sent == [edit | {"argument": "nb_filter", "value": "8"}, edit | {"argument": "nb_row", "value": "5"}]


def test_escape_drops_a_draft(builder):
    field(builder, "nb_filter").fill("8")
    field(builder, "nb_filter").press("Escape")
    expect(builder.page.locator(".react-flow__node[data-id='conv_1']")).to_be_focused()
    expect(field(builder, "nb_filter")).to_have_value("16")
    assert builder.sent == []


def selection(shown):
    return shown.page.evaluate("traits.selection")


def node(shown, name):
    return shown.page.locator(f".react-flow__node[data-id='{name}']")


def test_shift_selects_several_layers_by_clicks_by_a_box_and_by_arrows(builder):
    node(builder, "input_1").click(modifiers=["Shift"])
    assert selection(builder) == ["conv_1", "input_1"]
    node(builder, "conv_1").click(modifiers=["Shift"])
    assert selection(builder) == ["input_1"]
    mouse, keyboard = builder.page.mouse, builder.page.keyboard
    top, end = (node(builder, name).bounding_box() for name in ("conv_1", "flatten_1"))
    keyboard.down("Shift")
    mouse.move(top["x"] - 30, top["y"] - 8)
    mouse.down()
    mouse.move(top["x"] + 20, end["y"] + 4, steps=3)
    expect(builder.page.locator(".kn-box")).to_be_visible()
    mouse.up()
    keyboard.up("Shift")
    assert selection(builder) == ["input_1", "conv_1", "flatten_1"]
    assert node(builder, "conv_1").bounding_box() == top
    node(builder, "input_1").click()
    keyboard.press("Shift+ArrowDown")
    assert selection(builder) == ["input_1", "conv_1"]
    keyboard.press("Control+a")
    assert selection(builder) == ["input_1", "conv_1", "flatten_1"]
    keyboard.press("Escape")
    assert selection(builder) == ["flatten_1"] and builder.sent == []


def test_keys_and_buttons_send_one_step_for_all_selected_layers(builder):
    names = ["conv_1", "flatten_1"]
    node(builder, "flatten_1").click(modifiers=["Shift"])
    for key in ("Control+d", "Alt+ArrowUp", "Delete"):
        builder.page.keyboard.press(key)
    builder.python("several", "{title: '2 layers', detail: '160 parameters', can_freeze: true, frozen: false}")
    for label in ("Duplicate", "Move the selected layers down", "Freeze", "Remove the selected", "Call conv_1 again"):
        builder.page.get_by_role("button", name=label).click()
    assert builder.sent == [
        {"type": "duplicate", "names": names},
        {"type": "shift", "by": -1, "names": names},
        {"type": "remove", "names": names},
        {"type": "duplicate", "names": names},
        {"type": "shift", "by": 1, "names": names},
        {"type": "trainable", "names": names, "trainable": False},
        {"type": "remove", "names": names},
        {"type": "again", "name": "conv_1", "after": "flatten_1"},
    ]


def test_a_folded_box_is_selected_walked_to_and_unfolded_and_brackets_fold_it(bare):
    layers = [
        layer for number in range(10) for layer in (Dense(3, name=f"d{number}"), Activation("relu", name=f"a{number}"))
    ]
    widget = Builder(Sequential([Dense(3, name="first", input_shape=(3,)), *layers], name="deep"))
    shown = bare("builder", widget)
    box, keyboard = node(shown, widget.state["blocks"][0]["box"]), shown.page.keyboard
    expect(box).to_contain_text("10 x [Dense, Activation]")
    node(shown, "first").click()
    keyboard.press("ArrowDown")
    expect(box).to_be_focused()
    assert len(selection(shown)) == 20
    keyboard.press("Enter")
    keyboard.press("b")
    widget.fold("d0", False)
    shown.python("state", json.dumps(widget.state))
    shown.page.get_by_role("button", name="Fold 10 x").last.click()
    steps = [(step["type"], step["name"], step["folded"]) for step in shown.sent]
    assert steps == [("fold", "d0", False), ("fold", "a9", False), ("fold", "d0", True)]
    assert shown.errors == []


def test_tab_comes_from_the_first_control_to_the_form_in_eight_stops_and_back(builder):
    field(builder, "model name").focus()
    keyboard, at = builder.page.keyboard, "document.activeElement"
    for _ in range(6):
        keyboard.press("Tab")
    expect(node(builder, "conv_1")).to_be_focused()
    keyboard.press("Tab")
    assert builder.page.evaluate(f"{at}.closest('.kn-form') !== null")
    for _ in range(2):
        keyboard.press("Shift+Tab")
    assert builder.page.evaluate(f"{at}.className") == "kn-family"
    keyboard.press("ArrowDown")
    assert builder.page.evaluate(f"{at}.className").startswith("kn-item")


def test_draft_of_a_form_that_is_drawn_away_is_not_committed(builder):
    field(builder, "nb_filter").fill("8")
    builder.python("selection", "['flatten_1']")
    expect(field(builder, "nb_filter")).to_have_count(0)
    assert builder.sent == []


def test_choice_stays_on_screen_only_when_python_takes_it(builder):
    backend = builder.page.get_by_role("combobox", name="backend")
    backend.select_option("theano")
    expect(backend).to_have_value("tensorflow")
    assert builder.sent == [{"type": "backend", "name": "theano"}]
    builder.python("state", "{...traits.state, backends: {...traits.state.backends, current: 'theano'}}")
    expect(backend).to_have_value("theano")


def test_keys_go_to_the_selected_layer_when_the_focused_one_is_gone(builder):
    nodes = "traits.state.nodes.filter(({ name }) => name !== 'conv_1')"
    state = f"{{ ...traits.state, nodes: {nodes}, edges: [] }}"
    builder.page.evaluate(f"python('state', {state}); python('selection', ['flatten_1'])")
    expect(builder.page.locator(".react-flow__node[data-id='flatten_1']")).to_be_focused()


@pytest.mark.parametrize("moves", ["as it can", "as before moveBefore"])
@pytest.mark.parametrize("row", ["flat", "hidden", "last", "end"])
def test_row_keeps_the_focus_when_the_rows_change_places(freezing, row, moves):
    if moves != "as it can":
        freezing.page.evaluate("delete Element.prototype.moveBefore")
    freezing.page.locator(f"tr[data-layer='{row}']").focus()
    freezing.python("rows", "traits.rows.toReversed()")
    expect(freezing.page.locator("tbody tr").first).to_have_attribute("data-layer", "end")
    expect(freezing.page.locator(f"tr[data-layer='{row}']")).to_be_focused()


def test_fine_tuning_sends_three_steps_and_a_pattern_one(freezing):
    page = freezing.page
    page.get_by_role("textbox", name="layers by pattern").fill("hid*")
    expect(freezing.page.get_by_text("1 layer: hidden")).to_be_visible()
    page.get_by_role("textbox", name="layers by pattern").press("Enter")
    page.get_by_role("button", name="Cut the head").click()
    page.get_by_role("textbox", name="units of the new head").fill("5")
    page.get_by_role("button", name="sigmoid").click()
    page.get_by_role("button", name="Put a new head").click()
    page.get_by_role("button", name="Freeze the rest").click()
    assert freezing.sent == [
        {"kind": "freeze", "layer": "hid*"},
        {"kind": "cut", "at": "end"},
        {"kind": "put_head", "units": 5, "activation": "sigmoid"},
        {"kind": "freeze_rest", "at": "end"},
    ]


@pytest.fixture
def inspecting(bare):
    layers = [Convolution2D(20, 2, 2, input_shape=(4, 4, 15), name="conv"), Flatten(name="flat"), Dense(3, name="out")]
    return bare("inspector", Inspector(Sequential(layers), np.ones((3, 4, 4, 15), "float32"), layer="conv"))


def test_kernels_that_are_not_here_are_asked_for_when_their_page_is_turned_to(bare):
    widget = Inspector(
        Sequential([Convolution2D(20, 2, 2, input_shape=(4, 4, 15), name="conv")]), np.ones((1, 4, 4, 15))
    )
    widget.tab = "Weights"
    shown = bare("inspector", widget)
    expect(shown.page.get_by_text("0 to 31 of 300")).to_be_visible()
    for _ in range(8):
        shown.page.get_by_role("button", name="Next page").click()
    expect(shown.page.get_by_text("256 to 287 of 300")).to_be_visible()
    assert shown.sent == [{"kind": "kernels", "weight": "conv_W", "first": 256}] and shown.errors == []


def test_inspector_compares_and_saves_its_picture(inspecting):
    page = inspecting.page
    page.get_by_role("button", name="Compare with").click()
    expect(page.get_by_role("combobox", name="layer beside it")).to_have_value("conv")
    page.get_by_role("combobox", name="layer beside it").select_option("out")
    assert page.evaluate("traits.beside") == {"layer": "out", "sample": 1}
    page.get_by_role("button", name="End the comparison").click()
    assert page.evaluate("traits.beside") == {}
    page.get_by_role("button", name="Save the picture as SVG").click()
    assert inspecting.sent == [{"kind": "export", "format": "svg"}]
    inspecting.page.get_by_role("tab", name="Epochs").click()
    inspecting.python("look", "{of: ['conv', 0, 0, 'Epochs'], state: 'empty'}")
    expect(page.get_by_text("No epoch of conv was seen yet")).to_be_visible()
    assert inspecting.errors == []


def test_a_model_in_the_model_unfolds_by_the_right_arrow_and_folds_by_the_left(bare):
    shown = bare("freeze", FreezePanel(with_backbone()))
    rows = shown.page.locator("tbody tr")
    expect(rows).to_have_count(3)
    shown.page.locator('tr[data-layer="backbone"]').focus()
    shown.page.keyboard.press("ArrowRight")
    expect(rows).to_have_count(6)
    expect(shown.page.get_by_role("button", name="3 layers inside backbone")).to_have_attribute("aria-expanded", "true")
    shown.page.keyboard.press("ArrowRight")
    shown.page.keyboard.press("f")
    assert shown.sent[-1] == {"kind": "freeze", "layer": "backbone/conv_1"}
    shown.page.keyboard.press("ArrowLeft")
    shown.page.keyboard.press("ArrowLeft")
    expect(rows).to_have_count(3)


def test_the_inspector_lists_what_is_inside_when_it_is_asked_to(bare):
    shown = bare("inspector", Inspector(with_backbone(), np.zeros((2, 6, 6, 1)), layer="backbone"))
    chosen = shown.page.get_by_role("combobox", name="layer", exact=True)
    listed = chosen.locator("option")
    expect(listed).to_have_count(3)
    shown.page.get_by_role("button", name="3 layers inside").press("Enter")
    expect(listed).to_have_count(6)
    shown.page.get_by_role("button", name="Next layer").click()
    expect(chosen).to_have_value("backbone/conv_1")
    shown.page.get_by_role("button", name="in backbone").click()
    expect(chosen).to_have_value("backbone")


def test_a_grey_box_has_no_arguments_and_a_further_call_leads_to_the_first(bare):
    model = siamese()
    shown = bare("builder", Builder(Model(input=model.input, output=Scaled(2.0, name="mine")(model.output))))
    shown.page.locator(".react-flow__node[data-id='mine']").click()
    form = shown.page.locator(".kn-form")
    expect(form).to_contain_text("no arguments describe it")
    expect(form.get_by_role("textbox")).to_have_count(1)
    shown.page.locator(".react-flow__node[data-id='shared again']").click()
    shown.page.get_by_role("button", name="Show shared").click()
    expect(form).to_have_attribute("aria-label", "Arguments of shared")


def test_widget_that_is_closed_leaves_nothing_behind(builder):
    assert builder.page.evaluate("listeners()") > 0
    builder.page.evaluate("leave()")
    builder.page.wait_for_function("listeners() === 0")
    assert builder.page.locator("#widget").inner_html() == ""
    assert builder.errors == []
