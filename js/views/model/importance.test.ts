import { expect, it } from "vitest";
import { sequentialColors } from "../../draw/colormap";
import { groundOf, importanceOf } from "./importance";

const importance = importanceOf([[0, 2, Number.NaN]], sequentialColors("light"));

it("writes on light grounds in black and on dark ones in white", () => {
  expect(groundOf(importance, 0, 0)?.ink).toBe("black");
  expect(groundOf(importance, 0, 1)?.ink).toBe("white");
  expect(groundOf(importance, 0, 0)?.color).not.toBe(groundOf(importance, 0, 1)?.color);
});

it("leaves the ground alone where nothing is known", () => {
  expect(groundOf(importance, 0, 2)).toBeNull();
  expect(groundOf(importance, 1, 0)).toBeNull();
  expect(groundOf(null, 0, 0)).toBeNull();
});

it("has a scale even when no head matters", () => {
  expect(importanceOf([[0, 0]], sequentialColors("dark")).top).toBe(1);
});
