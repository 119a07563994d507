import { readdir } from "node:fs/promises";
import { resolve } from "node:path";

const viewsFolder = resolve("js/views");

/**
 * Resolves `@import "view-styles"` to the stylesheets in the folders of the views.
 *
 * @type {import("esbuild").Plugin}
 */
export const viewStyles = {
  name: "view-styles",
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^view-styles$/ }, ({ path }) => ({ path, namespace: "view-styles" }));
    onLoad({ filter: /.*/, namespace: "view-styles" }, async () => {
      const files = await readdir(viewsFolder, { recursive: true });
      const sheets = files.filter((file) => file.endsWith(".css") && !file.startsWith("common"));
      const contents = sheets
        .sort()
        .map((sheet) => `@import "./${sheet.replaceAll("\\", "/")}";`)
        .join("\n");
      return { contents, loader: "css", resolveDir: viewsFolder, watchDirs: [viewsFolder] };
    });
  },
};
