/// <reference types="vite/types/importMeta.d.ts" />
import { expect, it } from "vitest";
import { METHODS } from "./testing";

const sources = import.meta.glob<string>(
  ["../**/*.{ts,tsx}", "!../**/*.test.{ts,tsx}", "!../**/testing.{ts,tsx}"],
  { query: "?raw", import: "default", eager: true },
);

/** A name as a string, as a key in an object or type, or as a key before a literal. */
function patternOf(names: string[]): RegExp {
  const any = `(?:${names.join("|")})`;
  return new RegExp(`["'\`]${any}["'\`]|(?:^|\\{)\\s*${any}\\??:|,\\s*${any}:\\s*["'\`\\d{[]`, "m");
}

const pattern = patternOf(METHODS.map(({ name }) => name));

it.each([
  'method === "rollout"',
  "{ max_flow: 1 }",
  "const NAMES = {\n  relevance: label,\n}",
  '{ a: 1, rollout: "x" }',
])("finds a name in %j", (text) => {
  expect(text).toMatch(pattern);
});

it("stands in no source file, so that every fact about a method comes from its row", () => {
  expect(Object.keys(sources).length).toBeGreaterThan(150);
  const naming = Object.entries(sources).flatMap(([path, text]) => {
    const found = text.match(pattern);
    return found ? [`${path}: ${found[0].trim()}`] : [];
  });
  expect(naming).toEqual([]);
});
