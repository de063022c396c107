/** What can be done to the selected layers, one or several. */
import { Button, IconButton } from "../shared/index.js";

export function Tools({ layers, freezable, frozen, takesData, act, children }) {
  const what = layers.length > 1 ? "the selected layers" : layers[0];
  return (
    <div className="kn-tools" role="group" aria-label={`Steps at ${what}`}>
      <IconButton icon="up" label={`Move ${what} up (Alt+↑)`} disabled={takesData} onClick={() => act.shift(-1)} />
      <IconButton icon="below" label={`Move ${what} down (Alt+↓)`} disabled={takesData} onClick={() => act.shift(1)} />
      <IconButton icon="copy" label={`Duplicate ${what} (Ctrl+D)`} onClick={act.duplicate} />
      {children}
      <IconButton icon="trash" label={`Remove ${what} (Delete)`} onClick={act.remove} />
      <span className="kn-space" />
      {freezable && (
        <Button short icon={frozen ? "lock" : "open"} aria-pressed={frozen} onClick={act.toggleFrozen}>
          {frozen ? "Unfreeze" : "Freeze"}
        </Button>
      )}
    </div>
  );
}
