import { expect, it } from "vitest";
import { aboutOf, streamOf, tokensOf } from "../../state/testing";
import { targetAt } from "./hit";
import { levelY, nodeX } from "./layout";
import { endsOf, spanOf } from "./scene";
import { sceneOf } from "./sceneOf";
import { pathsOf } from "./testing";

const about = aboutOf([streamOf({ layers: 2, queries: tokensOf(3) })]);
const want = {
  ...{ kind: "paths" as const, stream: "self", method: "rollout" as const, discard_ratio: 0 },
  ...{ fusion: "mean" as const, target: null, level: null, index: 2, via: null, most: 4000 },
};
const looks = { width: 800, coverage: 1, hidesFaint: false, scheme: "light" as const };
const scene = sceneOf(pathsOf(2), want, about, looks);

it("finds every node", () => {
  for (let level = 0; level < 3; level++) {
    for (let index = 0; index < 3; index++) {
      const [x, y] = [nodeX(scene.layout, index) ?? 0, levelY(scene.layout, level)];
      expect(targetAt(scene, x + 4, y - 4)).toEqual({ node: { level, index } });
    }
  }
});

it("finds every edge halfway, where all curves are in the middle of both ends", () => {
  for (const edge of scene.edges.drawn) {
    const { upper, lower } = endsOf(scene.frame, edge);
    const span = spanOf(scene.layout, lower.level);
    const ends = [upper, lower].map(({ index }) => nodeX(scene.layout, index) ?? 0);
    const x = ((ends[0] ?? 0) + (ends[1] ?? 0)) / 2;
    const found = targetAt(scene, x, (span.left + span.right) / 2);
    // Crossing edges share their middle: then one that is as strong is found.
    const share = found && "edge" in found ? (scene.frame.edges[found.edge] as number) : 0;
    expect(share).toBeGreaterThanOrEqual(scene.frame.edges[edge] as number);
  }
});

it("finds nothing where nothing is", () => {
  expect(targetAt(scene, 90, 40)).toBeNull();
});
