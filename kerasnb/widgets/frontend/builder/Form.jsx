/** The form of the selected layer: one row per argument of its constructor, bold where it was changed. */
import { useState } from "preact/hooks";
import { Button, classes, Segments, Select, Square, Stepper, TextField } from "../shared/index.js";

export function Form({ node, fields, family, act }) {
  const [asked, setAsked] = useState("");
  const help = fields.find((field) => field.name === asked);
  if (!node) return <EmptyForm />;
  const set = (argument, value) => act.send({ type: "set", name: node.name, argument, value });
  return (
    <aside className="kn-form" aria-label={`Arguments of ${node.name}`} key={node.name}>
      <Head node={node} family={family} act={act} />
      <div className="kn-arguments">
        <Row name="name" changed onHelp={() => setAsked("")}>
          <TextField
            code
            data-first-field
            aria-label="name"
            value={node.name}
            onCommit={(name) => act.send({ type: "rename", name: node.name, new_name: name })}
          />
        </Row>
        {fields.map((field) => (
          <Row key={field.name} name={field.name} changed={field.name in node.values} onHelp={() => setAsked(field.name)}>
            <Field
              field={field}
              text={node.values[field.name] ?? field.default}
              invalid={!node.is_unset && node.blamed.includes(field.name)}
              onCommit={(value) => set(field.name, value)}
            />
          </Row>
        ))}
      </div>
      <Help node={node} field={help} />
    </aside>
  );
}

function Head({ node, family, act }) {
  const freezes = node.can_freeze;
  return (
    <div className="kn-form-head">
      <div className="kn-row">
        <Square family={node.family} />
        {family.length > 1 ? (
          <Select
            className="kn-class"
            label="layer class; choose another to replace it"
            value={node.class_name}
            options={family}
            onCommit={(className) => act.send({ type: "replace", name: node.name, class_name: className })}
          />
        ) : <b>{node.class_name}</b>}
        <span className="kn-space" />
        {freezes && (
          <Button short icon={node.frozen ? "lock" : "open"} aria-pressed={node.frozen} onClick={() => act.freeze(node)}>
            {node.frozen ? "Unfreeze" : "Freeze"}
          </Button>
        )}
      </div>
      <div className={classes("kn-flow", node.status === "failed" && !node.is_unset && "kn-error")}>{node.flow}</div>
      <div className="kn-small kn-muted kn-number">{node.detail}</div>
    </div>
  );
}

function Row({ name, changed, onHelp, children }) {
  return (
    <div className={classes("kn-argument", changed && "kn-changed")} onFocusIn={onHelp} onMouseEnter={onHelp}>
      <span className="kn-argument-name" title={name}>{name}</span>
      {children}
    </div>
  );
}

/** One argument; text goes to Python as it was typed and is read there. */
function Field({ field, text, invalid, onCommit }) {
  const common = { label: field.name, onCommit, "aria-invalid": invalid || undefined };
  if (field.kind === "boolean") return <Segments code options={["True", "False"]} value={text} {...common} />;
  if (field.kind === "segments") return <Segments code options={field.choices} value={text} {...common} />;
  if (field.kind === "choice") {
    const options = field.choices.includes(text) ? field.choices : [...field.choices, text];
    return <Select code options={options.map((option) => [option, field.words?.[option] ?? option])} value={text} unset={text === "None"} {...common} />;
  }
  if (field.kind === "integer" && /^-?\d+$/.test(text)) {
    return <Stepper value={text} minimum={0} label={field.name} invalid={invalid} onCommit={onCommit} />;
  }
  if (field.kind === "integers" && /^\([\d, ]+\)$/.test(text)) return <Sizes text={text} {...common} invalid={invalid} />;
  return <Expression field={field} text={text} invalid={invalid} onCommit={onCommit} />;
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

function Expression({ field, text, invalid, onCommit }) {
  const list = field.suggestions.length ? `kn-list-${field.name}` : undefined;
  return (
    <>
      <TextField
        code
        value={field.placeholder && text === "None" ? "" : text}
        unset={text === "None"}
        invalid={invalid}
        placeholder={field.placeholder}
        aria-label={field.name}
        list={list}
        onCommit={onCommit}
      />
      {list && <datalist id={list}>{field.suggestions.map((option) => <option key={option} value={option} />)}</datalist>}
    </>
  );
}

function Help({ node, field }) {
  if (node.status === "failed" && (!field || node.blamed.includes(field.name))) {
    return <div className="kn-help"><span className={node.is_unset ? "" : "kn-error"}>{node.message}</span> {node.advice}</div>;
  }
  return (
    <div className="kn-help">
      {field ? <><code>{field.name}</code> {field.help || "(no description)"}</> : "Bold names differ from the default."}
    </div>
  );
}

function EmptyForm() {
  return (
    <aside className="kn-form" aria-label="Arguments">
      <p className="kn-form-empty kn-muted">
        Select a layer to change it. <kbd>/</kbd> finds a layer to add, arrows move along connections.
      </p>
    </aside>
  );
}
