"""The Freeze panel in real JupyterLab: padlocks, counts, proof after a fit."""

import pytest
from playwright.sync_api import expect

from tests.browser.digits_cells import FIT_PANEL, MODEL

pytestmark = pytest.mark.browser

FREEZE = """from kerasnb.widgets import FreezePanel
freezing = FreezePanel(model)
freezing"""
LIMIT = 90_000


@pytest.fixture
def page(notebook):
    return notebook([MODEL, FIT_PANEL, FREEZE])


def test_a_padlock_freezes_its_layer_and_the_counts_follow(page):
    page.output(2).get_by_role("button", name="Freeze hidden").click()
    expect(page.output(2).get_by_role("button", name="Unfreeze hidden")).to_be_visible()
    expect(page.output(2)).to_contain_text("330 trainable")
    expect(page.output(1)).to_contain_text("2,080 frozen")
    assert page.kernel_value("model.get_layer('hidden').trainable") is False


def test_f_freezes_the_row_that_arrow_keys_reached(page):
    page.output(2).get_by_role("row", name="flat").focus()
    page.page.keyboard.press("ArrowDown")
    page.page.keyboard.press("f")
    expect(page.output(2).get_by_role("button", name="Unfreeze hidden")).to_be_visible()


def test_frozen_weights_are_verified_after_a_fit(page):
    page.output(2).get_by_role("button", name="Freeze hidden").click()
    page.output(1).get_by_role("button", name="Fit", exact=True).click()
    proof = "frozen weights unchanged, verified: hidden, 2,080 values"
    expect(page.output(1).locator(".kn-status")).to_contain_text(f"{proof}, after epoch 5", timeout=LIMIT)
    expect(page.output(2).locator(".kn-status")).to_contain_text(proof)


def test_freezing_while_it_trains_is_refused_in_words(page):
    page.output(1).get_by_role("textbox", name="nb_epoch").fill("100000")
    page.page.keyboard.press("Enter")
    page.output(1).get_by_role("button", name="Fit", exact=True).click()
    expect(page.output(1).get_by_role("img", name="Accuracy by epoch. Train")).to_be_visible(timeout=LIMIT)
    page.output(2).get_by_role("button", name="Freeze hidden").click()
    expect(page.output(2).get_by_role("alert")).to_contain_text('BusyError: model "digits_mlp" is training')
    page.output(1).get_by_role("button", name="Stop", exact=True).click()
    expect(page.output(1).locator(".kn-status")).to_contain_text("stopped after")
