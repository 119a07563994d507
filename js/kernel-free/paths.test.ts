import { expect, it } from "vitest";
import type { PathsWant } from "../frame/want";
import { pathsFrame, type Step } from "./paths";

const step = (layer: number, rows: number[]): Step => ({
  step: { stream: "self", layer },
  ...{ first: 0, made: 2, nodes: 2, rows: Float32Array.from(rows) },
});
const steps = [step(0, [0.5, 0.5, 0, 1]), step(1, [0.25, 0.75, 1, 0])];
const pathsWant = (change: Partial<PathsWant>) =>
  ({ kind: "paths", level: null, index: 0, via: null, most: 9, ...change }) as PathsWant;

it("multiplies steps down from a node", () => {
  const frame = pathsFrame(steps, pathsWant({}));
  expect([...frame.shares]).toEqual([0.125, 0.875, 0.25, 0.75, 1, 0]);
  expect([...frame.edges]).toEqual([0.75, 0.75, 0.25, 0.125, 0.125]);
});

it("follows only what goes through a node", () => {
  const frame = pathsFrame(steps, pathsWant({ via: [1, 0] }));
  expect([...frame.shares]).toEqual([0.125, 0.125, 0.25, 0, 0.25, 0]);
  expect([...frame.edges]).toEqual([0.25, 0.125, 0.125]);
});

it("begins at the level that is asked for", () => {
  const frame = pathsFrame(steps, pathsWant({ level: 1, index: 1 }));
  expect([...frame.shares]).toEqual([0, 1, 0, 1, 0, 0]);
});
