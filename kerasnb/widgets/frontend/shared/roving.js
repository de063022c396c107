/** Buttons that are one stop for Tab: arrows go from one to the next. */

/** `onKeyDown` of what holds the buttons; `keys` are those that go back and on. */
export const rove = (keys) => (event) => {
  const by = { [keys[0]]: -1, [keys[1]]: 1 }[event.key];
  const buttons = [...event.currentTarget.querySelectorAll("button:not(:disabled)")];
  const next = by && buttons[buttons.indexOf(event.target) + by];
  if (!next) return;
  event.preventDefault();
  next.focus();
};
