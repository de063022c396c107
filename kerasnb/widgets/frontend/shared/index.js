/** Everything a widget's entry file needs from the shared look: `import { ... } from "./shared/index.js"`. */
import "./theme.css";
import "./controls.css";

export * from "./controls.jsx";
export { drawNow } from "./drawing.js";
export * from "./fields.jsx";
export * from "./format.js";
export * from "./icons.jsx";
export { isLost } from "./connection.js";
export { lostTraining, useKernel, useLost } from "./kernel.jsx";
export * from "./keys.js";
export * from "./mount.jsx";
export * from "./panel.jsx";
export { rove } from "./roving.js";
export * from "./unfolding.js";
export { useUnfolding } from "./use_unfolding.js";
