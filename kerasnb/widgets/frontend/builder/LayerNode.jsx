/** One layer on the canvas: class and name above, shape and count below. */
import { Handle, Position } from "@xyflow/react";
import { classes, cutInside, Icon, Square } from "../shared/index.js";

// letters of a name; its class gives way, which its colour and the form tell as well
const ROOM = 16;

export function LayerNode({ data: { node, selected } }) {
  return (
    <div className={classes("kn-node", `kn-${node.status}`, node.is_unset && "kn-unset", node.live && "kn-live", node.shares && "kn-again", selected && "kn-selected")}>
      {node.class_name !== "InputLayer" && <Handle type="target" position={Position.Top} />}
      <span className="kn-node-class"><Square family={node.family} /><b>{node.class_name}</b></span>
      <span className="kn-node-name">
        <span title={node.name}>{cutInside(node.name, ROOM)}</span>
        {node.frozen && <Icon name="lock" title="frozen" />}
        {node.status === "failed" && !node.is_unset && <Icon name="error" className="kn-error" title="error" />}
      </span>
      <span className="kn-node-shape">{node.status === "ok" ? node.shape : node.note}</span>
      {node.status === "ok" && <span className="kn-node-count">{node.counts}</span>}
      <Handle type="source" position={Position.Bottom} />
    </div>
  );
}
