/** The arguments of the optimizer, read from its constructor; bold where they differ from its own. */
import { useState } from "preact/hooks";
import { ArgumentField, ArgumentRow } from "../shared/index.js";

export function OptimizerForm({ form, fixed, invalid, send }) {
  const [asked, setAsked] = useState("");
  const help = form.fields.find((field) => field.name === asked)?.help;
  return (
    <div className="kn-optimizer" role="group" aria-label="arguments of the optimizer">
      <div className="kn-optimizer-fields">
        {form.fields.map((field) => (
          <ArgumentRow key={field.name} name={field.name} changed={field.name in form.values} onHelp={() => setAsked(field.name)}>
            <ArgumentField
              field={field}
              text={form.values[field.name] ?? field.default}
              disabled={fixed}
              invalid={invalid === field.name}
              onCommit={(value) => send("argument", { name: field.name, value })}
            />
          </ArgumentRow>
        ))}
      </div>
      <p className="kn-small kn-muted">
        {asked ? <><code>{asked}</code> {help || "(no description)"}</> : "Bold names differ from the default. What the optimizer knows of each weight is kept."}
      </p>
    </div>
  );
}
