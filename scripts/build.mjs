// Bundles js/ into attnwidget/static: a module and a stylesheet for widgets and for exported pages,
// and a script for saved notebooks.
import { rm } from "node:fs/promises";
import { build, context } from "esbuild";

const outdir = "attnwidget/static";

/** @type {import("esbuild").BuildOptions} */
const shared = {
  outdir,
  bundle: true,
  target: "es2022",
  charset: "ascii", // an exported page survives being written in any encoding
  minify: true,
  legalComments: "none",
  logLevel: "info",
};

/** @type {import("esbuild").BuildOptions} */
const modules = {
  ...shared,
  entryPoints: {
    widget: "js/index.ts",
    styles: "js/styles/index.css",
    exported: "js/exported.ts",
    page: "js/styles/page.css",
  },
  format: "esm",
  jsx: "automatic",
  jsxImportSource: "preact",
};

/** Runs again for every output that it stands in, so it must leave no names behind. */
/** @type {import("esbuild").BuildOptions} */
const saved = { ...shared, entryPoints: { saved: "js/saved.ts" }, format: "iife" };

if (process.argv.includes("--watch")) {
  for (const options of [modules, saved]) await (await context(options)).watch();
} else {
  await rm(outdir, { recursive: true, force: true });
  await Promise.all([build(modules), build(saved)]);
}
