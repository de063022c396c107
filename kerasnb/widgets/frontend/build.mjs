/**
 * Bundles every `NAME.entry.jsx` or `NAME.entry.js` of this folder into `../static/NAME.js` and `NAME.css`, and the
 * licences of all packages that are in them into `../static/LICENSES.txt`.
 */
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import esbuild from "esbuild";

const here = dirname(fileURLToPath(import.meta.url));
const out = join(here, "..", "static");
const ENTRY = /^(.+)\.entry\.jsx?$/;
const PACKAGE = /^node_modules\/((?:@[^/]+\/)?[^/]+)\//;

const entryPoints = readdirSync(here)
  .map((file) => ENTRY.exec(file))
  .filter(Boolean)
  .map(([file, name]) => ({ in: join(here, file), out: name }));

const options = {
  absWorkingDir: here,
  entryPoints,
  outdir: out,
  bundle: true,
  minify: true,
  format: "esm",
  target: "es2022",
  jsx: "automatic",
  jsxImportSource: "preact",
  // for @xyflow/react and what it stands on; our own files ask for preact itself
  alias: {
    "react": "preact/compat",
    "react-dom": "preact/compat",
    "react/jsx-runtime": "preact/jsx-runtime",
  },
  loader: { ".svg": "text" },
  define: { "process.env.NODE_ENV": '"production"' },
  // each text is in LICENSES.txt, once; a notebook that stores the bundle need not repeat it
  legalComments: "none",
  metafile: true,
  logLevel: "info",
};

/** The packages of which a byte or more is in a bundle. */
function packagesOf({ outputs }) {
  const inputs = Object.values(outputs).flatMap((output) => Object.entries(output.inputs));
  const used = inputs.filter(([, { bytesInOutput }]) => bytesInOutput > 0).map(([path]) => PACKAGE.exec(path)?.[1]);
  return [...new Set(used.filter(Boolean))].sort();
}

function licenceOf(name) {
  const folder = join(here, "node_modules", name);
  const { version, license } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
  const file = readdirSync(folder).find((each) => /^licen[cs]e/i.test(each));
  if (!file) throw new Error(`${name} ${version}: no licence file to keep in LICENSES.txt. Add its text to this script.`);
  return `${name} ${version} (${license})\n\n${readFileSync(join(folder, file), "utf8").trim()}\n`;
}

if (process.argv.includes("--watch")) {
  const context = await esbuild.context({ ...options, minify: false, sourcemap: "inline" });
  await context.watch();
} else if (entryPoints.length) {
  const { metafile } = await esbuild.build(options);
  writeFileSync(join(out, "LICENSES.txt"), packagesOf(metafile).map(licenceOf).join(`\n${"-".repeat(80)}\n\n`));
} else {
  console.log("no NAME.entry.jsx here yet: nothing to bundle");
}
