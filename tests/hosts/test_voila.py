"""Voila, which runs a notebook and shows its outputs as a page."""

import pytest
from playwright.sync_api import expect

from tests.hosts.main_path import LIMIT, all_widgets_are_drawn, begin_to_fit, cells, stop

pytestmark = pytest.mark.browser


def test_voila_draws_all_widgets_and_trains_until_stop_is_clicked(voila, page, written, backend):
    name = written(voila, cells(backend))
    page.goto(f"{voila.url}/voila/render/{name}", wait_until="commit", timeout=LIMIT)
    all_widgets_are_drawn(page)
    begin_to_fit(page)
    stop(page)
    # what stays for readers without a kernel is hidden beneath its widget
    expect(page.locator(".jp-RenderedSVG:visible")).to_have_count(0)
