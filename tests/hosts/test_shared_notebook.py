"""jupyter-collaboration: two pages share one notebook and its kernel."""

import pytest
from playwright.sync_api import expect

from tests.browser.notebook_page import NotebookPage
from tests.hosts.main_path import (
    FREEZE,
    LIMIT,
    PICTURE_OF_THE_END,
    all_widgets_are_drawn,
    begin_to_fit,
    cells,
    curves_are_drawn,
    fit_panel,
    stop,
    trust,
)
from tests.hosts.slow_messages import SlowMessages

pytestmark = pytest.mark.browser


def test_a_fit_begun_in_one_page_is_stopped_in_the_other_and_its_picture_reaches_both(
    shared, context, written, backend
):
    name = written(shared, cells(backend))
    first = NotebookPage(context.new_page(), shared, name).open()
    first.run_all()
    all_widgets_are_drawn(first.page)
    second = NotebookPage(context.new_page(), shared, name).open()
    all_widgets_are_drawn(second.page)
    begin_to_fit(first.page)
    curves_are_drawn(second.page)
    stop(second.page)
    expect(fit_panel(first.page).get_by_role("status").last).to_contain_text("stopped after")
    for each in (first, second):
        each.page.wait_for_function(PICTURE_OF_THE_END, timeout=LIMIT)
        expect(each.page.locator(".jp-RenderedSVG:visible")).to_have_count(0)


def test_a_page_that_heard_of_the_widget_late_draws_it_all_the_same(shared, context, written):
    name = written(shared, cells("theano")[: FREEZE + 1])
    first = NotebookPage(context.new_page(), shared, name).open()
    first.run_cell(0)
    late = context.new_page()
    messages = SlowMessages(late)
    second = NotebookPage(late, shared, name).open()
    trust(second)
    messages.hold()
    first.run_cell(FREEZE)
    expect(second.output(FREEZE)).to_contain_text("model not found")
    messages.let_go()
    expect(second.output(FREEZE)).to_contain_text("2,410 trainable")
