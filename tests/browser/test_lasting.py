"""The lasting picture reaches the notebook from whichever page is open."""

import pytest
from playwright.sync_api import expect

from tests.browser.digits_cells import MODEL
from tests.browser.fit_panel import LIMIT, LONG, button, wait_for_curves
from tests.browser.notebook_page import NotebookPage

pytestmark = pytest.mark.browser

STORED = """() => window.jupyterapp.shell.currentWidget.context.model.cells.get(1).outputs.toJSON()
  .map((output) => output.data["text/plain"])"""
STOPPED = f"() => ({STORED})()[1].includes('stopped')"


def test_page_loaded_during_a_fit_and_a_second_tab_store_the_picture_of_its_end(notebook):
    page = notebook([MODEL, LONG])
    page.save()
    button(page, "Fit").click()
    wait_for_curves(page)
    page.reload()
    wait_for_curves(page)
    second = NotebookPage(page.page.context.new_page(), page.server, page.path)
    second._go_to_it()
    wait_for_curves(second)
    button(page, "Stop").click()
    for each in (page, second):
        each.page.wait_for_function(STOPPED, timeout=LIMIT)
        texts = each.page.evaluate(STORED)
        assert texts[0] == "FitPanel(digits_mlp)" and texts[1].startswith("digits_mlp: 2,410 parameters (0 frozen), ")
        assert len(texts) == 2
    expect(page.output(1, 1)).to_be_hidden()
    page.save()
    assert "stopped" in page.stored().cells[1].outputs[1]["data"]["text/plain"]
