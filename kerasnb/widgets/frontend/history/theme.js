/** The colours of the theme as a canvas can take them, and a signal when the theme changes. */
import { useEffect, useState } from "preact/hooks";

const ROLES = {
  ink: "--kn-ink",
  muted: "--kn-muted",
  line: "--kn-line",
  bg: "--kn-bg",
  train: "--kn-brand",
  validation: "--kn-validation",
  earlier: "--kn-earlier",
};

export function colours(el) {
  const probe = el.appendChild(document.createElement("span"));
  const found = {};
  for (const [role, variable] of Object.entries(ROLES)) {
    probe.style.color = `var(${variable})`;
    found[role] = getComputedStyle(probe).color;
  }
  probe.remove();
  return found;
}

/** A number that grows each time the page changes its theme. */
export function useThemeVersion() {
  const [version, setVersion] = useState(0);
  useEffect(() => {
    const observer = new MutationObserver(() => setVersion((old) => old + 1));
    const attributeFilter = ["data-jp-theme-light", "data-jp-theme-name", "class"];
    observer.observe(document.body, { attributes: true, attributeFilter });
    observer.observe(document.documentElement, { attributes: true, attributeFilter: ["theme"] });
    return () => observer.disconnect();
  }, []);
  return version;
}
