"""marimo, whose notebooks have no Jupyter kernel."""

import pytest

from tests.hosts.main_path import all_widgets_are_drawn, begin_to_fit, cells, stop

pytestmark = pytest.mark.browser


def test_marimo_draws_all_widgets_and_trains_until_stop_is_clicked(marimo, page, backend):
    page.goto(marimo(cells(backend)).url)
    all_widgets_are_drawn(page)
    begin_to_fit(page)
    stop(page)
