/** The model as plain Python, to copy or to put into a cell of its own. */
import { useState } from "preact/hooks";
import { Button, Segments, useTrait } from "../shared/index.js";
import { copyText } from "./copy.js";
import { canInsert, insertCell } from "./insert.js";

const STYLES = [["keras1", "Keras 1.2"], ["keras2", "Keras 3"]];

export function Code({ el, model }) {
  const code = useTrait("sources");
  const [style, setStyle] = useState("keras1");
  const [said, setSaid] = useState("");
  const source = code[style] ?? "";
  const copy = async () => {
    setSaid((await copyText(source, el)) ? "copied" : "select the code and press Ctrl+C");
  };
  const insert = () => setSaid(insertCell(model, el, source) ? "inserted below; one undo in the notebook removes it" : "");
  return (
    <div className="kn-code-tab">
      <div className="kn-code-bar kn-row">
        <div className="kn-style"><Segments local label="Spelling" options={STYLES} value={style} onCommit={(next) => { setStyle(next); setSaid(""); }} /></div>
        <span className="kn-small kn-muted" role="status">{said}</span>
        <span className="kn-space" />
        <Button local short icon="copy" disabled={!source} onClick={copy}>Copy</Button>
        {canInsert(model, el) && <Button local short primary icon="insert" disabled={!source} onClick={insert}>Insert cell</Button>}
      </div>
      {code.note && <p className="kn-code-note kn-small kn-muted">{code.note}</p>}
      <pre tabIndex={0} aria-label="Python code of the model">{source}</pre>
    </div>
  );
}
