/** What stands in the form's place while several layers are selected. */
import { Button, IconButton, Square } from "../shared/index.js";
import { Tools } from "./Tools.jsx";

export function SeveralForm({ several, nodes, act }) {
  const layers = nodes.map((node) => node.name);
  const [first, last] = [nodes[0], nodes.at(-1)];
  const calls = nodes.length === 2 && first.class_name !== "InputLayer";
  return (
    <aside className="kn-form" aria-label={several.title}>
      <div className="kn-form-head">
        <div className="kn-row"><b className="kn-several-title">{several.title}</b></div>
        <div className="kn-small kn-muted kn-number">{several.detail}</div>
        <Tools layers={layers} freezable={several.can_freeze} frozen={several.frozen} act={act}>
          {several.folded !== undefined && (
            <IconButton icon={several.folded ? "right" : "down"} label={several.folded ? "Unfold (B)" : "Fold (B)"} aria-expanded={!several.folded} onClick={act.toggleFold} />
          )}
        </Tools>
      </div>
      <ul className="kn-several">
        {nodes.map((node) => (
          <li key={node.name}>
            <button type="button" className="kn-item" data-local title={`Select ${node.name} alone`} onClick={() => act.select({ layer: node.name })}>
              <Square family={node.family} /><code>{node.name}</code><span className="kn-muted">{node.class_name}</span>
            </button>
          </li>
        ))}
      </ul>
      {calls && (
        <div className="kn-several-call">
          <Button short icon="again" onClick={() => act.callAgain(first.name, last.name)}>Call {first.name} again after {last.name}</Button>
        </div>
      )}
    </aside>
  );
}
