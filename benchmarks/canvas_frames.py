"""Seconds between frames while a canvas of 500 layers is moved, and from a click to the painted form, in Chromium."""

import sys

from benchmarks.click_to_shapes import percentiles, with_widget
from benchmarks.measure import report

MOVES = 120
CLICKS = 20
# 99 blocks of four branches and a merge, with input and output: 500 layers with inputs, 5 across
CELL = """from kerasnb.layers import Dense, Input, merge
from kerasnb.models import Model
from kerasnb.widgets import Builder
x = first = Input((8,))
for _ in range(99):
    x = merge([Dense(8, activation="relu")(x) for _ in range(4)], mode="sum")
for _ in range(4):
    x = Dense(8)(x)
builder = Builder(Model(first, x))
builder"""
READY = "document.querySelectorAll('.kn-node').length > 10"
RECORD = """() => {
  const frames = window.frames_seen = [];
  const frame = now => { frames.push(now); window.recording = requestAnimationFrame(frame); };
  window.recording = requestAnimationFrame(frame);
}"""
STOP = """() => {
  cancelAnimationFrame(window.recording);
  return window.frames_seen.slice(1).map((at, i) => (at - window.frames_seen[i]) / 1000);
}"""
IN_SIGHT = """([top, bottom]) => [...document.querySelectorAll('.react-flow__node')].filter(node => {
  const box = node.getBoundingClientRect();
  return box.top > top && box.bottom < bottom;
}).map(node => node.dataset.id)"""
SELECT = """name => {
  window.taken = null;
  const onClick = ({timeStamp: start}) => {
    const look = () => document.querySelector('.kn-form [data-first-field]')?.value === name
      ? requestAnimationFrame(() => { window.taken = (performance.now() - start) / 1000; })
      : requestAnimationFrame(look);
    look();
  };
  document.addEventListener('click', onClick, {capture: true, once: true});
}"""


def main(what: str) -> None:
    page_of = {"pan": pan, "zoom": zoom, "connect": connect, "select": select}[what]
    report(**percentiles(with_widget(CELL, READY, page_of)))


def pan(page) -> list[float]:
    """Drag the background about."""
    return frames(page, lambda: drag(page, *gap(page)))


def connect(page) -> list[float]:
    """Drag a wire from a layer over the others."""
    x, y = middle(nodes(page)[0].locator(".react-flow__handle-bottom"))
    return frames(page, lambda: drag(page, x, y))


def zoom(page) -> list[float]:
    """Turn the wheel out and in again."""
    nodes(page)[0].click()  # the wheel scrolls the notebook until the canvas has the focus
    page.mouse.move(*middle(page.locator(".kn-canvas")))

    def turn() -> None:
        for move in range(MOVES):
            page.mouse.wheel(0, 40 if move % 40 < 20 else -40)

    return frames(page, turn)


def select(page) -> list[float]:
    """Click one layer after another."""
    return [seconds(page, node) for _ in range(CLICKS) for node in nodes(page)[:2]]


def seconds(page, node) -> float:
    page.evaluate(SELECT, node.get_attribute("data-id"))
    page.mouse.click(*middle(node))
    return page.wait_for_function("window.taken").json_value()


def frames(page, act) -> list[float]:
    """The times between frames while the act goes on."""
    page.evaluate(RECORD)
    act()
    return page.evaluate(STOP)


def drag(page, x: float, y: float) -> None:
    page.mouse.move(x, y)
    page.mouse.down()
    for move in range(MOVES):
        away = 10 * min(move % 40, 40 - move % 40)
        page.mouse.move(x + away / 4, y + away)
    page.mouse.up()


def nodes(page) -> list:
    """The layers that are all in sight, from above."""
    canvas = page.locator(".kn-canvas").bounding_box()
    names = page.evaluate(IN_SIGHT, [canvas["y"], canvas["y"] + canvas["height"]])
    return [page.locator(f".react-flow__node[data-id='{name}']") for name in names]


def middle(locator) -> tuple[float, float]:
    box = locator.bounding_box()
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def gap(page) -> tuple[float, float]:
    """A place on the canvas with no layer below."""
    canvas = page.locator(".kn-canvas").bounding_box()
    return canvas["x"] + 8, canvas["y"] + 40


if __name__ == "__main__":
    main(*sys.argv[1:])
