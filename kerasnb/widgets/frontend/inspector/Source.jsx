/** The line of code that computes what is shown, with Copy. */
import { useState } from "preact/hooks";
import { Button, useTrait } from "../shared/index.js";

export function Source() {
  const source = useTrait("source");
  const [copied, setCopied] = useState(false);
  const copy = async () => {
    await navigator.clipboard.writeText(source);
    setCopied(true);
    setTimeout(() => setCopied(false), 1500);
  };
  return (
    <div className="kn-source">
      <code>{source}</code>
      <Button local short icon={copied ? "check" : "copy"} onClick={copy}>{copied ? "Copied" : "Copy"}</Button>
    </div>
  );
}
