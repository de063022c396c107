"""The Inspector in real JupyterLab: another layer, another sample, train phase, weights."""

import pytest
from playwright.sync_api import expect

from tests.browser.digits_cells import FIT_PANEL, MODEL
from tests.browser.notebook_page import LIMIT

pytestmark = pytest.mark.browser

INSPECTOR = """from kerasnb.widgets import Inspector
inspector = Inspector(model, x_val, y_val, layer="hidden")
inspector"""


@pytest.fixture
def page(notebook):
    return notebook([MODEL, INSPECTOR, "inspector.layer = 'flat'"], run=False)


@pytest.fixture
def shown(page):
    page.run_cell(0)
    page.run_cell(1)
    # it computes in the background: the cell is over before the first picture is there
    expect(page.output(1).get_by_role("img", name="Units of hidden")).to_be_visible(timeout=LIMIT)
    return page.output(1)


def test_it_shows_the_output_its_figures_and_the_line_that_computes_it(shown):
    expect(shown).to_contain_text("(None, 32)")
    expect(shown).to_contain_text("Dense, relu")
    expect(shown.get_by_role("img", name="Units of hidden")).to_be_visible()
    expect(shown).to_contain_text("model.get_layer('hidden').output])([x_val[0:1], 0])[0]")


def test_next_layer_and_the_slider_change_what_is_shown(page, shown):
    shown.get_by_role("button", name="Next layer").click()
    expect(shown).to_contain_text("Dropout 0.2")
    shown.get_by_role("slider", name="sample").fill("7")
    expect(shown).to_contain_text("model.get_layer('drop').output])([x_val[7:8], 0])[0]")
    assert page.kernel_value("(inspector.layer, inspector.sample, inspector.output.shape)") == ("drop", 7, (1, 32))


def test_train_phase_drops_units(page, shown):
    shown.get_by_role("button", name="Next layer").click()
    shown.get_by_role("button", name="Train (1)").click()
    expect(shown).to_contain_text("[x_val[0:1], 1])[0]")
    assert page.kernel_value("int((inspector.output == 0).sum()) > 0")


def test_weights_have_histograms(shown):
    shown.get_by_role("tab", name="Weights").click()
    expect(shown.get_by_role("img", name="Values: 2,048 of 2,048")).to_be_visible(timeout=LIMIT)
    expect(shown).to_contain_text("hidden_W")


def test_gradients_are_computed_at_the_layer(shown):
    shown.get_by_role("tab", name="Gradients").click()
    expect(shown).to_contain_text("Gradient at this layer", timeout=LIMIT)


def test_a_trait_set_in_a_cell_changes_the_picture(page, shown):
    page.run_cell(2)
    expect(shown).to_contain_text("(None, 64)")
    expect(shown.get_by_role("combobox", name="layer")).to_have_value("flat")


def test_a_layer_clicked_in_the_builder_is_looked_at(notebook):
    follow = INSPECTOR.removesuffix("inspector") + "inspector.follow(builder)\ninspector"
    page = notebook([MODEL, "from kerasnb.widgets import Builder\nbuilder = Builder(model)\nbuilder", follow])
    page.output(1).locator(".react-flow__node[data-id='drop']").click()
    expect(page.output(2).get_by_role("combobox", name="layer")).to_have_value("drop")


def test_epochs_are_drawn_while_the_fit_panel_trains(notebook):
    page = notebook([MODEL, FIT_PANEL, INSPECTOR])
    shown = page.output(2)
    shown.get_by_role("tab", name="Epochs").click()
    expect(shown).to_contain_text("No epoch of hidden was seen yet")
    page.output(1).get_by_role("button", name="Fit", exact=True).click()
    expect(shown.get_by_role("img", name="values of hidden_W from epoch 1")).to_be_visible(timeout=90_000)
    expect(shown.get_by_role("alert")).to_have_count(0)
