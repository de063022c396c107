"""A notebook run by a program: fit waits, and the pictures lie in the stored outputs."""

import nbclient
import nbformat
import pytest

CELLS = [
    """import numpy as np
from tests.report.small_models import branching_model
from kerasnb.widgets import FitPanel, LiveHistory
x, y, model = np.random.rand(16, 5), np.eye(2)[[0, 1] * 8], branching_model()
panel = FitPanel(model, x, y, nb_epoch=3)
panel""",
    "panel.fit();",
    "print(len(panel.runs[-1].logs['loss']), panel.state)",
    "_ = model.fit(x, y, nb_epoch=2, verbose=0, callbacks=[LiveHistory()])",
]


@pytest.fixture(scope="module")
def executed():
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(source) for source in CELLS])
    return nbclient.NotebookClient(notebook, timeout=240, kernel_name="python3").execute().cells


@pytest.mark.slow
def test_fit_waits_for_its_end(executed):
    assert executed[2].outputs[0].text == "3 idle\n"


@pytest.mark.slow
def test_the_panels_own_cell_holds_the_widget_and_the_cell_that_waited_the_picture(executed):
    (widget,), (picture,) = executed[0].outputs, executed[1].outputs
    assert "application/vnd.jupyter.widget-view+json" in widget.data
    assert "image/svg+xml" in picture.data and "3 epochs, best epoch" in picture.data["text/plain"]


@pytest.mark.slow
def test_live_history_leaves_its_picture_in_the_cell_of_the_fit(executed):
    assert executed[3].outputs[1].data["text/plain"].startswith("branching: 58 parameters (0 frozen), 2 epochs")


@pytest.mark.slow
def test_nothing_was_printed_by_the_worker(executed):
    assert [output.output_type for output in executed[1].outputs] == ["display_data"]
