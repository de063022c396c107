/** The kernel's state for every control of a widget, and the strip that says it in words. */
import { createContext } from "preact";
import { useContext } from "preact/hooks";
import { isLost } from "./connection.js";
import { canRunCell, runCell } from "./run_cell.js";
import { Icon } from "./icons.jsx";

export const Kernel = createContext("connected");

/** `connected`, `busy`, ...: see `connectionOf`. */
export const useKernel = () => useContext(Kernel);

/** Whether nothing that is clicked reaches Python. */
export const useLost = () => isLost(useKernel());

const WORDS = {
  restarted: ["The kernel was restarted: what you see is as it was before.", "Run the cells above and this one again."],
  dead: ["The kernel is gone: what you see is as it was before.", "Start one, then run the cells above and this one."],
  none: ["This page has no kernel: what you see is as it was saved.", "Run the cells above and this one to use it."],
  unreachable: ["The kernel cannot be reached: what you see may be old.", ""],
};

const WAITS = { busy: "kernel busy", silent: "the kernel does not answer: busy, or gone" };

/** Says why the widget is grey and offers what helps; while the kernel is only busy, a word in the corner. */
export function ConnectionStrip({ el }) {
  const state = useKernel();
  if (WAITS[state]) return <div className="kn-busy kn-small" role="status"><span className="kn-spinner" />{WAITS[state]}</div>;
  if (!WORDS[state]) return null;
  const [what, advice] = WORDS[state];
  return (
    <div className="kn-connection" role="alert">
      <Icon name="wait" />
      <span>{what} {advice}</span>
      {advice && canRunCell(el) && (
        <button type="button" className="kn-button kn-short" onClick={() => runCell(el)}>
          <Icon name="play" />
          Run this cell again
        </button>
      )}
    </div>
  );
}

const ENDED = { restarted: "kernel restarted", dead: "kernel gone", none: "as it was saved", unreachable: "kernel out of reach" };

/** `kernel restarted at epoch 7`: what holds of a training whose kernel is lost. */
export const lostTraining = (state, epoch) => `${ENDED[state]} at epoch ${epoch}`;
