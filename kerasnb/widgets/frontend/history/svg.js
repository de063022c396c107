/** The charts as they are drawn now, as a standalone SVG: the file that Save writes, and what a PNG is made of. */
import { evenRange, logRange } from "./geometry.js";
import { epochTicks, evenTicks, logTicks, ticksText, wholeTicks } from "./ticks.js";

const WIDTH = 480;
const HEIGHT = 250;
const LEFT = 46;
const RIGHT = 14;
const TOP = 30;
const BOTTOM = 26;
const ROW = 16;
const SANS = "system-ui, 'Segoe UI', 'Liberation Sans', Arial, sans-serif";

/**
 * Each chart is `{title, shown, log, names}`: `shown` as `chartData` gives it, a name for each of its lines ("" for one
 * without an entry in the legend).
 */
export function chartsSvg(charts, colour, title = "") {
  const rows = Math.max(...charts.map(({ names }) => legendRows(names).length));
  const width = WIDTH * charts.length;
  const height = HEIGHT + ROW * rows + 6;
  const inside = charts.map((chart, i) => `<g transform="translate(${i * WIDTH} 0)">${chartSvg(chart, colour)}</g>`);
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img"`,
    ` font-family="${SANS}" font-size="11" fill="${colour.muted}">`,
    `<title>${escape(title)}</title><rect width="100%" height="100%" fill="${colour.bg}"/>`,
    ...inside,
    "</svg>",
  ].join("");
}

function chartSvg({ title, shown, log, names }, colour) {
  const known = shown.data.slice(1).flat().filter((value) => value !== null && value !== undefined);
  const [lowest, highest] = known.length ? [Math.min(...known), Math.max(...known)] : [null, null];
  const [low, high] = log ? logRange(lowest, highest) : evenRange(lowest, highest);
  const last = Math.max(shown.to, shown.from + 1);
  const scale = log ? Math.log10 : (value) => value;
  const across = (x) => LEFT + ((x - shown.from) / (last - shown.from)) * (WIDTH - LEFT - RIGHT);
  const down = (y) => TOP + (1 - (scale(y) - scale(low)) / (scale(high) - scale(low))) * (HEIGHT - TOP - BOTTOM);
  const axes = { across, down, low, high, first: shown.from, last };
  return [
    text(LEFT, 17, log ? `${title}, log scale` : title, `font-size="12" font-weight="600" fill="${colour.ink}"`),
    grid(axes, log, shown.byBatch, colour),
    ...shown.marks.map(({ x, text: words }) => mark(across(x), words, colour)),
    ...shown.lines.map((line, i) => lineSvg(points(shown.data, i + 1, axes), line, colour)).reverse(),
    best(shown, axes, colour),
    ...legend(shown.lines, names, colour),
  ].join("");
}

function grid({ across, down, low, high, first, last }, log, byBatch, colour) {
  const heights = log ? logTicks(low, high) : evenTicks(low, high);
  const words = ticksText(heights);
  const rows = heights.map((tick, i) => {
    const y = round(down(tick));
    const line = `<path d="M${LEFT} ${y}H${WIDTH - RIGHT}" stroke="${colour.line}"/>`;
    return line + text(LEFT - 6, y + 4, words[i], 'text-anchor="end"');
  });
  const ticks = byBatch ? wholeTicks(first, last) : epochTicks(first, last);
  return [...rows, ...ticks.map((tick) => text(across(tick), HEIGHT - 8, String(tick), 'text-anchor="middle"'))].join("");
}

const points = ([xs, ...columns], line, { across, down }) =>
  columns[line - 1].flatMap((y, i) => (y === null || y === undefined ? [] : [[round(across(xs[i])), round(down(y))]]));

function lineSvg(path, line, colour) {
  if (!path.length) return "";
  const { stroke, width, more } = look(line, colour);
  if (path.length === 1) return `<circle cx="${path[0][0]}" cy="${path[0][1]}" r="3" fill="${stroke}"/>`;
  return `<path d="M${path.map((point) => point.join(" ")).join("L")}" fill="none" stroke="${stroke}" stroke-width="${width}" stroke-linejoin="round"${more}/>`;
}

/** As plot.js draws them. */
function look({ kind, raw }, colour) {
  const stroke = kind === "beside" ? colour.earlier : colour[kind];
  if (raw) return { stroke, width: 1, more: ' opacity="0.3"' };
  const dashed = kind === "validation" ? ' stroke-dasharray="5 2.5"' : "";
  return { stroke, width: kind === "train" || dashed ? 1.6 : 1.2, more: kind === "beside" ? ' opacity="0.7"' : dashed };
}

function mark(x, words, colour) {
  const at = round(x);
  const line = `<path d="M${at} ${TOP}V${HEIGHT - BOTTOM}" stroke="${colour.muted}" stroke-dasharray="3 3" opacity="0.6"/>`;
  return `<g><title>${escape(words)}</title>${line}<path d="M${at - 4} ${TOP}h8l-4 5z"/></g>`;
}

function best(shown, { across, down }, colour) {
  if (!shown.best || shown.bestValue === null || shown.bestValue === undefined) return "";
  const [x, y] = [round(across(shown.best)), round(down(shown.bestValue))];
  const onLeft = x > (WIDTH + LEFT) / 2;
  const place = text(x + (onLeft ? -7 : 7), y < HEIGHT / 2 ? y + 48 : y - 40, shown.bestText, [
    `text-anchor="${onLeft ? "end" : "start"}" fill="${colour.ink}"`,
    `stroke="${colour.bg}" stroke-width="4" stroke-linejoin="round" paint-order="stroke"`,
  ].join(" "));
  return [
    `<path d="M${x} ${TOP}V${HEIGHT - BOTTOM}" stroke="${colour.ink}" stroke-dasharray="1 2"/>`,
    `<circle cx="${x}" cy="${y}" r="4" fill="${shown.validated ? colour.validation : colour.train}" stroke="${colour.bg}" stroke-width="1.5"/>`,
    place,
  ].join("");
}

function legend(lines, names, colour) {
  const entries = lines.map((line, i) => ({ line, name: names[i] })).filter(({ name }) => name);
  return legendRows(names).flatMap((row, number) => {
    let x = LEFT;
    return row.map((name) => {
      const { stroke, width, more } = look(entries.shift().line, colour);
      const y = HEIGHT + 8 + number * ROW;
      const key = `<path d="M${x} ${y - 4}h18" stroke="${stroke}" stroke-width="${width}"${more}/>${text(x + 24, y, name)}`;
      x += wide(name);
      return key;
    });
  });
}

/** The names of a legend, as many in a row as fit. */
export function legendRows(names) {
  const rows = [[]];
  let x = LEFT;
  for (const name of names.filter(Boolean)) {
    if (rows.at(-1).length && x + wide(name) > WIDTH - RIGHT) {
      rows.push([]);
      x = LEFT;
    }
    rows.at(-1).push(name);
    x += wide(name);
  }
  return rows;
}

const wide = (name) => 24 + 6.2 * name.length + 14;
const round = (number) => Math.round(number * 10) / 10;
const text = (x, y, words, more = "") => `<text x="${round(x)}" y="${round(y)}" ${more}>${escape(words)}</text>`;
const escape = (words) => words.replace(/[&<>"]/g, (sign) => ({ "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" })[sign]);
