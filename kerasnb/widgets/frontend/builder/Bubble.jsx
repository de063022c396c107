/** What is wrong with a layer, beside it, with edits that are known to help; the second half of a double click is none. */
import { Button, classes } from "../shared/index.js";

export function Bubble({ data: { node, reach, onFix } }) {
  return (
    <div className={classes("kn-bubble nodrag nopan nowheel", node.is_unset && "kn-calm")} role="alert" style={{ "--kn-reach": `${reach}px` }}>
      <p className={node.is_unset ? "" : "kn-error"}><b>{node.class_name} &quot;{node.name}&quot;</b>: {node.message}</p>
      {node.advice && !node.fixes.length && <p className="kn-muted">{node.advice}</p>}
      {node.fixes.map((fix, index) => (
        <Button key={fix.label} onClick={(event) => event.detail < 2 && onFix(fix, index)}>
          <span>{fix.label}</span>
          <code>{fix.shape}</code>
        </Button>
      ))}
    </div>
  );
}
