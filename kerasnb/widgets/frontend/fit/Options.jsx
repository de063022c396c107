/** The options of a fit; only the learning rate can be changed while training runs. */
import { Select, TextField, useLost, useTrait } from "../shared/index.js";

export function Options({ state, send, invalid }) {
  const [optimizer, loss, choices] = ["optimizer", "loss", "choices"].map(useTrait);
  const [batchSize, epochs, rate, suggested] = ["batch_size", "nb_epoch", "learning_rate", "suggested_loss"].map(useTrait);
  const fixed = state !== "idle";
  const title = fixed ? "cannot change while training runs" : undefined;
  const set = (name) => (value) => send("option", { name, value });
  const field = (name, value) => (
    <TextField id={name} aria-label={name} value={String(value ?? "")} disabled={fixed} title={title}
      invalid={invalid === name} onCommit={set(name)} />
  );
  return (
    <div className="kn-options">
      <Option name="optimizer">
        <Select code label="optimizer" options={choices.optimizer ?? []} value={optimizer} disabled={fixed} title={title}
          onCommit={set("optimizer")} />
      </Option>
      <Option name="loss" tag={loss === suggested && "suggested"}>
        <Select code label="loss" options={choices.loss ?? []} value={loss} disabled={fixed} title={title}
          onCommit={set("loss")} />
      </Option>
      <Option name="batch_size">{field("batch_size", batchSize)}</Option>
      <Option name="nb_epoch">{field("nb_epoch", epochs)}</Option>
      <Option name="learning rate">
        <Rate value={rate} invalid={invalid === "learning_rate"} onCommit={set("learning_rate")} />
      </Option>
    </div>
  );
}

const Option = ({ name, tag, children }) => (
  <div>
    <span className="kn-label">{name}{tag && <span className="kn-tag">{tag}</span>}</span>
    {children}
  </div>
);

/** A rate goes up and down by factors: the buttons halve and double it. */
function Rate({ value, invalid, onCommit }) {
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
      <TextField value={value === null ? "" : String(value)} placeholder="optimizer's own" aria-label="learning rate"
        invalid={invalid} inputMode="decimal" onCommit={onCommit} onKeyDown={onKeyDown} />
      <button type="button" tabIndex={-1} disabled={lost} title="half" aria-label="half the learning rate" onClick={() => scaled(0.5)}>−</button>
      <button type="button" tabIndex={-1} disabled={lost} title="double" aria-label="double the learning rate" onClick={() => scaled(2)}>+</button>
    </div>
  );
}
