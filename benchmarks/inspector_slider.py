"""Seconds from choosing another layer or sample in the Inspector until its picture is painted, in Chromium."""

import sys

from benchmarks.click_to_shapes import percentiles, with_widget
from benchmarks.measure import report

CHANGES = 60
CELL = """from benchmarks.models import build, data_for
from kerasnb.widgets import Inspector
inspector = Inspector(build("cnn"), *data_for("cnn", 512))
inspector"""
READY = "document.querySelector('.kn-drawing canvas') !== null"
# a paint is a canvas filled or bars made anew; `taken` holds the seconds from the input event to the frame after that
WATCH = """event => {
  const drawing = document.querySelector('.kn-drawing');
  const nextFrame = () => new Promise(requestAnimationFrame);
  const watch = window.watch = {start: null, taken: null};
  const painted = async () => {
    if (watch.start === null || watch.isSeen) return;
    watch.isSeen = true;
    await nextFrame();
    await nextFrame();
    watch.taken = (performance.now() - watch.start) / 1000;
  };
  const put = CanvasRenderingContext2D.prototype.putImageData;
  CanvasRenderingContext2D.prototype.putImageData = function (...rest) {
    put.apply(this, rest);
    if (drawing.contains(this.canvas)) painted();
  };
  const holdsBars = node => node.querySelector?.('svg');
  const isBars = ({target, addedNodes}) => target.closest('svg') || [...addedNodes].some(holdsBars);
  const bars = {subtree: true, childList: true, attributeFilter: ['aria-label', 'd']};
  new MutationObserver(records => records.some(isBars) && painted()).observe(drawing, bars);
  document.addEventListener(event, ({timeStamp}) => { watch.start ??= timeStamp; }, true);
}"""
RESET = "() => Object.assign(window.watch, {start: null, taken: null, isSeen: false})"


def main(what: str) -> None:
    report(**with_widget(CELL, READY, {"layer": layers, "sample": samples}[what]))


def layers(page) -> dict[str, float]:
    """Walk through the layers, there and back; the first look at each also compiles its function."""
    page.evaluate(WATCH, "click")
    unseen = page.locator("select[aria-label=layer] option").count() - 2  # the input and the first layer are behind
    walk = [*["Next"] * unseen, *["Previous"] * unseen] * CHANGES
    took = [seconds(page, page.get_by_role("button", name=f"{to} layer").click) for to in walk[: CHANGES + unseen]]
    return percentiles(took[unseen:]) | {"first": max(took[:unseen])}


def samples(page) -> dict[str, float]:
    """Move the slider by a key, a sample at a time."""
    page.evaluate(WATCH, "input")
    page.get_by_role("slider", name="sample").focus()
    took = [seconds(page, lambda: page.keyboard.press("ArrowRight")) for _ in range(CHANGES)]
    return percentiles(took[1:]) | {"first": took[0]}


def seconds(page, act) -> float:
    """From the event that the act causes until the picture is on the screen."""
    page.evaluate(RESET)
    act()
    return page.wait_for_function("window.watch.taken").json_value()


if __name__ == "__main__":
    main(*sys.argv[1:])
