/**
 * Keeps a widget's lasting picture in the notebook, whichever page is open. The kernel replaces it by a display id that
 * only the page knows which ran the cell: after a reload, in a second tab, or where a server runs the cells, the view asks
 * for the picture and puts it in, into each output area of the notebook that holds this widget.
 */

const VIEW = "application/vnd.jupyter.widget-view+json";
const PATIENCE = 100; // milliseconds for what the kernel sent before to be put in
// In a shared notebook what another page put in has to arrive first, on a busy machine too: pictures that two pages put in at
// the same time stay both.
const SHARED_PATIENCE = 10_000;
const SPREAD = 5000; // so that of two pages that nobody updates one comes first
const HIDDEN = "kn-beneath-its-widget";

const notebookOf = (model) => model.widget_manager?.context?.model;

/** Each place of the widget `id`: `{outputs, view, picture}`, with the indices of its view and its picture (-1: none). */
export function placesOf(notebook, id) {
  const places = [];
  const cells = notebook?.cells;
  for (let at = 0; at < (cells?.length ?? 0); at += 1) {
    const outputs = cells.get(at).outputs;
    if (!outputs) continue;
    const all = Array.from({ length: outputs.length }, (_, index) => outputs.get(index));
    const view = all.findIndex((output) => output.data?.[VIEW]?.model_id === id);
    if (view >= 0) places.push({ outputs, view, picture: all.findIndex((output) => output.metadata?.kerasnb?.picture_of === id) });
  }
  return places;
}

const isOld = (digest) => ({ outputs, picture }) => picture < 0 || outputs.get(picture).metadata.kerasnb.digest !== digest;

/** Puts a picture into the places that have another one. */
export function putPicture(notebook, id, { data, metadata }) {
  const output = { output_type: "display_data", data, metadata };
  for (const { outputs, picture } of placesOf(notebook, id).filter(isOld(metadata.kerasnb.digest))) {
    if (picture < 0) outputs.add(output);
    else outputs.set(picture, output);
  }
}

/** Hides the picture in the view's own output area, where other outputs stand between them; gives what ends that. */
function hidePicture(notebook, id, el) {
  const area = el.closest?.(".jp-OutputArea");
  const children = [...(area?.children ?? [])].filter((each) => each.classList.contains("jp-OutputArea-child"));
  // one notebook may show a widget in several cells; of these this is the one with as many outputs as the page has
  const own = placesOf(notebook, id).find(({ outputs }) => outputs.length === children.length);
  const child = own && own.picture >= 0 ? children[own.picture] : null;
  child?.classList.add(HIDDEN);
  return () => child?.classList.remove(HIDDEN);
}

/** Looks after the picture of one view; `page` is its own name. Gives what ends that. */
export function keepPicture({ model, el, page }) {
  const notebook = notebookOf(model);
  // no notebook (VS Code, a console), or one that may not be changed: the kernel's own output has to do
  if (!notebook?.cells?.get || notebook.readOnly) return () => {};
  let timer = null;
  let show = () => {};
  const look = () => {
    const { of: id, digest } = model.get("lasting") ?? {};
    if (!id) return;
    if (placesOf(notebook, id).some(isOld(digest))) model.send({ view: "picture", page });
    show();
    show = hidePicture(notebook, id, el);
  };
  const later = () => {
    clearTimeout(timer);
    timer = setTimeout(look, notebook.collaborative ? SHARED_PATIENCE + Math.random() * SPREAD : PATIENCE);
  };
  const onMessage = (message) => {
    // each message reaches all pages; only the one that asked puts the picture in, or it would stand there twice
    if (message.view !== "picture" || message.page !== page) return;
    putPicture(notebook, message.metadata.kerasnb.picture_of, message);
    later();
  };
  model.on("change:lasting", later);
  model.on("msg:custom", onMessage);
  later();
  return () => {
    clearTimeout(timer);
    show();
    model.off("change:lasting", later);
    model.off("msg:custom", onMessage);
  };
}
