/** What else fit is given: weights of classes, which can be typed and taken away, callbacks and other arguments. */
import { Button, TextField, useTrait } from "../shared/index.js";

export function Also({ state, send, invalid }) {
  const also = useTrait("also");
  if (!also.length) return null;
  const fixed = state !== "idle";
  const set = (name) => (value) => send("option", { name, value });
  return (
    <div className="kn-data kn-small kn-also">
      <span className="kn-muted">fit is also given</span>
      {also.map(({ name, text, is_editable }) => (is_editable ? (
        <span key={name} className="kn-also-edit">
          <code>{name}</code>
          <TextField code aria-label={name} value={text} disabled={fixed} invalid={invalid === name} onCommit={set(name)} />
          <Button short icon="close" disabled={fixed} onClick={() => set(name)("")}>Remove</Button>
        </span>
      ) : <code key={name}>{name}={text}</code>))}
    </div>
  );
}
