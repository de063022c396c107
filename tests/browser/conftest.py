"""One JupyterLab and one Chromium for all browser tests, one window, and a notebook with a kernel for each test."""

import itertools

import pytest
from playwright.sync_api import expect, sync_playwright

from tests.browser.chromium import launch
from tests.browser.lab import LabServer, serve
from tests.browser.notebook_page import NotebookPage, write_notebook
from tests.browser.window import Window
from tests.warm_kernels import WARM

# milliseconds: the machine also runs unit tests and notebooks then, so Playwright's 5 s say nothing about us
expect.set_options(timeout=60_000)
numbers = itertools.count(1)


@pytest.fixture(scope="session")
def lab(tmp_path_factory):
    yield from serve(LabServer(tmp_path_factory.mktemp("jupyter") / "lab"))


@pytest.fixture(scope="session")
def chromium():
    with sync_playwright() as playwright:
        browser = launch(playwright)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def window(chromium):
    kept = Window(chromium)
    yield kept
    kept.close()


@pytest.fixture
def notebook(lab, window, request):
    """`notebook(["cell 0", "cell 1"], kernel=WARM, run=True)` -> an open `NotebookPage`."""
    failed = request.session.testsfailed

    def open_notebook(cells, kernel=WARM, run=True) -> NotebookPage:
        path = f"test_{next(numbers)}.ipynb"
        write_notebook(lab, path, cells, kernel)
        opened = NotebookPage(window.page(), lab, path).open()
        if run:
            opened.run_all()
        return opened

    yield open_notebook
    if request.session.testsfailed > failed:
        window.close()
    else:
        window.tidy()
    lab.shut_kernels_down()
