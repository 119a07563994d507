/// <reference types="vite/types/importMeta.d.ts" />
import { expect, it } from "vitest";
import { VIEWS } from "./registry";

const sources = import.meta.glob<string>(
  ["../**/*.{ts,tsx}", "!../**/*.test.{ts,tsx}", "!../**/testing.{ts,tsx}"],
  { query: "?raw", import: "default", eager: true },
);

const names = `["'\`](?:${VIEWS.map(({ name }) => name).join("|")})["'\`]`;

/** A view compared with a name, looked up by one, or a switch over views. */
const pattern = new RegExp(
  [
    `\\bview\\w*\\s*[!=]==?\\s*${names}`,
    `${names}\\s*[!=]==?\\s*[\\w.]*\\bview\\b`,
    `\\[[^\\]]*${names}[^\\]]*\\]\\.includes\\([\\w.]*\\bview\\b`,
    `viewOf\\(${names}`,
    "switch \\([\\w.]*\\bview\\b",
  ].join("|"),
  "i",
);

it.each([
  'selection.view === "trace"',
  '"neuron" !== view',
  '["head", "matrix"].includes(selection.view)',
  'viewOf("model")',
  "switch (selection.view) {",
])("finds a decision in %j", (text) => {
  expect(text).toMatch(pattern);
});

it("finds none in a source file, so that every fact about a view comes from its row", () => {
  expect(Object.keys(sources).length).toBeGreaterThan(150);
  const deciding = Object.entries(sources).flatMap(([path, text]) => {
    const found = text.match(pattern);
    return found ? [`${path}: ${found[0]}`] : [];
  });
  expect(deciding).toEqual([]);
});
