/** Which keys belong to the widget and which to the notebook around it. */

/**
 * Keeps keys inside the widget: JupyterLab's single-key shortcuts would add and delete cells while
 * somebody types here. Saving the notebook still reaches it.
 */
export function guardKeys(el) {
  const saves = (event) => (event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "s";
  const stop = (event) => {
    if (!saves(event)) event.stopPropagation();
  };
  el.addEventListener("keydown", stop);
  return () => el.removeEventListener("keydown", stop);
}

/** Whether a key event comes from somewhere text is typed, where single keys are not commands. */
export function isTyping(event) {
  return /^(INPUT|TEXTAREA|SELECT)$/.test(event.target.tagName) || event.target.isContentEditable;
}
