/** The model as a table: one row per layer, with its share of the parameters. */
import { classes, IconButton, percent, Square } from "../shared/index.js";

export function LayerTable({ state, selection, act }) {
  const onKeyDown = (event) => {
    const by = event.altKey ? 0 : { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const next = by && state.nodes[state.nodes.findIndex((node) => node.name === selection.layer) + by];
    if (!next) return;
    event.preventDefault();
    if (event.shiftKey) act.extend(next.name);
    else act.select({ layer: next.name });
    event.currentTarget.querySelector(`[data-layer="${CSS.escape(next.name)}"]`)?.focus();
  };
  return (
    <div className="kn-table-wrap">
      <table className="kn-table" onKeyDown={onKeyDown}>
        <thead>
          <tr>
            <th aria-label="frozen" />
            <th>Name</th>
            <th>Class</th>
            <th>Output shape</th>
            <th className="kn-right">Parameters</th>
            <th>Share <span className="kn-optional">(outline: frozen)</span></th>
            <th className="kn-right">Multiply-adds</th>
          </tr>
        </thead>
        <tbody>
          {state.nodes.map((node) => <LayerRow key={node.name} node={node} selection={selection} act={act} />)}
        </tbody>
        <tfoot>
          <tr>
            <td />
            <td colSpan={3}>{state.table.layers}</td>
            <td className="kn-right">{state.table.params}</td>
            <td className="kn-plain kn-muted">{state.table.split}</td>
            <td className="kn-right">{state.table.multiply_adds}</td>
          </tr>
        </tfoot>
      </table>
    </div>
  );
}

function LayerRow({ node, selection, act }) {
  const onClick = (event) => (event.shiftKey || event.ctrlKey || event.metaKey ? act.toggle([node.name]) : act.select({ layer: node.name }));
  const zero = (text) => (text === "0" ? <span className="kn-muted">0</span> : text);
  return (
    <tr data-layer={node.name} aria-selected={selection.layers.includes(node.name)} tabIndex={selection.layer === node.name ? 0 : -1} onClick={onClick}>
      <td className="kn-lock">
        {node.can_freeze && (
          <IconButton
            icon={node.frozen ? "lock" : "open"}
            className={node.frozen ? "" : "kn-muted"}
            label={`${node.frozen ? "Unfreeze" : "Freeze"} ${node.name}`}
            aria-pressed={node.frozen}
            onClick={() => act.freeze([node.name], !node.frozen)}
          />
        )}
      </td>
      <td><code>{node.name}</code></td>
      <td><span className="kn-row kn-tight"><Square family={node.family} />{node.class_name}</span></td>
      <td className={classes(node.status === "failed" && "kn-error", node.status === "waiting" && "kn-muted")}>
        {node.status === "ok" ? <code>{node.shape}</code> : node.note}
      </td>
      <td className="kn-right">{zero(node.params)}</td>
      <td className="kn-share-cell">{node.share > 0 && <Share node={node} />}</td>
      <td className="kn-right">{zero(node.multiply_adds)}</td>
    </tr>
  );
}

function Share({ node }) {
  return (
    <div className={classes("kn-share", node.frozen && "kn-frozen")}>
      <div className="kn-share-track"><i style={{ width: percent(node.share).replace(/\s/g, "") }} /></div>
      <span className="kn-right">{percent(node.share)}</span>
    </div>
  );
}
