"""The Builder in real JupyterLab: built by clicking and by keys, broken, mended, undone, put into a cell, reopened."""

import pytest
from playwright.sync_api import expect

from tests.browser.notebook_page import SOURCES

pytestmark = pytest.mark.browser

START = """from kerasnb.widgets import Builder
builder = Builder(input_shape=(8, 8, 1), name="digits_cnn")
builder"""
SMALL = """from kerasnb.widgets import Builder
builder = Builder(input_shape=(8, 8, 1), name="digits_cnn")
builder.add("Convolution2D", name="conv_1", nb_filter=16, nb_row=3, nb_col=3)
builder.add("MaxPooling2D", name="pool_1", pool_size=(2, 2))
builder.add("Flatten", name="flatten_1")
builder"""

DEEP = """from kerasnb.layers import Activation
from kerasnb.models import Sequential
from kerasnb.widgets import Builder
layers = [Activation("relu", name=f"act_{number}") for number in range(1, 200)]
builder = Builder(Sequential([Activation("relu", input_shape=(8,), name="act_0"), *layers]))
builder.fold("act_0", False)
builder"""


@pytest.fixture
def deep(notebook):
    return notebook([DEEP])


@pytest.fixture
def small(notebook):
    return notebook([SMALL, ""])


def layer(page, name):
    return page.output(0).locator(f".react-flow__node[data-id='{name}']")


def names(page):
    return page.kernel_value("[spec.name for spec in builder.document.graph.ordered]")


def test_layers_clicked_in_the_palette_show_their_shapes(notebook):
    page = notebook([START])
    palette = page.output(0).locator(".kn-palette")
    for name in ("Convolution2D", "Flatten", "Dense"):
        palette.get_by_role("button", name=name, exact=True).click()
    expect(layer(page, "conv_1")).to_contain_text("(None, 6, 6, 16)")
    expect(layer(page, "conv_1")).to_contain_text("160 params")
    expect(layer(page, "dense_1")).to_contain_text("(None, 32)")
    assert page.kernel_value("builder.model.count_params()") == 160 + 576 * 32 + 32


def test_slash_finds_a_layer_and_enter_adds_it_after_the_selection(small):
    layer(small, "pool_1").click()
    small.page.keyboard.press("/")
    small.page.keyboard.type("dropo")
    small.page.keyboard.press("Enter")
    expect(layer(small, "drop_1")).to_contain_text("(None, 3, 3, 16)")
    assert names(small) == ["input_1", "conv_1", "pool_1", "drop_1", "flatten_1"]


def test_changed_argument_changes_the_shapes_below(small):
    layer(small, "conv_1").click()
    small.output(0).get_by_role("group", name="border_mode").get_by_role("button", name="same").click()
    expect(layer(small, "conv_1")).to_contain_text("(None, 8, 8, 16)")
    expect(layer(small, "flatten_1")).to_contain_text("(None, 256)")


def test_error_is_read_at_its_layer_and_mended_by_an_offered_fix(small):
    layer(small, "conv_1").click()
    field = small.output(0).get_by_role("textbox", name="nb_row", exact=True)
    field.fill("9")
    field.press("Enter")
    alert = small.output(0).get_by_role("alert")
    expect(alert).to_contain_text('Convolution2D "conv_1"')
    expect(layer(small, "flatten_1")).to_contain_text("waiting for conv_1")
    assert small.kernel_value("builder.model.get_layer('conv_1').nb_row") == 3
    alert.get_by_role("button", name="border_mode='same'").first.click()  # a second one has it for pool_1
    expect(layer(small, "flatten_1")).to_contain_text("(None, 256)")


def test_refused_edit_says_why_and_changes_nothing(small):
    layer(small, "conv_1").click()
    field = small.output(0).get_by_role("textbox", name="name", exact=True)
    field.fill("pool_1")
    field.press("Enter")
    expect(small.output(0).get_by_role("alert")).to_contain_text('"pool_1" is taken')
    assert names(small) == ["input_1", "conv_1", "pool_1", "flatten_1"]


def test_delete_removes_a_layer_and_undo_and_redo_follow(small):
    layer(small, "pool_1").click()
    small.page.keyboard.press("Delete")
    expect(layer(small, "pool_1")).to_have_count(0)
    expect(layer(small, "flatten_1")).to_contain_text("(None, 576)")
    small.page.keyboard.press("Control+z")
    expect(layer(small, "flatten_1")).to_contain_text("(None, 144)")
    small.page.keyboard.press("Control+Shift+z")
    expect(layer(small, "flatten_1")).to_contain_text("(None, 576)")


def test_arrows_walk_along_connections_and_f_freezes(small):
    layer(small, "pool_1").click()
    small.page.keyboard.press("ArrowUp")
    expect(layer(small, "conv_1")).to_be_focused()
    small.page.keyboard.press("f")
    expect(layer(small, "conv_1").get_by_role("img", name="frozen")).to_be_visible()
    assert small.kernel_value("builder.document.graph['conv_1'].trainable") is False


