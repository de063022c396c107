/** Turns the curves of one quantity into the columns that uPlot draws. */
import { epochsOf } from "./deltas.js";

/** So few epochs that the course inside each is worth seeing. */
const FEW = 3;

/** More points than this are more than pixels: every n-th is drawn, the newest always. */
const MOST = 1500;

function spread(length) {
  const step = Math.ceil(length / MOST);
  const places = [];
  for (let i = 0; i < length; i += step) places.push(i);
  if (length && places.at(-1) !== length - 1) places.push(length - 1);
  return places;
}

export function chartData(name, { run, earlier, progress, trail, beside = [] }) {
  const logs = run?.logs ?? {};
  const done = epochsOf(run);
  const inside = Boolean(run) && run.planned <= FEW && trail.length > 0;
  const before = earlier?.logs["val_" + name] ?? earlier?.logs[name] ?? [];
  const others = beside.map(({ logs: theirs }) => theirs["val_" + name] ?? theirs[name] ?? []);
  const rows = new Map();
  const put = (x, column, value) => {
    if (!rows.has(x)) rows.set(x, [x, null, null, null, ...others.map(() => null)]);
    rows.get(x)[column] = value ?? null;
  };
  const columns = [[1, before], [2, logs[name] ?? []], [3, logs["val_" + name] ?? []], ...others.map((values, i) => [4 + i, values])];
  for (const [column, values] of columns) {
    for (const i of spread(values.length)) put(i + 1, column, values[i]);
  }
  const heads = inside ? trail : headOf(progress, trail, done);
  for (const [x, head] of heads) if (!(Number.isInteger(x) && x <= done)) put(x, 2, head[name]);
  const sorted = [...rows.values()].sort((a, b) => a[0] - b[0]);
  const data = [0, 1, 2, 3, ...others.map((_, i) => 4 + i)].map((column) => sorted.map((row) => row[column]));
  const lastEpoch = Math.max(run?.planned ?? 1, before.length, done, 1, ...others.map((values) => values.length));
  const names = beside.map(({ name: id }) => id);
  return { data, firstEpoch: inside ? 0 : 1, lastEpoch, beside: names, ...about(name, run, earlier, data, logs) };
}

/** The running average of the epoch under way, once there is an epoch to join it to. */
function headOf(progress, trail, done) {
  const last = trail.at(-1);
  return progress && last && done >= 1 && last[0] > done ? [last] : [];
}

function about(name, run, earlier, data, logs) {
  const [, before, train, validation] = data;
  const known = (values) => values.filter((value) => value !== null);
  const validated = Boolean(logs["val_" + name]);
  const bestValue = run?.best ? (logs[validated ? "val_" + name : name] ?? [])[run.best - 1] : null;
  const last = { train: known(train).at(-1) ?? null, validation: known(validation).at(-1) ?? null };
  const has = { train: known(train).length > 0, validation: validated, earlier: known(before).length > 0 };
  const bestText = `best: epoch ${run?.best}, ${bestValue?.toFixed(3)}`;
  const words = [has.train && `Train ${last.train.toFixed(3)}`, validated && `validation ${last.validation?.toFixed(3)}`];
  return {
    best: run?.best,
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
