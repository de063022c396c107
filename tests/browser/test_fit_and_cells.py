"""The Fit panel beside other cells, on each kernel in use: what runs meanwhile, what waits."""

import pytest
from playwright.sync_api import expect

from tests.browser.digits_cells import FIT_PANEL, MODEL
from tests.browser.fit_panel import LIMIT, LONG, button, wait_for_curves

pytestmark = pytest.mark.browser

KERNELS = ["kerasnb-ipykernel-6.29", "kerasnb-ipykernel-7.1", "kerasnb-ipykernel-7.4"]


@pytest.mark.parametrize("kernel", KERNELS)
def test_another_cell_runs_meanwhile_and_stop_keeps_history_and_weights(notebook, kernel):
    page = notebook([MODEL, LONG, "print(6 * 7, panel.state)"], kernel=kernel, run=False)
    page.run_cell(0)
    page.run_cell(1)
    button(page, "Fit").click()
    wait_for_curves(page)
    page.run_cell(2)
    expect(page.output(2)).to_have_text("42 running")
    button(page, "Stop").click()
    expect(page.output(1).locator(".kn-status")).to_contain_text("stopped after")
    assert page.kernel_value("panel.history.history['loss'][-1] < panel.history.history['loss'][0]")
    assert page.kernel_value("bool(np.isfinite(model.get_weights()[0]).all())")


# it ends when it is told to: how fast the machine is says nothing then about what came first
LONG_CELL = """import pathlib, time
while not pathlib.Path("end").exists(): time.sleep(0.05)
ended = time.monotonic()"""
FIT_AND_NOTE_END = """import threading, time
panel.fit(wait=False)
def note(): panel._job.wait(); globals().update(stopped=time.monotonic())
noting = threading.Thread(target=note, daemon=True); noting.start()"""


@pytest.mark.parametrize("kernel", KERNELS)
def test_stop_acts_while_a_long_cell_runs_or_the_panel_says_that_it_waits(notebook, kernel):
    page = notebook([MODEL, LONG, FIT_AND_NOTE_END, LONG_CELL], kernel=kernel, run=False)
    for cell in range(3):
        page.run_cell(cell)
    wait_for_curves(page)
    page.run_cell(3, wait=False)
    expect(page.cell(3).locator(".jp-InputPrompt")).to_have_text("[*]:")
    button(page, "Stop").click()
    end, status = page.server.files / "end", page.output(1).locator(".kn-status")
    if "6.29" in kernel:
        expect(page.output(1)).to_contain_text("clicks wait while another cell runs")
        end.touch()
    expect(status).to_contain_text("stopped after", timeout=LIMIT)
    end.touch()
    # the kernel's own status tells nothing here: each click's message makes it idle for a moment
    expect(page.cell(3).locator(".jp-InputPrompt")).not_to_have_text("[*]:")
    end.unlink()
    waited = page.kernel_value("(noting.join(), stopped > ended)[1]")
    assert waited == ("6.29" in kernel) == page.kernel_value("panel.clicks_wait")


@pytest.mark.parametrize("kernel", KERNELS)
def test_run_all_waits_for_a_fit_because_the_next_cell_needs_it(notebook, kernel):
    page = notebook([MODEL, FIT_PANEL, "panel.fit();", "len(panel.runs[-1].logs['loss'])"], kernel=kernel)
    expect(page.output(3)).to_have_text("5")
