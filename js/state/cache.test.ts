import { expect, it } from "vitest";
import { Cache } from "./cache";

it("drops what was used longest ago when its budget is spent", () => {
  const cache = new Cache<string>(100);
  cache.set("a", "A", 40);
  cache.set("b", "B", 40);
  expect(cache.get("a")).toBe("A");
  cache.set("c", "C", 40);
  expect(cache.has("b")).toBe(false);
  expect(cache.get("a")).toBe("A");
  expect(cache.bytes).toBe(80);
});

it("counts a replaced value once", () => {
  const cache = new Cache<string>(100);
  cache.set("a", "A", 60);
  cache.set("a", "B", 70);
  expect(cache.get("a")).toBe("B");
  expect(cache.bytes).toBe(70);
});

it("keeps a value larger than its budget until the next one", () => {
  const cache = new Cache<string>(100);
  cache.set("a", "A", 500);
  expect(cache.get("a")).toBe("A");
  cache.set("b", "B", 10);
  expect(cache.has("a")).toBe(false);
  expect(cache.bytes).toBe(10);
});
