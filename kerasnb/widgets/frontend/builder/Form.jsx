/** The form of the selected layer: one row per argument of its constructor, bold where it was changed. */
import { useState } from "preact/hooks";
import { ArgumentField, ArgumentRow, Button, classes, IconButton, Select, Square, TextField } from "../shared/index.js";
import { Tools } from "./Tools.jsx";

export function Form({ node, fields, family, act }) {
  const [asked, setAsked] = useState("");
  const help = fields.find((field) => field.name === asked);
  if (!node) return <EmptyForm />;
  const set = (argument, value) => act.send({ type: "set", name: node.name, argument, value });
  return (
    <aside className="kn-form" aria-label={`Arguments of ${node.name}`} key={node.name}>
      <Head node={node} family={family} act={act} />
      {node.remark && <Remark node={node} act={act} />}
      <div className="kn-arguments">
        <ArgumentRow name="name" changed onHelp={() => setAsked("")}>
          <TextField
            code
            data-first-field
            aria-label="name"
            value={node.shares || node.name}
            onCommit={(name) => act.send({ type: "rename", name: node.name, new_name: name })}
          />
        </ArgumentRow>
        {fields.map((field) => (
          <ArgumentRow key={field.name} name={field.name} later={field.later} changed={field.name in node.values} onHelp={() => setAsked(field.name)}>
            <ArgumentField
              field={field}
              text={node.values[field.name] ?? field.default}
              invalid={!node.is_unset && node.blamed.includes(field.name)}
              onCommit={(value) => set(field.name, value)}
            />
          </ArgumentRow>
        ))}
      </div>
      <Help node={node} field={help} />
    </aside>
  );
}

function Head({ node, family, act }) {
  const takesData = node.class_name === "InputLayer";
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
      </div>
      <div className={classes("kn-flow", node.status === "failed" && !node.is_unset && "kn-error")}>{node.flow}</div>
      <div className="kn-small kn-muted kn-number">{node.detail}</div>
      <Tools layers={[node.name]} freezable={node.can_freeze} frozen={node.frozen} takesData={takesData} act={act}>
        <IconButton icon="again" label={`Call ${node.shares || node.name} again, with the same weights`} disabled={takesData} onClick={() => act.callAgain(node.name, node.name)} />
      </Tools>
    </div>
  );
}

/** What sets this box apart: a layer that no arguments describe, or another call of one that stands elsewhere. */
function Remark({ node, act }) {
  return (
    <p className="kn-remark kn-small">
      {node.remark}
      {node.shares && (
        <Button short onClick={() => act.show("Canvas") && act.reveal(node.shares)}>Show {node.shares}</Button>
      )}
    </p>
  );
}

function Help({ node, field }) {
  if (node.status === "failed" && (!field || node.blamed.includes(field.name))) {
    return <div className="kn-help"><span className={node.is_unset ? "" : "kn-error"}>{node.message}</span> {node.advice}</div>;
  }
  return (
    <div className="kn-help">
      {field ? <><code>{field.name}</code>{field.later && <> (<code>{field.later}</code> in Keras 3)</>} {field.help || "(no description)"}</> : (node.live ? "" : "Bold names differ from the default.")}
    </div>
  );
}

function EmptyForm() {
  return (
    <aside className="kn-form" aria-label="Arguments">
      <p className="kn-form-empty kn-muted">
        Select a layer to change it. <kbd>/</kbd> finds a layer to add, arrows move along connections. With <kbd>Shift</kbd>, a
        click, a drag or an arrow selects several.
      </p>
    </aside>
  );
}
