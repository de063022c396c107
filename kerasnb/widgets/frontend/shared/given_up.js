/**
 * Draws a widget where its page has given up on it. ipywidgets waits two seconds for the model of an output, then writes
 * "model not found" and never looks again. On a busy machine, or in a second page of a shared notebook, the model comes later:
 * then it looks itself for the outputs that wanted it.
 */

const VIEW = "application/vnd.jupyter.widget-view+json";
const SAID = "Error displaying widget: model not found";
const ONCE_MORE = 3000; // milliseconds: the page may be about to give up on a model that has just come

/** The elements in which the page says so of the model `id`; `root` is the document. */
export function givenUp(notebook, id, root) {
  return [...root.querySelectorAll(".jp-OutputArea-output")].filter((element) => {
    if (element.textContent !== SAID) return false;
    const at = Number(element.closest(".jp-Cell")?.dataset.windowedListIndex);
    const child = element.closest(".jp-OutputArea-child");
    const output = notebook.cells.get(at)?.outputs?.get([...child.parentElement.children].indexOf(child));
    return output?.data?.[VIEW]?.model_id === id;
  });
}

/** Looks after a model that has just been made, wherever it is shown. */
export function drawWhereGivenUp(model, root = document) {
  const manager = model.widget_manager;
  const notebook = manager?.context?.model;
  if (!notebook?.cells?.get) return; // no notebook to look into
  const look = () => {
    const { of: id } = model.get("lasting") ?? {};
    if (id) givenUp(notebook, id, root).forEach((element) => draw(manager, id, element));
  };
  look();
  model.on("change:lasting", look); // which says who it is
  setTimeout(look, ONCE_MORE);
}

async function draw(manager, id, element) {
  element.textContent = "";
  const view = await manager.create_view(await manager.get_model(id));
  const widget = view.luminoWidget;
  widget.constructor.attach(widget, element);
  const area = element.closest(".jp-OutputArea");
  const observer = new MutationObserver(() => {
    if (element.isConnected) return;
    observer.disconnect();
    widget.dispose();
  });
  observer.observe(area, { childList: true });
}
