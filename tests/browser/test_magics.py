"""`%kerasnb` in real JupyterLab: the first tutorial, a variable that follows clicks, Tab, an inserted cell."""

import nbformat
import pytest
from playwright.sync_api import expect

from tests.browser.lab import ROOT
from tests.browser.notebook_page import LIMIT, SOURCES

pytestmark = pytest.mark.browser

LOAD = "%load_ext kerasnb"
NET = """%load_ext kerasnb
from kerasnb.layers import Dense, Flatten
from kerasnb.models import Sequential
net = Sequential([Flatten(input_shape=(8, 8, 1), name="flat"), Dense(10, name="first"), Dense(2, name="second")])"""


def test_first_tutorial_runs_from_top_to_bottom(notebook):
    cells = nbformat.read(ROOT / "notebooks" / "01_first_model.ipynb", as_version=4).cells
    page = notebook([cell.source for cell in cells if cell.cell_type == "code"])
    assert page.kernel_value("digits_cnn.evaluate(x_val, y_val, verbose=0)[1] > 0.95")
    assert page.kernel_value("locks.verify()")
    expect(page.page.locator(".jp-OutputArea-output[data-mime-type='application/vnd.jupyter.stderr']")).to_have_count(0)


def test_variable_follows_what_is_clicked(notebook):
    page = notebook([LOAD, "%kerasnb build net --input 8,8,1", "net.output_shape"])
    page.output(1).locator(".kn-palette").get_by_role("button", name="Flatten", exact=True).click()
    expect(page.output(1)).to_contain_text("(None, 64)")
    page.run_cell(2)
    expect(page.output(2)).to_contain_text("(None, 64)")


def test_tab_offers_the_layers_of_the_model_on_the_line(notebook):
    page = notebook([NET, ""])
    page.cell(1).locator(".cm-content").click()
    page.page.keyboard.type("%kerasnb inspect net f")
    page.page.keyboard.press("Tab")
    offered = page.page.locator(".jp-Completer")
    expect(offered).to_contain_text("first", timeout=LIMIT)
    expect(offered).to_contain_text("flat")
    expect(offered).not_to_contain_text("second")


def test_code_lands_in_a_cell_of_its_own(notebook):
    page = notebook([NET, "%kerasnb code net --insert", "print('last')"], run=False)
    page.run_cell(0)
    page.run_cell(1)
    page.page.wait_for_function(f"{SOURCES}.length === 4")
    assert page.sources()[2].startswith("from kerasnb.layers import Dense, Flatten")
    assert page.sources()[3] == "print('last')"


def test_wrong_line_shows_one_message_and_no_traceback(notebook):
    page = notebook([LOAD, ""])
    page.cell(1).locator(".cm-content").click()
    page.page.keyboard.type("%kerasnb summary nothing")
    page.page.keyboard.press("Shift+Enter")
    expect(page.output(1)).to_contain_text("UsageError: %kerasnb summary: there is no variable", timeout=LIMIT)
    expect(page.cell(1)).not_to_contain_text("Traceback")