def test_only_layers_in_sight_are_drawn_and_arrows_walk_to_those_that_are_not(deep):
    drawn = deep.output(0).locator(".react-flow__node")
    expect(drawn.last).to_be_visible()
    expect(drawn.nth(30)).to_have_count(0)
    drawn.nth(2).click()
    at = int(deep.kernel_value("builder.selected").removeprefix("act_"))
    way = -1 if at > 100 else 1
    for number in range(at + way, at + 25 * way, way):
        deep.page.keyboard.press("ArrowDown" if way > 0 else "ArrowUp")
        expect(layer(deep, f"act_{number}")).to_be_focused()


def test_keys_still_arrive_when_the_selected_layer_is_moved_out_of_sight(deep):
    node = deep.output(0).locator(".react-flow__node").nth(2)
    name = node.get_attribute("data-id")
    node.click()
    canvas = deep.output(0).locator(".kn-canvas").bounding_box()
    left, top, bottom = canvas["x"] + 8, canvas["y"] + 60, canvas["y"] + canvas["height"] - 8
    for _ in range(2):
        deep.page.mouse.move(left, top)
        deep.page.mouse.down()
        deep.page.mouse.move(left, bottom, steps=4)
        deep.page.mouse.up()
    expect(layer(deep, name)).to_have_count(0)
    deep.page.keyboard.press("Delete")
    expect(deep.output(0).get_by_role("button", name="Undo")).to_be_enabled()
    assert name not in names(deep)


def test_enter_edits_the_selected_layer_and_escape_returns(small):
    layer(small, "conv_1").click()
    small.page.keyboard.press("Enter")
    expect(small.output(0).get_by_role("textbox", name="name", exact=True)).to_be_focused()
    small.page.keyboard.press("Escape")
    expect(layer(small, "conv_1")).to_be_focused()


def test_keys_typed_on_the_canvas_do_not_reach_the_notebook(small):
    layer(small, "conv_1").click()
    before = small.sources()
    for key in ("b", "a", "d", "d", "x", "m"):
        small.page.keyboard.press(key)
    assert small.sources() == before


def test_plus_on_a_wire_inserts_between(small):
    small.output(0).get_by_role("button", name="Insert a layer between conv_1 and pool_1").click()
    small.page.keyboard.type("activation")
    small.page.keyboard.press("Enter")
    expect(layer(small, "act_1")).to_contain_text("(None, 6, 6, 16)")
    assert names(small) == ["input_1", "conv_1", "act_1", "pool_1", "flatten_1"]


def test_dragging_from_a_layer_to_another_connects_them(small):
    source = layer(small, "conv_1").locator(".react-flow__handle-bottom")
    target = layer(small, "flatten_1").locator(".react-flow__handle-top")
    source.hover(force=True)
    small.page.mouse.down()
    target.hover(force=True)
    target.hover(force=True)
    small.page.mouse.up()
    expect(layer(small, "flatten_1")).to_contain_text("(None, 576)")


def test_code_tab_puts_the_model_into_a_cell_that_runs(small):
    small.output(0).get_by_role("tab", name="Code").click()
    small.output(0).get_by_role("button", name="Insert cell").click()
    small.page.wait_for_function(f"{SOURCES}[1].includes('Sequential([')")
    small.run_cell(1)
    assert small.kernel_value("model.output_shape") == (None, 144)


def test_table_tab_lists_every_layer(small):
    small.output(0).get_by_role("tab", name="Table").click()
    expect(small.output(0).get_by_role("row", name="conv_1")).to_contain_text("(None, 6, 6, 16)")


def test_arrows_walk_through_the_rows_of_the_table(small):
    small.output(0).get_by_role("tab", name="Table").click()
    row = small.output(0).locator("tr[data-layer='conv_1']")
    row.click()
    row.press("ArrowDown")
    expect(small.output(0).locator("tr[data-layer='pool_1']")).to_be_focused()
    expect(small.output(0).locator("tr[aria-selected='true']")).to_contain_text("pool_1")


def test_layer_dragged_from_the_palette_lands_after_the_one_it_is_dropped_on(small):
    item = small.output(0).locator(".kn-palette").get_by_role("button", name="Dropout", exact=True)
    item.drag_to(layer(small, "conv_1"))
    expect(layer(small, "drop_1")).to_be_visible()
    assert names(small) == ["input_1", "conv_1", "drop_1", "pool_1", "flatten_1"]


def test_narrow_page_hides_the_palette_behind_a_button(small):
    small.set_width(760)
    search = small.output(0).get_by_role("textbox", name="Find a layer")
    expect(search).to_be_hidden()
    small.output(0).get_by_role("button", name="Add a layer (/)").click()
    expect(search).to_be_visible()


def test_backend_is_chosen_in_the_top_bar(small):
    small.output(0).get_by_role("combobox", name="backend").select_option("theano")
    expect(small.output(0).get_by_role("combobox", name="backend")).to_have_value("theano")
    assert small.kernel_value("__import__('kerasnb').backend.backend()") == "theano"


def test_picture_hides_behind_the_live_widget_and_shows_without_kernel(small):
    expect(small.outputs(0).locator(".jp-RenderedSVG, img")).to_be_hidden()
    small.save_and_reopen(without_kernel=True)
    expect(small.cell(0).locator(".jp-RenderedSVG img, .jp-RenderedSVG svg, img")).to_be_visible()
