"""One JupyterLab and one Chromium for all browser tests, and a notebook for each."""

import itertools

import pytest
from playwright.sync_api import expect, sync_playwright

from tests.browser.chromium import launch
from tests.browser.lab import LabServer
from tests.browser.notebook_page import NotebookPage, write_notebook

WINDOW = {"width": 1200, "height": 1000}
# milliseconds: the machine also runs unit tests and notebooks then, so Playwright's 5 s say nothing about us
expect.set_options(timeout=60_000)
numbers = itertools.count(1)


@pytest.fixture(scope="session")
def lab(tmp_path_factory):
    server = LabServer(tmp_path_factory.mktemp("jupyter") / "lab")
    try:
        server.wait_until_up()
        yield server
    finally:
        server.stop()


@pytest.fixture(scope="session")
def chromium():
    with sync_playwright() as playwright:
        browser = launch(playwright)
        yield browser
        browser.close()


@pytest.fixture
def notebook(lab, chromium):
    """`notebook(["cell 0", "cell 1"], kernel="python3", run=True)` -> an open `NotebookPage`."""
    contexts = []

    def open_notebook(cells, kernel="python3", run=True) -> NotebookPage:
        path = f"test_{next(numbers)}.ipynb"
        write_notebook(lab, path, cells, kernel)
        contexts.append(chromium.new_context(viewport=WINDOW))
        opened = NotebookPage(contexts[-1].new_page(), lab, path).open()
        if run:
            opened.run_all()
        return opened

    yield open_notebook
    for context in contexts:
        context.close()
    lab.shut_kernels_down()
