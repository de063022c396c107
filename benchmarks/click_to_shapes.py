"""Seconds from the click on a palette item until the new layer's shape is painted, in JupyterLab and Chromium."""

import statistics
import tempfile
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import sync_playwright

from benchmarks.measure import report
from tests.browser.chromium import launch
from tests.browser.lab import LabServer
from tests.browser.notebook_page import NotebookPage, write_notebook

CLICKS = 40
CELL = "from kerasnb.widgets import Builder\nbuilder = Builder(input_shape=(784,))\nbuilder"
READY = "document.querySelectorAll('.kn-node-shape').length > 0"
# only the layers in sight are drawn, so the new one is known by its name and not by how many there are
CLICK = """() => new Promise(resolve => {
  const nodes = () => [...document.querySelectorAll('.react-flow__node')];
  const isKnown = node => node.querySelector('.kn-node-shape')?.innerText.startsWith('(');
  const item = [...document.querySelectorAll('.kn-item')].find(button => button.innerText === 'Dense');
  const seen = window.seenLayers ??= new Set();
  nodes().forEach(node => seen.add(node.dataset.id));
  const start = performance.now();
  const look = () => nodes().some(node => !seen.has(node.dataset.id) && isKnown(node))
    ? requestAnimationFrame(() => resolve((performance.now() - start) / 1000))
    : requestAnimationFrame(look);
  item.click();
  look();
})"""


def main() -> None:
    report(**percentiles(with_widget(CELL, READY, clicks)))


def clicks(page) -> list[float]:
    """How long each click took; the model grows by a layer every time."""
    return [page.evaluate(CLICK) for _ in range(CLICKS)]


def with_widget(cell: str, ready: str, measure: Callable):
    """What `measure(page)` gives once JupyterLab has run the cell and `ready` holds in the browser."""
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        server = LabServer(Path(folder) / "lab")
        try:
            server.wait_until_up()
            return measure(open_page(server, launch(playwright), cell, ready))
        finally:
            server.stop()


def open_page(server: LabServer, browser, cell: str, ready: str):
    write_notebook(server, "widget.ipynb", [cell])
    page = browser.new_page(viewport={"width": 1200, "height": 1000})
    NotebookPage(page, server, "widget.ipynb").open().run_all()
    page.wait_for_function(ready)
    return page


def percentiles(took: list[float]) -> dict[str, float]:
    cuts = statistics.quantiles(took, n=20)
    return {"p50": statistics.median(took), "p95": cuts[18], "slowest": max(took)}


if __name__ == "__main__":
    main()
