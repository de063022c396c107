/** What the user can do, in one place: the selection, where a new layer goes, and the messages to Python. */
import { useEffect, useLayoutEffect, useMemo, useRef, useState } from "preact/hooks";
import { drawNow, useSyncedTrait, useTrait } from "../shared/index.js";
import { blockOf, idOf, namesOf } from "./drawn.js";
import { neighbour } from "./layout.js";
import { extended, toggled, withBoxed } from "./selection.js";
import { stepVersions } from "./versions.js";

// what does not depend on which layers there are
const TIMELESS = ["name", "backend", "fold"];

/** Puts the focus on the selected layer when the layer that had it is gone, so that keys still arrive. */
function useKeptFocus(el, focusLayer, layer) {
  const selected = useRef(layer);
  selected.current = layer;
  useEffect(() => {
    const onFocusOut = ({ target }) => setTimeout(() => {
      const isRemoved = !target.isConnected && !el.contains(el.ownerDocument.activeElement);
      if (isRemoved && selected.current) focusLayer(selected.current);
    });
    // captured: `guardFocus` lets what drawing does go no further
    el.addEventListener("focusout", onFocusOut, true);
    return () => el.removeEventListener("focusout", onFocusOut, true);
  }, [el]);
}

export function useActions({ el, model, state, positions, search, setTab, setOpen }) {
  const [layers, setLayers] = useSyncedTrait("selection");
  const several = useTrait("several");
  const layer = layers.at(-1) ?? "";
  const [edge, setEdge] = useState(null);
  const [place, setPlace] = useState(null);
  const versions = useMemo(() => stepVersions(), [model]);
  // at once: after the next paint it would take back the place that somebody has just chosen
  useLayoutEffect(() => {
    setEdge(null);
    setPlace(null);
  }, [layer, state.revision]);

  // a layer out of sight is not drawn: the canvas keeps the keys until the view has moved there
  const awaited = useRef(null);
  const now = useRef(state);
  now.current = state;
  const focusLayer = (name, tries = 20) => {
    awaited.current = name;
    const drawn = el.querySelector(`.react-flow__node[data-id="${CSS.escape(idOf(now.current, name))}"]`);
    (drawn ?? el.querySelector(".kn-canvas"))?.focus({ preventScroll: true });
    // not when the user has gone to another layer or out of the widget meanwhile
    const isAwaited = () => awaited.current === name && el.contains(el.ownerDocument.activeElement);
    if (!drawn && tries) requestAnimationFrame(() => isAwaited() && focusLayer(name, tries - 1));
  };
  useKeptFocus(el, focusLayer, layer);
  // where Python selects another layer, such as a copy, the focus on a layer goes with it
  useEffect(() => {
    const focused = el.ownerDocument.activeElement;
    if (layer && el.contains(focused) && focused.matches(".react-flow__node")) focusLayer(layer);
  }, [layer]);

  return useMemo(() => {
    const send = (message) => {
      const stamp = TIMELESS.includes(message.type) ? {} : versions.stamp(model.get("state"));
      model.send({ ...stamp, ...message });
    };
    const select = ({ layer: name = "", edge: pair = null, layers: names = name ? [name] : [] }) => {
      setLayers(names);
      setEdge(pair);
      setPlace(null);
      return true;
    };
    const focusCanvas = () => {
      setPlace(null);
      setOpen(false);
      if (layer) focusLayer(layer);
      else el.querySelector(".react-flow__node")?.focus();
    };
    const node = state.nodes.find((one) => one.name === layer);
    // drawn at once, so that the next key already finds its field
    const find = () => {
      drawNow(() => {
        setTab("Canvas");
        setOpen(true);
      });
      search.current?.focus();
      return true;
    };
    const edit = (name) => {
      drawNow(() => setLayers([name]));
      el.querySelector("[data-first-field]")?.select();
      return true;
    };
    const fold = (name, folded) => send({ type: "fold", name, folded });
    const reveal = (name) => {
      if (state.nodes.find((one) => one.name === name)?.box) fold(name, false);
      return select({ layer: name });
    };
    const freeze = (names, frozen) => send({ type: "trainable", names, trainable: !frozen });
    // at what is selected, where anything is
    const atSelection = (message) => {
      if (layers.length) send({ ...message, names: layers });
      return true;
    };
    // without a place of its own a layer goes after the selection as Python has it, which is never behind
    const add = (className, branch = false, where = place ?? {}, given = {}) => {
      send({ type: "add", class_name: className, branch, arguments: given, ...where });
      setOpen(false);
    };

    return {
      selection: { layers, layer, edge },
      several,
      place,
      send,
      select,
      edit,
      find,
      onFold: (block, folded) => fold(block.names[0], folded),
      freeze,
      reveal,
      add,
      focusCanvas,
      insertBetween: (after, before) => {
        drawNow(() => setPlace({ after, before }));
        find();
      },
      drop: (event) => {
        const className = event.dataTransfer.getData("text/x-kerasnb-layer");
        if (!className) return;
        event.preventDefault();
        const wire = event.target.closest("[data-source]")?.dataset;
        const onto = event.target.closest(".react-flow__node")?.dataset.id;
        add(className, event.shiftKey, wire ? { after: wire.source, before: wire.target } : { after: onto && namesOf(state, onto).at(-1) });
      },
      undo: () => { send({ type: "undo" }); return true; },
      redo: () => { send({ type: "redo" }); return true; },
      findInModel: () => { el.querySelector("[data-find-in-model]")?.click(); return true; },
      view: (key) => { el.querySelector(`[data-view="${key}"]`)?.click(); return true; },
      show: (tab) => { setTab(tab); return true; },
      remove: () => {
        if (!edge) return atSelection({ type: "remove" });
        send({ type: "disconnect", source: edge[0], target: edge[1] });
        return true;
      },
      duplicate: () => atSelection({ type: "duplicate" }),
      shift: (by) => atSelection({ type: "shift", by }),
      callAgain: (name, after) => send({ type: "again", name, after }),
      toggleFrozen: () => {
        const { can_freeze: can, frozen } = layers.length > 1 ? several : node ?? {};
        if (can) freeze(layers, !frozen);
        return true;
      },
      toggle: (names) => select({ layers: toggled(layers, names) }),
      extend: (name) => select({ layers: extended(layers, [layer], [name]) }),
      box: (ids) => select({ layers: withBoxed(layers, ids.flatMap((id) => namesOf(state, id)), state.nodes.map((one) => one.name)) }),
      toggleFold: () => {
        const block = blockOf(state, layer);
        if (block) fold(layer, !block.folded);
        return true;
      },
      selectAll: () => select({ layers: state.nodes.map((one) => one.name) }),
      firstError: () => {
        if (!state.first_error) return true;
        setTab("Canvas");
        select({ layer: state.first_error });
        setTimeout(() => focusLayer(state.first_error));
        return true;
      },
      move: (key, extends_) => {
        const here = layer ? idOf(state, layer) : "";
        const next = here ? neighbour(state, positions, here, key) : idOf(state, state.nodes[0]?.name);
        if (!next) return true;
        const names = namesOf(state, next);
        select({ layers: extends_ ? extended(layers, namesOf(state, here), names) : names });
        focusLayer(names.at(-1));
        return true;
      },
      editOrSelect: (id, key) => {
        const names = id ? namesOf(state, id) : [];
        if (!state.nodes.some((one) => one.name === names[0])) return false;
        if (key === " ") return select({ layers: names });
        if (names.length === 1) return edit(id);
        fold(names[0], false);
        return true;
      },
      leave: () => {
        if (layers.length > 1) return select({ layer });
        const cell = el.closest(".jp-Cell");
        (cell?.closest(".jp-Notebook") ?? cell)?.focus();
        el.ownerDocument.activeElement?.closest(".kn") && el.ownerDocument.activeElement.blur();
        return true;
      },
    };
  }, [el, model, state, positions, layers, several, edge, place]);
}
