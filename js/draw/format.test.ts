import { expect, it } from "vitest";
import {
  formatCount,
  formatNumber,
  formatPercent,
  formatSetting,
  formatSigned,
  plural,
} from "./format";

it.each([
  [0.41783, "0.418"],
  [0.075, "0.0750"],
  [1, "1.00"],
  [12.345, "12.3"],
  [345.67, "346"],
  [1234.5, "1,235"],
  [-0.5, "−0.500"],
  [0, "0"],
  [0.0000123, "1.2e−5"],
  [2_500_000, "2.5e6"],
  [Number.NEGATIVE_INFINITY, "−∞"],
  [Number.NaN, "n/a"],
])("writes %f as %s", (value, text) => {
  expect(formatNumber(value)).toBe(text);
});

it.each([
  [0.4183, "41.8 %"],
  [0.8, "80.0 %"],
  [1, "100 %"],
  [0.99998, "> 99.9 %"],
  [0.0054, "0.54 %"],
  [0.0001, "< 0.1 %"],
  [0, "0 %"],
])("writes the share %f as %s", (share, text) => {
  expect(formatPercent(share)).toBe(text);
});

it.each([
  [0.8, "80 %"],
  [0.05, "5 %"],
  [0.15000000000000002, "15 %"],
])("formats the setting %d", (share, text) => {
  expect(formatSetting(share)).toBe(text);
});

it("counts", () => {
  expect(formatCount(16384)).toBe("16,384");
  expect(plural(1, "line")).toBe("1 line");
  expect(plural(1200, "line")).toBe("1,200 lines");
});

it("writes signs of values that may have either", () => {
  expect([0.5, -0.5, 0].map(formatSigned)).toEqual(["+0.500", "−0.500", "0"]);
});
