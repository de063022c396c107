"""Runs that are kept, in real JupyterLab: beside the notebook, after a restart of its kernel, beside the curve."""

import pytest
from playwright.sync_api import expect

from tests.browser.digits_cells import MODEL
from tests.browser.fit_panel import LIMIT, LONG, button, wait_for_curves
from tests.browser.notebook_page import RESTART

pytestmark = pytest.mark.browser

# the tests keep nothing; here it is kept beside the notebook, and weights are written often. Theano loads in a third
# of the time, and is loaded twice
KEPT = """import os
del os.environ["KERASNB_HOME"]
os.environ["KERASNB_BACKEND"] = "theano"
from kerasnb import runs
from kerasnb.runs import keeping
keeping.SECONDS, keeping.SHARE = 0.2, 0.5
"""


def test_after_its_kernel_was_restarted_a_training_goes_on_where_it_was(notebook):
    page = notebook([KEPT + MODEL, LONG])
    button(page, "Fit").click()
    wait_for_curves(page)
    page.wait_for_kernel("(runs.open('last').path / keeping.LAST).exists()")
    assert page.kernel_value("runs.open('last').path.parent.parent.parent.name") == ".kerasnb"
    page.page.evaluate(RESTART)
    page.wait_until_answering()
    page.run_all()
    expect(page.output(1).get_by_role("note")).to_contain_text("The kernel ended at epoch", timeout=LIMIT)
    expect(page.output(1).get_by_role("img", name="Loss by epoch. Train")).to_be_visible()
    ended = page.kernel_value("panel.interrupted['epoch']")
    button(page, f"Go on from epoch {ended}").click()
    expect(page.output(1).get_by_text("ETA")).to_be_visible(timeout=LIMIT)
    button(page, "Stop").click()
    expect(page.output(1).locator(".kn-status")).to_contain_text("stopped after", timeout=LIMIT)
    assert page.kernel_value("panel.history.epoch[0]") == ended

    page.output(1).get_by_role("button", name="earlier runs").click()
    page.output(1).get_by_role("checkbox", name="interrupted at epoch").check()
    expect(page.output(1).locator(".kn-key", has_text="run of ")).to_have_count(2)
    best = page.output(1).get_by_role("button", name="Restore best (epoch")
    if page.kernel_value("bool(panel.offer)"):
        best.click()
        expect(page.output(1).get_by_role("button", name="Restore last (epoch")).to_be_visible()
    page.screenshot("runs")
