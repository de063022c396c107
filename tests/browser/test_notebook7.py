"""The main path in Notebook 7: build by clicking, fit, stop, freeze; the kernel's end is noticed."""

import itertools

import pytest
from playwright.sync_api import expect

from tests.browser.notebook_page import NotebookPage, write_notebook

pytestmark = pytest.mark.browser

CELLS = [
    """import os
os.environ["KERASNB_BACKEND"] = "theano"
%load_ext kerasnb
%kerasnb data digits
%kerasnb build net --input 8,8,1""",
    "%kerasnb fit net --epochs 100000 --open",
    "%kerasnb freeze net",
]
LIMIT = 90_000
numbers = itertools.count(1)


class Notebook7Page(NotebookPage):
    """A notebook in an application of its own."""

    place = "notebooks"


@pytest.fixture
def page(lab, chromium):
    path = f"seven_{next(numbers)}.ipynb"
    write_notebook(lab, path, CELLS, "python3")
    context = chromium.new_context(viewport={"width": 1200, "height": 2400})
    yield Notebook7Page(context.new_page(), lab, path).open().page
    context.close()
    lab.shut_kernels_down()


def run_cell(page, number):
    """Run a cell by keys."""
    page.locator(".jp-CodeCell").nth(number).locator(".cm-content").click()
    page.keyboard.press("Shift+Enter")


def test_a_model_is_built_fitted_stopped_and_frozen_by_clicks(page):
    run_cell(page, 0)
    palette = page.locator(".kn-palette")
    palette.get_by_role("button", name="Flatten", exact=True).click(timeout=LIMIT)
    page.get_by_label("Find a layer").fill("dense")
    page.get_by_label("Find a layer").press("Enter")
    field = page.get_by_role("textbox", name="output_dim", exact=True)
    field.fill("10")
    field.press("Enter")
    expect(page.locator(".react-flow__node[data-id='dense_1']")).to_contain_text("(None, 10)")

    run_cell(page, 1)
    fit = page.get_by_role("region", name="Fit net")
    fit.get_by_role("button", name="Use softmax").click(timeout=LIMIT)
    expect(fit.get_by_role("list", name="Before you fit")).to_have_count(0)
    fit.get_by_role("button", name="Fit", exact=True).click()
    expect(fit.get_by_role("img", name="Loss by epoch. Train")).to_be_visible(timeout=LIMIT)
    fit.get_by_role("button", name="Stop", exact=True).click()
    expect(fit.get_by_role("status").last).to_contain_text("stopped", timeout=LIMIT)

    run_cell(page, 2)
    freeze = page.get_by_role("region", name="Freeze net")
    expect(freeze).to_contain_text("dense_1", timeout=LIMIT)
    freeze.get_by_role("button", name="Freeze dense_1").click()
    expect(fit).to_contain_text("650 frozen")
