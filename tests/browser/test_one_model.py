"""One model in all widgets of a notebook: what is inserted by a click shows in each of them, and is trained."""

import pytest
from playwright.sync_api import expect

from tests.browser.notebook_page import LIMIT

pytestmark = pytest.mark.browser

START = """%load_ext kerasnb
import numpy as np
from kerasnb.layers import Dense
from kerasnb.models import Sequential
np.random.seed(1)
x_train, y_train = np.random.rand(64, 4).astype("float32"), np.eye(2)[[0, 1] * 32]
hidden = Dense(8, input_shape=(4,), activation="relu", name="hidden")
net = Sequential([hidden, Dense(2, activation="softmax", name="output")])"""
WIDGETS = [
    "builder = %kerasnb build net\nbuilder",
    "fit = %kerasnb fit net --open --epochs 3\nfit",
    "%kerasnb inspect net",
    "%kerasnb freeze net",
]
BUILDER, FIT, INSPECTOR, FREEZE, CELL = 1, 2, 3, 4, 5


@pytest.fixture
def page(notebook):
    page = notebook([START, *WIDGETS, "net.get_layer('hidden').trainable = False"], run=False)
    for cell in (0, BUILDER, FIT, INSPECTOR, FREEZE):
        page.run_cell(cell)
    return page


def insert_dense(page):
    """A Dense of 32 between the two layers, by the + on their wire."""
    page.output(BUILDER).get_by_role("button", name="Insert a layer between hidden and output").click()
    page.page.keyboard.type("dense")
    page.page.keyboard.press("Enter")


def test_a_layer_inserted_by_a_click_shows_in_all_widgets_and_is_trained(page):
    page.output(FIT).get_by_role("button", name="Fit", exact=True).click()
    expect(page.output(FIT).get_by_role("status").last).to_contain_text("3 epochs done", timeout=LIMIT)
    insert_dense(page)
    count = f"{40 + 8 * 32 + 32 + 66}"
    for widget in (BUILDER, FIT, FREEZE):
        expect(page.output(widget)).to_contain_text(f"{count} trainable")
    expect(page.output(FREEZE).get_by_role("row", name="dense_1")).to_be_visible()
    expect(page.output(INSPECTOR).get_by_role("option", name="dense_1")).to_have_count(1)
    expect(page.output(FIT)).to_contain_text("changed since the last fit: add dense_1")
    page.screenshot("one_model")
    before = page.kernel_value("float(abs(fit.model.get_layer('dense_1').get_weights()[0]).sum())")
    page.output(FIT).get_by_role("button", name="Fit", exact=True).click()
    expect(page.output(FIT)).not_to_contain_text("changed since the last fit", timeout=LIMIT)
    expect(page.output(FIT).get_by_role("status").last).to_contain_text("3 epochs done", timeout=LIMIT)
    assert page.kernel_value("fit.model is builder.model")
    assert page.kernel_value("float(abs(fit.model.get_layer('dense_1').get_weights()[0]).sum())") != before


def test_two_quick_steps_are_both_made_and_a_freeze_in_a_cell_shows_in_the_builder(page):
    insert_dense(page)
    page.page.keyboard.press("Escape")  # from the search to the canvas
    page.page.keyboard.press("Control+z")
    page.page.keyboard.press("Control+Shift+z")
    page.page.keyboard.press("Control+z")
    expect(page.output(BUILDER).locator(".react-flow__node")).to_have_count(3)
    expect(page.output(BUILDER).get_by_role("alert")).to_have_count(0)
    page.run_cell(CELL)
    expect(page.output(FREEZE)).to_contain_text("40 frozen")
    hidden = page.output(BUILDER).locator(".react-flow__node[data-id='hidden']")
    expect(hidden.get_by_role("img", name="frozen")).to_be_visible()
