/** Blocks that repeat: one box while they are folded, brackets beside their layers otherwise. */
import { Handle, Position } from "@xyflow/react";
import { classes, Icon } from "../shared/index.js";

export function BlockNode({ data: { block, selected, onFold } }) {
  const unfold = (event) => {
    event.stopPropagation(); // a click on the box selects its layers
    onFold(block, false);
  };
  return (
    <div className={classes("kn-node kn-block", selected && "kn-selected")} title={`${block.title}: ${block.layers}, ${block.names[0]} to ${block.names.at(-1)}`}>
      <Handle type="target" position={Position.Top} isConnectable={false} />
      <span className="kn-node-class">
        <i className="kn-unfold" title="Unfold (Enter)" onClick={unfold}><Icon name="right" /></i>
        <b>{block.title}</b>
        {block.frozen && <Icon name="lock" title="frozen" />}
      </span>
      <span className="kn-node-shape">{block.shape}</span>
      <span className="kn-node-count">{block.counts}</span>
      <Handle type="source" position={Position.Bottom} isConnectable={false} />
    </div>
  );
}

export function Brackets({ data: { block, onFold } }) {
  return block.brackets.map(([top, bottom], place) => (
    <div key={top} className="kn-bracket" style={{ top: top - block.y, height: bottom - top }}>
      <button type="button" tabIndex={-1} className="nodrag nopan" aria-label={`Fold ${block.title}`} title={`Fold ${block.title} (B)`} onClick={() => onFold(block, true)}>
        <Icon name="down" />{place + 1} of {block.brackets.length}
      </button>
    </div>
  ));
}
