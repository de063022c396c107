/** The canvas: the model as a graph that can be clicked, connected and extended. */
import { MiniMap, ReactFlow, ReactFlowProvider, useReactFlow, useStore, useViewport } from "@xyflow/react";
import "@xyflow/react/dist/base.css";
import { useCallback, useEffect, useLayoutEffect, useMemo, useRef, useState } from "preact/hooks";
import { IconButton } from "../shared/index.js";
import { BlockNode, Brackets } from "./BlockNode.jsx";
import { useBox } from "./Box.jsx";
import { Bubble } from "./Bubble.jsx";
import { drawnOf, idOf, namesOf, onlyConnection } from "./drawn.js";
import { Finder } from "./Finder.jsx";
import { LayerNode } from "./LayerNode.jsx";
import { bubblePosition, FARTHEST, fittingViewport, isVisible, NODE, wholeViewport } from "./layout.js";
import { Wire } from "./Wire.jsx";

const NODE_TYPES = { layer: LayerNode, block: BlockNode, brackets: Brackets, bubble: Bubble };
const EDGE_TYPES = { wire: Wire };
const BRACKETS = { width: 72, gap: 8 };
const BUBBLE = { width: 288, text: 56, fix: 31 };
// from so many layers on a small map helps to find one's way
const MANY = 12;
// below this zoom letters cannot be read: cards show their class alone, larger
const FAR = 0.5;
const DRAWN = ["layer", "block"];
const ACTIVE = { zoomOnScroll: true, preventScrolling: true };
const PASSIVE = { zoomOnScroll: false, preventScrolling: false };

export const Canvas = (props) => <ReactFlowProvider><Flow {...props} /></ReactFlowProvider>;

function Flow({ state, families, positions, selection, place, act }) {
  const [active, setActive] = useState(false);
  const [hidden, setHidden] = useState(null);
  const broken = state.nodes.find((node) => node.name === (selectedFailure(state, selection) ?? state.first_error));
  const bubble = broken && broken.name !== hidden ? broken : null;
  useEffect(() => setHidden(null), [state.revision]);
  const nodes = useMemo(() => [
    ...drawnOf(state).map((drawn) => flowNode(drawn, selection, act)),
    ...state.blocks.filter((block) => !block.folded).map((block) => flowBrackets(block, act)),
    ...(bubble ? [flowBubble(bubble, positions, state.revision, act)] : []),
  ], [state, positions, selection, bubble, act]);
  const edges = useMemo(() => state.edges.map((edge) => flowEdge(edge, selection, place, act)),
    [state, selection, place, act]);
  const fit = useAutomaticFit(nodes, positions, idOf(state, selection.layer));
  const isFar = useStore((store) => store.transform[2] < FAR);
  const { getViewport } = useReactFlow();
  const { handlers, box } = useBox({ view: getViewport, positions, onBox: act.box });
  const onNodeClick = (event, { id, type }) => {
    if (!DRAWN.includes(type)) return;
    const names = namesOf(state, id);
    if (event.shiftKey || event.ctrlKey || event.metaKey) act.toggle(names);
    else act.select({ layers: names });
  };

  return (
    <div
      {...handlers}
      className={isFar ? "kn-canvas kn-far" : "kn-canvas"}
      role="group"
      aria-label="Layers"
      tabIndex={active ? -1 : 0}
      onFocusIn={(event) => {
        setActive(true);
        // one stop for Tab: the selected layer, wherever it is
        if (event.target === event.currentTarget && event.target.matches(":focus-visible")) act.focusCanvas();
      }}
      onFocusOut={() => setActive(false)}
      onDragOver={(event) => event.preventDefault()}
      onDrop={(event) => act.drop(event)}
    >
      <ReactFlow
        nodes={nodes}
        edges={edges}
        nodeTypes={NODE_TYPES}
        edgeTypes={EDGE_TYPES}
        onlyRenderVisibleElements
        nodesDraggable={false}
        edgesFocusable={false}
        disableKeyboardA11y
        deleteKeyCode={null}
        selectionKeyCode={null}
        multiSelectionKeyCode={null}
        minZoom={FARTHEST}
        maxZoom={2}
        zoomOnDoubleClick={false}
        proOptions={{ hideAttribution: true }}
        {...(active ? ACTIVE : PASSIVE)}
        onNodeClick={onNodeClick}
        onNodeDoubleClick={(_, { id, type }) => DRAWN.includes(type) && act.editOrSelect(id, "Enter")}
        onEdgeClick={(_, { data }) => act.select({ edge: data.connection })}
        onPaneClick={() => act.select({})}
        onConnect={({ source, target }) => act.send({ type: "connect", source, target })}
        onMoveStart={(event, view) => fit.begin(event, view)}
        onMoveEnd={(event, view) => fit.end(event, view)}
      >
        {state.nodes.length >= MANY && <MiniMap position="top-right" pannable zoomable ariaLabel="Map of the model" nodeClassName={onMap} />}
      </ReactFlow>
      {box}
      <ZoomBar onFit={fit.now}>
        {state.nodes.length > 1 && <Finder nodes={state.nodes} families={families} onFound={act.reveal} />}
      </ZoomBar>
    </div>
  );
}

