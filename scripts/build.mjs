// Bundles js/ into attnwidget/static: a module and a stylesheet for widgets, and for exported pages.
import { rm } from "node:fs/promises";
import { build, context } from "esbuild";

const outdir = "attnwidget/static";

/** @type {import("esbuild").BuildOptions} */
const options = {
  entryPoints: {
    widget: "js/index.ts",
    styles: "js/styles/index.css",
    exported: "js/exported.ts",
    page: "js/styles/page.css",
  },
  outdir,
  bundle: true,
  format: "esm",
  target: "es2022",
  charset: "ascii", // an exported page survives being written in any encoding
  minify: true,
  legalComments: "none",
  jsx: "automatic",
  jsxImportSource: "preact",
  logLevel: "info",
};

if (process.argv.includes("--watch")) {
  const watching = await context(options);
  await watching.watch();
} else {
  await rm(outdir, { recursive: true, force: true });
  await build(options);
}
