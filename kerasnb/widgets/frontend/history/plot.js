/** One uPlot chart: train, validation and earlier runs over epochs, the best epoch dotted. */
import uPlot from "uplot";
import { evenRange, labelPlace, logRange } from "./geometry.js";
import { epochTicks, evenTicks, logTicks, ticksText, wholeTicks } from "./ticks.js";

const HEIGHT = 156;
const FONT = "11px";

/** A line of the chart by what it is; what is smoothed has the curve itself dimly behind it. */
function style({ kind, raw }, colour, line) {
  const plain = { points: { show: false } };
  if (kind === "earlier") return line(colour.earlier, { width: 1.2, ...plain });
  if (kind === "beside") return line(colour.earlier, { width: 1.2, alpha: 0.7, ...plain });
  const more = raw ? { width: 1, alpha: 0.3, ...plain } : { width: 1.6, ...(kind === "validation" && { dash: [5, 2.5] }) };
  return line(colour[kind], more);
}

/** Makes a chart inside `host`; `facts` is a function that gives what `chartData` gave last. */
export function makePlot(host, data, { log, colour, facts, onHover, together }) {
  const font = `${FONT} ${getComputedStyle(host).fontFamily}`;
  const axis = { stroke: colour.muted, font, ticks: { show: false }, gap: 6 };
  const line = (stroke, more) => ({ stroke, points: { show: lone, size: 6, fill: stroke }, spanGaps: true, ...more });
  return new uPlot(
    {
      width: Math.max(host.clientWidth, 120),
      height: HEIGHT,
      padding: [8, 12, 0, 0],
      legend: { show: false },
      cursor: { y: false, points: { size: 6 }, drag: { x: false, y: false }, sync: { key: together } },
      scales: {
        x: { time: false, range: () => [facts().from, Math.max(facts().to, facts().from + 1)] },
        y: { distr: log ? 3 : 1, range: (_, low, high) => (log ? logRange(low, high) : evenRange(low, high)) },
      },
      axes: [
        { ...axis, size: 24, grid: { show: false }, splits: (_, __, low, high) => (facts().byBatch ? wholeTicks(low, high) : epochTicks(low, high)) },
        {
          ...axis,
          size: 42,
          grid: { stroke: colour.line, width: 1 },
          splits: (_, __, low, high) => (log ? logTicks(low, high) : evenTicks(low, high)),
          filter: (_, splits) => splits,
          values: (_, splits) => ticksText(splits),
        },
      ],
      series: [
        {},
        ...facts().lines.map((each) => style(each, colour, line)),
      ],
      hooks: {
        draw: [(plot) => drawMarks(plot, facts(), colour), (plot) => drawBest(plot, facts(), colour, font)],
        setCursor: [(plot) => onHover(plot.cursor.idx ?? null)],
      },
    },
    data,
    host,
  );
}

const lone = (plot, at) => plot.data[at].filter((value) => value !== null && value !== undefined).length === 1;

/** A thin line with a flag where learning rate or frozen layers changed. */
function drawMarks(plot, { marks }, colour) {
  const { ctx } = plot;
  const ratio = devicePixelRatio;
  const { left, top, width, height } = plot.bbox;
  ctx.save();
  ctx.strokeStyle = ctx.fillStyle = colour.muted;
  ctx.lineWidth = ratio;
  ctx.setLineDash([3 * ratio, 3 * ratio]);
  for (const { x: at } of marks) {
    const x = Math.round(plot.valToPos(at, "x", true));
    if (x < left - 1 || x > left + width + 1) continue;
    ctx.globalAlpha = 0.6;
    ctx.beginPath();
    ctx.moveTo(x, top);
    ctx.lineTo(x, top + height);
    ctx.stroke();
    ctx.globalAlpha = 1;
    ctx.beginPath();
    ctx.moveTo(x - 4 * ratio, top);
    ctx.lineTo(x + 4 * ratio, top);
    ctx.lineTo(x, top + 5 * ratio);
    ctx.fill();
  }
  ctx.restore();
}

function drawBest(plot, { best, bestValue, bestText, validated }, colour, font) {
  if (!best || bestValue === null || bestValue === undefined) return;
  const { ctx } = plot;
  const ratio = devicePixelRatio;
  const x = Math.round(plot.valToPos(best, "x", true));
  const y = plot.valToPos(bestValue, "y", true);
  const { left, top, width, height } = plot.bbox;
  ctx.save();
  ctx.strokeStyle = colour.ink;
  ctx.lineWidth = ratio;
  ctx.setLineDash([ratio, 2 * ratio]);
  ctx.beginPath();
  ctx.moveTo(x, top);
  ctx.lineTo(x, top + height);
  ctx.stroke();
  ctx.setLineDash([]);
  ctx.beginPath();
  ctx.arc(x, y, 4 * ratio, 0, 2 * Math.PI);
  ctx.fillStyle = validated ? colour.validation : colour.train;
  ctx.fill();
  ctx.lineWidth = 1.5 * ratio;
  ctx.strokeStyle = colour.bg;
  ctx.stroke();
  writeBest(ctx, bestText, { x, y, left, top, width, height, ratio }, colour, font);
  ctx.restore();
}

function writeBest(ctx, text, { ratio, ...place }, colour, font) {
  const { align, at } = labelPlace(place, ratio);
  ctx.font = font.replace(/^(\d+)px/, (_, size) => `${size * ratio}px`);
  ctx.textBaseline = "middle";
  ctx.textAlign = align;
  ctx.lineWidth = 4 * ratio;
  ctx.lineJoin = "round";
  ctx.strokeStyle = colour.bg;
  ctx.strokeText(text, ...at);
  ctx.fillStyle = colour.ink;
  ctx.fillText(text, ...at);
}
