/** Maps as a grid of tiles: arrow keys move, Enter enlarges, pages hold what does not fit. */
import { useEffect, useRef, useState } from "preact/hooks";
import { classes, IconButton } from "../shared/index.js";
import { Pixels } from "./Picture.jsx";

const ACROSS = 8;
const ON_PAGE = 32;

export function Tiles({ drawing, dead = [], small }) {
  const [units, rows, cols] = drawing.size;
  const [chosen, setChosen] = useState(0);
  const [large, setLarge] = useState(false);
  const grid = useRef(null);
  const at = Math.min(chosen, units - 1);
  const page = Math.floor(at / ON_PAGE);
  const first = page * ON_PAGE;
  const last = Math.min(units, first + ON_PAGE);

  const across = units === 1 ? 1 : ACROSS;
  const move = (to) => {
    setChosen(Math.min(units - 1, Math.max(0, to)));
    grid.current?.focus();
  };
  const onKeyDown = (event) => {
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
            <IconButton local icon="left" label="Previous page" disabled={page === 0} onClick={() => move(first - ON_PAGE)} />
            <span className="kn-small kn-number">{first} to {last - 1} of {units}</span>
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
        {(large ? [at] : range(first, last)).map((unit) => (
          <Tile
            key={unit}
            drawing={drawing}
            unit={unit}
            dead={dead.includes(unit)}
            chosen={unit === at && units > 1}
            onClick={() => (unit === at ? setLarge(!large) : setChosen(unit))}
          />
        ))}
      </div>
      {units > 1 && (
        <p className="kn-small kn-muted kn-number">{drawing.texts[at]}. Arrow keys move, Enter enlarges.</p>
      )}
    </>
  );
}

function Tile({ drawing, unit, dead, chosen, onClick }) {
  const [, rows, cols] = drawing.size;
  return (
    <div className={classes("kn-tile", dead && "kn-dead", chosen && "kn-chosen")} role="option" aria-selected={chosen} onClick={onClick}>
      <Pixels drawing={drawing} layout={{ rows, cols, start: unit * rows * cols }} label={drawing.texts[unit]} />
      {drawing.labels[unit]}{dead && " dead"}
    </div>
  );
}

const range = (first, last) => Array.from({ length: last - first }, (_, i) => first + i);
