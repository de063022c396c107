"""The harness itself: a widget in real JupyterLab, seen by the browser and by the kernel."""

import pytest

IPYKERNELS = ("6.29", "7.1", "7.4")

pytestmark = pytest.mark.browser
SLIDER = "import ipywidgets\nslider = ipywidgets.IntSlider(value=3, description='depth')\nslider"


def test_slider_moved_in_the_browser_changes_the_value_in_the_kernel(notebook):
    page = notebook([SLIDER])
    handle = page.output(0).get_by_role("slider")
    handle.press("ArrowRight")
    page.page.wait_for_function("() => document.querySelector('.widget-readout').innerText === '4'")
    assert page.kernel_value("slider.value") == 4


def test_kernel_value_shows_what_the_expression_raised(notebook):
    page = notebook(["x = 1"])
    with pytest.raises(AssertionError, match="NameError"):
        page.kernel_value("y")


def test_notebook_reopened_without_kernel_keeps_its_text_outputs(notebook):
    page = notebook(["print('hello')"])
    page.save_and_reopen(without_kernel=True)
    assert page.output(0).inner_text().strip() == "hello"
    assert page.page.evaluate("window.jupyterapp.shell.currentWidget.sessionContext.session") is None


def test_notebook_reopened_with_a_fresh_kernel_has_lost_its_variables(notebook):
    page = notebook(["x = 1"])
    page.save_and_reopen(without_kernel=False)
    assert page.kernel_value("'x' in globals()") is False


def test_dark_theme_reaches_the_page(notebook):
    page = notebook(["1"])
    page.theme("dark")
    assert page.page.evaluate("document.body.dataset.jpThemeLight") == "false"


@pytest.mark.parametrize("version", IPYKERNELS)
def test_each_ipykernel_that_stop_must_work_on_is_there(notebook, version):
    page = notebook(["import ipykernel"], kernel=f"kerasnb-ipykernel-{version}")
    assert page.kernel_value("ipykernel.__version__").startswith(version)
