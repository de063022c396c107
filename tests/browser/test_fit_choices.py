"""What is chosen in the Fit panel, by its own bundle on an empty page: outputs, optimizer, curves and their files."""

import re
from xml.etree import ElementTree as Xml

import numpy as np
import pytest
from playwright.sync_api import expect

from kerasnb.layers import Dense, Input
from kerasnb.models import Model
from kerasnb.widgets import FitPanel
from tests.browser.bare_page import BarePage
from tests.widgets.fake_model import FakeModel

pytestmark = pytest.mark.browser

X, Y = np.zeros((8, 3), "float32"), np.eye(2)[[0, 1] * 4]


@pytest.fixture
def bare(chromium):
    context = chromium.new_context(viewport={"width": 1100, "height": 800})
    yield lambda panel: BarePage(context.new_page(), "fit", panel)
    context.close()


@pytest.fixture
def fitted(bare):
    panel = FitPanel(FakeModel(), X, Y, nb_epoch=4)
    panel.fit()
    return bare(panel)


def test_each_output_has_a_row_whose_fields_say_what_was_chosen(bare):
    x = Input((3,))
    model = Model(x, [Dense(1, name="age")(x), Dense(2, activation="softmax", name="kind")(x)])
    shown = bare(FitPanel(model, X, [X[:, 0], Y]))
    row = shown.page.get_by_role("row", name="age")
    expect(row.get_by_text("suggested")).to_be_visible()
    row.get_by_role("combobox", name="loss of age").select_option("mae")
    row.get_by_role("textbox", name="loss weight of age").fill("0.5")
    row.get_by_role("textbox", name="metrics of age").fill("mae")
    row.get_by_role("textbox", name="metrics of age").press("Enter")
    steps = [(step["output"], step["name"], step["value"]) for step in shown.sent]
    assert steps == [("age", "loss", "mae"), ("age", "weight", "0.5"), ("age", "metrics", "mae")]


def test_the_form_of_the_optimizer_opens_and_says_what_an_argument_is(fitted):
    fitted.page.get_by_role("button", name="arguments").click()
    clipnorm = fitted.page.get_by_role("textbox", name="clipnorm", exact=True)
    clipnorm.fill("1")
    expect(fitted.page.get_by_text("largest Euclidean norm of all gradients")).to_be_visible()
    clipnorm.press("Enter")
    assert fitted.sent == [{"kind": "argument", "name": "clipnorm", "value": "1"}]


def test_curves_are_drawn_by_batch_and_smooth_at_once_and_python_is_told(fitted):
    fitted.page.get_by_role("button", name="batch", exact=True).click()
    expect(fitted.page.get_by_role("img", name=re.compile("^Loss by batch"))).to_be_visible()
    fitted.page.get_by_role("slider", name="smoothing").fill("0.5")
    expect(fitted.page.get_by_text("0.50", exact=True)).to_be_visible()
    assert [(step["name"], step["value"]) for step in fitted.sent] == [("axis", "batch"), ("smoothing", 0.5)]
    assert fitted.errors == []


def test_under_the_pointer_every_line_reads_its_value(fitted):
    box = fitted.page.locator(".u-over").first.bounding_box()
    fitted.page.mouse.move(box["x"] + box["width"] / 3 + 2, box["y"] + 40)
    loss = fitted.page.locator(".kn-chart").first
    expect(loss).to_contain_text("train 0.500")
    expect(loss).to_contain_text("validation 0.750")
    expect(loss).to_contain_text("epoch 2")


def test_the_curves_are_saved_as_svg_and_png(fitted, tmp_path):
    for kind in ("svg", "png"):
        with fitted.page.expect_download() as download:
            fitted.page.get_by_role("button", name=kind.upper()).click()
        download.value.save_as(tmp_path / f"curves.{kind}")
        assert download.value.suggested_filename == f"digits_cnn.{kind}"
    drawn = Xml.parse(tmp_path / "curves.svg").getroot()
    assert "train" in [text.text for text in drawn.iter("{http://www.w3.org/2000/svg}text")]
    assert (tmp_path / "curves.png").read_bytes().startswith(b"\x89PNG")
