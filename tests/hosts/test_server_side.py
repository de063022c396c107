"""jupyter-server-nbmodel: the server runs the cells, and the page may be gone meanwhile."""

import pytest
from playwright.sync_api import expect

from tests.browser.notebook_page import NotebookPage
from tests.hosts.main_path import (
    FIT,
    LIMIT,
    LIVE,
    PICTURE_OF_THE_END,
    all_widgets_are_drawn,
    begin_to_fit,
    cells,
    stop,
    trust,
)

pytestmark = pytest.mark.browser

SLIDER = "import ipywidgets\nipywidgets.IntSlider(description='depth')"


def test_widgets_train_and_stop_and_their_pictures_reach_the_notebook(server_side, page, written, backend):
    notebook = NotebookPage(page, server_side, written(server_side, cells(backend))).open()
    notebook.run_all()
    trust(notebook)
    all_widgets_are_drawn(page)
    begin_to_fit(page)
    stop(page)
    page.wait_for_function(PICTURE_OF_THE_END, timeout=LIMIT)
    expect(page.locator(".jp-RenderedSVG:visible")).to_have_count(0)
    notebook.save()
    texts = [[output["data"]["text/plain"] for output in cell.outputs] for cell in notebook.stored().cells]
    assert len(texts[FIT]) == 2 and "stopped" in texts[FIT][1]
    assert len([text for text in texts[LIVE] if text.startswith("lived: 650 parameters (0 frozen), 3 epochs")]) == 1


def test_a_slider_of_ipywidgets_is_text_until_the_notebook_is_trusted(server_side, page, written):
    notebook = NotebookPage(page, server_side, written(server_side, [SLIDER])).open()
    notebook.run_all()
    expect(notebook.output(0)).to_contain_text("IntSlider(value=0, description='depth')")
    trust(notebook)
    expect(notebook.output(0).get_by_role("slider")).to_be_visible()
