/** One row for each layer: padlock, name, class, shape, parameters, "freeze up to here". Arrow keys move, F toggles. */
import { useRef } from "preact/hooks";
import { Button, classes, holderOf, IconButton, ownName, Square, useSyncedTrait, useUnfolding } from "../shared/index.js";

export function Rows({ rows: all, send }) {
  const { seen: rows, open, unfold } = useUnfolding(all);
  const [selected, setSelected] = useSyncedTrait("selected");
  const body = useRef(null);
  const toggle = (row) => row.params > 0 && send(row.frozen ? "unfreeze" : "freeze", { layer: row.name });

  const focus = (row) => {
    setSelected(row.name);
    body.current.querySelector(`[data-layer="${CSS.escape(row.name)}"]`)?.focus();
  };

  const onKeyDown = (event) => {
    const at = rows.findIndex((row) => row.name === selected);
    const by = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (by) {
      focus(rows[Math.min(rows.length - 1, Math.max(0, at + by))]);
    } else if (event.key === "ArrowRight" && rows[at]?.inside) {
      if (open.has(rows[at].name)) focus(rows[at + 1]);
      else unfold(rows[at].name, true);
    } else if (event.key === "ArrowLeft" && at >= 0) {
      const holder = holderOf(rows[at], rows);
      if (open.has(rows[at].name)) unfold(rows[at].name, false);
      else if (holder) focus(holder);
    } else if (event.key.toLowerCase() === "f" && at >= 0) {
      toggle(rows[at]);
    } else return;
    event.preventDefault();
  };

  return (
    <div className="kn-freeze-rows">
      <table className="kn-table">
        <thead>
          <tr>
            <th aria-label="frozen" /><th>Name</th><th>Class</th><th>Output shape</th><th className="kn-right">Parameters</th><th />
          </tr>
        </thead>
        <tbody ref={body} onKeyDown={onKeyDown}>
          {rows.map((row, at) => (
            <tr
              key={row.name}
              data-layer={row.name}
              tabIndex={row.name === selected || (!selected && at === 0) ? 0 : -1}
              aria-selected={row.name === selected}
              onFocusIn={() => row.name !== selected && setSelected(row.name)}
            >
              <td><Padlock row={row} onClick={() => toggle(row)} /></td>
              <td>
                <span className={classes("kn-row", "kn-tight", `kn-depth-${Math.min(row.depth, 6)}`)}>
                  {row.inside > 0 && (
                    <IconButton
                      local
                      className="kn-unfold"
                      icon={open.has(row.name) ? "down" : "right"}
                      label={`${row.inside} layers inside ${row.name}`}
                      aria-expanded={open.has(row.name)}
                      onClick={() => unfold(row.name)}
                    />
                  )}
                  <code title={row.name}>{ownName(row)}</code>
                </span>
              </td>
              <td><span className="kn-row kn-class"><Square family={row.family} />{row.class_name}</span></td>
              <td><code>{row.output_shape}</code></td>
              <td className="kn-right">{row.count}{row.frozen && <span className="kn-muted"> frozen</span>}</td>
              <td className="kn-right">
                <Button short onClick={() => send("up_to", { layer: row.name })}>Freeze up to here</Button>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Padlock({ row, onClick }) {
  if (!row.params) return null;
  const label = row.frozen ? `Unfreeze ${row.name}` : `Freeze ${row.name}`;
  return (
    <IconButton
      icon={row.frozen ? "lock" : "open"}
      label={label}
      aria-pressed={row.frozen}
      className={row.frozen ? "" : "kn-thawed"}
      onClick={onClick}
    />
  );
}
