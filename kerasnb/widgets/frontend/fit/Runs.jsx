/** What is kept of trainings: a run that a kernel did not end, weights that can be put back, earlier runs beside the curve. */
import { useState } from "preact/hooks";
import { Button, Icon, useLost, useTrait } from "../shared/index.js";

/** Where an earlier kernel ended, and the button that goes on from there. */
export function Interrupted({ state, send }) {
  const { text, epoch } = useTrait("interrupted");
  if (!text) return null;
  return (
    <div className="kn-data kn-small kn-interrupted" role="note">
      <Icon name="warning" />
      <span>{text} {epoch ? "" : "No weights were written yet."}</span>
      {Boolean(epoch) && (
        <Button short icon="play" disabled={state !== "idle"} onClick={() => send("go_on")}>Go on from epoch {epoch}</Button>
      )}
    </div>
  );
}

/** Under the curves: the other weights of the last run, earlier runs, what happens where the loss breaks. */
export function Runs({ state, send }) {
  const [offer, earlier, kept, fresh] = ["offer", "earlier_runs", "kept", "fresh"].map(useTrait);
  const [open, setOpen] = useState(false);
  const toggle = () => {
    if (!open) send("look_for_runs"); // other panels may have trained meanwhile
    setOpen(!open);
  };
  return (
    <>
      <div className="kn-data kn-small kn-runs">
        {offer.which && (
          <Button short icon="undo" disabled={state !== "idle"} onClick={() => send("restore", { which: offer.which })}>
            Restore {offer.which} (epoch {offer.epoch})
          </Button>
        )}
        {!fresh.text && (
          <Button short icon="again" disabled={state !== "idle"} title="The same net with first weights; what is frozen stays. It can be taken back."
            onClick={() => send("begin_anew")}>
            New weights
          </Button>
        )}
        <ReturnsGood send={send} />
        <span className="kn-muted kn-optional kn-path" title={kept}>{kept}</span>
        <button type="button" className="kn-more" aria-expanded={open} onClick={toggle}>
          <Icon name={open ? "down" : "right"} /> earlier runs
        </button>
      </div>
      {fresh.text && (
        <div className="kn-data kn-small" role="note">
          <Icon name="again" />
          <span>{fresh.text}</span>
          <Button short icon="undo" disabled={state !== "idle"} onClick={() => send("take_back")}>Former weights</Button>
          <Button short icon="again" disabled={state !== "idle"} onClick={() => send("begin_anew")}>New weights</Button>
        </div>
      )}
      {open && <Earlier runs={earlier} send={send} />}
    </>
  );
}

function ReturnsGood({ send }) {
  const lost = useLost();
  const wanted = useTrait("returns_good");
  const onChange = ({ target }) => send("option", { name: "returns_good", value: target.checked });
  return (
    <label className="kn-check" title="Training stops there in any case.">
      <input type="checkbox" checked={wanted} disabled={lost} onChange={onChange} />
      last good weights back if the loss becomes NaN
    </label>
  );
}

function Earlier({ runs, send }) {
  const lost = useLost();
  if (!runs.length) return <p className="kn-data kn-small kn-muted">No other run is kept for this notebook.</p>;
  return (
    <ul className="kn-earlier" aria-label="Earlier runs beside the curve">
      {runs.map(({ id, text, shown }) => (
        <li key={id}>
          <label className="kn-check" title={id}>
            <input type="checkbox" checked={shown} disabled={lost}
              onChange={({ target }) => send("show_run", { run: id, shown: target.checked })} />
            <span className="kn-number">{text}</span>
          </label>
        </li>
      ))}
    </ul>
  );
}
