import assert from "node:assert/strict";
import { test } from "node:test";
import { keepPicture, placesOf, putPicture } from "../../kerasnb/widgets/frontend/shared/lasting.js";

const VIEW = "application/vnd.jupyter.widget-view+json";
const view = (id) => ({ data: { [VIEW]: { model_id: id } }, metadata: {} });
const picture = (id, digest) => ({ data: { "text/plain": digest }, metadata: { kerasnb: { picture_of: id, digest } } });

class Outputs {
  writes = 0;
  constructor(...all) { this.all = all; }
  get length() { return this.all.length; }
  get(at) { return this.all[at]; }
  set(at, output) { this.writes += 1; this.all[at] = output; }
  add(output) { this.writes += 1; this.all.push(output); }
}

function notebookWith(...areas) {
  const cells = [{}, ...areas.map((outputs) => ({ outputs }))];
  return { cells: { length: cells.length, get: (at) => cells[at] } };
}

test("a widget's picture is found by its owner wherever it stands, beside others", () => {
  const outputs = new Outputs({ data: {}, metadata: {} }, view("b"), picture("a", "1"), view("a"), picture("b", "2"));
  assert.deepEqual(placesOf(notebookWith(outputs), "b"), [{ outputs, view: 1, picture: 4 }]);
});

test("a picture that did not arrive is put into its place, and beneath the view where there is none", () => {
  const [kept, without] = [new Outputs(view("a"), picture("a", "old")), new Outputs(view("a"), { data: {}, metadata: {} })];
  putPicture(notebookWith(kept, without), "a", picture("a", "new"));
  assert.equal(kept.get(1).data["text/plain"], "new");
  assert.equal(without.get(2).output_type, "display_data");
});

test("a picture that is there already is not written again", () => {
  const outputs = new Outputs(view("a"), picture("a", "same"));
  putPicture(notebookWith(outputs), "a", picture("a", "same"));
  assert.equal(outputs.writes, 0);
});

function modelOf(notebook, lasting) {
  const sent = [];
  const handlers = {};
  return {
    sent,
    handlers,
    widget_manager: { context: { model: notebook } },
    get: () => lasting,
    send: (message) => sent.push(message),
    on: (event, handler) => (handlers[event] = handler),
    off: (event) => delete handlers[event],
  };
}

const el = { closest: () => null };

test("the view asks for a picture that differs, and takes only the answer to itself", (t) => {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  const outputs = new Outputs(view("a"), picture("a", "old"));
  const model = modelOf(notebookWith(outputs), { of: "a", digest: "new" });
  const end = keepPicture({ model, el, page: "mine" });
  t.mock.timers.tick(1000);
  assert.deepEqual(model.sent, [{ view: "picture", page: "mine" }]);
  model.handlers["msg:custom"]({ view: "picture", page: "another", ...picture("a", "new") });
  assert.equal(outputs.writes, 0);
  model.handlers["msg:custom"]({ view: "picture", page: "mine", ...picture("a", "new") });
  assert.equal(outputs.get(1).data["text/plain"], "new");
  end();
  assert.deepEqual(model.handlers, {});
});

test("where the kernel's own update arrived nothing is asked, and on pages that are no notebook nothing is done", (t) => {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  const model = modelOf(notebookWith(new Outputs(view("a"), picture("a", "1"))), { of: "a", digest: "1" });
  const alone = { ...modelOf(), widget_manager: undefined };
  keepPicture({ model, el, page: "mine" });
  keepPicture({ model: alone, el, page: "mine" });
  t.mock.timers.tick(1000);
  assert.deepEqual([model.sent, alone.handlers], [[], {}]);
});
