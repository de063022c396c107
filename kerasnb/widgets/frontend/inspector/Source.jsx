/** The line of code that computes what is shown; Copy takes it with its imports, so that it runs when pasted alone. */
import { useState } from "preact/hooks";
import { Export } from "./Export.jsx";
import { Button, useTrait } from "../shared/index.js";

export function Source() {
  const source = useTrait("source");
  const code = useTrait("code");
  const [copied, setCopied] = useState(false);
  const copy = async () => {
    await navigator.clipboard.writeText(code || source);
    setCopied(true);
    setTimeout(() => setCopied(false), 1500);
  };
  return (
    <div className="kn-source">
      <code>{source}</code>
      <Export />
      <Button local short disabled={!source} icon={copied ? "check" : "copy"} onClick={copy}>{copied ? "Copied" : "Copy"}</Button>
    </div>
  );
}
