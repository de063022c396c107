/** Turns the curves of one quantity into the columns that uPlot draws. */
import { epochsOf } from "./deltas.js";
import { marksOf } from "./marks.js";
import { lastEpoch } from "./reach.js";
import { smoothed } from "./smoothing.js";

/** So few epochs that the course inside each is worth seeing. */
const FEW = 3;

/** More points than this are more than pixels: every n-th is drawn, the newest always. */
const MOST = 1500;

/** As Python has them before somebody chooses. */
export const VIEW = { axis: "epoch", log: true, smoothing: 0, metric: "" };

function spread(length) {
  const step = Math.ceil(length / MOST);
  const places = [];
  for (let i = 0; i < length; i += step) places.push(i);
  if (length && places.at(-1) !== length - 1) places.push(length - 1);
  return places;
}

/**
 * Columns are x, the earlier run, train, validation, then the runs beside; where curves are smoothed, the raw train and
 * validation behind them come last. `lines` says of each column but x what it is.
 */
export function chartData(name, curve, view = VIEW) {
  const { run, earlier, trail, beside = [] } = curve;
  const logs = run?.logs ?? {};
  const done = epochsOf(run);
  const byBatch = view.axis === "batch" && run?.epoch_batches > 0;
  const factor = byBatch ? run.epoch_batches : 1;
  const inside = byBatch || (Boolean(run) && run.planned <= FEW && trail.length > 0);
  const before = earlier?.logs["val_" + name] ?? earlier?.logs[name] ?? [];
  const others = beside.map(({ logs: theirs }) => theirs["val_" + name] ?? theirs[name] ?? []);
  const table = new Table(3 + others.length, factor);
  table.epochs(0, before);
  const points = byBatch ? pointsOf(run, name) : [];
  if (points.length > done) points.forEach(([x, value]) => table.put(x, 1, value));
  else trainByEpoch(table, name, curve, inside && !byBatch, done);
  table.epochs(2, logs["val_" + name] ?? []);
  others.forEach((values, i) => table.epochs(3 + i, values));
  const marks = marksOf(run, factor);
  const drawn = Math.max(marks.at(-1)?.x ?? 0, ...table.places());
  const { data, lines } = withSmoothing(table.columns(), beside, view.smoothing);
  return {
    data,
    lines,
    factor,
    byBatch,
    from: inside ? 0 : 1,
    to: Math.max(lastEpoch(run, done) * factor, drawn),
    marks,
    beside: beside.map(({ name: id }) => id),
    ...about(name, run, earlier, data, logs, factor),
  };
}

/** Values by place on the axis, one column for each line. */
class Table {
  constructor(width, factor) {
    this.width = width;
    this.factor = factor;
    this.rows = new Map();
  }

  put(epoch, line, value) {
    const x = epoch * this.factor;
    if (!this.rows.has(x)) this.rows.set(x, [x, ...Array(this.width).fill(null)]);
    this.rows.get(x)[line + 1] = value ?? null;
  }

  epochs(line, values) {
    for (const i of spread(values.length)) this.put(i + 1, line, values[i]);
  }

  places() {
    return this.rows.keys();
  }

  columns() {
    const sorted = [...this.rows.values()].sort((a, b) => a[0] - b[0]);
    return Array.from({ length: this.width + 1 }, (_, column) => sorted.map((row) => row[column]));
  }
}

const pointsOf = (run, name) =>
  (run.trail ?? []).map(([at, figures]) => [at, figures[name]]).filter(([, value]) => value !== null && value !== undefined);

function trainByEpoch(table, name, { run, progress, trail }, inside, done) {
  table.epochs(1, run?.logs[name] ?? []);
  const heads = inside ? trail : headOf(progress, trail, done);
  for (const [x, head] of heads) if (!(Number.isInteger(x) && x <= done)) table.put(x, 1, head[name]);
}

/** The running average of the epoch under way, once there is an epoch to join it to. */
function headOf(progress, trail, done) {
  const last = trail.at(-1);
  return progress && last && done >= 1 && last[0] > done ? [last] : [];
}

function withSmoothing(data, beside, share) {
  const lines = [{ kind: "earlier" }, { kind: "train" }, { kind: "validation" }, ...beside.map(() => ({ kind: "beside" }))];
  if (!(share > 0)) return { data, lines };
  return {
    data: [data[0], ...data.slice(1).map((values) => smoothed(values, share)), data[2], data[3]],
    lines: [...lines, { kind: "train", raw: true }, { kind: "validation", raw: true }],
  };
}

function about(name, run, earlier, data, logs, factor) {
  const [, before, train, validation] = data;
  const known = (values) => values.filter((value) => value !== null);
  const validated = Boolean(logs["val_" + name]);
  const bestValue = run?.best ? (logs[validated ? "val_" + name : name] ?? [])[run.best - 1] : null;
  const last = { train: known(train).at(-1) ?? null, validation: known(validation).at(-1) ?? null };
  const has = { train: known(train).length > 0, validation: validated, earlier: known(before).length > 0 };
  const bestText = `best: epoch ${run?.best}, ${bestValue?.toFixed(3)}`;
  const words = [has.train && `Train ${last.train.toFixed(3)}`, validated && `validation ${last.validation?.toFixed(3)}`];
  return {
    best: run?.best ? run.best * factor : null,
    bestValue,
    bestText,
    validated,
    last,
    has,
    positive: data.slice(1).every((values) => known(values).every((value) => value > 0)),
    earlierText: earlier && `run ${earlier.number}${earlier.logs["val_" + name] ? ", validation" : ""}${rate(earlier)}`,
    summary: [...words.filter(Boolean), bestValue !== null && bestValue !== undefined && bestText].filter(Boolean).join(", "),
  };
}

const rate = (run) => (run.learning_rate ? `, lr ${run.learning_rate}` : "");
