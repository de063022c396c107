/** Maps as a grid of tiles: arrow keys move, Enter enlarges, pages hold what does not fit. */
import { useEffect, useRef, useState } from "preact/hooks";
import { classes, count, IconButton } from "../shared/index.js";
import { Pixels } from "./Picture.jsx";
import { missingPart, ON_PAGE, pageOf } from "./pages.js";

/** `onPart(first)` asks for the tiles from there on, where there are more than are here. */
export function Tiles({ drawing, dead = [], small, onPart }) {
  const [here, rows, cols] = drawing.size;
  const part = drawing.first ?? 0;
  const units = drawing.total ?? here;
  const [chosen, setChosen] = useState(0);
  const [large, setLarge] = useState(false);
  const grid = useRef(null);
  const at = Math.min(chosen, units - 1);
  const { first, last } = pageOf(at, units);
  const missing = missingPart({ first, last }, part, here);
  useEffect(() => {
    if (missing !== null) onPart?.(missing);
  }, [missing]);

  const move = (to) => {
    setChosen(Math.min(units - 1, Math.max(0, to)));
    grid.current?.focus();
  };
  const onKeyDown = (event) => {
    // as many as the style has in a row at this width
    const across = getComputedStyle(grid.current).gridTemplateColumns.split(" ").length;
    const by = { ArrowRight: 1, ArrowLeft: -1, ArrowDown: across, ArrowUp: -across }[event.key];
    if (by && at + by >= 0 && at + by < units) setChosen(at + by);
    else if (event.key === "Enter") setLarge(!large);
    else if (event.key === "Escape" && large) setLarge(false);
    else return;
    event.preventDefault();
  };
  useEffect(() => setLarge(false), [units, rows, cols]);

  return (
    <>
      <div className="kn-row kn-tiles-head">
        {drawing.title && <b>{drawing.title}</b>}
        <span className="kn-small kn-muted">{drawing.caption}</span>
        <span className="kn-space" />
        {units > ON_PAGE && (
          <>
            <IconButton local icon="left" label="Previous page" disabled={first === 0} onClick={() => move(first - ON_PAGE)} />
            <span className="kn-small kn-number">{count(first)} to {count(last - 1)} of {count(units)}</span>
            <IconButton local icon="right" label="Next page" disabled={last === units} onClick={() => move(last)} />
          </>
        )}
      </div>
      <div
        ref={grid}
        className={classes("kn-tiles", units === 1 && "kn-single", drawing.stretched && "kn-stretched", small && "kn-small-tiles", large && "kn-large")}
        role="listbox"
        tabIndex={0}
        aria-label={drawing.title || "weights"}
        onKeyDown={onKeyDown}
      >
        {missing === null && (large ? [at] : range(first, last)).map((unit) => (
          <Tile
            key={unit}
            drawing={drawing}
            place={unit - part}
            dead={dead.includes(unit)}
            chosen={unit === at && units > 1}
            onClick={() => (unit === at ? setLarge(!large) : setChosen(unit))}
          />
        ))}
      </div>
      {units > 1 && (
        <p className="kn-small kn-muted kn-number">{drawing.texts[at - part] ?? "reading"}. Arrow keys move, Enter enlarges.</p>
      )}
    </>
  );
}

function Tile({ drawing, place, dead, chosen, onClick }) {
  const [, rows, cols] = drawing.size;
  return (
    <div className={classes("kn-tile", dead && "kn-dead", chosen && "kn-chosen")} role="option" aria-selected={chosen} onClick={onClick}>
      <Pixels drawing={drawing} layout={{ rows, cols, start: place * rows * cols }} label={drawing.texts[place]} />
      {drawing.labels[place]}{dead && " dead"}
    </div>
  );
}

const range = (first, last) => Array.from({ length: last - first }, (_, i) => first + i);
