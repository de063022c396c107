"""Every widget when its kernel is killed while it trains: it says so, is grey, and its cell can be run again."""

import pytest
from playwright.sync_api import expect

from tests.browser.digits_cells import FIT_PANEL, MODEL

pytestmark = pytest.mark.browser

CELLS = [
    MODEL,
    FIT_PANEL.replace("nb_epoch=5", "nb_epoch=100000"),
    "from kerasnb.widgets import Builder, FreezePanel, Inspector\nBuilder(input_shape=(8, 8, 1))",
    'Inspector(model, x_val, y_val, layer="hidden")',
    "FreezePanel(model)",
    """from kerasnb.report import Run
from kerasnb.widgets.curves.history_panel import HistoryPanel
live = HistoryPanel("other", 650, 0, [])
live.begin(Run(planned=5))
live""",
]
KILL = """() => window.jupyterapp.shell.currentWidget.sessionContext.session.kernel.requestExecute(
  {code: 'import os; os._exit(1)'}) && null"""
WIDGETS = ["Fit digits_mlp", "Inspect digits_mlp", "Freeze digits_mlp", "Training of other"]
NEEDS_NO_KERNEL = "[data-local], [role=tab], [aria-expanded]"


def test_every_widget_of_a_killed_kernel_says_so_is_grey_and_runs_its_cell_again(notebook):
    page = notebook(CELLS)
    page.set_width(1200, 4000)
    page.output(1).get_by_role("button", name="Fit", exact=True).click()
    expect(page.output(1).get_by_role("img", name="Loss by epoch. Train")).to_be_visible()
    page.page.evaluate(KILL)
    said = page.page.locator(".kn-connection")
    expect(said).to_have_count(5)
    for strip in said.all():
        expect(strip).to_contain_text("The kernel was restarted: what you see is as it was before.")
    expect(page.output(1).locator(".kn-status")).to_contain_text("kernel restarted at epoch")
    for name in WIDGETS:
        region = page.page.get_by_role("region", name=name)
        expect(region).to_be_visible()
        expect(region.locator(f"button:enabled:not({NEEDS_NO_KERNEL})")).to_have_count(0)
    page.page.get_by_role("button", name="Ok", exact=True).click()
    page.wait_until_idle()
    page.output(4).get_by_role("button", name="Run this cell again").click()
    expect(page.output(4)).to_contain_text("NameError")
    assert page.console_errors == []
