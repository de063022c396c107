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


@pytest.fixture
def training(notebook):
    """A saved notebook in whose second cell a Fit panel trains for long."""
    page = notebook([MODEL, LONG])
    page.save()
    button(page, "Fit").click()
    wait_for_curves(page)
    return page


def stop_and_see_the_end(page, *others):
    button(page, "Stop").click()
    for each in (page, *others):
        each.page.wait_for_function(STOPPED, timeout=LIMIT)
        texts = each.page.evaluate(STORED)
        assert texts[0] == "FitPanel(digits_mlp)" and texts[1].startswith("digits_mlp: 2,410 parameters (0 frozen), ")
        assert len(texts) == 2
    expect(page.output(1, 1)).to_be_hidden()


def test_page_loaded_during_a_fit_stores_the_picture_of_its_end(training):
    training.reload()
    wait_for_curves(training)
    stop_and_see_the_end(training)
    training.save()
    assert "stopped" in training.stored().cells[1].outputs[1]["data"]["text/plain"]


def test_second_tab_opened_during_a_fit_stores_the_picture_of_its_end(training):
    second = NotebookPage(training.page.context.new_page(), training.server, training.path)
    second._go_to_it()
    wait_for_curves(second)
    stop_and_see_the_end(training, second)
    second.save()
    assert "stopped" in second.stored().cells[1].outputs[1]["data"]["text/plain"]
