/** A connection: square turns with small corners, and a + in its middle that inserts a layer. */
import { BaseEdge, EdgeLabelRenderer } from "@xyflow/react";
import { classes, Icon, useLost } from "../shared/index.js";
import { through } from "./path.js";

export function Wire({ data, selected }) {
  const [x, y] = data.middle;
  const lost = useLost();
  const line = <BaseEdge path={through(data.points)} interactionWidth={14} className={classes("kn-wire", `kn-${data.status}`, selected && "kn-selected")} />;
  if (!data.connection) return line; // a layer goes into one connection
  const [source, target] = data.connection;
  return (
    <>
      {line}
      <EdgeLabelRenderer>
        <button
          type="button"
          tabIndex={-1}
          disabled={lost}
          className={classes("kn-insert nodrag nopan", data.chosen && "kn-chosen")}
          style={{ transform: `translate(-50%, -50%) translate(${x}px, ${y}px)` }}
          data-source={source}
          data-target={target}
          aria-label={`Insert a layer between ${source} and ${target}`}
          title={`Insert a layer between ${source} and ${target}`}
          onClick={(event) => {
            event.stopPropagation(); // a click that reaches the pane would drop the selection
            data.onInsert(source, target);
          }}
        >
          <Icon name="plus" />
        </button>
      </EdgeLabelRenderer>
    </>
  );
}
