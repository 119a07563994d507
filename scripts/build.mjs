// Bundles js/ into attnwidget/static: a module and a stylesheet for widgets and for exported pages,
// and a script for saved notebooks.
import { rm } from "node:fs/promises";
import { build, context } from "esbuild";
import { themeColors } from "./themeColors.mjs";
import { viewStyles } from "./viewStyles.mjs";

const outdir = "attnwidget/static";

/** @type {import("esbuild").BuildOptions} */
const shared = {
  outdir,
  bundle: true,
  target: "es2022",
  charset: "ascii", // an exported page survives being written in any encoding
  minify: true,
  legalComments: "none",
  jsx: "automatic",
  jsxImportSource: "preact",
  plugins: [themeColors, viewStyles],
  logLevel: "info",
};

/** @type {import("esbuild").BuildOptions} */
const widget = {
  ...shared,
  entryPoints: { widget: "js/index.ts", styles: "js/styles/index.css" },
  format: "esm",
};

// Scripts of pages run where they stand: that of an exported page before the rest of it is there,
// that of a saved notebook anew for every output, so that it must leave no names behind.
/** @type {import("esbuild").BuildOptions} */
const pages = {
  ...shared,
  entryPoints: { exported: "js/exported.ts", page: "js/styles/page.css", saved: "js/saved.ts" },
  format: "iife",
};

if (process.argv.includes("--watch")) {
  for (const options of [widget, pages]) await (await context(options)).watch();
} else {
  await rm(outdir, { recursive: true, force: true });
  await Promise.all([build(widget), build(pages)]);
}
