/** The parts of a widget's frame: error strip, status line, totals, a layer's class with its family square. */
import { classes, IconButton } from "./controls.jsx";
import { Icon } from "./icons.jsx";

/** A square in the family's colour; it only ever stands beside the class name. */
export const Square = ({ family }) => <i className="kn-square" data-family={family} aria-hidden="true" />;

/** An error in words across the widget, with a button that hides it. */
export function ErrorStrip({ message, onClose }) {
  if (!message) return null;
  return (
    <div className="kn-strip" role="alert">
      <Icon name="error" />
      <span>{message}</span>
      {onClose && <IconButton icon="close" label="Hide this message" onClick={onClose} />}
    </div>
  );
}

/** The line at the bottom: what holds now on the left, one figure on the right. */
export function StatusLine({ icon = "check", failed, children, aside }) {
  return (
    <div className={classes("kn-status", failed && "kn-failed")} role="status">
      <Icon name={failed ? "error" : icon} className={failed ? "" : icon === "check" ? "kn-success" : "kn-muted"} />
      <span>{children}</span>
      <span className="kn-space" />
      {aside && <span className="kn-aside kn-optional kn-number">{aside}</span>}
    </div>
  );
}

/** Totals in the top bar; `items` is a list of [number as text, words]. */
export function Totals({ items }) {
  return (
    <div className="kn-totals">
      {items.map(([number, words]) => (
        <span key={words}>{number && <b>{number}</b>} {words}</span>
      ))}
    </div>
  );
}
