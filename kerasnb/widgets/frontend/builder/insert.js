/** Puts a code cell below the widget's own cell, where the notebook lets us. */

const notebookOf = (model) => model.widget_manager?.context?.model?.sharedModel;

export function canInsert(model, el) {
  return Boolean(notebookOf(model)?.insertCell && el.closest(".jp-Cell"));
}

/** Whether the cell was inserted; one undo in the notebook removes it. */
export function insertCell(model, el, source) {
  const shared = notebookOf(model);
  const cell = el.closest(".jp-Cell");
  if (!shared || !cell) return false;
  const at = cell.dataset.windowedListIndex;
  const index = at !== undefined ? Number(at) : [...cell.parentElement.querySelectorAll(":scope > .jp-Cell")].indexOf(cell);
  shared.insertCell(index + 1, { cell_type: "code", source, metadata: { tags: ["kerasnb"] } });
  return true;
}
