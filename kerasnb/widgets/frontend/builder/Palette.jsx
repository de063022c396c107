/** The layer classes by family, with a search; a click or Enter adds one after the selection, with Shift as a branch. */
import { useMemo, useRef, useState } from "preact/hooks";
import { classes, Icon, rove, Square, useLost } from "../shared/index.js";
import { matching } from "./matching.js";

export function Palette({ families, search, hint, onAdd, onLeave }) {
  const [query, setQuery] = useState("");
  const [closed, setClosed] = useState({});
  const [current, setCurrent] = useState(0);
  const found = useMemo(() => matching(families, query), [families, query]);
  const first = found.flatMap((family) => family.layers)[current];

  const list = useRef(null);

  const add = (layer, branch) => {
    onAdd(layer.class_name, branch, undefined, layer.given);
    setQuery("");
    setCurrent(0);
  };
  const onKeyDown = (event) => {
    const count = found.reduce((sum, family) => sum + family.layers.length, 0);
    const by = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (by && query) {
      event.preventDefault();
      setCurrent((current + by + count) % Math.max(1, count));
    }
    if (event.key === "ArrowDown" && !query) {
      event.preventDefault();
      list.current.querySelector("button:not(:disabled)")?.focus();
    }
    if (event.key === "Enter" && query && first) add(first, event.shiftKey);
    if (event.key === "Escape") {
      setQuery("");
      onLeave();
    }
  };
  return (
    <div className="kn-palette">
      <div className="kn-find">
        <Icon name="search" />
        <input
          ref={search}
          className="kn-input"
          placeholder="Find a layer"
          aria-label="Find a layer"
          value={query}
          spellCheck="false"
          autoComplete="off"
          onInput={(event) => { setQuery(event.target.value); setCurrent(0); }}
          onKeyDown={onKeyDown}
        />
        <kbd aria-hidden="true">/</kbd>
      </div>
      {hint && <p className="kn-palette-hint kn-small">{hint}</p>}
      <div className="kn-families" ref={list} onKeyDown={rove(["ArrowUp", "ArrowDown"])}>
        {found.map((family, place) => (
          <Family
            key={family.family}
            family={family}
            isFirst={place === 0}
            isClosed={!query && closed[family.family]}
            shows={query ? Infinity : family.few}
            chosen={query && first?.class_name}
            onToggle={() => setClosed({ ...closed, [family.family]: !closed[family.family] })}
            onAdd={add}
          />
        ))}
        {!found.length && <p className="kn-palette-hint kn-small kn-muted">No layer is called “{query}”.</p>}
      </div>
    </div>
  );
}

function Family({ family, isFirst, isClosed, shows, chosen, onToggle, onAdd }) {
  const lost = useLost();
  const [all, setAll] = useState(false);
  const layers = all ? family.layers : family.layers.slice(0, shows);
  const hidden = family.layers.length - layers.length;
  return (
    <>
      <button type="button" className="kn-family" tabIndex={isFirst ? 0 : -1} aria-expanded={!isClosed} onClick={onToggle}>
        <Icon name={isClosed ? "right" : "down"} />
        <Square family={family.family} />
        {family.title}
        <em>{family.layers.length}</em>
      </button>
      {!isClosed && layers.map(({ class_name: name, help, also, given }) => (
        <button
          key={name}
          type="button"
          tabIndex={-1}
          draggable={!lost}
          disabled={lost}
          className={classes("kn-item", chosen === name && "kn-chosen")}
          title={help}
          onClick={(event) => onAdd({ class_name: name, given }, event.shiftKey)}
          onDragStart={(event) => event.dataTransfer.setData("text/x-kerasnb-layer", name)}
        >
          {name}
          {(given || also) && <small className="kn-muted" aria-hidden="true">{given ? Object.values(given).join(", ") : also}</small>}
        </button>
      ))}
      {!isClosed && (hidden > 0 || all) && (
        <button type="button" className="kn-item kn-more" tabIndex={-1} aria-expanded={all} onClick={() => setAll(!all)}>
          {all ? "fewer" : `${hidden} more`}
        </button>
      )}
    </>
  );
}
