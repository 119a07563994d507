import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";

const colors = fileURLToPath(new URL("../attnwidget/shared/colors.json", import.meta.url));

/**
 * Resolves `@import "theme-colors"` to the colours of both themes as custom properties.
 *
 * @type {import("esbuild").Plugin}
 */
export const themeColors = {
  name: "theme-colors",
  setup(build) {
    build.onResolve({ filter: /^theme-colors$/ }, () => ({ path: colors, namespace: "theme" }));
    build.onLoad({ filter: /.*/, namespace: "theme" }, async ({ path }) => ({
      contents: customProperties(JSON.parse(await readFile(path, "utf8"))),
      loader: "css",
      watchFiles: [path],
    }));
  },
};

function customProperties({ themes, accent, signs }) {
  const rule = (selector, scheme) => {
    const values = { ...themes[scheme], accent: accent[scheme], ...signs[scheme] };
    const lines = Object.entries(values).map(([name, value]) => `  --aw-${name}: ${value};`);
    return `${selector} {\n${lines.join("\n")}\n}\n`;
  };
  return rule(".attnwidget", "light") + rule('.attnwidget[data-scheme="dark"]', "dark");
}
