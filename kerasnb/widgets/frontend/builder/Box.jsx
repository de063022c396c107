/** The box that Shift and a drag draw on the canvas: the layers that it touches are selected. */
import { useRef, useState } from "preact/hooks";
import { touched } from "./layout.js";

const onPane = (event) => event.shiftKey && event.button === 0 && event.target.matches(".react-flow__pane");

/** `{handlers, box}`: what the canvas listens to, and the box while it is drawn. */
export function useBox({ view, positions, onBox }) {
  const [box, setBox] = useState(null);
  const start = useRef(null);
  const at = ({ currentTarget, clientX, clientY }) => {
    const { left, top } = currentTarget.getBoundingClientRect();
    return { x: clientX - left, y: clientY - top };
  };
  // before React Flow, which would pan
  const keep = (event) => onPane(event) && event.stopPropagation();
  const handlers = {
    onPointerDownCapture: (event) => {
      if (!onPane(event)) return;
      event.stopPropagation();
      event.currentTarget.setPointerCapture(event.pointerId);
      start.current = at(event);
    },
    onMouseDownCapture: keep,
    onClickCapture: keep,
    onPointerMove: (event) => {
      if (start.current) setBox(between(start.current, at(event)));
    },
    onPointerUp: (event) => {
      if (!start.current) return;
      const drawn = between(start.current, at(event));
      start.current = null;
      setBox(null);
      if (drawn.width + drawn.height) onBox(touched(positions, drawn, view()));
    },
    onPointerCancel: () => {
      start.current = null;
      setBox(null);
    },
  };
  return { handlers, box: box && <div className="kn-box" style={{ left: box.x, top: box.y, width: box.width, height: box.height }} /> };
}

const between = (one, other) => ({
  x: Math.min(one.x, other.x),
  y: Math.min(one.y, other.y),
  width: Math.abs(one.x - other.x),
  height: Math.abs(one.y - other.y),
});
