import assert from "node:assert/strict";
import { test } from "node:test";
import { connectionOf, isLost, watchKernel } from "../../kerasnb/widgets/frontend/shared/connection.js";
import { Link } from "../../kerasnb/widgets/frontend/shared/link.js";

globalThis.MutationObserver ??= class {
  constructor(look) { globalThis.elementChanged = look; }
  observe() {}
  disconnect() {}
};

class Signal {
  slots = new Set();
  connect(slot) { this.slots.add(slot); }
  disconnect(slot) { this.slots.delete(slot); }
  emit() { this.slots.forEach((slot) => slot()); }
}

function page({ isLive = true, hasSession = true } = {}) {
  const kernel = { id: "k1", status: "idle", connectionStatus: "connected" };
  const names = ["kernelChanged", "statusChanged", "connectionStatusChanged"];
  const sessionContext = { session: { kernel }, ...Object.fromEntries(names.map((name) => [name, new Signal()])) };
  const sent = [];
  const handlers = {};
  const model = {
    widget_manager: hasSession ? { context: { sessionContext } } : {},
    get: () => undefined,
    set: () => {},
    send: (message) => sent.push(message),
    save_changes: () => sent.push("changes"),
    on: (event, handler) => (handlers[event] = handler),
    off: (event) => delete handlers[event],
  };
  const el = { classList: { contains: () => !isLive } };
  return { kernel, sessionContext, sent, handlers, model, el, lose: () => (isLive = false) };
}

function follow(world) {
  const states = [];
  const watch = watchKernel({ ...world, ping: () => world.sent.push("ping") }, (state) => states.push(state));
  return { states, watch };
}

test("a kernel that is restarted stays restarted for a widget of before", () => {
  const world = page();
  const { states } = follow(world);
  world.kernel.status = "restarting";
  world.sessionContext.statusChanged.emit();
  world.kernel.status = "idle";
  world.sessionContext.statusChanged.emit();
  assert.deepEqual(states, ["connected", "restarted"]);
});

test("a kernel that was shut down is gone, and one that takes its place does not bring the widget back", () => {
  const world = page();
  const { states } = follow(world);
  world.sessionContext.session.kernel = null;
  world.sessionContext.kernelChanged.emit();
  world.sessionContext.session.kernel = { id: "k2", status: "idle", connectionStatus: "connected" };
  world.sessionContext.kernelChanged.emit();
  assert.deepEqual(states, ["connected", "dead", "restarted"]);
});

test("a connection that is lost and comes back brings the widget back", () => {
  const world = page();
  const { states } = follow(world);
  for (const status of ["connecting", "connected"]) {
    world.kernel.connectionStatus = status;
    world.sessionContext.connectionStatusChanged.emit();
  }
  assert.deepEqual(states, ["connected", "unreachable", "connected"]);
});

test("a page that never had a kernel says so, with and without a session", () => {
  assert.deepEqual(follow(page({ isLive: false })).states, ["none"]);
  assert.deepEqual(follow(page({ isLive: false, hasSession: false })).states, ["none"]);
});

test("a comm that is lost is noticed where no session is known", () => {
  const world = page({ hasSession: false });
  const { states } = follow(world);
  world.lose();
  globalThis.elementChanged();
  assert.deepEqual(states, ["connected", "restarted"]);
});

test("a kernel is called busy after a second, not for the moment that each message takes", (t) => {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  const world = page();
  const { states } = follow(world);
  const turn = (status) => {
    world.kernel.status = status;
    world.sessionContext.statusChanged.emit();
  };
  turn("busy");
  t.mock.timers.tick(900);
  turn("idle");
  t.mock.timers.tick(900);
  assert.deepEqual(states, ["connected"]);
  turn("busy");
  t.mock.timers.tick(1000);
  turn("idle");
  assert.deepEqual(states, ["connected", "busy", "connected"]);
});

test("a step that nobody answers is followed by one question, and two seconds later the silence is told", (t) => {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  const world = page({ hasSession: false });
  const { states, watch } = follow(world);
  watch.asked();
  watch.asked();
  for (const wait of [700, 1000]) t.mock.timers.tick(wait);
  assert.deepEqual([states, world.sent], [["connected", "silent"], ["ping"]]);
  watch.heard();
  assert.deepEqual(states.at(-1), "connected");
});

test("an answer in time leaves no question behind", (t) => {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  const world = page({ hasSession: false });
  const { states, watch } = follow(world);
  watch.asked();
  watch.heard();
  t.mock.timers.tick(5000);
  assert.deepEqual([states, world.sent], [["connected"], []]);
});

test("what is sent while the kernel is lost goes nowhere", () => {
  const world = page();
  const link = new Link(world.model, world.el);
  assert.deepEqual(world.sent.splice(0).map(({ view }) => view), ["open"]);
  link.model.send({ kind: "fit" });
  world.sessionContext.session.kernel = null;
  world.sessionContext.kernelChanged.emit();
  link.model.send({ kind: "stop" });
  link.model.save_changes();
  assert.deepEqual([world.sent, isLost(link.state)], [[{ kind: "fit" }], true]);
  link.release();
  assert.deepEqual(world.handlers, {});
});

test("a model that is an object of a class keeps its methods behind the link", () => {
  class Model {
    #traits = { layer: "conv" };
    sent = [];
    get(name) { return this.#traits[name]; }
    set(name, value) { this.#traits[name] = value; }
    send(message) { this.sent.push(message); }
    save_changes() { this.sent.push(this.#traits.layer); }
    on() {}
    off() {}
  }
  const model = new Model();
  const link = new Link(model, page().el);
  link.model.set("layer", "fc1");
  link.model.save_changes();
  assert.deepEqual([link.model.get("layer"), model.sent.at(-1)], ["fc1", "fc1"]);
  link.release();
});

test("only waiting leaves a widget as it is", () => {
  const facts = { wasLive: true, isLive: true, hasKernel: true, status: "busy" };
  assert.equal(isLost(connectionOf(facts)), false);
  assert.equal(isLost(connectionOf({ ...facts, status: "idle", isSilent: true })), false);
  assert.equal(isLost(connectionOf({ ...facts, status: "dead" })), true);
});
