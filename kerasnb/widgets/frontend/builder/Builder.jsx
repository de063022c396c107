/** The Builder: top bar, palette, canvas or table or code, form and status line around one state from Python. */
import { useMemo, useRef, useState } from "preact/hooks";
import { Button, ErrorStrip, IconButton, rove, Select, StatusLine, Tabs, TextField, Totals, useModel, useSyncedTrait, useTrait } from "../shared/index.js";
import "./builder.css";
import { Canvas } from "./Canvas.jsx";
import { Code } from "./Code.jsx";
import { Form } from "./Form.jsx";
import { onKey } from "./keys.js";
import { LayerTable } from "./LayerTable.jsx";
import { positionsOf } from "./layout.js";
import { Palette } from "./Palette.jsx";
import { SeveralForm } from "./SeveralForm.jsx";
import { useActions } from "./actions.js";

export function Builder({ el }) {
  const model = useModel();
  const state = useTrait("state");
  const families = useTrait("palette");
  const schemas = useTrait("schemas");
  const [tab, setTab] = useSyncedTrait("tab");
  const places = JSON.stringify(positionsOf(state));
  const positions = useMemo(() => JSON.parse(places), [places]);
  const search = useRef(null);
  const [open, setOpen] = useState(false);
  const act = useActions({ el, model, state, positions, search, setTab, setOpen });
  const { selection, place } = act;
  const chosen = selection.layers.map((name) => state.nodes.find((one) => one.name === name)).filter(Boolean);
  const node = chosen.at(-1);
  const [hidden, setHidden] = useState(0);
  const refused = state.refused?.serial > hidden ? state.refused.message : "";

  return (
    <div className="kn-builder kn-panel" onKeyDown={(event) => onKey(event, act)}>
      <TopBar state={state} tab={tab} onTab={setTab} act={act} />
      <ErrorStrip message={refused} onClose={() => setHidden(state.refused.serial)} />
      <Kept kept={state.kept} act={act} />
      {tab === "Canvas" && (
        <div className={open ? "kn-body kn-open" : "kn-body"}>
          <div className="kn-side">
            <IconButton className="kn-add" icon={open ? "close" : "plus"} label={open ? "Close the palette" : "Add a layer (/)"} aria-expanded={open} onClick={() => setOpen(!open)} />
            <Palette search={search} families={families} hint={hintFor(place, node)} onAdd={act.add} onLeave={act.focusCanvas} />
          </div>
          <Canvas state={state} families={families} positions={positions} selection={selection} place={place} act={act} />
          {chosen.length > 1
            ? <SeveralForm several={act.several} nodes={chosen} act={act} />
            : <Form node={node} fields={node?.live ? [] : schemas[node?.class_name] ?? []} family={relatives(families, node)} act={act} />}
        </div>
      )}
      {tab === "Table" && <LayerTable state={state} selection={selection} act={act} />}
      {tab === "Code" && <Code el={el} model={model} />}
      <StatusLine icon={state.status.icon} failed={state.status.failed} aside={tab === "Table" ? state.table.memory : state.status.aside}>{state.status.text}</StatusLine>
    </div>
  );
}

/** What was kept of an earlier kernel, or why something is not. */
function Kept({ kept, act }) {
  const [hidden, setHidden] = useState("");
  if (!kept?.note || kept.note === hidden) return null;
  return (
    <div className="kn-kept kn-small" role="status">
      <span>{kept.note}</span>
      {kept.waits && <Button short onClick={() => act.send({ type: "bring_back" })}>Bring back</Button>}
      <span className="kn-space" />
      <IconButton local icon="close" label="Hide this note" onClick={() => setHidden(kept.note)} />
    </div>
  );
}

function TopBar({ state, tab, onTab, act }) {
  const { backends, undo, redo } = state;
  return (
    <div className="kn-top">
      <TextField
        className="kn-title kn-model-name"
        aria-label="model name"
        size={Math.max(4, state.name.length)}
        value={state.name}
        onCommit={(name) => act.send({ type: "name", name })}
      />
      <Select
        chip
        label="backend"
        value={backends.current}
        options={backends.choices}
        onCommit={(name) => act.send({ type: "backend", name })}
      />
      <Tabs label="View" names={["Canvas", "Table", "Code"]} current={tab} onChoose={onTab} />
      <div className="kn-row kn-steps" role="toolbar" aria-label="Steps" onKeyDown={rove(["ArrowLeft", "ArrowRight"])}>
        <IconButton icon="undo" label={undo ? `Undo ${undo}` : "Undo"} disabled={!undo} onClick={act.undo} />
        <IconButton icon="redo" label={redo ? `Redo ${redo}` : "Redo"} disabled={!redo} tabIndex={undo ? -1 : 0} onClick={act.redo} />
      </div>
      <span className="kn-space" />
      <Totals items={state.totals} />
    </div>
  );
}

function hintFor(place, node) {
  if (place) return `Goes between ${place.after} and ${place.before}.`;
  if (!node) return "";
  return `Goes after ${node.name}${node.is_read ? "; with Shift, as a branch" : ""}.`;
}

/** The classes that may take this layer's place: those of its family. */
function relatives(families, node) {
  const family = families.find((one) => one.layers.some((layer) => layer.class_name === node?.class_name));
  if (!family || node.class_name === "InputLayer") return [];
  return family.layers.map((layer) => layer.class_name).filter((name) => name !== "InputLayer");
}
