/** Runs the widget's own cell again, by the notebook's own command. */

const COMMAND = "notebook:run-cell";

const commands = () => (globalThis.jupyterapp ?? globalThis.jupyterlab)?.commands;

/** Whether this page is a notebook whose cells can be run. */
export const canRunCell = (el) => Boolean(el.closest?.(".jp-Notebook .jp-Cell"));

/** Makes the cell the chosen one, then runs it: by the command where the page exposes it, else by its key, Shift+Enter. */
export function runCell(el) {
  const cell = el.closest(".jp-Cell");
  const editor = cell.querySelector(".cm-content") ?? cell;
  editor.focus();
  const notebook = commands();
  if (notebook?.hasCommand?.(COMMAND)) return notebook.execute(COMMAND);
  const key = { key: "Enter", code: "Enter", keyCode: 13, shiftKey: true, bubbles: true, cancelable: true };
  return editor.dispatchEvent(new KeyboardEvent("keydown", key));
}
