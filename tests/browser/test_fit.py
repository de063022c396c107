"""The Fit panel and LiveHistory in real JupyterLab: live curves, Pause, Stop, and cells that run meanwhile."""

import pytest
from playwright.sync_api import expect

from tests.browser.digits_cells import FIT_PANEL, MODEL
from tests.browser.fit_panel import LIMIT, LONG, button, wait_for_curves

pytestmark = pytest.mark.browser

LONG_LIVE = """from kerasnb.widgets import LiveHistory
model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
history = model.fit(x, y, nb_epoch=100000, verbose=0, callbacks=[LiveHistory()])"""


def test_fit_draws_both_curves_and_says_how_it_went(notebook):
    page = notebook([MODEL, FIT_PANEL])
    button(page, "Fit").click()
    expect(page.output(1).locator(".kn-status")).to_contain_text("5 epochs done, best epoch", timeout=LIMIT)
    expect(page.output(1).get_by_role("img", name="Loss by epoch. Train")).to_be_visible()
    assert page.kernel_value("len(panel.history.history['val_acc'])") == 5


def test_pause_holds_training_and_space_resumes_it(notebook):
    page = notebook([MODEL, LONG])
    button(page, "Fit").click()
    wait_for_curves(page)
    button(page, "Pause").click()
    expect(button(page, "Resume")).to_be_visible()
    held = page.kernel_value("panel.runs[-1].epochs")
    assert page.kernel_value("panel.runs[-1].epochs") == held
    page.output(1).get_by_role("region", name="Fit digits_mlp").focus()
    page.page.keyboard.press(" ")
    expect(button(page, "Pause")).to_be_enabled()
    button(page, "Stop").click()
    expect(page.output(1).locator(".kn-status")).to_contain_text("stopped after")


def test_the_learning_rate_changes_while_it_trains(notebook):
    page = notebook([MODEL, LONG, "from kerasnb import backend as K"])
    button(page, "Fit").click()
    wait_for_curves(page)
    page.output(1).get_by_role("textbox", name="learning rate").fill("0.0005")
    page.page.keyboard.press("Enter")
    expect(page.output(1).get_by_role("textbox", name="learning rate")).to_have_value("0.0005")
    assert page.kernel_value("round(float(K.get_value(model.optimizer.lr)), 6)") == 0.0005
    button(page, "Stop").click()
    expect(page.output(1).locator(".kn-status")).to_contain_text("stopped after")


def test_a_wrong_option_is_told_in_words_and_letters_reach_no_notebook_shortcut(notebook):
    page = notebook([MODEL, FIT_PANEL])
    field = page.output(1).get_by_role("textbox", name="batch_size")
    field.fill("")
    field.press_sequentially("dda")
    page.page.keyboard.press("Enter")
    expect(page.output(1).get_by_role("alert")).to_contain_text("batch_size needs a whole number above 0, got 'dda'")
    assert len(page.sources()) == 2


def test_live_history_draws_while_the_cell_blocks_and_the_interrupt_keeps_the_history(notebook):
    page = notebook([MODEL, LONG_LIVE], run=False)
    page.run_cell(0)
    page.run_cell(1, wait=False)
    wait_for_curves(page)
    page.interrupt()
    expect(page.output(1).locator(".kn-status")).to_contain_text("stopped after")
    page.wait_until_idle()
    assert page.kernel_value("len(history.history['loss']) > 0")


def test_fit_called_in_a_cell_returns_at_once_where_somebody_watches(notebook):
    page = notebook([MODEL, LONG, "panel.fit()"], run=False)
    for cell in range(3):
        page.run_cell(cell)
    wait_for_curves(page)
    assert page.kernel_value("panel.state") == "running"
    button(page, "Stop").click()
    expect(page.output(1).locator(".kn-status")).to_contain_text("stopped after")