const onMap = ({ type, data }) => (!DRAWN.includes(type) ? "kn-hidden" : data.node?.status === "failed" ? "kn-failed" : data.selected ? "kn-selected" : "");

/** The bubble shows the selected layer's error when it has one, otherwise the first. */
function selectedFailure(state, selection) {
  return state.nodes.find((node) => node.name === selection.layer && node.status === "failed")?.name;
}

function flowNode({ id, names, x, y, node, block }, selection, act) {
  const selected = names.some((name) => selection.layers.includes(name));
  return {
    id,
    type: block ? "block" : "layer",
    position: { x, y },
    ...NODE,
    measured: NODE,
    data: { node, block, selected, onFold: act.onFold },
    ariaLabel: (node ?? block).label,
    ariaRole: "button",
    domAttributes: { tabIndex: -1, "aria-pressed": selected, ...(block && { "aria-expanded": false }) },
  };
}

function flowBrackets(block, act) {
  const height = block.brackets.at(-1)[1] - block.y;
  return {
    id: `brackets of ${block.box}`,
    type: "brackets",
    position: { x: block.x - BRACKETS.width - BRACKETS.gap, y: block.y },
    width: BRACKETS.width,
    height,
    measured: { width: BRACKETS.width, height },
    focusable: false,
    data: { block, onFold: act.onFold },
  };
}

function flowBubble(node, positions, revision, act) {
  const position = bubblePosition(node.name, positions);
  const reach = position.x - positions[node.name].x - NODE.width;
  return {
    id: "kn-bubble",
    type: "bubble",
    position,
    width: BUBBLE.width,
    height: BUBBLE.text + BUBBLE.fix * node.fixes.length,
    focusable: false,
    connectable: false,
    // what an offer means depends on the very state that is drawn
    data: { node, reach, onFix: (fix, index) => act.send({ type: "fix", name: node.name, index, label: fix.label, version: revision }) },
  };
}

function flowEdge(edge, selection, place, act) {
  const { source, target } = edge;
  const connection = onlyConnection(edge);
  const is = (pair) => connection && pair?.[0] === connection[0] && pair?.[1] === connection[1];
  return {
    id: `${source}->${target}`,
    source,
    target,
    type: "wire",
    selected: is(selection.edge),
    data: {
      status: edge.status,
      points: edge.points,
      middle: edge.middle,
      connection,
      chosen: place && is([place.after, place.before]),
      onInsert: act.insertBetween,
    },
  };
}

/** Shows everything again when layers come and go, until the user has moved the view. */
function useAutomaticFit(nodes, positions, selected) {
  const flow = useReactFlow();
  const width = useStore((store) => store.width);
  const height = useStore((store) => store.height);
  const follows = useRef(true);
  const whole = useRef(false);
  const start = useRef(null);
  const focus = positions[selected];
  const count = nodes.length;
  const show = useCallback(() => {
    if (!width) return;
    const boxes = nodes.map((node) => ({ ...node.position, width: node.width, height: node.height }));
    const pane = { width, height };
    flow.setViewport(whole.current ? wholeViewport(boxes, pane) : fittingViewport(boxes, pane, focus));
  }, [flow, nodes, width, height, focus]);
  // layers that come and go, the bubble and the size of the pane move the view
  useEffect(() => {
    if (follows.current) show();
  }, [positions, count, width, height]);
  // a selection moves it only when it would be out of sight; before the page is painted, so that the focus finds its layer
  useLayoutEffect(() => {
    if (!focus || !width || isVisible(focus, { width, height }, flow.getViewport())) return;
    whole.current = false;
    show();
  }, [selected]);
  return {
    now: () => { follows.current = whole.current = true; show(); },
    // a click starts a move as well, but one that goes nowhere
    begin: (event, view) => { if (event) start.current = view; },
    end: (event, view) => {
      const moved = ["x", "y", "zoom"].some((key) => view[key] !== start.current?.[key]);
      if (event && moved) follows.current = whole.current = false;
    },
  };
}

/** Its buttons have keys, so that Tab goes on to the form. */
function ZoomBar({ onFit, children }) {
  const { zoomIn, zoomOut } = useReactFlow();
  const { zoom } = useViewport();
  return (
    <div className="kn-zoom">
      {children}
      <IconButton local icon="minus" label="Zoom out (-)" tabIndex={-1} data-view="-" onClick={() => zoomOut()} />
      <span className="kn-number">{Math.round(zoom * 100)}%</span>
      <IconButton local icon="plus" label="Zoom in (+)" tabIndex={-1} data-view="+" onClick={() => zoomIn()} />
      <button type="button" className="kn-button kn-bare" title="Show the whole model (0)" tabIndex={-1} data-view="0" onClick={onFit}>Fit</button>
    </div>
  );
}
