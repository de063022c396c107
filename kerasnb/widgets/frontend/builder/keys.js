/** The Builder's keys, active while focus is inside it; single keys act outside text fields only. */
import { isTyping } from "../shared/keys.js";

const TABS = { 1: "Canvas", 2: "Table", 3: "Code" };

/** Handles one key event; `act` does what it means. */
export function onKey(event, act) {
  if (isTyping(event)) {
    if (event.key === "Escape") act.focusCanvas();
    return;
  }
  const modified = event.ctrlKey || event.metaKey;
  const handled = modified ? withControl(event, act) : event.altKey ? withAlt(event, act) : single(event, act);
  if (handled) event.preventDefault();
}

function withControl(event, act) {
  const key = event.key.toLowerCase();
  if (key === "z") return event.shiftKey ? act.redo() : act.undo();
  if (key === "y") return act.redo();
  if (key === "a") return act.selectAll();
  if (key === "d") return act.duplicate();
  return false;
}

function withAlt({ key }, act) {
  if (key === "ArrowUp") return act.shift(-1);
  if (key === "ArrowDown") return act.shift(1);
  return false;
}

function single(event, act) {
  const { key } = event;
  if (key.startsWith("Arrow")) return onNode(event) ? act.move(key, event.shiftKey) : false;
  if (TABS[key]) return act.show(TABS[key]);
  switch (key) {
    case "/": return act.find();
    case "g":
    case "G": return act.findInModel();
    case ".": return act.firstError();
    case "+":
    case "-":
    case "0": return act.view(key);
    case "Escape": return act.leave();
    case "Delete":
    case "Backspace": return act.remove();
    case "Enter":
    case " ": return onNode(event) ? act.editOrSelect(event.target.dataset.id, key) : false;
    case "b":
    case "B": return act.toggleFold();
    case "f":
    case "F": return act.toggleFrozen();
    default: return false;
  }
}

const onNode = (event) => event.target.closest(".react-flow__node, .kn-canvas") !== null;
