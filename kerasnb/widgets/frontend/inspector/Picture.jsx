/** One drawing: pixels on a canvas, lines or bars as SVG. */
import { useEffect, useMemo, useRef } from "preact/hooks";
import { useThemeVersion } from "../history/theme.js";
import { bytesOf, paint } from "./paint.js";

export function Picture({ drawing, className, label }) {
  if (drawing.kind === "image") {
    const [rows, cols, channels] = drawing.size;
    return <Pixels drawing={drawing} className={className} label={label} layout={{ rows, cols, channels }} />;
  }
  if (drawing.kind === "lines") return <Lines drawing={drawing} className={className} label={label} />;
  if (drawing.numbers) return <Bars numbers={drawing.numbers} className={className} label={label} />;
  const [units, cols] = drawing.size;
  return <Pixels drawing={drawing} className={className} label={label} layout={{ rows: units, cols }} />;
}

/** A block of the drawing's bytes, as the layout says. */
export function Pixels({ drawing, layout, className = "", label }) {
  const canvas = useRef(null);
  const theme = useThemeVersion();
  useEffect(() => {
    paint(canvas.current, bytesOf(drawing.pixels), { ...layout, signed: drawing.signed });
  }, [drawing, layout.rows, layout.cols, layout.start, theme]);
  return <canvas ref={canvas} className={`kn-pixels ${className}`} role="img" aria-label={label} />;
}

const WIDTH = 400;
const HEIGHT = 100;

export function Lines({ drawing, className = "", label }) {
  const [units, times] = drawing.size;
  const bytes = bytesOf(drawing.pixels);
  const x = (time) => (times > 1 ? (time / (times - 1)) * WIDTH : WIDTH / 2);
  const points = (unit) =>
    Array.from({ length: times }, (_, time) => `${x(time).toFixed(1)},${(HEIGHT * (1 - bytes[unit * times + time] / 255)).toFixed(1)}`);
  return (
    <svg className={`kn-lines ${className}`} viewBox={`0 -2 ${WIDTH} ${HEIGHT + 4}`} preserveAspectRatio="none" role="img" aria-label={label}>
      {Array.from({ length: units }, (_, unit) => <polyline key={unit} data-line={unit} points={points(unit).join(" ")} />)}
    </svg>
  );
}

export function Bars({ numbers, className = "", label, chosen, onChoose }) {
  const high = Math.max(0, ...numbers);
  const low = Math.min(0, ...numbers);
  const spread = high - low || 1;
  const step = WIDTH / numbers.length;
  const gap = step > 4 ? Math.min(4, step * 0.2) : 0;
  const bar = (value, unit) => {
    const top = ((high - Math.max(value, 0)) / spread) * HEIGHT;
    return `M${unit * step + gap / 2} ${top}h${step - gap}v${Math.max((Math.abs(value) / spread) * HEIGHT, 0.4)}h${gap - step}z`;
  };
  const onClick = ({ clientX, currentTarget }) => {
    const { left, width } = currentTarget.ownerSVGElement.getBoundingClientRect();
    onChoose(Math.min(numbers.length - 1, Math.floor(((clientX - left) / width) * numbers.length)));
  };
  // one path for all: thousands of elements would take longer to draw than the layer to compute
  const all = useMemo(() => numbers.map(bar).join(""), [numbers]);
  return (
    <svg className={`kn-bars ${className}`} viewBox={`0 0 ${WIDTH} ${HEIGHT}`} preserveAspectRatio="none" role="img" aria-label={label}>
      <path className="kn-bar" d={all} onClick={onChoose && onClick} />
      {numbers[chosen] !== undefined && <path className="kn-bar kn-chosen" d={bar(numbers[chosen], chosen)} />}
      <path className="kn-zero" d={`M0 ${(high / spread) * HEIGHT}H${WIDTH}`} />
    </svg>
  );
}
