"""A widget's own bundle on an empty page, without JupyterLab or kernel: its traits, and what it sends to Python."""

import base64
import json
from importlib.resources import files

from axe_playwright_python.sync_playwright import Axe

STATIC = files("kerasnb.widgets") / "static"
ADDRESS = "http://kerasnb.test/"
PAGE = """<!doctype html><meta charset="utf-8"><style>STYLE</style>
<body data-jp-theme-light="true"><div id="widget"></div>
<script type="module">
import widget from "/NAME.js";
const revive = (value) => {
  if (value === null || typeof value !== "object") return value;
  if (value.bytes64) return new DataView(Uint8Array.from(atob(value.bytes64), (each) => each.charCodeAt(0)).buffer);
  if (Array.isArray(value)) return value.map(revive);
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, revive(each)]));
};
const traits = revive(TRAITS);
const handlers = {};
window.sent = [];
window.traits = traits;
window.listeners = () => Object.values(handlers).flat().length;
window.python = (name, value) => {
  traits[name] = value;
  (handlers[`change:${name}`] ?? []).slice().forEach((handler) => handler());
};
const model = {
  get: (name) => traits[name],
  set(name, value) { if (traits[name] !== value) window.python(name, value); },
  save_changes() {},
  send: (message) => window.sent.push(message),
  on: (event, handler) => { (handlers[event] ??= []).push(handler); },
  off: (event, handler) => { handlers[event] = (handlers[event] ?? []).filter((each) => each !== handler); },
};
window.leave = widget.render({ model, el: document.getElementById("widget") });
</script>"""

DARK = {"--jp-layout-color1": "#212121", "--jp-layout-color0": "#111", "--jp-ui-font-color0": "#fff"}
DARK |= {"--jp-layout-color2": "#424242", "--jp-border-color1": "#616161", "--jp-brand-color1": "#2196f3"}
DARKEN = """colours => {
  document.body.dataset.jpThemeLight = "false";
  document.body.style.background = "#111";
  for (const [name, value] of Object.entries(colours)) document.documentElement.style.setProperty(name, value);
}"""
# a wheel that turns while something is waited for turns for ever
COLOURS_HAVE_CHANGED = """Promise.all(document.getAnimations()
  .filter((each) => each.effect.getComputedTiming().iterations !== Infinity)
  .map((each) => each.finished)).then(() => null)"""


class BarePage:
    """`BarePage(page, "freeze", panel)` draws `panel` by the bundle of that name."""

    def __init__(self, page, name: str, widget):
        self.page = page
        self.errors: list[str] = []
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.set_default_timeout(60_000)
        traits = {key: plain(value) for key, value in widget.get_state().items() if key not in ("_esm", "_css")}
        style = (STATIC / f"{name}.css").read_text()
        data = json.dumps(traits, default=str).replace("</", "<\\/")
        shown = PAGE.replace("NAME", name).replace("TRAITS", data).replace("STYLE", style)
        script = (STATIC / f"{name}.js").read_text()
        page.route("**/*", lambda route: route.fulfill(body=shown, content_type="text/html"))
        page.route(f"**/{name}.js", lambda route: route.fulfill(body=script, content_type="text/javascript"))
        page.goto(ADDRESS)
        page.wait_for_function("typeof leave === 'function'")

    def python(self, trait: str, value: str) -> None:
        """Python sets a trait to the value of a JavaScript expression; `traits` are those there are."""
        self.page.evaluate(f"python({json.dumps(trait)}, {value})")
        self.page.evaluate("new Promise((done) => requestAnimationFrame(() => setTimeout(done)))")

    def darken(self) -> None:
        """Put the page into JupyterLab's dark colours."""
        self.page.evaluate(DARKEN, DARK)
        self.page.evaluate(COLOURS_HAVE_CHANGED)

    def serious_faults(self) -> list[tuple]:
        """What axe finds serious about the widget's accessibility, such as words too pale for their ground."""
        found = Axe().run(self.page, context="#widget").response["violations"]
        return [
            (each["id"], each["help"], [node["html"][:200] for node in each["nodes"]])
            for each in found
            if each["impact"] in ("serious", "critical")
        ]

    @property
    def sent(self) -> list[dict]:
        """The user's steps that Python would have got, without what the view says of itself and of its version."""
        steps = [message for message in self.page.evaluate("sent") if "view" not in message]
        return [{key: value for key, value in step.items() if key not in ("id", "version")} for step in steps]


def plain(value):
    """A trait as JSON can carry it."""
    if isinstance(value, bytes | bytearray | memoryview):
        return {"bytes64": base64.b64encode(bytes(value)).decode()}
    if isinstance(value, dict):
        return {key: plain(each) for key, each in value.items()}
    return [plain(each) for each in value] if isinstance(value, list | tuple) else value
