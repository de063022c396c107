"""Layers of a Keras model that kerasnb does not have, as the Builder draws them: grey, with shapes, and why."""

import keras
import pytest
from playwright.sync_api import expect

from kerasnb.widgets import Builder
from tests.browser.bare_page import BarePage

# of Keras 3.15 itself, where it writes weights with numpy 2
pytestmark = [
    pytest.mark.browser,
    pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning"),
]
GROUND = "each => getComputedStyle(each.querySelector('.kn-node')).backgroundColor"


class Scale(keras.layers.Layer):
    def build(self, shape):
        self.scale = self.add_weight(shape=(shape[-1],), name="scale")

    def call(self, x):
        return x * self.scale


def with_layers_that_do_not_map():
    image = keras.Input((8, 8, 1), name="image")
    scaled = Scale(name="scale")(keras.layers.Conv2D(4, 3, name="conv")(image))
    twice = keras.layers.Lambda(lambda x: x * 2, output_shape=(6, 6, 4), name="twice")(scaled)
    return keras.Model(image, keras.layers.Flatten(name="flat")(twice), name="net")


def test_layers_that_kerasnb_does_not_have_are_grey_boxes_with_shapes_readable_on_light_and_dark(chromium):
    page = chromium.new_page(viewport={"width": 1100, "height": 900})
    shown = BarePage(page, "builder", Builder(with_layers_that_do_not_map()))
    boxes = {name: page.locator(f".react-flow__node[data-id='{name}']") for name in ("conv", "scale", "twice", "flat")}
    for name, shape in {"scale": "(None, 6, 6, 4)", "twice": "(None, 6, 6, 4)", "flat": "(None, 144)"}.items():
        expect(boxes[name]).to_contain_text(shape)
    expect(page.get_by_role("status")).to_contain_text("2 layers that kerasnb does not have: shown, not built")
    boxes["twice"].click()
    expect(page.locator(".kn-form")).to_contain_text("Lambda of Keras: this configuration holds Python code")
    boxes["scale"].click()
    expect(page.locator(".kn-form")).to_contain_text("kerasnb has no layer Scale. It has 4 parameters.")
    for darken in (lambda: None, shown.darken):
        darken()
        grounds = {name: box.evaluate(GROUND) for name, box in boxes.items()}
        assert grounds["scale"] == grounds["twice"] != grounds["conv"] == grounds["flat"]
        assert shown.serious_faults() == []
    assert shown.errors == []
    page.close()
