/** The Freeze panel: a table of layers with a padlock each. */
import "./history/lasting.css";
import "./freeze/freeze.css";
import { Averages } from "./freeze/Averages.jsx";
import { FineTuning } from "./freeze/FineTuning.jsx";
import { Pattern } from "./freeze/Pattern.jsx";
import { Rows } from "./freeze/Rows.jsx";
import { Button, count, defineWidget, ErrorStrip, StatusLine, Totals, useModel, useTrait } from "./shared/index.js";

function FreezePanel() {
  const model = useModel();
  const [title, totals, status, error] = ["title", "totals", "status", "error"].map(useTrait);
  const [rows, hashing] = ["rows", "hashing"].map(useTrait);
  const send = (kind, what = {}) => model.send({ kind, ...what });
  return (
    <section className="kn-panel kn-lasting" aria-label={`Freeze ${title}`}>
      <div className="kn-top">
        <span className="kn-title">Freeze {title}</span>
        <span className="kn-space" />
        <Totals items={[[count(totals.trainable), "trainable"], [count(totals.frozen), "frozen"]]} />
        <Button short disabled={!totals.frozen} onClick={() => send("unfreeze_all")}>Unfreeze all</Button>
      </div>
      <ErrorStrip message={error.message} onClose={() => send("close_error")} />
      <Pattern rows={rows} send={send} />
      <Rows rows={rows} send={send} />
      <Averages send={send} />
      <FineTuning rows={rows} send={send} />
      <StatusLine icon={totals.frozen ? "lock" : "check"} failed={status.unchanged === false}>
        {hashing.of > 0
          ? <span className="kn-hashing"><span className="kn-spinner" />{[status.text, `hashing ${hashing.done + 1} of ${hashing.of} frozen layers`].filter(Boolean).join("; ")}</span>
          : status.text || (totals.frozen ? "the frozen layers keep their weights when it trains" : "every layer trains")}
      </StatusLine>
    </section>
  );
}

export default defineWidget(FreezePanel);
