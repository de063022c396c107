/** Buttons that save the picture: Python draws it, the page hands it to the browser. */
import { useCallback } from "preact/hooks";
import { Button, useMessages, useModel } from "../shared/index.js";
import { bytesOf } from "./paint.js";

const KINDS = { png: "image/png", svg: "image/svg+xml" };

export function Export() {
  const model = useModel();
  useMessages(useCallback((message, buffers) => {
    if (message?.export) download(message.export, bytesOf(buffers[0]));
  }, []));
  return (
    <>
      {Object.keys(KINDS).map((format) => (
        <Button key={format} short aria-label={`Save the picture as ${format.toUpperCase()}`} onClick={() => model.send({ kind: "export", format })}>
          {format.toUpperCase()}
        </Button>
      ))}
    </>
  );
}

function download(name, bytes) {
  const address = URL.createObjectURL(new Blob([bytes], { type: KINDS[name.split(".").at(-1)] }));
  const link = Object.assign(document.createElement("a"), { href: address, download: name });
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), 1000);
}
