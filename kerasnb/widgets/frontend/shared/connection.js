/** What a page can know of the kernel behind a widget, and the one word for it. */

const GONE = ["dead", "terminating"];
const AWAY = ["connecting", "disconnected"];
const RESTARTS = ["restarting", "autorestarting"];
const MARK = "jupyter-widgets-disconnected"; // ipywidgets' class for a view whose comm is gone
const BUSY_AFTER = 1000; // milliseconds: each message makes a kernel busy for a moment
const ASKS_AFTER = 700;
const SILENT_AFTER = 1000;

/**
 * `restarted`, `dead`, `none` (the page never had a kernel), `unreachable`, `busy`, `silent` or `connected`.
 * What was restarted stays so: the widget's other half is gone with the kernel.
 */
export function connectionOf({ wasLive, isLive, wasRestarted, hasKernel, status, connection, isSilent }) {
  if (wasRestarted) return "restarted";
  if (wasLive && (hasKernel === false || GONE.includes(status))) return "dead";
  if (!isLive) return wasLive ? "restarted" : "none";
  if (AWAY.includes(connection)) return "unreachable";
  if (status === "busy") return "busy";
  return isSilent ? "silent" : "connected";
}

/** In these nothing that is clicked reaches Python. */
export const isLost = (state) => ["restarted", "dead", "none", "unreachable"].includes(state);

/** The session of a notebook (JupyterLab, Notebook 7, Voila), undefined elsewhere. */
export const sessionOf = (model) => model.widget_manager?.context?.sessionContext;

/** Calls `tell(state)` with each change; gives `{ asked, heard, release }`. `ping` asks Python for any answer. */
export function watchKernel({ model, el, ping }, tell) {
  const session = sessionOf(model);
  const facts = { wasLive: false, wasRestarted: false, isSilent: false };
  const first = session?.session?.kernel?.id;
  let shown = null;
  let timer = null;
  let waiting = null;

  const look = () => {
    const kernel = session ? session.session?.kernel : undefined;
    facts.isLive = !el.classList.contains(MARK);
    // kept once true: a page that saw its kernel die is told so, one that was loaded later never had one
    facts.wasLive ||= facts.isLive && kernel !== null;
    facts.hasKernel = session ? Boolean(kernel) : undefined;
    facts.status = kernel?.status;
    facts.connection = kernel?.connectionStatus;
    facts.wasRestarted ||= facts.wasLive && (RESTARTS.includes(facts.status) || Boolean(first && kernel && kernel.id !== first));
    const state = connectionOf(facts);
    clearTimeout(timer);
    // a moment later: else the word would flicker with every message
    if (state === "busy" && shown !== "busy") timer = setTimeout(() => show("busy"), BUSY_AFTER);
    if (state !== "busy" || shown === null) show(state === "busy" ? "connected" : state);
  };
  const show = (state) => {
    if (state !== shown) tell((shown = state));
  };

  const heard = () => {
    clearTimeout(waiting);
    waiting = null;
    if (facts.isSilent) look((facts.isSilent = false));
  };
  const asked = () => {
    // one question at a time: a second one would put off the answer to the first
    if (waiting !== null) return;
    waiting = setTimeout(() => {
      ping();
      waiting = setTimeout(() => look((facts.isSilent = true)), SILENT_AFTER);
    }, ASKS_AFTER);
  };

  const signals = ["kernelChanged", "statusChanged", "connectionStatusChanged"].map((name) => session?.[name]).filter(Boolean);
  signals.forEach((signal) => signal.connect(look));
  const observer = new MutationObserver(look);
  observer.observe(el, { attributes: true, attributeFilter: ["class"] });
  look();

  const release = () => {
    clearTimeout(timer);
    clearTimeout(waiting);
    observer.disconnect();
    signals.forEach((signal) => signal.disconnect(look));
  };
  return { asked, heard, release };
}
