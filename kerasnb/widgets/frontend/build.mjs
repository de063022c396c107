/** Bundles every `NAME.entry.jsx` or `NAME.entry.js` of this folder into `../static/NAME.js` and `NAME.css`. */
import { readdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import esbuild from "esbuild";

const here = dirname(fileURLToPath(import.meta.url));
const ENTRY = /^(.+)\.entry\.jsx?$/;

const entryPoints = readdirSync(here)
  .map((file) => ENTRY.exec(file))
  .filter(Boolean)
  .map(([file, name]) => ({ in: join(here, file), out: name }));

const options = {
  absWorkingDir: here,
  entryPoints,
  outdir: join(here, "..", "static"),
  bundle: true,
  minify: true,
  format: "esm",
  target: "es2022",
  jsx: "automatic",
  loader: { ".svg": "text" },
  define: { "process.env.NODE_ENV": '"production"' },
  logLevel: "info",
};

if (process.argv.includes("--watch")) {
  const context = await esbuild.context({ ...options, minify: false, sourcemap: "inline" });
  await context.watch();
} else if (entryPoints.length) {
  await esbuild.build(options);
} else {
  console.log("no NAME.entry.jsx here yet: nothing to bundle");
}
