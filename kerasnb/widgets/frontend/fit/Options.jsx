/** The options of a fit; only the learning rate can be changed while training runs. */
import { useState } from "preact/hooks";
import { Icon, Select, TextField, useLost, useTrait } from "../shared/index.js";
import { OptimizerForm } from "./OptimizerForm.jsx";
import { Outputs } from "./Outputs.jsx";

const PLACES = "local:2 two processes here, ray:4 four machines that Ray finds, ray://host:10001 a cluster";
const WHERE = "Where it trains. Nothing: in this kernel. local:2: two processes of this computer. "
  + "ray:4: four machines that Ray finds. ray://host:10001: a machine on each computer of that cluster";

export function Options({ state, send, invalid }) {
  const [optimizer, form, choices, outputs] = ["optimizer", "optimizer_form", "choices", "outputs"].map(useTrait);
  const [batchSize, epochs, rate, split, data] = ["batch_size", "nb_epoch", "learning_rate", "validation_split", "data"].map(useTrait);
  const machines = useTrait("machines");
  const [open, setOpen] = useState(false);
  const fixed = state !== "idle";
  const title = fixed ? "cannot change while training runs" : undefined;
  const set = (name) => (value) => send("option", { name, value });
  const field = (name, value, more) => (
    <TextField id={name} aria-label={name} value={String(value ?? "")} disabled={fixed} title={title}
      invalid={invalid === name} onCommit={set(name)} {...more} />
  );
  const lengths = data.lengths ?? [];
  const changed = Object.keys(form.values ?? {}).length;
  return (
    <>
      <div className="kn-options">
        <Option name="optimizer" size="more-room" aside={form.fields?.length > 0 && (
          <button type="button" className="kn-more" aria-expanded={open} onClick={() => setOpen(!open)}>
            <Icon name={open ? "down" : "right"} /> arguments{changed > 0 && ` (${changed})`}
          </button>
        )}>
          <Select code label="optimizer" options={choices.optimizer ?? []} value={optimizer} disabled={fixed} title={title}
            onCommit={set("optimizer")} />
        </Option>
        <Option name="learning rate" size="some">
          <Rate value={rate} own={form.rate} invalid={invalid === "learning_rate"} onCommit={set("learning_rate")} />
        </Option>
        {outputs.length === 1 && <OneOutput output={outputs[0]} choices={choices} send={send} fixed={fixed} title={title} invalid={invalid} />}
        {lengths.length === 0 && <Option name="batch_size">{field("batch_size", batchSize)}</Option>}
        {lengths.map((length) => (
          <Option key={length.name} name={length.name}>
            {field(length.name, length.value, { placeholder: length.placeholder })}
          </Option>
        ))}
        <Option name="nb_epoch">{field("nb_epoch", epochs)}</Option>
        {data.can_split && (
          <Option name="validation_split" size="some">
            {field("validation_split", split || "", {
              placeholder: data.has_validation_data ? "data given" : "none",
              title: title ?? (data.has_validation_data ? "a fraction takes the place of validation_data" : "the last fraction of the samples"),
            })}
          </Option>
        )}
        {machines !== null && (
          <Option name="machines" size="some" aside={<span className="kn-where">{PLACES}</span>}>
            {field("machines", machines, { code: true, placeholder: "this kernel", title: title ?? WHERE })}
          </Option>
        )}
      </div>
      {open && <OptimizerForm form={form} fixed={fixed} invalid={invalid} send={send} />}
      {outputs.length > 1 && <Outputs outputs={outputs} choices={choices} send={send} fixed={fixed} title={title} />}
    </>
  );
}

/** Loss and metrics of a model's only output, among the other options. */
function OneOutput({ output, choices, send, fixed, title, invalid }) {
  const set = (name) => (value) => send("output", { output: output.name, name, value });
  const losses = output.loss ? choices.loss : [["", "choose one"], ...choices.loss];
  return (
    <>
      <Option name="loss" size="wide" tag={output.loss && output.loss === output.suggested && "suggested"}>
        <Select code label="loss" options={losses} value={output.loss} disabled={fixed} title={title}
          aria-invalid={invalid === "loss" || undefined} onCommit={set("loss")} />
      </Option>
      <Option name="metrics" size="some">
        <TextField code aria-label="metrics" value={output.metrics} placeholder="none" disabled={fixed} title={title}
          invalid={invalid === "metrics"} onCommit={set("metrics")} />
      </Option>
    </>
  );
}

const Option = ({ name, tag, aside, size, children }) => (
  <div className={size && `kn-${size}`}>
    <span className="kn-label">{name}{tag && <span className="kn-tag">{tag}</span>}{aside}</span>
    {children}
  </div>
);

/** A rate goes up and down by factors: the buttons halve and double it. */
function Rate({ value, own, invalid, onCommit }) {
  const lost = useLost();
  const scaled = (factor) => value && onCommit(Number((value * factor).toPrecision(3)));
  const onKeyDown = (event) => {
    const factor = { ArrowUp: 2, ArrowDown: 0.5 }[event.key];
    if (!factor) return;
    event.preventDefault();
    scaled(factor);
  };
  return (
    <div className="kn-stepper">
      <TextField value={value === null ? "" : String(value)} placeholder={own || "own"} title={value === null ? "the optimizer's own" : undefined} aria-label="learning rate"
        invalid={invalid} inputMode="decimal" onCommit={onCommit} onKeyDown={onKeyDown} />
      <button type="button" tabIndex={-1} disabled={lost} title="half" aria-label="half the learning rate" onClick={() => scaled(0.5)}>−</button>
      <button type="button" tabIndex={-1} disabled={lost} title="double" aria-label="double the learning rate" onClick={() => scaled(2)}>+</button>
    </div>
  );
}
