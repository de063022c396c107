/** One curve chart with its legend: title, the three kinds of line, the value under the pointer. */
import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import { useModel } from "../shared/index.js";
import { makePlot } from "./plot.js";
import { colours, useThemeVersion } from "./theme.js";
import { chartData } from "./series.js";

export function Chart({ name, title, wantsLog, curve }) {
  const model = useModel();
  const host = useRef(null);
  const plot = useRef(null);
  const [hovered, setHovered] = useState(null);
  const theme = useThemeVersion();
  const shown = useMemo(() => chartData(name, curve), [name, curve]);
  const latest = useRef(shown);
  latest.current = shown;
  const log = wantsLog && shown.positive;
  const lines = shown.data.length;

  useEffect(() => {
    const options = {
      log,
      colour: colours(host.current),
      facts: () => latest.current,
      onHover: setHovered,
      together: model.model_id ?? "one",
    };
    plot.current = makePlot(host.current, latest.current.data, options);
    const observer = new ResizeObserver(([entry]) => resize(plot.current, entry.contentRect.width));
    observer.observe(host.current);
    return () => {
      observer.disconnect();
      plot.current.destroy();
      plot.current = null;
    };
  }, [theme, log, lines]);

  useEffect(() => {
    if (plot.current?.series.length === shown.data.length) plot.current.setData(shown.data);
  }, [shown]);

  return (
    <div className="kn-chart">
      <div className="kn-chart-head">
        <b>{title}</b>
        {log && <span className="kn-muted">log scale</span>}
        <Legend shown={shown} hovered={hovered} />
      </div>
      <div ref={host} role="img" aria-label={`${title} by epoch. ${shown.summary}`} />
    </div>
  );
}

function Legend({ shown, hovered }) {
  const at = (values, last) => (hovered === null ? last : values[hovered]);
  const epoch = hovered === null ? null : shown.data[0][hovered];
  const [, earlier, train, validation] = shown.data;
  return (
    <>
      {shown.has.train && <Key kind="train" text="train" value={at(train, shown.last.train)} />}
      {shown.has.validation && <Key kind="validation" text="validation" value={at(validation, shown.last.validation)} />}
      {shown.has.earlier && <Key kind="earlier" text={shown.earlierText} value={hovered === null ? null : earlier[hovered]} />}
      {shown.beside.map((id, i) => (
        <Key key={id} kind="earlier" text={id} value={hovered === null ? null : shown.data[4 + i]?.[hovered]} />
      ))}
      {Number.isInteger(epoch) && <span className="kn-muted kn-number">epoch {epoch}</span>}
    </>
  );
}

const Key = ({ kind, text, value }) => (
  <span className="kn-key kn-number">
    <svg viewBox="0 0 18 8" aria-hidden="true"><path className={`kn-line-${kind}`} d="M0 4h18" /></svg>
    {text} {value !== null && value !== undefined ? value.toFixed(3) : ""}
  </span>
);

function resize(plot, width) {
  if (plot && width > 0 && Math.abs(plot.width - width) >= 1) plot.setSize({ width, height: plot.height });
}
