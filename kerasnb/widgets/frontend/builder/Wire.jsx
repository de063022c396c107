/** A connection: square turns with small corners, and a + in its middle that inserts a layer. */
import { BaseEdge, EdgeLabelRenderer } from "@xyflow/react";
import { classes, Icon } from "../shared/index.js";

const CORNER = 4;

export function Wire({ data, source, target, selected }) {
  const [x, y] = data.middle;
  return (
    <>
      <BaseEdge path={through(data.points)} interactionWidth={14} className={classes("kn-wire", `kn-${data.status}`, selected && "kn-selected")} />
      <EdgeLabelRenderer>
        <button
          type="button"
          tabIndex={-1}
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

/** An SVG path through points whose legs are level or upright, corners rounded. */
function through(points) {
  let path = `M${points[0]}`;
  for (let i = 1; i < points.length - 1; i += 1) {
    path += `L${towards(points[i], points[i - 1])}Q${points[i]} ${towards(points[i], points[i + 1])}`;
  }
  return `${path}L${points.at(-1)}`;
}

function towards(from, to) {
  const length = Math.abs(to[0] - from[0]) + Math.abs(to[1] - from[1]);
  const part = Math.min(CORNER, length / 2) / length;
  return [from[0] + (to[0] - from[0]) * part, from[1] + (to[1] - from[1]) * part];
}
