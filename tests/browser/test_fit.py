"""The Fit panel and LiveHistory in real JupyterLab: live curves, Pause, Stop, and cells that run meanwhile."""

import pytest
from playwright.sync_api import expect

from tests.browser.digits_cells import FIT_PANEL, MODEL

pytestmark = pytest.mark.browser

KERNELS = ["kerasnb-ipykernel-6.29", "kerasnb-ipykernel-7.1", "kerasnb-ipykernel-7.4"]
LONG = FIT_PANEL.replace("nb_epoch=5", "nb_epoch=100000")
LONG_LIVE = """from kerasnb.widgets import LiveHistory
model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
history = model.fit(x, y, nb_epoch=100000, verbose=0, callbacks=[LiveHistory()])"""
LIMIT = 90_000


def button(page, name, cell=1):
    return page.output(cell).get_by_role("button", name=name, exact=True)


def wait_for_curves(page, cell=1):
    expect(page.output(cell).get_by_role("img", name="Accuracy by epoch. Train")).to_be_visible(timeout=LIMIT)


def test_fit_draws_both_curves_and_says_how_it_went(notebook):
    page = notebook([MODEL, FIT_PANEL])
    button(page, "Fit").click()
    expect(page.output(1).get_by_role("status")).to_contain_text("5 epochs done, best epoch", timeout=LIMIT)
    expect(page.output(1).get_by_role("img", name="Loss by epoch. Train")).to_be_visible()
    assert page.kernel_value("len(panel.history.history['val_acc'])") == 5


@pytest.mark.parametrize("kernel", KERNELS)
def test_another_cell_runs_meanwhile_and_stop_keeps_history_and_weights(notebook, kernel):
    page = notebook([MODEL, LONG, "print(6 * 7, panel.state)"], kernel=kernel, run=False)
    page.run_cell(0)
    page.run_cell(1)
    button(page, "Fit").click()
    wait_for_curves(page)
    page.run_cell(2)
    expect(page.output(2)).to_have_text("42 running")
    button(page, "Stop").click()
    expect(page.output(1).get_by_role("status")).to_contain_text("stopped after")
    assert page.kernel_value("panel.history.history['loss'][-1] < panel.history.history['loss'][0]")
    assert page.kernel_value("bool(np.isfinite(model.get_weights()[0]).all())")


LONG_CELL = "import time; time.sleep(15); ended = time.monotonic()"
FIT_AND_NOTE_END = """import threading, time
panel.fit(wait=False)
def note(): panel._job.wait(); globals().update(stopped=time.monotonic())
noting = threading.Thread(target=note, daemon=True); noting.start()"""


@pytest.mark.parametrize("kernel", KERNELS)
def test_stop_acts_while_a_long_cell_runs_or_the_panel_says_that_it_waits(notebook, kernel):
    page = notebook([MODEL, LONG, FIT_AND_NOTE_END, LONG_CELL], kernel=kernel, run=False)
    for cell in range(3):
        page.run_cell(cell)
    wait_for_curves(page)
    page.run_cell(3, wait=False)
    button(page, "Stop").click()
    expect(page.output(1).get_by_role("status")).to_contain_text("stopped after", timeout=LIMIT)
    page.wait_until_idle()
    waited = page.kernel_value("(noting.join(), stopped > ended)[1]")
    assert waited == ("6.29" in kernel) == page.kernel_value("panel.clicks_wait")


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
    expect(page.output(1).get_by_role("status")).to_contain_text("stopped after")


def test_the_learning_rate_changes_while_it_trains(notebook):
    page = notebook([MODEL, LONG, "from kerasnb import backend as K"])
    button(page, "Fit").click()
    wait_for_curves(page)
    page.output(1).get_by_role("textbox", name="learning rate").fill("0.0005")
    page.page.keyboard.press("Enter")
    expect(page.output(1).get_by_role("textbox", name="learning rate")).to_have_value("0.0005")
    assert page.kernel_value("round(float(K.get_value(model.optimizer.lr)), 6)") == 0.0005
    button(page, "Stop").click()
    expect(page.output(1).get_by_role("status")).to_contain_text("stopped after")


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
    expect(page.output(1).get_by_role("status")).to_contain_text("stopped after")
    page.wait_until_idle()
    assert page.kernel_value("len(history.history['loss']) > 0")


def test_fit_called_in_a_cell_returns_at_once_where_somebody_watches(notebook):
    page = notebook([MODEL, LONG, "panel.fit()"], run=False)
    for cell in range(3):
        page.run_cell(cell)
    wait_for_curves(page)
    assert page.kernel_value("panel.state") == "running"
    button(page, "Stop").click()
    expect(page.output(1).get_by_role("status")).to_contain_text("stopped after")


@pytest.mark.parametrize("kernel", KERNELS)
def test_run_all_waits_for_a_fit_because_the_next_cell_needs_it(notebook, kernel):
    page = notebook([MODEL, FIT_PANEL, "panel.fit();", "len(panel.runs[-1].logs['loss'])"], kernel=kernel)
    expect(page.output(3)).to_have_text("5")
