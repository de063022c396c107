/** One curve chart with its legend: title, the kinds of line, what all of them say under the pointer. */
import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import { count, useModel } from "../shared/index.js";
import { makePlot } from "./plot.js";
import { readings } from "./readings.js";
import { colours, useThemeVersion } from "./theme.js";

export function Chart({ title, shown, log, names }) {
  const model = useModel();
  const host = useRef(null);
  const plot = useRef(null);
  const [hovered, setHovered] = useState(null);
  const theme = useThemeVersion();
  const latest = useRef(shown);
  latest.current = shown;
  const kinds = shown.lines.map(({ kind, raw }) => `${kind}${raw ?? ""}`).join();

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
  }, [theme, log, kinds]);

  useEffect(() => {
    if (plot.current?.series.length === shown.data.length) plot.current.setData(shown.data);
  }, [shown]);

  const changed = shown.marks.map(({ text }) => text).join(", ");
  return (
    <div className="kn-chart">
      <div className="kn-chart-head">
        <b>{title}</b>
        {log && <span className="kn-muted">log scale</span>}
        <Legend shown={shown} names={names} hovered={hovered} />
      </div>
      <div ref={host} role="img"
        aria-label={`${title} by ${shown.byBatch ? "batch" : "epoch"}. ${shown.summary}${changed && `. Changed: ${changed}`}`} />
    </div>
  );
}

/** The last value of each line of this run; under the pointer what every line says there. Nothing moves when it comes. */
function Legend({ shown, names, hovered }) {
  const read = useMemo(() => (hovered === null ? null : readings(shown.data, hovered)), [shown, hovered]);
  const at = shown.data[0][hovered] ?? null;
  const unit = shown.byBatch ? "batch" : "epoch";
  const isThere = at !== null && (shown.byBatch || Number.isInteger(at));
  const near = at === null ? [] : shown.marks.filter(({ x }) => Math.abs(x - at) <= shown.factor / 2);
  return (
    <>
      {names.map((name, line) => name && (
        <Key key={line} kind={shown.lines[line].kind} text={name} value={read ? read[line] : shown.last[shown.lines[line].kind]} />
      ))}
      <span className="kn-where kn-muted kn-number" data-away={isThere ? undefined : ""}>
        {unit} {count(Math.round(isThere ? at : shown.to))}
      </span>
      {near.length > 0 && <span className="kn-near kn-small">{near.map(({ text }) => text).join("; ")}</span>}
    </>
  );
}

const Key = ({ kind, text, value }) => (
  <span className="kn-key kn-number">
    <svg viewBox="0 0 18 8" aria-hidden="true"><path className={`kn-line-${kind}`} d="M0 4h18" /></svg>
    {text} <b>{value !== null && value !== undefined ? value.toFixed(3) : ""}</b>
  </span>
);

function resize(plot, width) {
  if (plot && width > 0 && Math.abs(plot.width - width) >= 1) plot.setSize({ width, height: plot.height });
}
