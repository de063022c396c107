/** Copies text, also where the page is served without encryption and has no clipboard of its own. */

/** Whether the text was copied. */
export async function copyText(text, el) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return copyBySelection(text, el);
  }
}

function copyBySelection(text, el) {
  const area = el.ownerDocument.createElement("textarea");
  area.value = text;
  el.append(area);
  area.select();
  const done = el.ownerDocument.execCommand("copy");
  area.remove();
  return done;
}
