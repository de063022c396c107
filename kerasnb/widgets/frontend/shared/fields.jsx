/** One argument of a constructor as a row of a form; Python says of which kind it is and what may stand there. */
import { classes, Segments, Select, Stepper, TextField } from "./controls.jsx";

export function ArgumentRow({ name, later, changed, onHelp, children }) {
  return (
    <div className={classes("kn-argument", changed && "kn-changed")} onFocusIn={onHelp} onMouseEnter={onHelp}>
      <span className="kn-argument-name" title={later ? `${name} (${later} in Keras 3)` : name}>{name}</span>
      {children}
    </div>
  );
}

/** One argument; text goes to Python as it was typed and is read there. */
export function ArgumentField({ field, text, invalid, onCommit, disabled }) {
  const common = { label: field.name, onCommit, disabled, "aria-invalid": invalid || undefined };
  if (field.kind === "boolean") return <Segments code options={["True", "False"]} value={text} {...common} />;
  if (field.kind === "segments") return <Segments code options={field.choices} value={text} {...common} />;
  if (field.kind === "choice") {
    const options = field.choices.includes(text) ? field.choices : [...field.choices, text];
    return <Select code options={options.map((option) => [option, field.words?.[option] ?? option])} value={text} unset={text === "None"} {...common} />;
  }
  if (field.kind === "integer" && /^-?\d+$/.test(text)) {
    return <Stepper value={text} minimum={0} label={field.name} invalid={invalid} disabled={disabled} onCommit={onCommit} />;
  }
  if (field.kind === "integers" && /^\([\d, ]+\)$/.test(text)) return <Sizes text={text} {...common} invalid={invalid} />;
  return <Expression field={field} text={text} invalid={invalid} disabled={disabled} onCommit={onCommit} />;
}

function Sizes({ text, label, invalid, onCommit }) {
  const sizes = text.match(/\d+/g);
  const change = (index) => (size) => onCommit(`(${sizes.with(index, size).join(", ")})`);
  return (
    <div className="kn-sizes">
      {sizes.map((size, index) => (
        <TextField key={index} value={size} invalid={invalid} aria-label={`${label}, axis ${index + 1}`} onCommit={change(index)} />
      ))}
    </div>
  );
}

function Expression({ field, text, invalid, onCommit, disabled }) {
  const list = field.suggestions.length ? `kn-list-${field.name}` : undefined;
  return (
    <>
      <TextField
        code
        value={field.placeholder && text === "None" ? "" : text}
        unset={text === "None"}
        invalid={invalid}
        disabled={disabled}
        placeholder={field.placeholder}
        aria-label={field.name}
        list={list}
        onCommit={onCommit}
      />
      {list && <datalist id={list}>{field.suggestions.map((option) => <option key={option} value={option} />)}</datalist>}
    </>
  );
}
