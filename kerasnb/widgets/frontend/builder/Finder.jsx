/** Finds a layer of the model by its name, its class of either spelling, or its activation: Enter goes from one to the next. */
import { useRef, useState } from "preact/hooks";
import { drawNow, IconButton } from "../shared/index.js";
import { layersNamed } from "./matching.js";

export function Finder({ nodes, families, onFound }) {
  const [query, setQuery] = useState(null);
  const [current, setCurrent] = useState(-1);
  const field = useRef(null);
  const found = layersNamed(nodes, query ?? "", families);
  const go = (by) => {
    const next = (current + by + found.length) % found.length;
    setCurrent(next);
    onFound(found[next]);
  };
  const onKeyDown = (event) => {
    if (event.key === "Enter" && found.length) go(event.shiftKey ? -1 : 1);
    if (event.key === "Escape") setQuery(null);
  };
  const open = () => {
    drawNow(() => { setQuery(query === null ? "" : null); setCurrent(-1); });
    field.current?.focus();
  };
  return (
    <>
      {query !== null && (
        <>
          <input ref={field} className="kn-input" aria-label="Find in the model" placeholder="name or class" value={query}
            spellCheck="false" autoComplete="off" onKeyDown={onKeyDown}
            onInput={(event) => { setQuery(event.target.value); setCurrent(-1); }} />
          <span className="kn-number kn-muted" role="status">{query && (found.length ? `${current + 1} of ${found.length}` : "none")}</span>
        </>
      )}
      <IconButton local icon="search" label="Find in the model (G)" tabIndex={-1} data-find-in-model aria-expanded={query !== null} onClick={open} />
    </>
  );
}
